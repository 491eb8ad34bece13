"""Makes sound and sound files for the tests: tones, noise, and any codec PyAV can write."""

from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

RATE = 16_000


def tone(
    hertz: float, seconds: float, *, rate: int = RATE, amplitude: float = 8_000
) -> np.ndarray:
    """int16, (n,)."""
    at = np.arange(int(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def noise(seconds: float, *, seed: int = 0, amplitude: float = 3_000) -> np.ndarray:
    """White noise at 16 kHz as float64, (n,); the amplitude is its RMS."""
    return np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * amplitude


def talk(seconds: float, *, seed: int = 0, share: float = 0.5) -> np.ndarray:
    """Noise that comes and goes as a voice does: each half second spoken or not. float64."""
    steps = np.random.default_rng(seed + 100).random(int(seconds * 2)) < share
    return noise(seconds, seed=seed) * np.repeat(steps, RATE // 2)


def syllables(seconds: float, *, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """A voice: a quarter second each of some pitch with its overtones, between closures of
    60 ms of digital silence into which it fades. float64, (n,)."""
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(int(seconds * 4)):
        at = np.arange(rate // 4) / rate
        phase = 2 * np.pi * (rng.uniform(110, 240) * at + rng.uniform(-30, 30) * at**2)
        voice = sum(np.sin(k * phase + rng.uniform(0, 6)) / k for k in range(1, 9))
        fade = np.clip(np.minimum(at, 0.19 - at) / 0.03, 0, 1)
        parts.append(4_000 * voice * np.sin(fade * np.pi / 2) ** 2)
    return np.concatenate(parts)


def pcm(*sides: np.ndarray) -> np.ndarray:
    """Rows of int16 samples, as audio.decode gives them."""
    return np.clip(np.stack(sides), -32_768, 32_767).astype(np.int16)


def level_dbfs(samples: np.ndarray) -> float:
    """RMS in dB relative to int16 full scale (a full-scale square wave is 0)."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) / 32_768))


def write(
    path: Path,
    samples: np.ndarray,
    *,
    codec: str = "pcm_s16le",
    rate: int = RATE,
    layout: str | None = None,
) -> str:
    """Write int16 samples of shape (channels, n), or (n,), and return the path as a string."""
    rows = np.atleast_2d(samples)
    layout = layout or {1: "mono", 2: "stereo"}[len(rows)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = 64_000 * len(rows)
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(rows.T).reshape(1, -1), "s16", layout
        )
        frame.sample_rate, frame.pts = rate, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return str(path)
