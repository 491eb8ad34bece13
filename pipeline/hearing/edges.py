"""How loud it is from step to step, and where that is more than the line's own noise."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.base import RATE, Samples
from pipeline.hearing.timeline import Segment
from pipeline.sides import minutes

STEP = RATE // 20  # 50 ms
NOISE_DB = 3.0  # above the level of a line's quietest tenth somebody may speak
TRIM_S = 0.35  # a detector lets speech begin up to this early and end up to this late


def levels(samples: Samples) -> np.ndarray:
    """dBFS of each STEP: float32, shape (ceil(n / STEP),)."""
    sums: list[np.float32] = []
    for piece in minutes(samples):
        steps = np.pad(piece, (0, -len(piece) % STEP)).reshape(-1, STEP)
        sums += [np.vdot(one, one) for one in steps.astype(np.float32)]
    power = np.array(sums, np.float32) / STEP
    return 20 * np.log10(np.sqrt(power) / 32768 + 1e-6)


def loud(level: np.ndarray) -> np.ndarray:
    """In which steps there is more than the noise of the line: bool, of the same shape."""
    return level > np.percentile(level, 10) + NOISE_DB


def trimmed(segments: Sequence[Segment], above: np.ndarray) -> tuple[Segment, ...]:
    """Segments that begin and end where it is loud, no edge moved by more than TRIM_S.

    above: what `loud` says of the whole recording.
    """
    found = []
    for one in segments:
        first, last = int(one.start * RATE / STEP), int(one.end * RATE / STEP) + 1
        steps = first + np.flatnonzero(above[first:last])
        start, end = one.start, one.end
        if len(steps):
            start = min(max(start, float(steps[0]) * STEP / RATE), start + TRIM_S)
            end = max(min(end, float(steps[-1] + 1) * STEP / RATE), end - TRIM_S)
        found.append(replace(one, start=start, end=end) if start < end else one)
    return tuple(found)
