"""Who spoke when, where each voice has a channel of its own."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.base import RATE, SpeechDetector
from pipeline.hearing.timeline import Segment

STEP = RATE // 20  # 50 ms
LEAK_DB = 14.0  # a voice this far below the other channel's is an echo of it
JOIN_S = 0.35  # pauses this short do not end a segment
SMALLEST_S = 0.2
WORD = 10  # steps: half a second


def by_channel(samples: np.ndarray, detector: SpeechDetector) -> tuple[Segment, ...]:
    """Segments of both channels in order of their start; they may overlap.

    samples: int16, shape (2, n), at RATE. Segment.speaker is the channel's index.
    """
    levels = np.stack([_levels(channel) for channel in samples])
    spoken = np.zeros_like(levels, dtype=bool)
    for channel, own in enumerate(samples):
        for found in detector.detect(own):
            spoken[
                channel, int(found.start * RATE / STEP) : int(found.end * RATE / STEP) + 1
            ] = True
    # Lines differ in gain: each channel is measured against its own speech.
    typical = [_typical(levels[c], spoken[c]) for c in (0, 1)]
    relative = levels - np.array(typical)[:, None]
    segments = [
        segment
        for own, other in ((0, 1), (1, 0))
        for segment in _runs(own, spoken[own] & (relative[own] > relative[other] - LEAK_DB))
    ]
    return tuple(sorted(segments, key=lambda s: (s.start, s.end)))


def _levels(channel: np.ndarray) -> np.ndarray:
    """dBFS of each STEP: float32, shape (ceil(n / STEP),)."""
    found = [
        np.sqrt(np.mean(channel[i : i + STEP].astype(np.float32) ** 2))
        for i in range(0, len(channel), STEP)
    ]
    return 20 * np.log10(np.array(found, np.float32) / 32768 + 1e-6)


def _typical(levels: np.ndarray, spoken: np.ndarray) -> float:
    """The level that half a second of speech reaches, in dBFS.

    Not a mean: who says little speaks less than the other's echo on the same line.
    """
    own = levels[spoken]
    place = min(WORD, len(own))
    return float(np.partition(own, -place)[-place]) if place else 0.0


def _runs(channel: int, active: np.ndarray) -> Sequence[Segment]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    runs = [(int(a) * STEP / RATE, int(b) * STEP / RATE) for a, b in edges.reshape(-1, 2)]
    joined = runs[:1]
    for (_, _), (start, end) in pairwise(runs):
        if start - joined[-1][1] <= JOIN_S:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [Segment(a, b, channel) for a, b in joined if b - a >= SMALLEST_S]
