"""Three classifiers made one: what each is worth by texts that it has not seen.

Every member scores each text without having learnt from its fold; a temperature makes its
scores comparable, the best pair of costs is chosen by their sum, and the sum has a temperature
of its own. Used by fit.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from pipeline.training.members import CHOICES, MEMBERS, Member, weights
from pipeline.training.resume import Steps

FOLDS = 3
TEMPERATURES = np.geomspace(0.02, 5.0, 120)


@dataclass(frozen=True, slots=True)
class Blend:
    """Which members are added, each by its divisor, and what they say of held-out texts."""

    members: tuple[Member, ...]
    divisors: tuple[float, ...]
    logits: np.ndarray  # (texts, labels), of models that had not seen the text


def blend(
    rows: Any,
    wanted: np.ndarray,
    steps: Steps,
    seed: int,
    *,
    groups: Sequence[str] | None = None,
    name: str = "fold",
) -> Blend:
    """Fold by fold; then the choice of members that makes the wanted labels most probable.

    rows: scipy CSR, (texts, features). wanted: (texts,), indices of labels. groups: of the
    texts; those of one group are never on both sides. name: of the steps.
    """
    scores = dict(zip(MEMBERS, _by_fold(rows, wanted, steps, seed, groups, name), strict=True))
    own = {member: temperature(scores[member], wanted) for member in MEMBERS}
    found: list[tuple[float, Blend]] = []
    for chosen in product(*CHOICES.values()):
        total = sum((scores[m] / own[m] for m in chosen), np.zeros(scores[chosen[0]].shape))
        last = temperature(total, wanted)
        made = Blend(chosen, tuple(own[m] * last for m in chosen), total / last)
        found.append((loss(made.logits, wanted), made))
    return min(found, key=lambda pair: pair[0])[1]


def summed(parts: Sequence[np.ndarray], divisors: Sequence[float]) -> np.ndarray:
    """The sum of several matrices of one shape, each by its divisor."""
    return sum((w / t for w, t in zip(parts, divisors, strict=True)), np.zeros(parts[0].shape))


def temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """The divisor of the scores that makes the wanted labels most probable.

    scores: (n, labels), of texts the model was not trained on. wanted: (n,), indices.
    """
    losses = [loss(scores / t, wanted) for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def loss(logits: np.ndarray, wanted: np.ndarray) -> float:
    """Mean negative logarithm of the wanted labels' probabilities. Shapes as above."""
    top = logits - logits.max(axis=1, keepdims=True)
    own = top[np.arange(len(wanted)), wanted]
    return float(np.mean(np.log(np.exp(top).sum(axis=1)) - own))


def _by_fold(
    rows: Any,
    wanted: np.ndarray,
    steps: Steps,
    seed: int,
    groups: Sequence[str] | None,
    name: str,
) -> np.ndarray:
    """Scores of each text by members trained without its fold, (members, texts, labels)."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    scores = np.empty((len(MEMBERS), len(wanted), int(wanted.max()) + 1))
    kind = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = kind(FOLDS, shuffle=True, random_state=seed)
    for number, (own, other) in enumerate(folds.split(wanted, wanted, groups), 1):

        def one(own: np.ndarray = own, other: np.ndarray = other) -> np.ndarray:
            made = [weights(member, rows[own], wanted[own], seed) for member in MEMBERS]
            return np.stack([rows[other] @ w[:-1] + w[-1] for w in made])

        scores[:, other] = steps.do(f"{name}-{number}", one)
    return scores
