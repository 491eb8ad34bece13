"""From a speech score a frame to stretches of speech; both detectors end here.

Losing speech costs words, keeping noise costs a little time: so short gaps are closed, the
threshold to go on is lower than the one to begin, and both ends are padded.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from models.base import Stretch

MIN_SPEECH_S = 0.2  # shorter: a click; the shortest answers (嗯, 对) last about this long
MIN_SILENCE_S = 0.3  # shorter: a breath or a closed consonant inside a sentence
PAD_S = 0.1  # soft beginnings and endings score low


def stretches(
    scores: np.ndarray, *, step_s: float, length_s: float, begin: float, go_on: float
) -> tuple[Stretch, ...]:
    """Join frames into stretches of speech, in order and not overlapping.

    scores: shape (frames,), one for each `step_s` seconds of a sound `length_s` long.
    begin: a stretch begins at a score of at least this;
    go_on: it ends when the score stays under this for MIN_SILENCE_S.
    """
    long_enough = (
        (start, end)
        for start, end in _runs(scores, begin, go_on, round(MIN_SILENCE_S / step_s))
        if (end - start) * step_s >= MIN_SPEECH_S
    )
    padded = (
        (max(0.0, start * step_s - PAD_S), min(length_s, end * step_s + PAD_S))
        for start, end in long_enough
    )
    return tuple(Stretch(round(start, 3), round(end, 3)) for start, end in _merged(padded))


def _runs(
    scores: np.ndarray, begin: float, go_on: float, patience: int
) -> Iterator[tuple[int, int]]:
    """Frames [start, end) of each run: hysteresis, and patience with frames under `go_on`."""
    start: int | None = None
    end = 0
    for frame, score in enumerate(scores.tolist()):
        if score >= (begin if start is None else go_on):
            start, end = frame if start is None else start, frame + 1
        elif start is not None and frame - end >= patience:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _merged(pieces: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Join pieces that touch after padding."""
    held: tuple[float, float] | None = None
    for start, end in pieces:
        if held and start <= held[1]:
            held = (held[0], end)
            continue
        if held:
            yield held
        held = (start, end)
    if held:
        yield held
