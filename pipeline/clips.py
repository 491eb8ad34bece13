"""Cuts what a person should listen to out of a recording and brings it to one level.

For `lingsu clip` and the reports. pydub's AudioSegment does the cutting and levelling; it is
fed with samples that audio.py decoded, and mp3 is written through PyAV, as pydub's own reading
and writing would call an ffmpeg program, which need not be there.
"""

import os
import tempfile
import warnings
from collections.abc import Sequence
from typing import IO, Any

import numpy as np

from models.base import RATE, Samples
from pipeline import audio
from pipeline.errors import InputInvalid, cause
from pipeline.ingest import shown

PADDING_S = 2.0  # before and after what was asked for: words have a context
LEVEL_DBFS = -20.0  # RMS that is comfortable beside other sound of a computer
MAX_GAIN_DB = 30.0  # more would only bring up the line's noise
HEADROOM_DB = 1.0  # kept below full scale: nothing may clip by levelling
MP3_BITS = 48_000  # a second: a voice at 16 kHz is as clear as in the recording
FADE_MS = 20  # at both ends, so that a cut does not click
TONE_HZ = 1000.0  # stands where nobody should hear
MARGIN_S = 0.15  # on either side of hidden words: their times are not exact

Stretch = tuple[float, float]  # seconds of the recording


def cut(
    sound: Sequence[Samples] | str,
    start: float,
    end: float,
    out: str,
    *,
    hidden: Sequence[Stretch] = (),
) -> tuple[float, float]:
    """Write seconds `start` to `end`, with PADDING_S on either side, as a wav or mp3 file.

    sound: samples of each channel, or the path of a recording. More than two
    channels are mixed to one. What lies between start and end is brought to LEVEL_DBFS.
    hidden: stretches of the recording in whose place a tone is heard.
    Returns the seconds at which the clip begins and ends in the recording.
    Raises InputInvalid for times outside of the sound or a place that cannot be written, and
    what audio.read raises.
    """
    sides = audio.read(sound, max_hours=audio.MAX_HOURS) if isinstance(sound, str) else sound
    seconds = len(sides[0]) / RATE
    if not 0 <= start < end or start >= seconds:
        raise InputInvalid(f"剪辑时间 {start:g}–{end:g} 秒不在录音（{seconds:.1f} 秒）之内")
    if not out.lower().endswith((".wav", ".mp3")):
        raise InputInvalid(f"{shown(os.path.basename(out))}：剪辑只能存为 .wav 或 .mp3")
    begin, stop = max(0.0, start - PADDING_S), min(seconds, end + PADDING_S)
    whole = _segment([side[round(begin * RATE) : round(stop * RATE)] for side in sides])
    core = _segment([side[round(start * RATE) : round(end * RATE)] for side in sides])
    levelled = whole.apply_gain(_gain(core.dBFS, whole.max_dBFS, LEVEL_DBFS))
    levelled = _beeped(levelled, [(a - begin, b - begin) for a, b in hidden])
    fade = min(FADE_MS, len(levelled) // 2)  # len() is in milliseconds
    _write(levelled.fade_in(fade).fade_out(fade), out)
    return begin, stop


def _segment(sides: Sequence[np.ndarray]) -> Any:
    """The samples as an AudioSegment."""
    with warnings.catch_warnings():
        # On import pydub warns that there is no ffmpeg, Python 3.11 that audioop will go and
        # 3.12 of pydub's escapes: none of it concerns who listens to a clip.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    samples = np.stack(sides)
    if len(samples) > 2:
        samples = samples.mean(axis=0, keepdims=True).astype(np.int16)
    raw = np.ascontiguousarray(samples.T).tobytes()
    return AudioSegment(raw, sample_width=2, frame_rate=RATE, channels=len(samples))


def _beeped(segment: Any, hidden: Sequence[Stretch]) -> Any:
    """The segment with a tone over the hidden stretches, in seconds from its beginning."""
    from pydub.generators import Sine

    for start, end in hidden:
        first = max(0, round((start - MARGIN_S) * 1000))
        last = min(len(segment), round((end + MARGIN_S) * 1000))
        if first < last:
            made = Sine(TONE_HZ, sample_rate=RATE).to_audio_segment(last - first, LEVEL_DBFS)
            tone = made.set_channels(segment.channels)[: last - first]
            segment = segment[:first] + tone + segment[last:]
    return segment


def _gain(level: float, peak: float, wanted: float) -> float:
    """dB to add: to the wanted level, but no clipping; silence stays as it is."""
    if not np.isfinite(level):
        return 0.0
    return min(wanted - level, -HEADROOM_DB - peak, MAX_GAIN_DB)


def _write(segment: Any, out: str) -> None:
    """Beside its place first, then in one step into it: a full disk leaves no half clip."""
    name = ""
    try:
        folder = os.path.dirname(out) or "."
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            name = file.name
            if out.lower().endswith(".mp3"):
                _encode(segment, file)
            else:
                segment.export(file, format="wav")
        os.replace(name, out)
    except OSError as error:
        if name and os.path.exists(name):
            os.unlink(name)
        reason = f"{shown(os.path.basename(out))}：写不进去（{cause(error)}）"
        raise InputInvalid(reason) from error


def _encode(segment: Any, file: IO[bytes]) -> None:
    """The segment as mp3."""
    import av

    layout = "stereo" if segment.channels == 2 else "mono"
    samples = np.frombuffer(segment.raw_data, np.int16).reshape(1, -1)
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout=layout)
        stream.bit_rate = MP3_BITS
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
