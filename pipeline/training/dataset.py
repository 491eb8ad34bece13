"""A city's history of orders as texts with labels: JSONL, CSV or XLSX, and a recipe.

A recipe (TOML) says which columns hold text and label, what the units are called in the
profile, and what to cut out of the texts. Without one, `text` and `label` columns are read
as they are. Used by train.py only.
"""

import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import InputInvalid
from pipeline.rowfile import read_rows


class Split(BaseModel):
    """Texts of one label that belong to another, where the history had one unit for both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    to: str
    any: str  # regular expression on the text


class Recipe(BaseModel):
    """How rows become examples, and what the model card says of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = "text"  # column
    label: str = "label"
    labels: dict[str, str] = {}  # as written -> ours; rows of other labels are left out
    split: tuple[Split, ...] = ()
    cut: tuple[str, ...] = ()  # regular expressions; the text ends where one begins
    source: str = "未说明"
    source_en: str = "not stated"
    licence: str = "未说明"
    licence_en: str = "not stated"
    limits: tuple[str, ...] = ()
    limits_en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with their labels, in the order of the file; each text once."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Texts a label, the most frequent first."""
        return dict(Counter(self.labels).most_common())


def read_recipe(path: Path | None, **columns: str | None) -> Recipe:
    """The recipe, with the columns that the caller names over its own. Raises InputInvalid."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        named = {key: value for key, value in columns.items() if value is not None}
        return Recipe.model_validate({**table, **named})
    except (OSError, ValueError, ValidationError) as error:
        raise InputInvalid(f"{path}：{error}") from error


def read_examples(path: Path, recipe: Recipe) -> Examples:
    """Every usable row. Raises InputInvalid for a file or a column that is not there."""
    seen: dict[str, str] = {}
    found = False
    for row in read_rows(path):
        if recipe.text not in row or recipe.label not in row:
            continue
        found = True
        text, written = str(row[recipe.text] or ""), str(row[recipe.label] or "").strip()
        label = recipe.labels.get(written, "") if recipe.labels else written
        for pattern in recipe.cut:
            text = re.split(pattern, text, maxsplit=1)[0]
        for split in recipe.split:
            if label == split.label and re.search(split.any, text):
                label = split.to
        if label and text.strip():
            seen.setdefault(text.strip(), label)
    if not found:
        raise InputInvalid(f"{path}：没有同时含“{recipe.text}”和“{recipe.label}”两列的行")
    return Examples(tuple(seen), tuple(seen.values()))


def held_out(examples: Examples, share: float = 0.15) -> tuple[Examples, Examples]:
    """Part to train with and part to measure with, decided by each text's own hash."""
    parts: tuple[list[tuple[str, str]], ...] = ([], [])
    for text, label in zip(examples.texts, examples.labels, strict=True):
        place = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 16**8
        parts[place < share].append((text, label))
    train, dev = (Examples(tuple(t for t, _ in p), tuple(lb for _, lb in p)) for p in parts)
    return train, dev
