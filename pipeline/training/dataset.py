"""A city's history as texts with labels of a task: JSONL, CSV or XLSX, and a recipe.

Columns go by their usual names, or by those that the user or a recipe (TOML) gives; a recipe
also says what labels are called in the profile and what to cut out of the texts. Rows that
cannot be used are counted by reason, never dropped in silence. Used by train.py, evaltext.py.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import InputInvalid, cause
from pipeline.redact import mask
from pipeline.rowfile import cell_text, column, read_rows
from pipeline.texts import COLUMNS
from pipeline.training.tasks import label_columns

LISTED = 20  # labels that are named where they are the reason
LONGEST = 20  # characters of such a label
SHARE = 0.15  # of the texts that are held out where no dev file is given


class Split(BaseModel):
    """Texts of one label that belong to another, where the history had one unit for both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    to: str
    any: str  # regular expression on the text


class Recipe(BaseModel):
    """How rows become examples, and what the model card says of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str | None = None  # column; None: one of its usual names
    label: str | None = None
    labels: dict[str, str] = {}  # as written -> ours; rows of other labels are left out
    any_label: bool = False  # also those that judging does not know: to measure with, no more
    split: tuple[Split, ...] = ()
    cut: tuple[str, ...] = ()  # regular expressions; the text ends where one begins
    source: str = "未说明"
    source_en: str = "not stated"
    licence: str = "未说明"
    licence_en: str = "not stated"
    limits: tuple[str, ...] = ()
    limits_en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that were not used, for one reason of labels.py (`out.` and the code)."""

    code: str
    rows: int
    labels: dict[str, int]  # rows a label as written, the LISTED most frequent, masked; empty
    # where the label is not the reason


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with their labels, in the order of the file; each text once."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[str, str] = ("text", "label")  # the headers they were read from
    left_out: tuple[LeftOut, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Texts a label, the most frequent first."""
        return dict(Counter(self.labels).most_common())

    def only(self, keep: Sequence[bool], code: str, *, named: bool = False) -> "Examples":
        """Those marked in `keep`; the others are counted under `code`, `named` by label."""
        rows = list(zip(self.texts, self.labels, keep, strict=True))
        gone = Counter(label for _, label, kept in rows if not kept)
        lost = LeftOut(code, gone.total(), _listed(gone) if named else {})
        return replace(
            self,
            texts=tuple(text for text, _, kept in rows if kept),
            labels=tuple(label for _, label, kept in rows if kept),
            left_out=self.left_out + ((lost,) if gone else ()),
        )


def read_recipe(path: Path | None, **given: str | bool | None) -> Recipe:
    """The recipe, with what the caller gives over its own. Raises InputInvalid."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        own = {key: value for key, value in given.items() if value is not None}
        for key in own.keys() & {"source", "licence"}:
            own[f"{key}_en"] = own[key]
        recipe = Recipe.model_validate({**table, **own})
        for pattern in (*recipe.cut, *(split.any for split in recipe.split)):
            re.compile(pattern)
    except (OSError, ValueError, ValidationError, re.error) as error:
        raise InputInvalid(f"{path}：{error}") from error
    return recipe


def read_examples(path: Path, task: str, recipe: Recipe, known: Mapping[str, str]) -> Examples:
    """Every usable row, and how many were not.

    known: a label as written (after the recipe) -> as judging has it (tasks.understood); the
    recipe may ask for labels as they are written.
    Raises InputInvalid for a file, a column or labels that cannot be used, with the remedy.
    """
    rows = list(read_rows(path))
    text_column, label_column = _columns(path, rows, task, recipe)
    seen: dict[str, str] = {}
    lost: dict[str, Counter[str]] = {}
    for row in rows:
        written = cell_text(row.get(label_column))
        text = cell_text(row.get(text_column))
        for pattern in recipe.cut:
            text = re.split(pattern, text, maxsplit=1)[0].strip()
        label = _label(written, text, recipe)
        named = label if recipe.any_label else known.get(label, "")
        code = _unusable(written, text, label, named) or _again(text, named, seen)
        if code:
            lost.setdefault(code, Counter())[written] += 1
        else:
            seen[text] = named
    left_out = tuple(_left_out(code, counted) for code, counted in sorted(lost.items()))
    if not seen:
        raise InputInvalid(_nothing(path, (text_column, label_column), left_out, known))
    return Examples(tuple(seen), tuple(seen.values()), (text_column, label_column), left_out)


def held_out(examples: Examples, share: float = SHARE) -> tuple[Examples, Examples]:
    """Part to train with and part to measure with, decided by each text's own hash.

    Texts that differ in punctuation, width or blanks alone fall on the same side.
    """
    parts: tuple[list[tuple[str, str]], ...] = ([], [])
    for text, label in zip(examples.texts, examples.labels, strict=True):
        place = int(hashlib.sha256(folded(text).encode()).hexdigest()[:8], 16) / 16**8
        parts[place < share].append((text, label))
    train, dev = (
        replace(examples, texts=tuple(t for t, _ in p), labels=tuple(lb for _, lb in p))
        for p in parts
    )
    return train, replace(dev, left_out=())


def unseen(dev: Examples, train: Examples) -> Examples:
    """The dev texts that were not trained on, be it with other punctuation."""
    known = {folded(text) for text in train.texts}
    return dev.only([folded(text) not in known for text in dev.texts], "in_training")


def file_sha256(path: Path) -> str:
    """Which file it was: hexadecimal. Raises InputInvalid for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputInvalid(f"{path}：打不开（{cause(error)}）") from error


def folded(text: str) -> str:
    """The letters and digits of a text, in one width: what makes two texts the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def _columns(
    path: Path, rows: Sequence[Mapping[str, Any]], task: str, recipe: Recipe
) -> tuple[str, str]:
    header = list(dict.fromkeys(str(key) for row in rows for key in row))
    if not header:
        raise InputInvalid(f"{path}：没有内容")
    wanted = (
        ("正文", "--text", recipe.text, COLUMNS["text"]),
        ("标签", "--label", recipe.label, label_columns(task)),
    )
    found = []
    for what, option, given, usual in wanted:
        name = given if given in header else None if given else column(header, usual)
        if name is None:
            lacking = (
                f"没有“{given}”列" if given else f"找不到{what}列（常用名：{'、'.join(usual)}）"
            )
            here = "、".join(header)
            raise InputInvalid(f"{path}：{lacking}；请用 {option} 指定，文件里有：{here}")
        found.append(name)
    return found[0], found[1]


def _label(written: str, text: str, recipe: Recipe) -> str:
    """The label after the recipe; empty where a recipe does not list it."""
    label = recipe.labels.get(written, "") if recipe.labels else written
    for split in recipe.split:
        if label == split.label and re.search(split.any, text):
            label = split.to
    return label


def _unusable(written: str, text: str, label: str, named: str) -> str | None:
    if not folded(text):
        return "no_text"
    if not written:
        return "no_label"
    if not label:
        return "not_listed"
    return None if named else "not_understood"


def _again(text: str, label: str, seen: Mapping[str, str]) -> str | None:
    """Whether the text came before; the first of two labels stays."""
    if text not in seen:
        return None
    return "repeated" if seen[text] == label else "contradicts"


def _left_out(code: str, counted: Counter[str]) -> LeftOut:
    named = code in ("not_listed", "not_understood")
    return LeftOut(code, counted.total(), _listed(counted) if named else {})


def _listed(counted: Counter[str]) -> dict[str, int]:
    """The most frequent labels: a column taken for labels by mistake may hold names, numbers
    or whole texts, and none of that belongs into a card."""
    shown: Counter[str] = Counter()
    for label, rows in counted.most_common(LISTED):
        short = label if len(label) <= LONGEST else f"{label[:LONGEST]}…"
        shown[mask(short)] += rows
    return dict(shown.most_common())


def _nothing(
    path: Path, columns: tuple[str, str], left_out: Sequence[LeftOut], known: Mapping[str, str]
) -> str:
    """Why no row can be used: what the labels are and what they may be."""
    allowed = "、".join(dict.fromkeys(known.values()))
    strange = [name for one in left_out for name in one.labels][:10]
    if strange:
        return (
            f"{path}：“{columns[1]}”列的标签都不认识：{'、'.join(strange)}；认识的有：{allowed}；"
            "请用 --recipe 写明对照（[labels] 表）"
        )
    return f"{path}：“{columns[0]}”“{columns[1]}”两列没有一行都有内容"
