"""A sound that a browser plays and seeks in: the recording itself, or one made of it once.

The original is played where browsers know its codec and where its header tells the length
that decoding found: by a wrong header, or an mp3 of varying bit rate without an index, a
browser would seek to another second than the one that a flag is about.
What is made is plain PCM, there in a moment, for a call of usual length, and Opus, a tenth of
its size, for a long one.
"""

import os
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import av
import numpy as np

from models.base import RATE
from pipeline import audio
from pipeline.errors import FileVanished
from pipeline.ingest import sha256_of, shown
from pipeline.listening.cache import SoundCache
from pipeline.records import Recording

CHECKED = "checked"
PCM, OPUS = "audio/wav", "audio/webm"
NAMES = {PCM: "sound.wav", OPUS: "sound.webm"}
PCM_S = 3_600.0  # so long a call at most becomes PCM: of A-law there in less than a second
# WebM: its index of clusters lets Chromium seek without reading on; every engine plays Opus,
# also where AAC is not licensed.
BITS = 24_000  # a second and channel: a telephone voice sounds as in the recording
EFFORT = "2"  # of libopus, 0..10: five times as fast as its default and 16 % larger (measured)
TOLERANCE_S = 0.5  # between what the header tells and what was decoded
_WAV = dict.fromkeys(("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le"), "audio/wav")
_MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
# container -> codec -> what browsers are told; as FFmpeg names them
PLAYED: dict[str, dict[str, str]] = {
    "wav": _WAV,
    "mp3": {"mp3": "audio/mpeg"},
    _MP4: {"aac": "audio/mp4"},
    "ogg": dict.fromkeys(("opus", "vorbis"), "audio/ogg"),
    "matroska,webm": dict.fromkeys(("opus", "vorbis"), "audio/webm"),
    "flac": {"flac": "audio/flac"},
}


@dataclass(frozen=True, slots=True)
class Playable:
    """A file, and what it is."""

    path: Path
    media_type: str


def source(cache: SoundCache, recording: Recording, names: Iterable[str] = ()) -> str:
    """Where the recording lies now, its bytes being those that were heard.

    names: other paths its bytes were found under. The bytes are hashed when a file is first
    asked for, and again when it has changed.
    Raises FileVanished where none of them holds the recording any more.
    """
    changed = False
    for path in dict.fromkeys((recording.path, *names)):
        try:
            if _unchanged(cache, recording.sha256, path):
                return path
            changed = True
        except OSError:
            continue
    why = "文件内容已经换过，不是当时处理的录音" if changed else "录音文件不在原处或读不了"
    raise FileVanished(f"{shown(recording.name)}：{why}")


def playable(cache: SoundCache, recording: Recording, path: str) -> Playable:
    """What to send for a recording that lies at `path`. Raises what audio.read raises."""
    told = audio.probe(path)
    kind = PLAYED.get(told.container, {}).get(told.codec)
    exact = abs(told.seconds - recording.seconds) <= TOLERANCE_S
    if kind and exact and told.channels <= 2:
        return Playable(Path(path), kind)
    if recording.seconds <= PCM_S:
        kind, write = PCM, partial(_write_pcm, path)
    else:
        kind, write = OPUS, partial(_write_opus, path)
    return Playable(cache.made(recording.sha256, NAMES[kind], write), kind)


def _unchanged(cache: SoundCache, sha256: str, path: str) -> bool:
    """Whether these are the bytes; which file was hashed is noted. Raises OSError."""
    seen = os.stat(path)
    stamp = f"{path}\n{seen.st_size} {seen.st_mtime_ns} {seen.st_ino}".encode(
        "utf-8", "surrogateescape"
    )
    note = cache.path(sha256, CHECKED)
    if note.is_file() and note.read_bytes() == stamp:
        return True
    if sha256_of(path) != sha256:
        return False
    note.unlink(missing_ok=True)
    cache.made(sha256, CHECKED, lambda file: _put(file, stamp))
    return True


def _put(file: IO[bytes], data: bytes) -> None:
    file.write(data)


def _pieces(path: str) -> Iterator[np.ndarray]:
    """int16 pieces of shape (n, channels) at RATE; more than two channels become one."""
    for rows in audio.pieces(path, max_hours=audio.MAX_HOURS):
        two = rows.shape[1] <= 2
        yield rows if two else rows.mean(axis=1, keepdims=True).astype(np.int16)


def _write_pcm(path: str, file: IO[bytes]) -> None:
    """The recording as WAV."""
    with wave.open(file, "wb") as sound:
        for i, rows in enumerate(_pieces(path)):
            if not i:
                sound.setparams((rows.shape[1], 2, RATE, 0, "NONE", ""))
            sound.writeframesraw(np.ascontiguousarray(rows, "<i2").tobytes())


def _write_opus(path: str, file: IO[bytes]) -> None:
    """The recording as Opus in WebM."""
    with av.open(file, "w", format="webm", options={"cues_to_front": "1"}) as container:
        stream: Any = None
        count = 0
        for rows in _pieces(path):
            layout = "stereo" if rows.shape[1] == 2 else "mono"
            if stream is None:
                stream = container.add_stream(
                    "libopus", rate=RATE, layout=layout, options={"compression_level": EFFORT}
                )
                stream.bit_rate = BITS * rows.shape[1]
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(rows).reshape(1, -1), format="s16", layout=layout
            )
            frame.sample_rate, frame.pts = RATE, count
            count += len(rows)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
