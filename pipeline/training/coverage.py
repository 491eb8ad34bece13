"""How much is answered and how much of that is wrong; which labels a person is shown.

The part of figures.py that weighs probabilities against labels; fit.py uses it on the folds of
a training to set what is kept with the weights (models/certainty.py). A refused text has the
probability 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.base import Label
from models.certainty import COVERAGES, ERRORS, Certainty
from pipeline.training.score import wilson

POINTS = 50  # of a curve


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is answered from a probability on, and how much of that is wrong."""

    threshold: float | None  # None: at no probability are errors rare enough
    share: Figure  # of all texts
    error: Figure  # among those answered


@dataclass(frozen=True, slots=True)
class Sets:
    """What sets of labels hold that are shown to a person, as for one promised coverage."""

    held: Figure  # how often the right label was in the set
    labels: float  # mean number of labels in a set
    alone: Figure  # sets of one label
    texts: int


@dataclass(frozen=True, slots=True)
class Point:
    """Of a curve: what is answered from one probability on."""

    threshold: float
    share: float
    error: float


def share(hits: int, of: int) -> Figure:
    """A share with Wilson's interval; 0 of 0 is 0, from 0 to 1."""
    return Figure(hits / of if of else 0.0, *wilson(hits, of))


def learnt(logits: np.ndarray, wanted: np.ndarray) -> Certainty:
    """What to keep with weights: from logits (texts, labels) of models that had not seen the
    texts, and the indices of their labels (texts,)."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    right = chances.argmax(axis=1) == wanted
    thresholds = {rate: widest(chances.max(axis=1), right, rate).threshold for rate in ERRORS}
    own = np.sort(chances[np.arange(len(wanted)), wanted])
    # split conformal: of n + 1 texts, the new one among them, the share below the level
    places = {rate: int(np.floor((len(own) + 1) * (1 - rate))) for rate in COVERAGES}
    return Certainty(
        {rate: found for rate, found in thresholds.items() if found is not None},
        {rate: float(own[n - 1]) if n else 0.0 for rate, n in places.items()},
    )


def widest(chance: np.ndarray, right: np.ndarray, error: float) -> Coverage:
    """The lowest threshold from which at most `error` of the answers are wrong.

    chance: probability of the best label; right: whether it was; both (texts,).
    """
    falling, wrong, last = _falling(chance, right)
    last[: int(np.ceil(1 / error)) - 1] = False  # so few could not show so small a share
    able = np.flatnonzero(last & (wrong <= error) & (falling > 0))
    return answered(chance, right, float(falling[able[-1]]) if able.size else None)


def answered(chance: np.ndarray, right: np.ndarray, threshold: float | None) -> Coverage:
    """What is answered from this probability on."""
    kept = chance >= threshold if threshold is not None else np.zeros(len(chance), dtype=bool)
    return among(kept, right, threshold)


def among(kept: np.ndarray, right: np.ndarray, threshold: float | None) -> Coverage:
    """How many are kept, and how many of these are wrong. kept: bool, (texts,)."""
    number, wrong = int(kept.sum()), int((~right[kept]).sum())
    return Coverage(threshold, share(number, len(right)), share(wrong, number))


def at_rate(
    chance: np.ndarray, right: np.ndarray, error: float, certainty: Certainty | None
) -> Coverage | None:
    """What is answered at the weights' threshold for this share of errors."""
    if certainty is None:
        return None
    return answered(chance, right, certainty.threshold(error))


def by_rate(
    chance: np.ndarray, right: np.ndarray, certainty: Certainty | None
) -> dict[float, Coverage]:
    """The same for each rate of errors that the weights know."""
    found = {rate: at_rate(chance, right, rate, certainty) for rate in ERRORS}
    return {rate: one for rate, one in found.items() if one}


def curve(chance: np.ndarray, right: np.ndarray) -> tuple[Point, ...]:
    """At most POINTS points from few answers to all, evenly spaced by how many."""
    falling, wrong, last = _falling(chance, right)
    ends = np.flatnonzero(last & (falling > 0))
    picked = ends[np.unique(np.linspace(0, len(ends) - 1, min(POINTS, len(ends))).astype(int))]
    return tuple(
        Point(float(falling[i]), float((i + 1) / len(chance)), float(wrong[i])) for i in picked
    )


def sets(
    ranked: Sequence[Sequence[Label]], labels: Sequence[str], certainty: Certainty | None
) -> dict[float, Sets]:
    """What the prediction sets of each coverage hold; those of refused texts are empty."""
    found: dict[float, Sets] = {}
    if certainty is None:
        return found
    for rate in certainty.levels:
        shown = [certainty.prediction_set(answer, rate) for answer in ranked]
        held = [any(x.name == w for x in s) for s, w in zip(shown, labels, strict=True)]
        found[rate] = set_figures(held, [len(one) for one in shown])
    return found


def set_figures(held: Sequence[bool], sizes: Sequence[int]) -> Sets:
    """The figures of sets, one at least: whether each held the right label, and its size."""
    alone = share(sum(size == 1 for size in sizes), len(sizes))
    return Sets(share(sum(held), len(sizes)), float(np.mean(sizes)), alone, len(sizes))


def _falling(
    chance: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities from the highest, the share of wrong ones so far, and where to stop:
    texts of one probability are answered together or not at all."""
    order = np.argsort(-chance, kind="stable")
    falling = chance[order]
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    return falling, wrong, np.append(falling[1:] < falling[:-1], True)
