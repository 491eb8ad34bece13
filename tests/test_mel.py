"""Log-mel features: shape, scale, where a tone lands; and Whisper's own as the reference."""

import numpy as np
import pytest
from sounds import RATE, noise, pcm, tone

from models.mel import HOP, N_FFT, log_mel, mel_filters, mel_power


@pytest.mark.parametrize("samples", [RATE, RATE + 1, RATE + HOP - 1, 5 * RATE, 30 * RATE])
@pytest.mark.parametrize("bands", [80, 128])
def test_there_is_a_frame_each_ten_milliseconds(samples, bands):
    found = log_mel(np.zeros(samples, np.int16), bands)
    assert found.shape == (bands, samples // HOP)
    assert found.dtype == np.float32


@pytest.mark.parametrize("samples", [0, 1, HOP, N_FFT, N_FFT + 1])
def test_a_snippet_shorter_than_a_frame_gives_numbers_and_no_error(samples):
    assert np.isfinite(log_mel(np.ones(samples, np.int16))).all()


def test_nothing_lies_more_than_eight_decades_below_the_loudest():
    sound = np.concatenate([tone(440, 1), np.zeros(RATE, np.int16)])
    found = log_mel(sound)
    assert found.max() - found.min() == pytest.approx(8 / 4)
    assert found[:, -10:].max() == pytest.approx(found.min())


def test_ten_times_the_amplitude_is_two_decades_more():
    soft, loud = log_mel(tone(440, 1, amplitude=1_000)), log_mel(tone(440, 1, amplitude=10_000))
    assert loud.max() - soft.max() == pytest.approx(2 / 4, abs=1e-3)


@pytest.mark.parametrize("hertz", [150, 450, 1_000, 2_500, 3_400, 7_000])
def test_a_tone_is_loudest_in_the_band_around_it(hertz):
    edges = slaney_edges(80)
    band = int(log_mel(tone(hertz, 1))[:, 20:80].mean(axis=1).argmax())
    assert edges[band] <= hertz <= edges[band + 2]


def test_later_sound_is_in_later_frames():
    sound = np.concatenate([np.zeros(RATE, np.int16), tone(440, 1)])
    energy = mel_power(sound.astype(np.float32) / 32_768).sum(axis=0)
    assert energy[:95].max() < 1e-6 < energy[105:195].min()


def test_filters_are_triangles_of_one_area_that_cover_the_whole_band():
    filters = mel_filters(80)
    assert filters.shape == (80, N_FFT // 2 + 1)
    assert (filters >= 0).all() and (filters.max(axis=1) > 0).all()
    area = filters[60:].sum(axis=1) * RATE / N_FFT  # wide ones: many bins to sum over
    assert area == pytest.approx(np.ones(20), abs=0.05)


def slaney_edges(bands: int) -> np.ndarray:
    """The edges in Hz by Slaney's formula, written the other way round: by bisection."""

    def mel(hertz: float) -> float:
        return hertz * 0.015 if hertz < 1_000 else 15 + 27 * np.log(hertz / 1_000) / np.log(6.4)

    grid = np.linspace(0, RATE / 2, 200_001)
    mels = np.array([mel(hertz) for hertz in grid])
    return np.interp(np.linspace(0, mels[-1], bands + 2), mels, grid)


@pytest.mark.slow  # imports torch
@pytest.mark.parametrize("bands", [80, 128])
def test_the_features_are_those_of_openai_whisper(bands):
    from whisper.audio import log_mel_spectrogram

    (sound,) = pcm(noise(3) * np.linspace(0, 1, 3 * RATE) + tone(700, 3))
    expected = log_mel_spectrogram(sound.astype(np.float32) / 32_768, bands).numpy()
    found = log_mel(sound, bands)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 2e-3
