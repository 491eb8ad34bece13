"""Finds the speech that no word covers.

Whisper sometimes ends its text early or leaps over a sentence; the alignment shows it, as a
token that lasts for seconds. What lies under such a token is heard again as a window of its
own: on telephone calls that removes most of the recognizer's deletions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.records import Span, Word

LONGEST_CHARACTER_S = 0.7  # slow Mandarin is 2 characters a second
HOLE_S = 0.9  # less is a hesitation, not words
BRIDGE_S = 0.6  # holes this close are one


def trimmed(words: Sequence[Word]) -> tuple[Word, ...]:
    """Words that last no longer than their characters can."""
    longest = (w.start + LONGEST_CHARACTER_S * max(1, len(w.text.strip())) for w in words)
    return tuple(
        replace(w, end=round(min(w.end, end), 3)) for w, end in zip(words, longest, strict=True)
    )


def holes(speech: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """Stretches of speech of at least HOLE_S that no (trimmed) word covers, in order."""
    found: list[Span] = []
    for hole in uncovered(speech, words):
        if found and hole.start - found[-1].end <= BRIDGE_S:
            found[-1] = Span(found[-1].start, hole.end)
        else:
            found.append(hole)
    return tuple(hole for hole in found if hole.end - hole.start >= HOLE_S)


def uncovered(speech: Sequence[Span], words: Sequence[Word]) -> Iterator[Span]:
    """Every stretch of speech, however short, that no (trimmed) word covers, in order."""
    ordered = sorted(words, key=lambda w: w.start)
    first = 0
    for span in speech:
        reached = span.start
        while first < len(ordered) and ordered[first].start < span.end:
            word = ordered[first]
            if word.start > reached:
                yield Span(reached, word.start)
            reached = max(reached, word.end)
            first += 1
        if reached < span.end:
            yield Span(reached, span.end)
