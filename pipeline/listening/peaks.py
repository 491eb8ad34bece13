"""The waveform of a recording: the least and greatest sample of each stretch, per channel.

Computed once from what audio.py decodes, a piece at a time, at three resolutions; three hours
are 4 MB here where the samples would be 691 MB. The browser asks for as many stretches as its
canvas is wide and never decodes a file to draw it.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from models.base import RATE
from pipeline import audio
from pipeline.errors import InputInvalid
from pipeline.listening.cache import SoundCache

NAME = "peaks.npz"
STEP = 320  # samples of the finest stretch: 20 ms
COARSER = 8  # stretches of one level that are one of the next
LEVELS = 3  # 20 ms, 160 ms, 1.28 s
BLOCK = 60 * RATE  # samples that are looked at together
MOST = 20_000  # stretches that one question may ask for


@dataclass(frozen=True, slots=True)
class Peaks:
    """levels: the finest first; each int16, (stretches, channels, 2): least, greatest."""

    samples: int  # of each channel
    levels: tuple[np.ndarray, ...]

    @property
    def seconds(self) -> float:
        return self.samples / RATE


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a waveform as it is drawn."""

    start: float  # second at which the first stretch begins
    step: float  # seconds of each
    values: np.ndarray  # int16, (stretches, channels, 2)


def peaks(cache: SoundCache, sha256: str, path: str) -> Peaks:
    """The waveform of the recording at `path`, from the cache where it is there.

    Raises what audio.read raises.
    """
    made = partial(cache.made, sha256, NAME, partial(_write, path))
    try:
        return _read(made())
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile):  # damaged: made anew
        cache.path(sha256, NAME).unlink(missing_ok=True)
        return _read(made())


def measured(pieces: Iterable[np.ndarray]) -> Peaks:
    """pieces: int16, (n, channels), in order, as audio.pieces gives them."""
    count, finest = 0, []
    for block in _blocks(pieces):
        count += len(block)
        finest.append(_reduced(np.repeat(block[..., None], 2, axis=-1), STEP))
    levels = [np.concatenate(finest)]
    while len(levels) < LEVELS:
        levels.append(_reduced(levels[-1], COARSER))
    return Peaks(count, tuple(levels))


def window(of: Peaks, start: float, end: float, stretches: int) -> Window:
    """Seconds `start` to `end` in at least `stretches` (fewer where the sound is so short),
    and less than twice as many. Raises InputInvalid for what cannot be drawn."""
    end = min(end, of.seconds)
    if not 0 <= start < end or not 1 <= stretches <= MOST:
        raise InputInvalid(f"波形范围 {start:g}–{end:g} 秒、{stretches} 段画不出来")
    for level in reversed(range(LEVELS)):
        step = STEP * COARSER**level / RATE
        first, last = int(start / step), int(np.ceil(round(end / step, 6)))
        if last - first >= stretches:
            break
    together = max(1, (last - first) // stretches)
    values = _reduced(of.levels[level][first:last], together)
    return Window(first * step, together * step, values)


def _blocks(pieces: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The pieces as blocks of whole stretches; only the last one may end within one."""
    waiting: list[np.ndarray] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= BLOCK:
            joined = np.concatenate(waiting)
            whole = length - length % STEP
            yield joined[:whole]
            waiting, length = [joined[whole:]], length - whole
    if length:
        yield np.concatenate(waiting)


def _reduced(values: np.ndarray, by: int) -> np.ndarray:
    """values: (n, channels, 2); every `by` of them become one, the last may be of fewer."""
    starts = np.arange(0, len(values), by)
    least = np.minimum.reduceat(values[..., 0], starts)
    greatest = np.maximum.reduceat(values[..., 1], starts)
    return np.stack([least, greatest], axis=-1)


def _write(path: str, file: IO[bytes]) -> None:
    made = measured(audio.pieces(path, max_hours=audio.MAX_HOURS))
    levels = {f"level{i}": level for i, level in enumerate(made.levels)}
    np.savez(file, samples=np.array(made.samples), **levels)  # type: ignore[arg-type]


def _read(path: Path) -> Peaks:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        levels = tuple(found[f"level{i}"] for i in range(LEVELS))
        return Peaks(int(found["samples"]), levels)
