"""How well a text classifier does on texts it never saw: every figure with its interval.

The one place where answers of a classifier are compared with labels: train.py writes the
figures into the model card, evaltext.py prints them. Knows labels and probabilities only;
where either comes from is not its business.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.base import Label
from models.certainty import Certainty
from pipeline.training.coverage import (
    Coverage,
    Figure,
    Point,
    Sets,
    at_rate,
    by_rate,
    curve,
    sets,
    share,
    widest,
)

DRAWS = 1000  # bootstrap samples: the 25th and the 975th bound an interval
BINS = 10  # of equal width, for calibration
SHOWN = 10  # confusions


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label: how many texts bear it, and how well it is found."""

    texts: int
    precision: float | None  # None: never given
    recall: float | None  # None: no text bears it
    f1: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Texts of label `wanted` that were given `given`."""

    wanted: str
    given: str
    texts: int
    share: float  # of the texts that bear `wanted`


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts whose best probability lies from `low` up to `high`."""

    low: float
    high: float
    texts: int
    probability: float  # mean
    accuracy: Figure


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them; intervals of shares are Wilson's, the others bootstrapped over texts.

    A refused text got no label: wrong, and not answered at any probability.
    """

    texts: int
    refused: Figure  # of them
    accuracy: Figure
    macro_f1: Figure
    top3: Figure | None  # None where there are three labels or fewer
    calibration_error: Figure  # mean gap between probability and accuracy over the bins
    wanted_error: float
    coverage: Coverage  # the most that can be answered with `wanted_error` on these texts
    at_threshold: Coverage | None  # at the threshold that the weights bring for it
    rates: dict[float, Coverage]  # the same at each rate of errors of the weights
    sets: dict[float, Sets]  # prediction sets by the coverage that the weights promise
    curve: tuple[Point, ...]  # from few answers to all
    labels: dict[str, LabelFigures]  # without those neither wanted nor given
    confusions: tuple[Confusion, ...]  # most frequent first
    bins: tuple[Bin, ...]  # without empty ones


def measure(
    ranked: Sequence[Sequence[Label]],
    labels: Sequence[str],
    *,
    error: float,
    names: Sequence[str],
    certainty: Certainty | None = None,
    seed: int = 0,
) -> Figures:
    """Compare answers, each with all labels and the best first or empty, with those wanted.

    labels: as many as answers, at least one, each among `names`, which the classifier knows.
    error: the share of wrong answers that is allowed. certainty: what the weights bring.
    """
    names, count = sorted(names), len(names)
    place = {name: i for i, name in enumerate(names)}
    wanted = np.array([place[label] for label in labels])
    given = np.array([place[answer[0].name] if answer else count for answer in ranked])
    chance = np.array([answer[0].probability if answer else 0.0 for answer in ranked])
    right = given == wanted
    draws = _draws(wanted, given, count=count, seed=seed)
    each = f1(wanted, given, count)
    top3 = [w in {x.name for x in a[:3]} for w, a in zip(labels, ranked, strict=True)]
    return Figures(
        texts=len(labels),
        refused=share(int((given == count).sum()), len(given)),
        accuracy=share(int(right.sum()), len(right)),
        macro_f1=_quantiles(float(np.nanmean(each)), np.nanmean(draws, axis=1)),
        top3=share(sum(top3), len(top3)) if count > 3 else None,
        calibration_error=calibrated(chance, right, seed=seed),
        wanted_error=error,
        coverage=widest(chance, right, error),
        at_threshold=at_rate(chance, right, error, certainty),
        rates=by_rate(chance, right, certainty),
        sets=sets(ranked, labels, certainty),
        curve=curve(chance, right),
        labels=_by_label(names, wanted, given, draws),
        confusions=_confusions(names, wanted, given),
        bins=tuple(_bins(chance, right)),
    )


def f1(wanted: np.ndarray, given: np.ndarray, count: int) -> np.ndarray:
    """F1 of each label, shape (count,); nan for a label that is neither wanted nor given.

    wanted, given: (texts,), indices; `count` is given where there was no answer.
    """
    hits = np.bincount(wanted[wanted == given], minlength=count)
    gave = np.bincount(given, minlength=count + 1)[:count]
    sides = np.bincount(wanted, minlength=count) + gave
    return np.divide(2 * hits, sides, out=np.full(count, np.nan), where=sides > 0)


def calibration_error(chance: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error. chance, right: (texts,); refused texts promise nothing,
    so their 0 is kept."""
    bins = _bin(chance)
    promised = np.bincount(bins, weights=chance, minlength=BINS)
    kept = np.bincount(bins, weights=right, minlength=BINS)
    return float(np.abs(promised - kept).sum() / len(chance))


def calibrated(chance: np.ndarray, right: np.ndarray, *, seed: int = 0) -> Figure:
    """The same with its interval; one text at least."""
    drawn = [calibration_error(chance[i], right[i]) for i in _samples(len(chance), seed)]
    return _corrected(calibration_error(chance, right), np.array(drawn))


def _draws(wanted: np.ndarray, given: np.ndarray, *, count: int, seed: int) -> np.ndarray:
    """F1 of each label in each sample of the texts, (DRAWS, labels)."""
    return np.array([f1(wanted[i], given[i], count) for i in _samples(len(wanted), seed)])


def _samples(texts: int, seed: int) -> Iterator[np.ndarray]:
    """DRAWS samples of the texts' indices, drawn with replacement."""
    dice = np.random.default_rng(seed)
    return (dice.integers(0, texts, texts) for _ in range(DRAWS))


def _quantiles(value: float, drawn: np.ndarray) -> Figure:
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Figure(value, float(low), float(high))


def _corrected(value: float, drawn: np.ndarray) -> Figure:
    """The basic bootstrap: a gap grows when texts are drawn twice, which is taken off here."""
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(value, max(0.0, 2 * value - float(high)), max(value, 2 * value - float(low)))


def _bin(chance: np.ndarray) -> np.ndarray:
    return np.minimum((chance * BINS).astype(int), BINS - 1)


def _bins(chance: np.ndarray, right: np.ndarray) -> list[Bin]:
    found = []
    bins = _bin(chance)
    for b in range(BINS):
        inside = (bins == b) & (chance > 0)
        if of := int(inside.sum()):
            accuracy = share(int(right[inside].sum()), of)
            mean = float(chance[inside].mean())
            found.append(Bin(b / BINS, (b + 1) / BINS, of, mean, accuracy))
    return found


def _by_label(
    names: Sequence[str], wanted: np.ndarray, given: np.ndarray, drawn: np.ndarray
) -> dict[str, LabelFigures]:
    """drawn: F1 of each label in each bootstrap sample, (DRAWS, labels)."""
    found = {}
    each = f1(wanted, given, len(names))
    for i, name in enumerate(names):
        bear, gave = int((wanted == i).sum()), int((given == i).sum())
        if not bear + gave:
            continue
        hits = int(((wanted == i) & (given == i)).sum())
        precision, recall = (hits / gave if gave else None), (hits / bear if bear else None)
        found[name] = LabelFigures(
            bear, precision, recall, _quantiles(float(each[i]), drawn[:, i])
        )
    return found


def _confusions(
    names: Sequence[str], wanted: np.ndarray, given: np.ndarray
) -> tuple[Confusion, ...]:
    table = np.zeros((len(names), len(names) + 1), dtype=int)
    np.add.at(table, (wanted, given), 1)
    totals = table.sum(axis=1)
    table = table[:, :-1]  # what was refused is confused with nothing
    np.fill_diagonal(table, 0)
    order = np.argsort(-table, axis=None, kind="stable")[:SHOWN]
    return tuple(
        Confusion(names[w], names[g], int(table[w, g]), float(table[w, g] / totals[w]))
        for w, g in zip(*np.unravel_index(order, table.shape), strict=True)
        if table[w, g]
    )
