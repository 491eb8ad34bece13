"""A classifier of whole calls: several decisions from their words and what the rules summed to.

Each decision ("head") is a matrix over the same features: TF-IDF of the n-grams of everything
that was said, again of what each side said and of the caller's first and last words ("views"),
and one value for each sign, which is what a rule, or the rules' own decision, said for a label.
Trained by pipeline/training/calls.py; used by pipeline/stages/settle.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.bag import Bag, split
from models.base import Label, ModelUnavailable, Weighed
from models.certainty import Certainty
from models.linear import FILE, pairs, ranked

FORMAT = 2
WHOLE = "whole"  # the view of all words: the one that says whether a call is known
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


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A call as features."""

    rows: np.ndarray  # (n,), indices of n-grams, then of signs
    values: np.ndarray  # (n,)


class Reader:
    """What of a call is looked at: the n-grams of its views, and signs."""

    def __init__(
        self,
        bag: Bag,
        views: Mapping[str, np.ndarray],
        signs: Sequence[str],
        *,
        least_known: float = 0.0,
    ) -> None:
        """views: view -> indices (n,) of the bag's n-grams that count in it, WHOLE among them.
        least_known: calls of which a lesser share of n-grams is known are refused."""
        self.bag, self.views, self.signs = bag, dict(views), tuple(signs)
        self.least_known = least_known
        self.grams = np.concatenate(list(self.views.values()))  # of each column
        self._sign = {name: len(self.grams) + i for i, name in enumerate(self.signs)}
        self._columns: dict[str, np.ndarray] = {}  # of each n-gram; -1 where it does not count
        first = 0
        for view, kept in self.views.items():
            columns = np.full(len(bag), -1, dtype=np.int64)
            columns[kept] = np.arange(first, first + len(kept))
            self._columns[view] = columns
            first += len(kept)

    def __len__(self) -> int:
        """How many features."""
        return len(self.grams) + len(self.signs)

    def columns(self, views: Iterable[str]) -> np.ndarray:
        """The features of these views, and all signs."""
        own = [self._columns[view] for view in views]
        kept = [columns[columns >= 0] for columns in own]
        return np.concatenate([*kept, np.arange(len(self.grams), len(self))])

    def read(self, told: Mapping[str, str], sums: Mapping[str, float]) -> Reading | None:
        """A call by what each view holds of its words, and its signs; None: refused."""
        rows, values = [], []
        for view, columns in self._columns.items():
            counts, known = self.bag.count(told.get(view, ""))
            if view == WHOLE and (not counts or known < self.least_known):
                return None
            grams, weighed = self.bag.weigh(counts, among=columns >= 0)
            rows.append(columns[grams])
            values.append(weighed)
        held = {n: v for n, v in levelled(sums).items() if n in self._sign}
        rows.append(np.array([self._sign[name] for name in held], dtype=np.int64))
        values.append(np.array(list(held.values()), dtype=np.float32))
        return Reading(np.concatenate(rows), np.concatenate(values))


class CallClassifier:
    """The heads with what they look at."""

    def __init__(self, reader: Reader, heads: Mapping[str, Head], *, origin: str = "") -> None:
        """heads: task -> head. origin: SHA-256 of what it was trained on."""
        self.reader, self.heads, self.origin = reader, dict(heads), origin
        self._grams = lru_cache(maxsize=1)(self._distinct)  # each head asks for the same call

    def read(self, told: Mapping[str, str], sums: Mapping[str, float]) -> Reading | None:
        """As the reader does."""
        return self.reader.read(told, sums)

    def answer(self, task: str, read: Reading) -> tuple[Label, ...]:
        """The labels of a head, best first, probabilities summing to 1."""
        head = self.heads[task]
        return ranked(head.labels, head.logits(read))

    def why(self, task: str, read: Reading, label: str, limit: int = 5) -> tuple[Weighed, ...]:
        """The words, and the signs in brackets, that spoke for `label` rather than for the
        best other label, the heaviest first. Raises ValueError for a label not learnt."""
        head, reader = self.heads[task], self.reader
        own = head.labels.index(label)
        others = head.logits(read)
        others[own] = -np.inf
        pair = [own, int(others.argmax())]
        sides = head.weights[read.rows[:, None], pair] * head.scale[pair]
        apart = read.values * (sides[:, 0] - sides[:, 1])
        words = read.rows < len(reader.grams)
        signs = [
            Weighed(f"[{reader.signs[i - len(reader.grams)]}]", float(w))
            for i, w in zip(read.rows[~words], apart[~words], strict=True)
            if w > 0
        ]
        # what an n-gram says in all views together
        grams, places = self._grams(read)
        spoke = np.bincount(places, apart[words], len(grams))
        found = sorted(
            [*reader.bag.heaviest(grams, spoke, limit), *signs], key=lambda one: -one.weight
        )
        return tuple(found[:limit])

    def _distinct(self, read: Reading) -> tuple[np.ndarray, np.ndarray]:
        """The n-grams of all views, and which of them each row of words is."""
        words = read.rows[read.rows < len(self.reader.grams)]
        grams, places = np.unique(self.reader.grams[words], return_inverse=True)
        return grams, places

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
            views = {str(view): held[f"view.{view}"].cumsum() for view in held["views"]}
            least = float(held["least_known"])
            reader = Reader(bag, views, split(held["signs"]), least_known=least)
            return cls(reader, heads, origin=str(held["origin"]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出通话分类模型：{error}") from error

    def write(self, file: BinaryIO) -> None:
        """Write the bytes of model.npz; the same model gives the same bytes."""
        heads = {
            f"{task}.{part}": value
            for task, head in self.heads.items()
            for part, value in _parts(head).items()
        }
        reader, bag = self.reader, self.reader.bag
        # rising indices as steps, which are small: half the bytes
        views = {
            f"view.{view}": np.diff(kept, prepend=0).astype(np.int32)
            for view, kept in reader.views.items()
        }
        np.savez_compressed(
            file,
            allow_pickle=False,
            format=np.int32(FORMAT),
            vocabulary=bag.joined,
            idf=bag.idf.astype(np.float16),
            longest=np.int32(bag.longest),
            views=np.array(list(reader.views)),
            signs=np.frombuffer("\n".join(reader.signs).encode(), dtype=np.uint8),
            least_known=np.float64(reader.least_known),
            origin=np.array(self.origin),
            tasks=np.array(list(self.heads)),
            **views,
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
