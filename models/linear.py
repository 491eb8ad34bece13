"""A linear classifier over character n-grams, in a file without pickle.

Trained by pipeline/training/train.py, loaded by classifiers.py; scikit-learn is not needed
here. `model.npz` holds the n-grams of grams.py, their idf, one matrix of int8 with a scale a
label, and how far its answers can be trusted (certainty.py). A text of which it knows too
little is refused: it gets no label at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.bag import Bag, split
from models.base import LOT, Label, ModelUnavailable, Weighed
from models.certainty import Certainty

FILE = "model.npz"
FORMAT = 2  # of the file; older ones lack what judging relies on and are refused


def quantized(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(features, labels) as int8 of that shape and the scale of each label, (labels,)."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / 127
    return np.rint(weights / scale).astype(np.int8), scale


class LinearClassifier:
    """TF-IDF of character n-grams times weights, then a softmax."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Sequence[str],
        *,
        idf: np.ndarray,
        weights: np.ndarray,
        scale: np.ndarray,
        intercepts: np.ndarray,
        longest: int,
        marks: bool = False,
        least_known: float = 0.0,
        certainty: Certainty | None = None,
        origin: str = "",
    ) -> None:
        """idf: (features,); weights: int8, (features, labels), `scale` (labels,) times them
        and the intercepts (labels,) are logits.

        marks: whether signs of feeling are among the n-grams. least_known: texts of which a
        lesser share of n-grams is known are refused. origin: SHA-256 of its history.
        """
        self.labels = tuple(labels)
        self._bag = Bag(vocabulary, idf, longest=longest, marks=marks)
        self._weights = weights
        self._scale = scale.astype(np.float32)
        self._intercepts = intercepts.astype(np.float32)
        self._least_known = float(least_known)
        self.certainty = certainty or Certainty()
        self.origin = origin
        # two stages ask for the same text, then for its words
        self._read = lru_cache(maxsize=LOT)(self._reading)
        self._answers = lru_cache(maxsize=LOT)(self._answer)

    @classmethod
    def load(cls, folder: Path) -> "LinearClassifier":
        """Read `folder`/model.npz. Raises ModelUnavailable when it is not one of ours."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                held = {name: file[name] for name in file.files}
            if int(held.get("format", 1)) != FORMAT:
                raise ValueError("是另一版本的格式，请用 lingsu train 重新训练")
            return cls(
                [str(label) for label in held["labels"]],
                split(held["vocabulary"]),
                idf=held["idf"],
                weights=held["weights"],
                scale=held["scale"],
                intercepts=held["intercepts"],
                longest=int(held["longest"]),
                marks=bool(held["marks"]),
                least_known=float(held["least_known"]),
                certainty=Certainty(
                    dict(held["thresholds"].T.tolist()), dict(held["levels"].T.tolist())
                ),
                origin=str(held["origin"]),
            )
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出分类模型：{error}") from error

    @property
    def features(self) -> int:
        """How many n-grams it knows."""
        return len(self._bag)

    def save(self, folder: Path) -> Path:
        """Write `folder`/model.npz; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FILE).open("wb") as file:
            self.write(file)
        return folder / FILE

    def write(self, file: BinaryIO) -> None:
        """Write the bytes of model.npz."""
        np.savez_compressed(
            file,
            format=np.int32(FORMAT),
            labels=np.array(self.labels),
            vocabulary=self._bag.joined,
            idf=self._bag.idf.astype(np.float16),
            weights=self._weights,
            scale=self._scale,
            intercepts=self._intercepts,
            longest=np.int32(self._bag.longest),
            marks=np.bool_(self._bag.marks),
            least_known=np.float64(self._least_known),
            origin=np.array(self.origin),
            thresholds=pairs(self.certainty.thresholds),
            levels=pairs(self.certainty.levels),
        )

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text, best first, probabilities summing to 1; () where it is refused."""
        return tuple(map(self._answers, texts))

    def known(self, text: str) -> float:
        """The share of the text's n-grams that it knows, 0..1; 0 for a text without any.

        Each letter of another script counts as one that it does not know.
        """
        return self._read(text).known

    def why(self, text: str, label: str, limit: int = 5) -> tuple[Weighed, ...]:
        """The words that spoke for `label` rather than for the best other one, heaviest first.

        An n-gram speaks with all n-grams within it (停水 with 停 and 水); of those that share
        some only the heaviest is named. Weights are shares of the difference of their logits.
        () where nothing known spoke for it. Raises ValueError for a label not learnt.
        """
        own = self.labels.index(label)
        read = self._read(text)
        others = read.logits.copy()
        others[own] = -np.inf
        pair = [own, int(others.argmax())]
        sides = self._weights[read.rows[:, None], pair] * self._scale[pair]
        apart = read.values * (sides[:, 0] - sides[:, 1])
        return tuple(self._bag.heaviest(read.rows, apart, limit))

    def logits(self, text: str) -> np.ndarray | None:
        """Of each label, (labels,); None where the text is refused."""
        read = self._read(text)
        return read.logits if len(read.rows) and read.known >= self._least_known else None

    def _answer(self, text: str) -> tuple[Label, ...]:
        found = self.logits(text)
        return () if found is None else ranked(self.labels, found)

    def _reading(self, text: str) -> "_Reading":
        counts, known = self._bag.count(text)
        rows, values = self._bag.weigh(counts)
        logits = values @ self._weights[rows] * self._scale + self._intercepts
        return _Reading(rows, values, known, logits)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as features, and what they say."""

    rows: np.ndarray  # (n,), indices of n-grams
    values: np.ndarray  # (n,)
    known: float  # the share of its n-grams
    logits: np.ndarray  # (labels,)


def ranked(labels: Sequence[str], logits: np.ndarray) -> tuple[Label, ...]:
    """Labels with the softmax of their logits, (labels,), best first."""
    # reductions by name: their methods take longer to get there than to add up a few labels
    chances = np.exp(logits - np.maximum.reduce(logits))
    chances /= np.add.reduce(chances)
    order = (-chances).argsort(kind="stable")
    return tuple(map(Label, map(labels.__getitem__, order.tolist()), chances[order].tolist()))


def pairs(rates: Mapping[float, float]) -> np.ndarray:
    """Two rows: rates in order, and their probabilities."""
    return np.array(sorted(rates.items()), dtype=np.float64).reshape(-1, 2).T
