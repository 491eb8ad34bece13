"""How loud: levels of 20 ms frames and of speech, for load.py and grading.py."""

import numpy as np

from models.base import RATE
from pipeline.audio import FULL_SCALE

FRAME = RATE // 50  # samples: 20 ms, the step of telephone codecs
SILENT_DBFS = -90.0  # stands for the level of digital silence
WORD_FRAMES = 25  # half a second: one word is that long, a click is not
ACTIVE_DB = 25.0  # below the loudest word: softer frames are pauses, not speech


def frame_levels(side: np.ndarray) -> np.ndarray:
    """RMS of each 20 ms in dBFS, float32; the mean (a DC offset) is taken out."""
    short = -len(side) % FRAME
    if short and len(side) < FRAME:
        side, short = np.pad(side, (0, short)), 0
    frames = side[: len(side) - len(side) % FRAME].reshape(-1, FRAME)
    offset = float(side.mean())
    levels = np.empty(len(frames), np.float32)
    step = 60 * RATE // FRAME  # a minute at a time: floats of three hours would be 0.7 GB
    for begin in range(0, len(frames), step):
        piece = frames[begin : begin + step].astype(np.float32) - offset
        rms = np.sqrt(np.mean(piece * piece, axis=1)) / FULL_SCALE
        levels[begin : begin + step] = 20 * np.log10(np.maximum(rms, 10 ** (SILENT_DBFS / 20)))
    return levels


def loudest_word(levels: np.ndarray) -> float:
    """The level that half a second in all reaches, in dBFS."""
    place = min(WORD_FRAMES, len(levels))
    return float(np.partition(levels, -place)[-place])


def speech_level(levels: np.ndarray) -> float:
    """Mean level of the frames that are speech rather than pause, in dBFS."""
    active = levels[levels >= loudest_word(levels) - ACTIVE_DB]
    return float(10 * np.log10(np.mean(10 ** (active / 10))))
