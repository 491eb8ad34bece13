"""Who spoke when, where each voice has a channel of its own."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.base import RATE, SpeechDetector
from pipeline.hearing.timeline import Segment

STEP = RATE // 20  # 50 ms
LEAK_DB = 14.0  # a voice this far below the other channel's is an echo of it
ECHO = 5  # steps: an echo comes up to a quarter of a second late
NOISE_DB = 3.0  # above the level of a channel's quietest tenth somebody may speak
AROUND = 10  # steps: what the detector hears before and after
JOIN_S = 0.35  # pauses this short do not end a segment
SMALLEST_S = 0.2
WORD = 10  # steps: half a second


def by_channel(samples: np.ndarray, detector: SpeechDetector) -> tuple[Segment, ...]:
    """Segments of both channels in order of their start; they may overlap.

    samples: int16, shape (2, n), at RATE. Segment.speaker is the channel's index.
    """
    levels = np.stack([_levels(channel) for channel in samples])
    loud = levels > np.percentile(levels, 10, axis=1, keepdims=True) + NOISE_DB
    spoken = np.stack([_spoken(*side, detector) for side in zip(samples, loud, strict=True)])
    # Lines differ in gain: each channel is measured against its own speech.
    typical = [_typical(levels[c], spoken[c]) for c in (0, 1)]
    relative = levels - np.array(typical)[:, None]
    segments = [
        segment
        for own, other in ((0, 1), (1, 0))
        for segment in _runs(own, spoken[own] & (relative[own] > _echo(relative[other])))
    ]
    return tuple(sorted(segments, key=lambda s: (s.start, s.end)))


def _levels(channel: np.ndarray) -> np.ndarray:
    """dBFS of each STEP: float32, shape (ceil(n / STEP),)."""
    steps = np.pad(channel, (0, -len(channel) % STEP)).reshape(-1, STEP)
    power = np.array([np.vdot(one, one) for one in steps.astype(np.float32)]) / STEP
    return 20 * np.log10(np.sqrt(power) / 32768 + 1e-6)


def _spoken(channel: np.ndarray, loud: np.ndarray, detector: SpeechDetector) -> np.ndarray:
    """In which steps the detector hears speech: bool, of the shape of `loud`.

    Only what is loud is shown to it, with some sound around: half of each side is listening.
    """
    spoken = np.zeros_like(loud)
    for first, last in _edges(np.convolve(loud, np.ones(2 * AROUND + 1), "same") > 0):
        for found in detector.detect(channel[first * STEP : last * STEP]):
            start, end = (first + int(edge * RATE / STEP) for edge in (found.start, found.end))
            spoken[start : min(end + 1, last)] = True
    return spoken & loud


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
