"""A classifier of whole calls: several decisions from their words and what the rules summed to.

Each decision ("head") is a matrix over the same features: TF-IDF of the n-grams of everything
that was said, and one value for each sign, which is what a rule, or the rules' own decision,
said for a label. Trained by pipeline/training/calls.py; used by pipeline/stages/settle.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.bag import Bag, split
from models.base import Label, ModelUnavailable, Weighed
from models.certainty import Certainty
from models.linear import FILE, pairs, ranked

FORMAT = 1
MOST = 6.0  # a sum of rules from here on says no more
SHARE = 1 / 15  # of a sum: 6 weighs as much as the n-grams that tell most


def levelled(sums: Mapping[str, float]) -> dict[str, float]:
    """Signs as features, on the scale of the n-grams."""
    return {name: min(value, MOST) * SHARE for name, value in sums.items()}


@dataclass(frozen=True, slots=True)
class Head:
    """One decision: its labels and what speaks for them."""

    labels: tuple[str, ...]
    weights: np.ndarray  # int8, (features, labels)
    scale: np.ndarray  # (labels,): `weights` times it are logits
    intercepts: np.ndarray  # (labels,)
    certainty: Certainty

    def logits(self, read: "Reading") -> np.ndarray:
        """(labels,)"""
        return read.values @ self.weights[read.rows] * self.scale + self.intercepts


@dataclass(frozen=True, slots=True)
class Reading:
    """A call as features."""

    rows: np.ndarray  # (n,), indices of n-grams, then of signs
    values: np.ndarray  # (n,)


class CallClassifier:
    """The heads with the n-grams and signs they share."""

    def __init__(
        self,
        bag: Bag,
        signs: Sequence[str],
        heads: Mapping[str, Head],
        *,
        least_known: float = 0.0,
        origin: str = "",
    ) -> None:
        """heads: task -> head. least_known: calls of which a lesser share of n-grams is known
        are refused. origin: SHA-256 of what it was trained on."""
        self.bag, self.heads, self.origin = bag, dict(heads), origin
        self.signs = tuple(signs)
        self.least_known = least_known
        self._sign = {name: len(bag) + i for i, name in enumerate(self.signs)}

    def read(self, text: str, sums: Mapping[str, float]) -> Reading | None:
        """All words of the call, a turn after the other, and its signs; None: refused."""
        counts, known = self.bag.count(text)
        if not counts or known < self.least_known:
            return None
        rows, values = self.bag.weigh(counts)
        told = {n: v for n, v in levelled(sums).items() if n in self._sign}
        more = np.array([self._sign[name] for name in told], dtype=np.int64)
        heavy = np.array(list(told.values()), dtype=np.float32)
        return Reading(np.append(rows, more), np.append(values, heavy))

    def answer(self, task: str, read: Reading) -> tuple[Label, ...]:
        """The labels of a head, best first, probabilities summing to 1."""
        head = self.heads[task]
        return ranked(head.labels, head.logits(read))

    def why(self, task: str, read: Reading, label: str, limit: int = 5) -> tuple[Weighed, ...]:
        """The words, and the signs in brackets, that spoke for `label` rather than for the
        best other label, the heaviest first. Raises ValueError for a label not learnt."""
        head = self.heads[task]
        own = head.labels.index(label)
        others = head.logits(read)
        others[own] = -np.inf
        pair = [own, int(others.argmax())]
        sides = head.weights[read.rows][:, pair] * head.scale[pair]
        apart = read.values * (sides[:, 0] - sides[:, 1])
        words = read.rows < len(self.bag)
        signs = [
            Weighed(f"[{self.signs[i - len(self.bag)]}]", float(w))
            for i, w in zip(read.rows[~words], apart[~words], strict=True)
            if w > 0
        ]
        grams = self.bag.heaviest(read.rows[words], apart[words], limit)
        found = sorted([*grams, *signs], key=lambda one: -one.weight)
        return tuple(found[:limit])

    @classmethod
    def load(cls, folder: Path) -> "CallClassifier":
        """Read `folder`/model.npz. Raises ModelUnavailable when it is not one of ours."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                held = {name: file[name] for name in file.files}
            if int(held["format"]) != FORMAT:
                raise ValueError("是另一版本的格式，请重新训练")
            bag = Bag(split(held["vocabulary"]), held["idf"], longest=int(held["longest"]))
            heads = {str(task): _head(held, str(task)) for task in held["tasks"]}
            return cls(
                bag,
                split(held["signs"]),
                heads,
                least_known=float(held["least_known"]),
                origin=str(held["origin"]),
            )
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出通话分类模型：{error}") from error

    def write(self, file: BinaryIO) -> None:
        """Write the bytes of model.npz; the same model gives the same bytes."""
        heads = {
            f"{task}.{part}": value
            for task, head in self.heads.items()
            for part, value in _parts(head).items()
        }
        np.savez_compressed(
            file,
            allow_pickle=False,
            format=np.int32(FORMAT),
            vocabulary=self.bag.joined,
            idf=self.bag.idf.astype(np.float16),
            longest=np.int32(self.bag.longest),
            signs=np.frombuffer("\n".join(self.signs).encode(), dtype=np.uint8),
            least_known=np.float64(self.least_known),
            origin=np.array(self.origin),
            tasks=np.array(list(self.heads)),
            **heads,
        )


def _parts(head: Head) -> dict[str, np.ndarray]:
    return {
        "labels": np.array(head.labels),
        "weights": head.weights,
        "scale": head.scale,
        "intercepts": head.intercepts,
        "thresholds": pairs(head.certainty.thresholds),
        "levels": pairs(head.certainty.levels),
    }


def _head(held: Mapping[str, np.ndarray], task: str) -> Head:
    part = {name.rpartition(".")[2]: held[name] for name in held if name.startswith(f"{task}.")}
    return Head(
        tuple(str(label) for label in part["labels"]),
        part["weights"],
        part["scale"],
        part["intercepts"],
        Certainty(dict(part["thresholds"].T.tolist()), dict(part["levels"].T.tolist())),
    )
