"""Log-mel features as Whisper was trained on, and the filters that speaker vectors share.

Used by whisper_ct2.py and speakers.py. Scales follow openai/whisper, whisper/audio.py and
librosa's Slaney mel filters, recomputed here so that neither is needed to hear a call.
"""

from functools import cache

import numpy as np

from models.base import RATE

N_FFT = 400  # 25 ms
HOP = 160  # 10 ms: 100 frames a second


def log_mel(samples: np.ndarray, n_mels: int = 80) -> np.ndarray:
    """samples: int16, shape (n,), at RATE. Returns float32, shape (n_mels, n // HOP).

    Normalized as Whisper wants it: log10, at most 8 below its own maximum, (x + 4) / 4.
    """
    power = _power(samples.astype(np.float32) / 32768)
    logs = np.log10(np.maximum(mel_filters(n_mels) @ power, 1e-10))
    return (np.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0


def mel_power(samples: np.ndarray, n_mels: int = 40) -> np.ndarray:
    """samples: float32, shape (n,), in [-1, 1]. Returns float32, shape (n_mels, n // HOP)."""
    return mel_filters(n_mels) @ _power(samples)


def _power(samples: np.ndarray) -> np.ndarray:
    """Squared magnitudes, shape (201, n // HOP); frames are centred, edges mirrored."""
    if len(samples) <= N_FFT:  # a mirror needs something to show
        samples = np.pad(samples, (0, N_FFT + 1 - len(samples)))
    half = N_FFT // 2  # np.pad's "reflect", without the time it takes on short pieces
    padded = np.concatenate([samples[half:0:-1], samples, samples[-2 : -half - 2 : -1]])
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:-1]
    return np.abs(np.fft.rfft(frames * _window(), axis=1)).astype(np.float32).T ** 2


@cache
def _window() -> np.ndarray:
    return np.hanning(N_FFT + 1)[:-1].astype(np.float32)


@cache
def mel_filters(n_mels: int) -> np.ndarray:
    """Triangles on Slaney's mel scale, unit area: float32, shape (n_mels, N_FFT // 2 + 1)."""
    edges = _hertz(np.linspace(0.0, _mel(RATE / 2), n_mels + 2))
    bins = np.linspace(0, RATE / 2, N_FFT // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    area = 2.0 / (edges[2:] - edges[:-2])[:, None]
    return (np.maximum(0, np.minimum(rising, falling)) * area).astype(np.float32)


_KNEE_HZ, _KNEE_MEL, _STEP = 1000.0, 15.0, np.log(6.4) / 27.0  # linear below, log above


def _mel(hertz: float) -> float:
    if hertz < _KNEE_HZ:
        return hertz * 3.0 / 200.0
    return float(_KNEE_MEL + np.log(hertz / _KNEE_HZ) / _STEP)


def _hertz(mels: np.ndarray) -> np.ndarray:
    above = _KNEE_HZ * np.exp(_STEP * (mels - _KNEE_MEL))
    return np.where(mels < _KNEE_MEL, mels * 200.0 / 3.0, above)
