"""N-grams of Han characters as numbers, so that many are looked up at once.

A character takes 16 bits of 64: an n-gram of up to four is one integer, its first character
the highest. Serves bag.py; grams.py gives the same n-grams as strings.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np

from models.base import LOT
from models.grams import runs

LONGEST = 4  # characters of an n-gram
BITS = 16  # a character
# Odd, and without a pattern: the golden ratio's, and the second prime of xxHash64.
MIXERS = np.array([[0x9E3779B97F4A7C15], [0xC2B2AE3D27D4EB4F]], dtype=np.uint64)
MOVES = 100  # some ten are usual
NOTHING = np.zeros(0, dtype=np.uint64)
NO_GRAM = ~np.uint64(0)  # the number of an empty place


@lru_cache(maxsize=LOT)  # several classifiers ask for the same text
def packed(text: str, longest: int) -> np.ndarray:
    """The n-grams of grams.ngrams without marks, in its order: uint64, (n,)."""
    shown, spans = runs(text)
    if not spans:
        return NOTHING
    padded = (shown + " " * LONGEST).encode("utf-32-le")
    # beyond 16 bits is no Han character of ours: what is left of it is shifted out again
    one = np.frombuffer(padded, dtype=np.uint32).astype(np.uint16).astype(np.uint64)
    two = one[:-1] << BITS | one[1:]
    four = two[:-2] << 2 * BITS | two[2:]  # the four characters from each place on
    cuts = [_cuts(end - start, longest) for start, end in spans]
    places = [at + start for (at, _), (start, _) in zip(cuts, spans, strict=True)]
    return four[np.concatenate(places)] >> np.concatenate([shifts for _, shifts in cuts])


@cache
def _cuts(size: int, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the n-grams of a run of characters begin, the shorter ones first, and by how many
    bits four characters are longer than each."""
    counts = [max(size - more, 0) for more in range(longest)]
    at = np.concatenate([np.arange(count) for count in counts])
    shifts = np.repeat(BITS * np.arange(LONGEST - 1, LONGEST - 1 - longest, -1), counts)
    return at, shifts.astype(np.uint64)


def numbers(grams: Sequence[str]) -> np.ndarray:
    """N-grams of up to LONGEST characters as `packed` has them: uint64, (n,)."""
    signs = np.array(grams, dtype=f"U{LONGEST}").view(np.uint32).reshape(-1, LONGEST)
    whole = np.zeros(len(signs), dtype=np.uint64)
    for sign in signs.T.astype(np.uint64):
        whole = np.where(sign, whole << BITS | sign, whole)  # 0: the n-gram was shorter
    return whole


def inside(keys: np.ndarray, start: int, size: int) -> np.ndarray:
    """Of each n-gram the `size` characters from `start` on; 0 where it is shorter: (n,)."""
    sizes = sum((keys >> BITS * more > 0).astype(np.uint64) for more in range(LONGEST))
    piece = keys << BITS * (LONGEST - sizes) << BITS * start >> BITS * (LONGEST - size)
    return np.where(start + size <= sizes, piece, 0)


class Index:
    """In which row each of some n-grams stands: each lies in one of two tables, at the place
    that its number says there (cuckoo hashing), so that two looks tell."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        """rows: of n-grams of Han characters. Raises ValueError for one of over LONGEST."""
        if any(len(gram) > LONGEST for gram in rows):
            raise ValueError(f"n-grams have at most {LONGEST} characters")
        self.keys = numbers([*rows])
        self.rows = np.array([*rows.values()], dtype=np.int32)
        bits = len(rows).bit_length() + 1  # a quarter of the places are taken, at most
        while (laid := self._laid(bits)) is None:
            bits += 1
        self._held = np.append(self.keys, NO_GRAM)[laid]
        self._row = np.append(self.rows, np.int32(-1))[laid]

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of these are known: bool, (n,); and the rows of those: (m,)."""
        places = self._places(keys)
        first, second = self._held.take(places) == keys
        known = first | second
        return known, self._row[np.where(first, *places)[known]]

    def _places(self, keys: np.ndarray) -> np.ndarray:
        """Of each key the place in either table: (2, n)."""
        return ((keys * MIXERS >> self._shift) + self._second).view(np.int64)

    def _laid(self, bits: int) -> np.ndarray | None:
        """The key at each place, -1 where there is none: whoever finds a place taken takes it,
        and who lay there goes to his other one. None where that finds no end."""
        self._shift = np.uint64(64 - bits)
        self._second = np.array([[0], [1 << bits]], dtype=np.uint64)
        places, table = self._places(self.keys), np.full(2 << bits, -1, dtype=np.int64)
        left = np.arange(len(self.keys))
        for moved in range(MOVES):
            wanted = places[moved % 2, left]
            put_out = table[wanted]
            table[wanted] = left
            lost = left[table[wanted] != left]  # wanted the same place as another
            left = np.union1d(put_out[put_out >= 0], lost)
            if not len(left):
                return table
        return None
