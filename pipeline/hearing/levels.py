"""How loud: levels of 20 ms frames and of speech, for load.py and grading.py."""

import numpy as np

from models.base import RATE, Samples
from pipeline.audio import FULL_SCALE
from pipeline.sides import minutes

FRAME = RATE // 50  # samples: 20 ms, the step of telephone codecs
SILENT_DBFS = -90.0  # stands for the level of digital silence
WORD_FRAMES = 25  # half a second: one word is that long, a click is not
ACTIVE_DB = 25.0  # below the loudest word: softer frames are pauses, not speech


def frame_levels(side: Samples) -> np.ndarray:
    """RMS of each 20 ms in dBFS, float32; the mean (a DC offset) is taken out."""
    if len(side) < FRAME:
        side = np.pad(side[:], (0, FRAME - len(side)))
    offset = sum(int(piece.sum(dtype=np.int64)) for piece in minutes(side)) / len(side)
    levels = []
    for piece in minutes(side):
        frames = piece[: len(piece) - len(piece) % FRAME].reshape(-1, FRAME)
        frames = frames.astype(np.float32) - offset
        rms = np.sqrt(np.mean(frames * frames, axis=1)) / FULL_SCALE
        levels.append(20 * np.log10(np.maximum(rms, 10 ** (SILENT_DBFS / 20))))
    return np.concatenate(levels)


def loudest_word(levels: np.ndarray) -> float:
    """The level that half a second in all reaches, in dBFS."""
    place = min(WORD_FRAMES, len(levels))
    return float(np.partition(levels, -place)[-place])


def speech_level(levels: np.ndarray) -> float:
    """Mean level of the frames that are speech rather than pause, in dBFS."""
    active = levels[levels >= loudest_word(levels) - ACTIVE_DB]
    return float(10 * np.log10(np.mean(10 ** (active / 10))))
