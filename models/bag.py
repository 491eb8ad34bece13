"""A text as TF-IDF of the n-grams of grams.py that a classifier learnt.

Used by linear.py and calls.py; pipeline/training/features.py counts and weighs alike.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from models.base import Weighed
from models.grams import MARK, foreign, is_han, parts, signs
from models.packed import Index, inside, packed


class Bag:
    """A vocabulary of n-grams with their idf."""

    def __init__(
        self, vocabulary: Sequence[str], idf: np.ndarray, *, longest: int, marks: bool = False
    ) -> None:
        """idf: (features,). longest: characters an n-gram. marks: signs of feeling too."""
        self.names = tuple(vocabulary)
        self.idf = idf.astype(np.float32)
        self.longest, self.marks = longest, marks
        grams = {n: row for row, n in enumerate(self.names) if is_han(n)}
        self._index = Index(grams)
        self._signs = {n: row for row, n in enumerate(self.names) if n not in grams}

    def __len__(self) -> int:
        """How many n-grams."""
        return len(self.names)

    @property
    def joined(self) -> np.ndarray:
        """The n-grams as bytes, a line each: what a file holds."""
        return np.frombuffer("\n".join(self.names).encode(), dtype=np.uint8)

    def count(self, text: str) -> tuple[Counter[int], float]:
        """The known n-grams by their index, and their share of all, 0..1.

        Each letter of another script counts as an n-gram that is not known.
        """
        keys = packed(text, self.longest)
        _, rows = self._index.find(keys)
        said = signs(text) if self.marks else []
        known = [self._signs[sign] for sign in said if sign in self._signs]
        known += rows.tolist()
        return Counter(known), len(known) / max(len(said) + len(keys) + foreign(text), 1)

    def weigh(
        self, counts: Mapping[int, int], among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Indices (n,) and their TF-IDF values (n,), of unit length.

        among: (features,), which of them are looked at; all, if left out.
        """
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        if among is not None:
            rows, times = rows[among[rows]], times[among[rows]]
        values = (1 + np.log(times)) * self.idf[rows]
        return rows, values / max(math.sqrt(values @ values), 1e-9)

    def heaviest(self, rows: np.ndarray, weights: np.ndarray, limit: int) -> list[Weighed]:
        """The n-grams of a text that weigh most, at most `limit`, none sharing a part.

        rows: indices (n,) of all that the text holds. weights: (n,), of each n-gram alone; it
        speaks with all n-grams within it.
        """
        alone = np.zeros(len(self.names) + 1, dtype=weights.dtype)  # the last one: not known
        alone[rows] = weights
        held = alone.take(self._within.take(rows, axis=0))
        spoke = np.add.reduce(held, axis=1, dtype=np.float64)
        found: list[Weighed] = []
        named: set[str] = set()  # the characters of those found: who shares one shares a part
        (able,) = (spoke > 0).nonzero()
        order = able[(-spoke[able]).argsort(kind="stable")]
        for row, weight in zip(rows[order].tolist(), spoke[order].tolist(), strict=True):
            if len(found) == limit:
                break
            gram = self.names[row]
            if named.isdisjoint(gram):
                named.update(gram)
                found.append(Weighed(gram, weight))
        return found

    @cached_property
    def _within(self) -> np.ndarray:
        """The indices of the n-grams within each, -1 for one that is not known: (features, as
        many as there may be)."""
        most = max(self.longest, MARK * self.marks)
        found = np.full((len(self), most * (most + 1) // 2), -1, dtype=np.int32)
        cuts = [(at, size) for at in range(self.longest) for size in range(1, self.longest + 1)]
        for column, cut in enumerate(cut for cut in cuts if sum(cut) <= self.longest):
            known, rows = self._index.find(inside(self._index.keys, *cut))
            found[self._index.rows[known], column] = rows
        found.sort(axis=1)
        found[:, 1:][found[:, 1:] == found[:, :-1]] = -1  # each once: 滴 of 滴滴
        for sign, row in self._signs.items():
            own = [n for n, name in enumerate(self.names) if name in parts(sign)]
            found[row, : len(own)] = own
        return found


def split(joined: np.ndarray) -> list[str]:
    """The reverse of Bag.joined."""
    return joined.tobytes().decode().split("\n")
