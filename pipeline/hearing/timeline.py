"""A segment of one speaker, and how timed words are dealt out to segments."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.simplified import simplified
from pipeline.records import Span, Word

STOPS = tuple("。？！?!")
SEAM_S = 0.2
SHORTEST_S = 0.4  # less cannot be told apart by its sound: 您 | 好 is no change of speaker
ENDS = tuple("。？！，；、?!,.;")
MURMUR_S = 1.0
REACH_S = 0.9  # a word boundary this far from a change of speaker may still be its place
PUNCTUATION_S = 0.25  # what a punctuation mark is worth, in seconds of distance
GAP_WEIGHT = 0.5  # what a second of pause between two words is worth
NAT_S = 0.03  # what it is worth, a nat, that a clause is likelier to begin there than to go on
AROUND = 5  # words on either side that this is judged by
Begins = Callable[[str, str], float]  # texts before and after -> nats; models/language.py


@dataclass(frozen=True, slots=True)
class Segment:
    """One speaker, in seconds. `speaker` is a channel or a voice, not yet a role."""

    start: float
    end: float
    speaker: int
    inside: bool = False  # begins and ends while the other goes on speaking


@dataclass(frozen=True, slots=True)
class Hint:
    """Words that sound like one of the roles: weight > 0 the agent, < 0 the caller."""

    start: float
    end: float
    weight: float


def stretches(speech: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """Speech cut where the speaker may change: at pauses between words and ends of sentences.

    The detector joins speech over short gaps, and over any gap where there is music behind.
    """
    seams = [
        (before.end + after.start) / 2
        for before, after in pairwise(words)
        if after.start - before.end >= SEAM_S or before.text.rstrip().endswith(STOPS)
    ]
    found: list[Span] = []
    for span in speech:
        edges = [span.start]
        for seam in seams:
            if edges[-1] + SHORTEST_S <= seam <= span.end - SHORTEST_S:
                edges.append(seam)
        found += [Span(a, b) for a, b in pairwise([*edges, span.end])]
    return tuple(found)


def words_in(spans: Sequence[Span], words: Sequence[Word]) -> list[list[Word]]:
    """The words whose middle lies in each span. Spans and words are in order."""
    middles = [(word.start + word.end) / 2 for word in words]
    return [
        list(words[bisect_left(middles, span.start) : bisect_left(middles, span.end)])
        for span in spans
    ]


def deal(
    words: Sequence[Word], segments: Sequence[Segment], begins: Begins | None = None
) -> list[tuple[Segment, list[Word]]]:
    """Give each word to one segment, in order: cuts fall between words, near the changes.

    The recognizer's times are off by a tenth or two; at a change of speaker the cut moves to
    the word boundary nearby that has a punctuation mark or a pause, or where `begins` finds
    that a clause begins. Segments without words are left out.
    """
    segments = _in_turn(segments)
    if not segments:
        return []
    changes = [
        (a, b, (a.end + b.start) / 2) for a, b in pairwise(segments) if a.speaker != b.speaker
    ]
    cuts = [0]
    runs: list[Segment] = []
    current = segments[0]
    for a, b, second in changes:
        cuts.append(max(cuts[-1], _cut(words, second, begins)))
        runs.append(replace(current, end=a.end))
        current = b
    runs.append(replace(current, end=segments[-1].end))
    cuts.append(len(words))
    dealt = [(run, list(words[i:j])) for run, (i, j) in zip(runs, pairwise(cuts), strict=True)]
    return [(run, own) for run, own in dealt if own]


def _in_turn(segments: Sequence[Segment]) -> list[Segment]:
    """Segments none of which lies inside another: a short one inside is a murmur and dropped,
    a longer one cuts the other in two."""
    found: list[Segment] = []
    for segment in sorted(segments, key=lambda s: (s.start, -s.end)):
        last = found[-1] if found else None
        if last is None or segment.end > last.end:
            found.append(segment)
        elif segment.speaker != last.speaker and segment.end - segment.start >= MURMUR_S:
            found[-1] = replace(last, end=segment.start)
            found += [replace(segment, inside=True), replace(last, start=segment.end)]
    return found


def _cut(words: Sequence[Word], second: float, begins: Begins | None) -> int:
    """The index of the first word after the change at `second`."""
    best, lowest = 0, float("inf")
    for i in range(len(words) + 1):
        before = words[i - 1].end if i else 0.0
        after = words[i].start if i < len(words) else before
        place = (before + after) / 2 if i else after
        cost = abs(place - second)
        if cost <= REACH_S:
            cost -= GAP_WEIGHT * max(0.0, after - before)
            if i and words[i - 1].text.rstrip().endswith(ENDS):
                cost -= PUNCTUATION_S
            if begins and 0 < i < len(words):
                near = (words[max(0, i - AROUND) : i], words[i : i + AROUND])
                cost -= NAT_S * begins(*(simplified("".join(w.text for w in n)) for n in near))
        if cost < lowest:
            best, lowest = i, cost
    return best
