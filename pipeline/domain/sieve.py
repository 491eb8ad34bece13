"""Which names a text may sound like: most sound like none, and need not be aligned with it.

A name is cut into pieces of two or three syllables. Where it is heard, one of them is heard
whole and costs no more a syllable than the name may: a syllable that is missing or too many
spoils only one. What a syllable may be in which pieces are bits of integers, worked out once:
a text takes a few ANDs a character. Used by sound.py; what might match is never left out.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import or_

import numpy as np

LONGEST = 3  # syllables of a piece
ROUNDING = 1e-3  # of costs that are summed in another order
COSTS = 1 << 16  # that are remembered, of a syllable for a character
Code = tuple[int, int, int, int]  # initial and final as it is read here, and as it may be read
# A bit a piece: whether the syllable is within reach of all of the piece, as its first, second
# and third; then whether it is within that of a syllable, as one of a piece is.
Bits = tuple[int, ...]
Heard = tuple[Code, Bits]  # a syllable of a text


@dataclass(frozen=True, slots=True)
class Names:
    """What is looked for."""

    spelled: Sequence[Sequence[int]]  # the characters of each, by number
    reach: Sequence[float]  # what each may cost in all
    spare: Sequence[float]  # beside a syllable that is missing or too many; below 0: none is
    usual: np.ndarray  # what is heard for a character: (initials, finals, characters)
    rare: np.ndarray  # ... by its other reading

    def cost(self, number: int, code: Code) -> float:
        """What a syllable costs for a character."""
        i, f, j, g = code
        return min(float(self.usual[i, f, number]), float(self.rare[j, g, number]))


class Sieve:
    """The pieces of all names."""

    def __init__(self, names: Names) -> None:
        self._of = names
        self._pieces: list[tuple[int, int, int]] = [
            (name, start, size)
            for name, spelled in enumerate(names.spelled)
            for start, size in _cut(len(spelled))
        ]
        self._spelled = np.full((len(self._pieces), LONGEST), -1, dtype=np.intp)
        for row, (name, start, size) in enumerate(self._pieces):
            self._spelled[row, :size] = names.spelled[name][start : start + size]
        behind = self._spelled < 0  # the last syllable
        each = np.array([self._a_syllable(*piece) for piece in self._pieces])
        self._able = np.where(
            behind, math.inf, (each * (LONGEST - behind.sum(axis=1)))[:, None]
        )
        self._sure = np.where(behind, -math.inf, each[:, None])
        self._near = cache(self._within)
        self._cost = lru_cache(maxsize=COSTS)(names.cost)
        self._end = _packed(behind) + (0,) * LONGEST

    def heard(self, code: Code) -> Heard:
        """A syllable, as `able` takes it; worth remembering."""
        i, f, j, g = code
        return code, tuple(map(or_, self._near(False, i, f), self._near(True, j, g)))

    def able(self, heard: Sequence[Heard]) -> list[int]:
        """The names that a text of these syllables may sound like, in order."""
        codes, bits = zip(*heard, strict=True) if heard else ((), ())
        return sorted(set(self._met(codes, bits)))

    def _met(self, heard: Sequence[Code], bits: Sequence[Bits]) -> Iterator[int]:
        on = [*bits, self._end, self._end]
        for at, (a, b, c) in enumerate(zip(on, on[1:], on[2:], strict=False)):
            met = a[0] & b[1] & c[2]
            met = met and met & (a[3] | b[4] | c[5])  # mostly there is none
            while met:
                piece = met.bit_length() - 1
                met ^= 1 << piece
                name, start, size = self._pieces[piece]
                if self._holds(name, heard, at - start, slice(start, start + size)):
                    yield name

    def _holds(self, name: int, heard: Sequence[Code], begin: int, piece: slice) -> bool:
        """Whether the name is within reach where it would begin there: all of it, or the piece
        that is heard, beside a gap."""
        spelled, spare = self._of.spelled[name], self._of.spare[name]
        if self._together(spelled, heard, begin) <= self._of.reach[name]:
            return True
        if spare < 0:
            return False
        return self._together(spelled[piece], heard, begin + piece.start) <= spare

    def _together(self, spelled: Sequence[int], heard: Sequence[Code], begin: int) -> float:
        """The least that these characters cost, where they begin there."""
        if begin < 0 or begin + len(spelled) > len(heard):
            return math.inf
        return sum(map(self._cost, spelled, heard[begin : begin + len(spelled)])) - ROUNDING

    def _a_syllable(self, name: int, start: int, size: int) -> float:
        """What the syllables of a piece may cost, each on the average."""
        most = self._of.reach[name] / len(self._of.spelled[name])
        return max(most, self._of.spare[name] / size) + ROUNDING

    def _within(self, rare: bool, initial: int, final: int) -> Bits:
        costs = (self._of.rare if rare else self._of.usual)[initial, final]
        apiece = costs[self._spelled]
        return _packed(np.hstack([apiece <= self._able, apiece <= self._sure]))


def _packed(fits: np.ndarray) -> Bits:
    rows = np.packbits(fits, axis=0, bitorder="little").T
    return tuple(int.from_bytes(row.tobytes(), "little") for row in rows)


def _cut(size: int) -> Iterator[tuple[int, int]]:
    """Start and size of the pieces of a name: threes, and twos where a one would be left."""
    start = 0
    while start < size:
        left = size - start
        yield start, (piece := 2 if left in (2, 4) else min(left, LONGEST))
        start += piece
