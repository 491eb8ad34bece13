"""Timed words of one speaker become turns."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.hearing.timeline import Segment
from pipeline.records import Turn, Word

APART_S = 0.04  # less is no overlap: the edges of channels lie on steps of 0.05 s
NEAR_S = 0.8  # the voice is heard this long before the recognizer times the first word


def build(
    dealt: Sequence[tuple[Segment, list[Word]]],
    roles: Sequence[str],
    *,
    pause_s: float,
    channels: bool,
    trust: float = 1.0,
) -> tuple[Turn, ...]:
    """Turns in order. roles: the role of each speaker; channels: a speaker is a channel, but
    for the exchange, whose prompts are on the line as a whole. trust: what the recognizer's
    confidence is multiplied by, 0..1, for the sound.

    A pause of `pause_s` ends a turn. A turn that begins while the other still speaks is marked
    as overlapping.
    """
    turns: list[Turn] = []
    for segment, words in dealt:
        role = roles[segment.speaker]
        played = role == "ivr"
        for start, end, own in _parts(segment, words, pause_s):
            over = bool(turns and start < turns[-1].end - APART_S)
            over = over or segment.inside and start == segment.start
            turns.append(
                Turn(
                    round(start, 3),
                    round(end, 3),
                    role,
                    text_of(own),
                    channel=segment.speaker if channels and not played else None,
                    confidence=round(trust * _confidence(own), 4),
                    times=times_of(own),
                    overlap=over,
                    source="ivr" if played else "speech",
                )
            )
    return tuple(turns)


def text_of(words: Sequence[Word]) -> str:
    """The words as one text."""
    return "".join(word.text for word in words)


def times_of(words: Sequence[Word]) -> tuple[float, ...]:
    """The second at which each character of `text_of` begins; never falling."""
    times: list[float] = []
    for word in words:
        step = (word.end - word.start) / max(1, len(word.text))
        for i in range(len(word.text)):
            second = round(word.start + i * step, 3)
            times.append(max(second, times[-1]) if times else second)
    return tuple(times)


def _parts(
    segment: Segment, words: list[Word], pause_s: float
) -> Iterator[tuple[float, float, list[Word]]]:
    """The segment cut at long pauses: start, end, words. The voice's own edges are kept, and
    no word makes a turn reach into the silence around them."""
    cuts = [i for i, (a, b) in enumerate(pairwise(words), 1) if b.start - a.end >= pause_s]
    for first, last in pairwise([0, *cuts, len(words)]):
        own = words[first:last]
        start, end = own[0].start, own[-1].end
        if first == 0 and start <= segment.start + NEAR_S:
            start = segment.start
        if last == len(words) and end >= segment.end - NEAR_S:
            end = segment.end
        if start > end:  # all of it timed beside the voice
            start, end = own[0].start, own[-1].end
        yield start, max(end, start), own


def _confidence(words: Sequence[Word]) -> float:
    """exp(mean token log-probability)."""
    logs = [math.log(max(word.probability, 1e-4)) for word in words]
    return math.exp(sum(logs) / len(logs))
