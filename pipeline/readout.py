"""The caller's own number, read out and misheard: digits lost, doubled or exchanged.

The PBX shows the number that a call comes from. What is read out when the talk is of reaching
the caller is mostly that number, and a recognizer loses digits of it (15847210066 became
847210666). `own_number` finds such digits; nothing is believed of digits that are unlike it,
nor of another whole number that differs from it in its end, as those of a family do.
"""

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq, Levenshtein

RUN = re.compile(r"(?<!\d)\d{7,14}?(?=(?:1[0-2]|[1-9])月|(?!\d))")  # 1584721006|5月20日
MOBILE = re.compile(r"1[3-9]\d{9}")
APART = 3  # digits that may be lost, added or others
TAIL = 4  # the digits by which people tell their numbers apart
LEAST = 3  # of the tail that have to be heard, in order


def own_number(texts: Sequence[str], number: str) -> list[tuple[int, int, int]]:
    """Where `number` was read out but other digits were written: (text, start, end).

    Each run of digits is looked at by itself; whole numbers that say something else count
    only beside a run that cannot be one, or where one and its read-back are unlike.
    """
    if not MOBILE.fullmatch(number):
        return []
    runs = [(i, m) for i, text in enumerate(texts) for m in RUN.finditer(text)]
    near = [(i, m) for i, m in runs if is_near(m.group(), number)]
    others = {m.group() for _, m in near} - {number}
    if len(others) < 2 and not any(_meant(other, number) for other in others):
        return []
    return [(i, *m.span()) for i, m in near if m.group() in others]


def is_near(run: str, number: str) -> bool:
    """Whether these digits may be the number, misheard."""
    return Levenshtein.distance(run, number, score_cutoff=APART) <= APART


def _meant(run: str, number: str) -> bool:
    """Whether a run near the number must be it: no other number that somebody could have."""
    if MOBILE.fullmatch(run):
        apart = Levenshtein.distance(run, number, score_cutoff=1)
        return apart <= 1 and run[-TAIL:] == number[-TAIL:]
    return LCSseq.similarity(run[-TAIL - 1 :], number[-TAIL:]) >= LEAST
