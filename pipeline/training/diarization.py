"""Diarization error rate: how much of the speech is given to the wrong one, or to nobody.

Used by benchmarks/diarization.py. Counted on steps of 10 ms with overlapped speech included,
as NIST's md-eval does; names of speakers do not matter, the mapping that fits best is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

STEP = 0.01  # seconds
Spoken = tuple[float, float, str]  # start, end (s), speaker


@dataclass(frozen=True, slots=True)
class Errors:
    """Seconds of speaker time: two who speak at once for a second are two seconds."""

    speech: float = 0.0  # of the reference
    missed: float = 0.0
    false_alarm: float = 0.0
    confused: float = 0.0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(
            self.speech + other.speech,
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.confused + other.confused,
        )

    @property
    def rate(self) -> float:
        """The diarization error rate; 0 where nobody spoke and nobody was heard."""
        wrong = self.missed + self.false_alarm + self.confused
        return wrong / self.speech if self.speech else float(wrong > 0)


def errors(
    reference: Sequence[Spoken], answer: Sequence[Spoken], collar: float = 0.0
) -> Errors:
    """Compare who spoke when with a reference.

    collar: seconds before and after each edge of the reference that are not judged.
    """
    length = round(max([end for _, end, _ in (*reference, *answer)], default=0.0) / STEP) + 1
    judged = np.ones(length, dtype=bool)
    for start, end, _ in reference if collar else ():
        for edge in (start, end):
            judged[max(0, round((edge - collar) / STEP)) : round((edge + collar) / STEP)] = (
                False
            )
    wanted, given = (_grid(side, length)[:, judged] for side in (reference, answer))
    wanting, giving = wanted.sum(axis=0), given.sum(axis=0)
    both = float(np.minimum(wanting, giving).sum())
    return Errors(
        speech=float(wanting.sum()) * STEP,
        missed=float(np.maximum(wanting - giving, 0).sum()) * STEP,
        false_alarm=float(np.maximum(giving - wanting, 0).sum()) * STEP,
        confused=(both - _matched(wanted, given)) * STEP,
    )


def _grid(spoken: Sequence[Spoken], length: int) -> np.ndarray:
    """Who speaks in which step: int, (speakers, length)."""
    names = sorted({name for _, _, name in spoken})
    grid = np.zeros((len(names), length), dtype=int)
    for start, end, name in spoken:
        grid[names.index(name), round(start / STEP) : round(end / STEP)] = 1
    return grid


def _matched(wanted: np.ndarray, given: np.ndarray) -> float:
    """Steps in which the right one speaks, under the best mapping of speakers to speakers."""
    common = wanted @ given.T
    if common.shape[0] > common.shape[1]:
        common = common.T
    rows = range(common.shape[0])
    return float(
        max(
            common[rows, order].sum()
            for order in permutations(range(common.shape[1]), len(rows))
        )
    )
