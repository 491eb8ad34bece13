"""Which names a text may sound like: most sound like none, and need not be aligned with it.

A name is cut into pieces of two or three syllables. Where it is heard, one of them is heard
whole and costs no more a syllable than the name may: a syllable that is missing or too many
spoils only one. What a character, as it is read, may be in which pieces are bits of integers,
worked out once: a text takes a few ANDs a character. Used by sound.py; what might match is
never left out.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

LONGEST = 3  # syllables of a piece
ROUNDING = 1e-3  # of costs that are summed in another order
Bits = tuple[int, ...]  # of the first, second and third syllable of a piece; a bit a piece


@dataclass(frozen=True, slots=True)
class Names:
    """What is looked for."""

    spelled: Sequence[Sequence[int]]  # the characters of each, by number
    reach: Sequence[float]  # what each may cost in all
    spare: Sequence[float]  # beside a syllable that is missing or too many; below 0: none is
    costs: Callable[[str, str], np.ndarray]  # character, reading -> of each of the numbers


@dataclass(frozen=True, slots=True)
class _Heard:
    """A character as it is read."""

    costs: np.ndarray  # for each of the numbered characters
    able: Bits  # within reach of the whole piece
    sure: Bits  # ... and of each of its syllables: one of them is


class Sieve:
    """The pieces of all names."""

    def __init__(self, names: Names) -> None:
        self._of = names
        self._pieces = [
            (name, start, size)
            for name, spelled in enumerate(names.spelled)
            for start, size in _cut(len(spelled))
        ]
        self._spelled = np.full((len(self._pieces), LONGEST), -1, dtype=np.intp)
        for row, (name, start, size) in enumerate(self._pieces):
            self._spelled[row, :size] = names.spelled[name][start : start + size]
        self._each = np.array([self._a_syllable(*piece) for piece in self._pieces])
        self._heard = cache(self._read)
        self._end = self._placed(np.full(self._spelled.max(initial=0) + 1, math.inf))

    def able(self, text: str, read: Sequence[str]) -> list[int]:
        """The names that the text may sound like, in order. read: of each character."""
        known, pairs = self._heard, zip(text, read, strict=True)
        return sorted(set(self._met([known(sign, r) for sign, r in pairs if sign.isalnum()])))

    def _met(self, heard: list[_Heard]) -> Iterator[int]:
        on = [*heard, self._end, self._end]
        for at, (a, b, c) in enumerate(zip(heard, on[1:], on[2:], strict=False)):
            met = a.able[0] & b.able[1] & c.able[2] & (a.sure[0] | b.sure[1] | c.sure[2])
            while met:
                piece = met.bit_length() - 1
                met ^= 1 << piece
                if self._holds(*self._pieces[piece], heard, at):
                    yield self._pieces[piece][0]

    def _holds(self, name: int, start: int, size: int, heard: list[_Heard], at: int) -> bool:
        """Whether the name is within reach where a piece of it is heard: all of it, or the
        piece beside a gap."""
        spelled = self._of.spelled[name]
        return (
            _together(spelled, heard, at - start) <= self._of.reach[name]
            or _together(spelled[start : start + size], heard, at) <= self._of.spare[name]
        )

    def _a_syllable(self, name: int, start: int, size: int) -> float:
        """What the syllables of a piece may cost, each on the average."""
        most = self._of.reach[name] / len(self._of.spelled[name])
        return max(most, self._of.spare[name] / size) + ROUNDING

    def _read(self, character: str, read: str) -> _Heard:
        return self._placed(self._of.costs(character, read))

    def _placed(self, costs: np.ndarray) -> _Heard:
        behind = self._spelled < 0  # the last syllable
        apiece = np.where(behind, 0.0, costs[self._spelled])
        sizes = LONGEST - behind.sum(axis=1)
        able = apiece <= (self._each * sizes)[:, None]
        return _Heard(costs, _bits(able), _bits(~behind & (apiece <= self._each[:, None])))


def _together(spelled: Sequence[int], heard: list[_Heard], begin: int) -> float:
    """The least that these characters cost, where they begin there."""
    if begin < 0 or begin + len(spelled) > len(heard):
        return math.inf
    there = zip(heard[begin : begin + len(spelled)], spelled, strict=True)
    return sum(one.costs[n] for one, n in there) - ROUNDING


def _bits(fits: np.ndarray) -> Bits:
    rows = np.packbits(fits, axis=0, bitorder="little").T
    return tuple(int.from_bytes(row.tobytes(), "little") for row in rows)


def _cut(size: int) -> Iterator[tuple[int, int]]:
    """Start and size of the pieces of a name: threes, and twos where a one would be left."""
    start = 0
    while start < size:
        left = size - start
        yield start, (piece := 2 if left in (2, 4) else min(left, LONGEST))
        start += piece
