"""Links between labelled calls beside the links that were found: part of `lingsu eval`.

Like metrics.py, but it needs all calls at once. Links with calls that bear no label say
nothing and are left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.training.score import Found, Mark

Pair = tuple[dict[str, Any], dict[str, Any]]  # label, answer
LISTS = {"same_caller": "same_caller", "duplicates": "duplicates_of"}  # metric -> key


def related(pairs: Iterable[Pair]) -> Iterator[Mark]:
    """One mark a call and kind; a pair of calls is counted from both of its sides."""
    compared = [(label, got) for label, got in pairs if label.get("relations") is not None]
    ids = {got["call_id"]: _id(label) for label, got in compared if got.get("call_id")}
    for label, got in compared:
        relations = got.get("relations") or {}
        for metric, key in LISTS.items():
            answer = {ids[one] for one in relations.get(key) or () if one in ids}
            yield _met(metric, set(label["relations"].get(key) or ()), answer)
    sides = ([label for label, _ in compared], [got for _, got in compared])
    for wanted, given in zip(*map(_neighbours, sides), strict=True):
        yield _met(
            "hot_spot", *({_id(compared[i][0]) for i in side} for side in (wanted, given))
        )


def _neighbours(side: list[dict[str, Any]]) -> list[set[int]]:
    """For each call the others of its hot spot, by their place in the list."""
    names = [(one.get("relations") or {}).get("hot_spot") for one in side]
    return [
        {j for j, other in enumerate(names) if name and other == name and j != i}
        for i, name in enumerate(names)
    ]


def _met(metric: str, wanted: set[str], given: set[str]) -> Found:
    both = len(wanted & given)
    missing, extra = tuple(sorted(wanted - given)), tuple(sorted(given - wanted))
    return Found(metric, len(wanted), both, len(given), both, missing, extra)


def _id(label: dict[str, Any]) -> str:
    return label.get("call_id") or label["file"]
