"""Decoded sound outside of memory: the sides (channels) of a recording, read piece by piece.

Three hours in two channels are 691 MB of samples. Those of a short call are held in memory,
those of a longer one in a temporary file, on Linux without a name, which is gone with the
process, however that ends. A side gives arrays for slices, as an array would.
"""

import weakref
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile

import numpy as np

from models.base import RATE, Samples
from pipeline.errors import NoRoom, cause

IN_MEMORY = 16_000_000  # bytes: 8 minutes of one channel
WIDTH = 2  # bytes a sample


class Decoded:
    """The samples of a recording in the order of decoding: grows at its end."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)
        weakref.finalize(self, self._file.close)
        self._channels = self._length = 0

    def __len__(self) -> int:
        """Samples of each side."""
        return self._length

    def add(self, rows: np.ndarray) -> None:
        """rows: int16, (n, channels), always as many channels. Raises NoRoom."""
        try:
            self._file.write(np.ascontiguousarray(rows).tobytes())
        except OSError as error:
            raise NoRoom(f"解码后的声音写不进临时文件（{cause(error)}）") from error
        self._channels = rows.shape[1]
        self._length += len(rows)

    def read(self, first: int, last: int) -> np.ndarray:
        """int16, (last - first, channels)."""
        frame = WIDTH * self._channels
        self._file.seek(first * frame)
        data = self._file.read((last - first) * frame)
        return np.frombuffer(data, np.int16).reshape(-1, self._channels)

    def sides(self) -> tuple["Side", ...]:
        """One for each channel, when all has been added."""
        return tuple(Side(self, channel) for channel in range(self._channels))


class Side:
    """Samples of one channel."""

    def __init__(self, decoded: Decoded, channel: int) -> None:
        self._decoded, self._channel = decoded, channel

    def __len__(self) -> int:
        return len(self._decoded)

    def __getitem__(self, piece: slice, /) -> np.ndarray:
        first, last, _ = piece.indices(len(self))
        rows = self._decoded.read(first, max(first, last))
        return np.ascontiguousarray(rows[:, self._channel])


class Mixed:
    """The mean of some sides: what a listener on one ear hears."""

    def __init__(self, sides: Sequence[Samples]) -> None:
        self._sides = sides

    def __len__(self) -> int:
        return len(self._sides[0])

    def __getitem__(self, piece: slice, /) -> np.ndarray:
        mixed = self._sides[0][piece] // len(self._sides)
        for side in self._sides[1:]:
            mixed += side[piece] // len(self._sides)
        return mixed


class Part:
    """Samples `first` to `last` of others; they are read when a slice of it is asked for."""

    def __init__(self, samples: Samples, first: int, last: int) -> None:
        self._samples = samples
        self._first, last, _ = slice(first, last).indices(len(samples))
        self._length = max(0, last - self._first)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, piece: slice, /) -> np.ndarray:
        first, last, _ = piece.indices(self._length)
        return self._samples[self._first + first : self._first + max(first, last)]


def minutes(samples: Samples) -> Iterator[np.ndarray]:
    """The samples a minute at a time: floats of three hours would be 0.7 GB."""
    for begin in range(0, len(samples), 60 * RATE):
        yield samples[begin : begin + 60 * RATE]
