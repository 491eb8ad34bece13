"""Reads sound: any file that FFmpeg's libraries decode becomes int16 samples at 16 kHz.

PyAV carries FFmpeg's libraries inside, so no ffmpeg needs to be installed. pipeline/tools.py
decodes for the stages, clips.py for what people listen to.
A recorder's files are strangers: broken, lying about their length, naming other files. So
the file is opened here and handed over as bytes, and the decoder can open nothing else.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NoReturn

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from models.base import RATE, Samples
from pipeline.errors import AudioEmpty, AudioTooLong, AudioUnreadable, FileVanished, cause
from pipeline.ingest import shown
from pipeline.sides import Decoded, Side, minutes

MAX_HOURS = 48.0  # for who listens: the run that heard it had its own, stricter limit
MAX_CHANNELS = 8  # 7.1 is the widest layout a recorder writes; more is a broken header
MAX_BAD_RUN = 5_000  # packets in a row that fail: 2 min of mp3, then the rest is not sound
MAX_RESTARTS = 100  # times that the container may fail between packets and go on
BITE = 1 << 16  # bytes asked of the file at once
LOUDEST = 8.0  # float samples beyond this many times full scale are broken, not just loud
FULL_SCALE = 32_768.0
TOGETHER = 1 << 14  # samples resampled at once: a frame of 20 ms each takes twice the time
CLIPPED_AT = 32_100  # int16: the loudest code of A-law is 32256, of mu-law 32124
# PyAV raises its own errors and, out of its seams, these (ValueError: a frame whose layout
# has no name; OverflowError: absurd time stamps; MemoryError: absurd header sizes).
_REFUSALS = (av.FFmpegError, ValueError, OverflowError, MemoryError, OSError, AssertionError)

av.logging.set_level(av.logging.PANIC)


@dataclass(frozen=True, slots=True)
class Probe:
    """What the file says of itself, before it is decoded; it may be wrong."""

    seconds: float  # 0.0 where the container does not say
    channels: int
    sample_rate: int
    codec: str  # FFmpeg's name, e.g. "pcm_alaw"
    container: str  # likewise, e.g. "wav", "mov,mp4,m4a,3gp,3g2,mj2"


def read(path: str, *, max_hours: float) -> tuple[Side, ...]:
    """Decode all channels of a file's best audio track.

    path: a regular file; broken packets in it are skipped, a cut end is accepted.
    max_hours: the limit for a recording of up to two channels; more channels get less.
    Returns a side, not empty, for each channel, at 16 kHz; order as in the file.
    Raises AudioUnreadable, AudioEmpty, AudioTooLong or FileVanished, naming the file, and
    NoRoom.
    """
    decoded = Decoded()
    for rows in pieces(path, max_hours=max_hours):
        decoded.add(rows)
    return decoded.sides()


def pieces(path: str, *, max_hours: float) -> Iterator[np.ndarray]:
    """What `read` reads as it is decoded: int16, (n, channels), however long the whole is.

    Raises the same, but NoRoom.
    """
    limit = int(max_hours * 3600 * RATE * 2)  # samples over all channels
    length = 0
    with _opened(path) as (container, track):
        try:
            for rows in _resampled(_frames(container, track)):
                count, channels = rows.shape
                if channels > MAX_CHANNELS:
                    reason = f"有 {channels} 个声道，最多 {MAX_CHANNELS} 个"
                    raise AudioUnreadable(f"{_name(path)}：{reason}")
                length += count
                if length * max(channels, 2) > limit:
                    raise AudioTooLong(f"{_name(path)}：超过 {max_hours:g} 小时")
                yield rows
        except _REFUSALS as error:
            if not length:
                _refuse(path, error)
    if not length:
        raise AudioEmpty(f"{_name(path)}：没有可用的声音")


def decode(path: str, *, max_hours: float) -> np.ndarray:
    """What `read` reads, in memory: int16, shape (channels, n)."""
    return np.stack([side[:] for side in read(path, max_hours=max_hours)])


def probe(path: str) -> Probe:
    """Look at the header only. Raises AudioUnreadable or FileVanished."""
    with _opened(path) as (container, track):
        context = track.codec_context
        return Probe(
            round(_declared_seconds(container, track), 3),
            context.channels,
            context.sample_rate or 0,
            context.codec.canonical_name,
            container.format.name,
        )


def clipped_share(samples: Samples) -> float:
    """Share of samples at full scale, 0..1."""
    clipped = sum(
        np.count_nonzero(piece >= CLIPPED_AT) + np.count_nonzero(piece <= -CLIPPED_AT)
        for piece in minutes(samples)
    )
    return clipped / max(len(samples), 1)


@contextmanager
def _opened(path: str) -> Iterator[tuple[Any, AudioStream]]:
    """The container and its best audio track, from bytes that we opened ourselves."""
    file = _regular_file(path)
    with file:
        try:
            container = av.open(
                _Bytes(file, path),
                metadata_errors="replace",  # tags in GBK or worse are not our business
                buffer_size=BITE,
                options={"protocol_whitelist": "none"},  # an SDP file opens sockets by itself
                io_open=_no_other_file,
            )
        except _REFUSALS as error:
            _refuse(path, error)
        with container:
            tracks = [t for t in container.streams.audio if t.codec_context is not None]
            best = container.streams.best("audio")
            track = best if best in tracks else next(iter(tracks), None)
            if track is None:
                raise AudioUnreadable(f"{_name(path)}：里面没有可以解码的音轨")
            track.codec_context.thread_count = 1  # the workers are the parallelism
            yield container, track


def _regular_file(path: str) -> Any:
    """Open a regular file and nothing else: opening a pipe or a device may hang or act."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise AudioUnreadable(f"{_name(path)}：不是普通文件")
        # O_NONBLOCK: should a pipe have taken its place meanwhile, open does not wait.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise AudioUnreadable(f"{_name(path)}：不是普通文件")
    except (OSError, ValueError) as error:  # ValueError: a NUL inside the path
        raise FileVanished(f"{_name(path)}：打不开（{cause(error)}）") from error
    return os.fdopen(number, "rb", buffering=0)


class _Bytes:
    """The file as PyAV sees it: bytes, and a name that is only good for its suffix."""

    def __init__(self, file: Any, path: str) -> None:
        suffix = PurePath(path).suffix[1:].lower()
        self.name = "recording." + (suffix if suffix.isascii() and suffix.isalnum() else "bin")
        self.read, self.tell = file.read, file.tell
        self._seek = file.seek

    def seek(self, offset: int, whence: int = 0) -> int:
        """A broken header points before the file: FFmpeg takes a negative number as no."""
        try:
            return self._seek(offset, whence)
        except OSError as error:
            return -(error.errno or errno.EINVAL)


def _no_other_file(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    """A playlist that calls itself a recording asks for other files or addresses: no."""
    raise PermissionError("a recording may not open other files")


def _frames(container: Any, track: AudioStream) -> Iterator[AudioFrame]:
    """Decoded frames in order; packets that fail are skipped, up to MAX_BAD_RUN in a row."""
    bad, first_error = 0, None
    for packet in _packets(container, track):
        try:
            frames = packet.decode() if packet is not None else track.codec_context.decode(None)
        except EOFError:  # the decoder was flushed already
            return
        except _REFUSALS as error:
            bad, first_error = bad + 1, first_error or error
            if bad > MAX_BAD_RUN:
                break
            continue
        for frame in frames:
            if frame.samples and frame.sample_rate:
                bad, first_error = 0, None
                yield frame
    if first_error:
        raise first_error


def _packets(container: Any, track: AudioStream) -> Iterator[Any]:
    """Packets of the track; None at the end where a failing container cannot flush itself."""
    for _ in range(MAX_RESTARTS):
        moved = False
        try:
            for packet in container.demux(track):
                moved = True
                yield packet
            return
        except _REFUSALS:
            if not moved:
                break
    yield None


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[np.ndarray]:
    """int16 pieces of shape (n, channels) at RATE; the first frame decides the channels."""
    layout, made_for = None, None
    resampler: av.AudioResampler | None = None
    waiting = av.AudioFifo()
    for frame in frames:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or kind != made_for:
            if resampler is not None:
                yield from _last(resampler, waiting)
            if layout is None:
                layout = frame.layout
            resampler = av.AudioResampler(format="s16", layout=layout, rate=RATE)
            waiting, made_for = av.AudioFifo(), kind
        frame.pts = None  # what is missing in between is not filled in
        waiting.write(frame)
        if waiting.samples >= TOGETHER:
            yield from _waited(resampler, waiting)
    if resampler is not None:
        yield from _last(resampler, waiting)


def _last(resampler: av.AudioResampler, waiting: av.AudioFifo) -> Iterator[np.ndarray]:
    """What waits, and what the resampler holds back."""
    yield from _waited(resampler, waiting)
    yield from _rows(resampler.resample(None))


def _waited(resampler: av.AudioResampler, waiting: av.AudioFifo) -> Iterator[np.ndarray]:
    frame = waiting.read()
    if frame is not None:
        yield from _rows(resampler.resample(_sane(frame)))


def _rows(frames: Sequence[AudioFrame | None]) -> Iterator[np.ndarray]:
    """Packed int16 frames as arrays of shape (n, channels)."""
    for frame in frames:
        if frame is not None and frame.samples:
            yield frame.to_ndarray().reshape(frame.samples, -1)


def _sane(frame: AudioFrame) -> AudioFrame:
    """The frame itself, or a copy without NaN, infinities and absurd float values."""
    # PyAV 18 reads beyond the planes of a planar frame with 8 channels or more and crashes
    # the process; what is planar comes from a decoder, and raw floats, which may hold
    # anything, are packed.
    crash = frame.format.is_planar and frame.layout.nb_channels >= 8
    if crash or not frame.format.name.startswith(("flt", "dbl")):
        return frame
    values = frame.to_ndarray()
    if np.abs(values).max() <= LOUDEST:  # false for NaN as well
        return frame
    mended = np.clip(np.nan_to_num(values, nan=0.0), -1.0, 1.0)
    copy = AudioFrame.from_ndarray(mended, frame.format.name, frame.layout.name)
    copy.sample_rate, copy.pts, copy.time_base = frame.sample_rate, frame.pts, frame.time_base
    return copy


def _declared_seconds(container: Any, track: AudioStream) -> float:
    if track.duration and track.time_base:
        return max(0.0, float(track.duration * track.time_base))
    return max(0.0, (container.duration or 0) / av.time_base)


def _refuse(path: str, error: BaseException) -> NoReturn:
    raise AudioUnreadable(f"{_name(path)}：无法解码（{_reason(error)}）") from error


def _reason(error: BaseException) -> str:
    """FFmpeg's or the system's own words, without the path that some of them repeat."""
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _name(path: str) -> str:
    return shown(os.path.basename(path))
