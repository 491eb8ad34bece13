"""Plain tables of strings, in Chinese or English; console.py draws them.

Used by report.py and callsheet.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.labels import word

SHOWN = 20  # lines of a list in a summary; the rest is counted


@dataclass(frozen=True, slots=True)
class Table:
    """A title, column heads (none: a list of pairs) and rows of strings."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pairs(title: str, values: Mapping[str, str | None], lang: str) -> Table:
    """A table without heads: what a thing is, and the thing; without what is empty."""
    rows = tuple((word(key, lang), value) for key, value in values.items() if value)
    return Table(word(title, lang), (), rows)


def listed(
    title: str, heads: Sequence[str], lines: Sequence[tuple[str, ...]], lang: str
) -> Table:
    """A table of at most SHOWN lines; how many there are more is said."""
    shown = list(lines[:SHOWN])
    if len(lines) > SHOWN:
        more = word("more", lang).format(len(lines) - SHOWN)
        shown.append((more, *("" for _ in heads[1:])))
    return table(title, heads, shown, lang)


def table(
    title: str, heads: Sequence[str], lines: Sequence[tuple[str, ...]], lang: str
) -> Table:
    """A table whose title and heads are keys of labels.py."""
    return Table(word(title, lang), tuple(word(head, lang) for head in heads), tuple(lines))
