"""The first stage: what the sound of a recording is like, before any word is read.

It tells true stereo from a mono recording written twice and from one with a dead side, since
speakers.py may trust the sides only where they are two. Later stages read `call.sound`.
"""

from collections.abc import Sequence

import numpy as np

from models.base import RATE, Samples
from pipeline import audio
from pipeline.copies import replace
from pipeline.hearing.levels import (
    ACTIVE_DB,
    FRAME,
    WORD_FRAMES,
    frame_levels,
    loudest_word,
    speech_level,
)
from pipeline.records import Call, Sound
from pipeline.sides import minutes
from pipeline.stage import stage
from pipeline.tools import Tools

# A side is dead when its loudest half second stays at the converter's noise (idle A-law is
# -72 dBFS) or so far under the other side that only line noise or leakage is left.
DEAD_DBFS = -70.0
DEAD_BELOW_OTHER_DB = 40.0
# One side is a copy of the other when the difference of their levels stands still (between
# two people it swings by 15-40 dB, even where each is heard on the other's side) and, second
# by second, shifting and scaling explains the most of it: codec noise and a wide microphone
# leave 1-12 % of the energy unexplained, two people at once nearly all.
SWING_DB = 6.0
SWING_SHARE = 0.01  # of the loud frames; half a second in any case
WINDOW = RATE  # samples: compared at a time
WINDOWS = 24  # compared, spread over all that is loud enough
MAX_LAG = RATE // 20  # samples: 50 ms; recorders start one side late by less
NEAR = MAX_LAG // FRAME + 1  # frames
UNEXPLAINED = 0.35  # share of the energy
ALIKE_WINDOWS = 0.9  # of the windows: a glitch may spoil one in ten
COPY_GAIN_DB = 12.0  # a copy is at most this much softer; below, it is the other's echo
LOW_LEVEL_DBFS = -42.0  # of active speech; a telephone's is -30 to -15
CLIPPED_SHARE = 0.001  # of samples: crackle that is heard; lone peaks do not count
NARROW_HZ = 4_200  # nothing sampled at 8 kHz reaches higher
NARROW_SHARE = 3e-5  # -45 dB of the energy: filter leakage; wide-band speech has -20 to -35 dB
SHORT_BY = 0.05  # of the declared length that is missing: the file was cut


@stage(needs=("recording",), adds=("recording", "sound"))
def load(call: Call, tools: Tools) -> Call:
    """Decode the recording and describe its sound.

    Raises AudioUnreadable, AudioEmpty, AudioTooLong, FileVanished, NoRoom.
    """
    samples = tools.samples(call.recording)
    said = tools.probe(call.recording)
    recording = replace(
        call.recording,
        seconds=round(len(samples[0]) / RATE, 3),
        channels=len(samples),
        sample_rate=said.sample_rate,
        codec=said.codec,
    )
    sound = describe(samples, said.sample_rate)
    if recording.seconds < said.seconds * (1 - SHORT_BY) - 1:
        sound = replace(sound, notes=(*sound.notes, "truncated"))
    return replace(call, recording=recording, sound=sound)


def describe(samples: Sequence[Samples], sample_rate: int) -> Sound:
    """Layout, level and defects.

    samples: of each channel, not empty; sample_rate: the file's own, in Hz.
    More than two channels are taken as a mix (mono) and noted.
    """
    levels = np.stack([frame_levels(side) for side in samples])
    layout, notes = _layout(samples, levels)
    speech = [speech_level(side) for side in levels]
    live = [max(speech)] if layout == "one_sided" else speech
    live = [level for level in live if level > DEAD_DBFS]
    clipped = max(audio.clipped_share(side) for side in samples)
    if not live:
        notes.append("silent")
    elif min(live) < LOW_LEVEL_DBFS:
        notes.append("low_level")
    if clipped > CLIPPED_SHARE:
        notes.append("clipped")
    if live and _narrowband(samples, levels, sample_rate):
        notes.append("narrowband")
    power = np.mean([10 ** (level / 10) for level in live or speech])
    return Sound(
        layout,
        level_dbfs=round(float(10 * np.log10(power)), 1),
        clipped=round(clipped, 5),
        notes=tuple(notes),
    )


def _layout(samples: Sequence[Samples], levels: np.ndarray) -> tuple[str, list[str]]:
    if len(samples) == 1:
        return "mono", []
    if len(samples) > 2:
        return "mono", ["many_channels"]
    if all(map(np.array_equal, *map(minutes, samples))):
        return "dual_mono", []
    words = [loudest_word(side) for side in levels]
    softer = int(np.argmin(words))
    side = ("dead_left", "dead_right")[softer]
    if max(words) < DEAD_DBFS:
        return "dual_mono", []
    if words[softer] < max(DEAD_DBFS, max(words) - DEAD_BELOW_OTHER_DB):
        return "one_sided", ["dead_channel", side]
    gain = _copy_gain(samples, levels)
    if gain is None:
        return "stereo", []
    if abs(gain) > COPY_GAIN_DB:
        return "one_sided", ["dead_channel", side, "crosstalk"]
    return "dual_mono", []


def _copy_gain(samples: Sequence[Samples], levels: np.ndarray) -> float | None:
    """Gain in dB from the left side to the right if one is a copy of the other, else None."""
    loudest = levels.max(axis=0)
    active = loudest >= loudest_word(loudest) - ACTIVE_DB
    left, right = levels
    gain = float(np.median((right - left)[active]))
    # Compared with all that is near in time: one side may be late, and speech begins at once.
    near = np.lib.stride_tricks.sliding_window_view(
        np.pad(right - gain, NEAR, "edge"), 2 * NEAR + 1
    )
    swings = (left < near.min(axis=1) - SWING_DB) | (left > near.max(axis=1) + SWING_DB)
    if np.count_nonzero(swings & active) > max(WORD_FRAMES, SWING_SHARE * active.sum()):
        return None
    starts, unlike = _active_windows(levels), 0
    for start in starts:
        unlike += not _alike(*(s[start : start + WINDOW].astype(np.float32) for s in samples))
        if unlike > len(starts) * (1 - ALIKE_WINDOWS):
            return None
    return gain


def _alike(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether shifting and scaling one side explains the other. float, (n,) each."""
    left, right = left - left.mean(), right - right.mean()
    wanted = (1 - UNEXPLAINED) * float(left @ left) * float(right @ right)
    if float(left @ right) ** 2 > wanted:
        return True
    size = 1 << (len(left) + MAX_LAG - 1).bit_length()
    cross = np.fft.irfft(np.fft.rfft(left, size) * np.conj(np.fft.rfft(right, size)), size)
    near = np.concatenate((cross[: MAX_LAG + 1], cross[-MAX_LAG:]))
    return float(np.abs(near).max()) ** 2 > wanted


def _active_windows(levels: np.ndarray) -> list[int]:
    """First samples of up to WINDOWS seconds half full of speech, spread evenly."""
    loudest = levels.max(axis=0)
    active = loudest >= max(loudest_word(loudest) - ACTIVE_DB, DEAD_DBFS)
    size = WINDOW // FRAME
    count = max(1, len(active) // size)
    spoken = [int(active[i * size : (i + 1) * size].sum()) for i in range(count)]
    enough = min(WORD_FRAMES, max(spoken))
    starts = [i * WINDOW for i, frames in enumerate(spoken) if frames >= enough]
    return [starts[int(i)] for i in np.linspace(0, len(starts) - 1, min(WINDOWS, len(starts)))]


def _narrowband(samples: Sequence[Samples], levels: np.ndarray, sample_rate: int) -> bool:
    """Whether nothing lies above the telephone band, whatever the file's rate is."""
    if sample_rate <= 2 * NARROW_HZ:
        return True
    total = np.zeros(FRAME // 2 + 1)
    shape = np.hanning(FRAME)  # without it a loud low tone leaks over the whole spectrum
    for start in _active_windows(levels):
        for side in samples:
            piece = side[start : start + WINDOW]
            frames = piece[: len(piece) - len(piece) % FRAME].reshape(-1, FRAME)
            total += (np.abs(np.fft.rfft(frames * shape)) ** 2).sum(axis=0)
    high = total[NARROW_HZ * FRAME // RATE :].sum()
    return bool(high < NARROW_SHARE * total.sum())
