"""A text as TF-IDF of the n-grams of grams.py that a classifier learnt.

Used by linear.py and calls.py; pipeline/training/features.py counts and weighs alike.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from models.grams import foreign, ngrams


class Bag:
    """A vocabulary of n-grams with their idf."""

    def __init__(
        self, vocabulary: Sequence[str], idf: np.ndarray, *, longest: int, marks: bool = False
    ) -> None:
        """idf: (features,). longest: characters an n-gram. marks: signs of feeling too."""
        self.names = tuple(vocabulary)
        self.idf = idf.astype(np.float32)
        self.longest, self.marks = longest, marks
        self._index = {gram: i for i, gram in enumerate(self.names)}

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
        grams = [self._index.get(g) for g in ngrams(text, self.longest, marks=self.marks)]
        counts = Counter(index for index in grams if index is not None)
        return counts, counts.total() / max(len(grams) + foreign(text), 1)

    def weigh(self, counts: Mapping[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Indices (n,) and their TF-IDF values (n,), of unit length."""
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(times)) * self.idf[rows]
        return rows, values / max(float(np.linalg.norm(values)), 1e-9)


def split(joined: np.ndarray) -> list[str]:
    """The reverse of Bag.joined."""
    return joined.tobytes().decode().split("\n")
