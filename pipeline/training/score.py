"""How marks of single calls become the rows of a table.

metrics.py compares one call with its label and yields marks; `rows` sums them. Nothing here
knows what a metric means.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` out of `of`: a right answer is 1 of 1, an error rate counts its errors."""

    metric: str
    hits: float
    of: float
    wanted: Any = None
    got: Any = None

    @classmethod
    def same(cls, metric: str, wanted: Any, got: Any) -> "Share":
        """1 of 1 where the two are equal, 0 of 1 otherwise."""
        return cls(metric, float(wanted == got), 1.0, wanted, got)


@dataclass(frozen=True, slots=True)
class Found:
    """Things of one kind: how many wanted ones were found, how many found ones were wanted."""

    metric: str
    wanted: int
    recalled: int  # of the wanted
    given: int
    right: int  # of the given; may differ from `recalled` where one answer covers two
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @classmethod
    def of(cls, metric: str, wanted: bool, got: bool) -> "Found":
        """One yes-or-no question asked of one call."""
        both = int(wanted and got)
        return cls(metric, int(wanted), both, int(got), both)


@dataclass(frozen=True, slots=True)
class Size:
    """A quantity whose median is reported, such as an error in seconds."""

    metric: str
    value: float


Mark = Share | Found | Size


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `value` is None where nothing of the kind was there to judge."""

    metric: str
    label: str  # Chinese, for people
    value: float | None
    n: int  # what the value is a share of: calls, characters, items, 10 ms steps ...
    note: str = ""


def rows(marks: Iterable[Mark], named: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """One row a Share or Size, precision, recall and F1 a Found, in the order of `named`.

    named: metric -> (Chinese label, note). Of a family (qa.greeting) only F1 has a row.
    """
    groups: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        groups[mark.metric].append(mark)
    for metric, (label, note) in named.items():
        group = groups.get(metric, [])
        found = [m for m in group if isinstance(m, Found)]
        sizes = [m.value for m in group if isinstance(m, Size)]
        shares = [m for m in group if isinstance(m, Share)]
        if found:
            yield from _found_rows(metric, label, note, found)
        elif sizes:
            yield Row(metric, label, round(median(sizes), 3), len(sizes), note)
        else:
            whole = sum(m.of for m in shares)
            value = round(sum(m.hits for m in shares) / whole, 4) if whole else None
            yield Row(metric, label, value, round(whole), note)


def _found_rows(metric: str, label: str, note: str, group: list[Found]) -> Iterator[Row]:
    wanted, given = sum(m.wanted for m in group), sum(m.given for m in group)
    recall = sum(m.recalled for m in group) / wanted if wanted else None
    precision = sum(m.right for m in group) / given if given else None
    whole = _round(f1(precision, recall))
    if "." in metric:  # one of a family: a line each would bury the others
        sides = ("–" if side is None else f"{side:.2f}" for side in (precision, recall))
        note = "精确率 {}，召回率 {}".format(*sides)
    else:
        yield Row(f"{metric}_precision", f"{label} 精确率", _round(precision), given, note)
        yield Row(f"{metric}_recall", f"{label} 召回率", _round(recall), wanted, note)
    yield Row(f"{metric}_f1", f"{label} F1", whole, wanted, note)


def f1(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean; 0 where one side alone is there, None where neither is."""
    if precision is None and recall is None:
        return None
    p, r = precision or 0.0, recall or 0.0
    return 2 * p * r / (p + r) if p + r else 0.0


def wilson(hits: float, of: float) -> tuple[float, float]:
    """Interval of a share at 95 %: with 24 calls it is wide, and that should be seen."""
    if not of:
        return 0.0, 1.0
    z = 1.96  # of the normal distribution, for 95 %
    share, square = hits / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
