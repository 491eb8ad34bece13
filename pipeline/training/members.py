"""The linear classifiers that are added up into the shipped one: three kinds, one-vs-rest.

They err on different texts: a margin, a margin on features scaled by how much they tell of
the label (NB-SVM: Wang and Manning, ACL 2012), and a likelihood with rare labels weighed up.
Being linear in the same features, their sum is one matrix. Used by fit.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

UNSEEN = -2.0  # the score of a label that no text of a fold bears
Binary = Callable[[Any, np.ndarray, float, int], tuple[np.ndarray, float]]


@dataclass(frozen=True, slots=True)
class Member:
    """A kind of classifier under one cost: the C of liblinear."""

    kind: str  # of KINDS
    cost: float


# What may be added up: one of each kind, the best by texts that were held out.
CHOICES = {
    "margin": (Member("margin", 0.2), Member("margin", 0.5)),
    "ratio": (Member("ratio", 0.1), Member("ratio", 0.3)),
    "likelihood": (Member("likelihood", 5.0),),
}
MEMBERS = tuple(member for choice in CHOICES.values() for member in choice)


def weights(member: Member, rows: Any, wanted: np.ndarray, seed: int) -> np.ndarray:
    """Coefficients with the intercepts as the last row, (features + 1, labels).

    rows: scipy CSR, (texts, features). wanted: (texts,), indices of labels, two at least.
    """
    count = int(wanted.max()) + 1
    binary = KINDS[member.kind]
    labels = range(count) if count > 2 else (1,)
    made = [
        binary(rows, wanted == label, member.cost, seed)
        if (wanted == label).any()
        else (np.zeros(rows.shape[1]), UNSEEN)
        for label in labels
    ]
    held = np.stack([np.append(own, intercept) for own, intercept in made], axis=1)
    # of two labels one is the other turned round
    return np.concatenate([-held, held], axis=1) if count == 2 else held


def _margin(rows: Any, own: np.ndarray, cost: float, seed: int) -> tuple[np.ndarray, float]:
    from sklearn.svm import LinearSVC

    svm = LinearSVC(C=cost, random_state=seed).fit(rows, own)
    return svm.coef_[0], float(svm.intercept_[0])


def _ratio(rows: Any, own: np.ndarray, cost: float, seed: int) -> tuple[np.ndarray, float]:
    """Columns times the log-ratio of how often the label's texts and the others hold them."""
    held = (rows > 0).astype(np.float64)
    inside, outside = 1 + held[own].sum(axis=0), 1 + held[~own].sum(axis=0)
    ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
    scaled = rows.multiply(ratio).tocsr()
    coefficients, intercept = _margin(scaled, own, cost, seed)
    return coefficients * np.asarray(ratio).ravel(), intercept


def _likelihood(rows: Any, own: np.ndarray, cost: float, seed: int) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    # balanced: another city's share of each label is not this one's
    model = LogisticRegression(
        C=cost, class_weight="balanced", solver="liblinear", random_state=seed
    ).fit(rows, own)
    return model.coef_[0], float(model.intercept_[0])


KINDS: dict[str, Binary] = {"margin": _margin, "ratio": _ratio, "likelihood": _likelihood}
