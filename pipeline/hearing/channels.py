"""Who spoke when, where each voice has a channel of its own."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.base import RATE, Samples, SpeechDetector, Stretch
from pipeline.hearing.edges import STEP, levels, loud
from pipeline.hearing.timeline import Segment
from pipeline.records import Span
from pipeline.sides import Part

LEAK_DB = 14.0  # a voice this far below the other channel's is an echo of it
ECHO = 5  # steps: an echo comes up to a quarter of a second late
AROUND = 10  # steps: what the detector hears before and after what is in doubt
JOIN_S = 0.15  # pauses this short do not end a segment; in longer ones the other may come in
SMALLEST_S = 0.2
WORD = 10  # steps: half a second


def by_channel(
    samples: Sequence[Samples], speech: Sequence[Span], detector: SpeechDetector
) -> tuple[Segment, ...]:
    """Segments of both channels in order of their start; they may overlap.

    samples: of two channels. speech: where the two together hold speech.
    Segment.speaker is the channel's index.
    """
    level = np.stack([levels(channel) for channel in samples])
    above = np.stack([loud(own) for own in level]) & _steps(speech, level.shape[1])
    # One of two is loud and there is speech: that one speaks. Both: one may be noise or echo.
    both = np.convolve(above.all(axis=0), np.ones(2 * AROUND + 1))[AROUND:-AROUND] > 0
    spoken = above.copy()
    for channel, own in enumerate(samples):
        for first, last in _edges(both):
            found = detector.detect(Part(own, first * STEP, last * STEP))
            spoken[channel, first:last] &= _steps(found, last - first)
    # Lines differ in gain: each channel is measured against its own speech.
    typical = [_typical(level[c], spoken[c]) for c in (0, 1)]
    relative = level - np.array(typical)[:, None]
    segments = [
        segment
        for own, other in ((0, 1), (1, 0))
        for segment in _runs(own, spoken[own] & (relative[own] > _echo(relative[other])))
    ]
    return tuple(sorted(segments, key=lambda s: (s.start, s.end)))


def _steps(spans: Sequence[Span] | Sequence[Stretch], length: int) -> np.ndarray:
    """Which steps the spans cover: bool, (length,)."""
    covered = np.zeros(length, dtype=bool)
    for span in spans:
        covered[int(span.start * RATE / STEP) : int(span.end * RATE / STEP) + 1] = True
    return covered


def _echo(relative: np.ndarray) -> np.ndarray:
    """The level up to which a channel may hold but an echo of this one, in each step."""
    late = np.concatenate([np.full(ECHO, -np.inf), relative])
    return np.lib.stride_tricks.sliding_window_view(late, ECHO + 1).max(axis=1) - LEAK_DB


def _typical(levels: np.ndarray, spoken: np.ndarray) -> float:
    """The level that half a second of speech reaches, in dBFS.

    Not a mean: who says little speaks less than the other's echo on the same line.
    """
    own = levels[spoken]
    place = min(WORD, len(own))
    return float(np.partition(own, -place)[-place]) if place else 0.0


def _runs(channel: int, active: np.ndarray) -> Sequence[Segment]:
    runs = [(a * STEP / RATE, b * STEP / RATE) for a, b in _edges(active)]
    joined = runs[:1]
    for (_, _), (start, end) in pairwise(runs):
        if start - joined[-1][1] <= JOIN_S:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [Segment(a, b, channel) for a, b in joined if b - a >= SMALLEST_S]


def _edges(active: np.ndarray) -> list[tuple[int, int]]:
    """Where runs of steps begin and end."""
    changes = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in changes.reshape(-1, 2)]
