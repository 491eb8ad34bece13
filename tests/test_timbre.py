"""The spectrum of a line and voice, and the weighing of its directions."""

import numpy as np
import pytest
from sounds import RATE, noise

from pipeline.hearing import timbre

PIECES = [(i * 0.6, i * 0.6 + 1.2, i // 4) for i in range(8)]


def dull(samples):
    """What a narrower line makes of it."""
    return np.convolve(samples, np.ones(4) / 4, "same")


def rows_of(samples):
    return timbre.spectra(samples.astype(np.int16), PIECES)


def test_every_piece_has_its_spectrum():
    assert rows_of(noise(6.0)).shape == (8, timbre.BANDS)


def test_a_louder_sound_has_the_same_colour():
    soft, loud = rows_of(noise(6.0, amplitude=500)), rows_of(noise(6.0, amplitude=5_000))
    assert loud == pytest.approx(soft, abs=0.05)


def test_another_line_has_another_colour():
    one, other = rows_of(noise(6.0)), rows_of(dull(noise(6.0, seed=1)))
    assert np.linalg.norm(one.mean(0) - other.mean(0)) > 5 * one.std(0).max()


def test_a_long_stretch_is_read_in_blocks_without_a_seam(monkeypatch):
    whole = rows_of(noise(6.0))
    monkeypatch.setattr(timbre, "BLOCK", RATE)
    assert rows_of(noise(6.0)) == pytest.approx(whole, abs=0.15)


@pytest.mark.parametrize("length", [0.0, 0.005, 0.02])
def test_a_sliver_of_sound_is_no_failure(length):
    samples = noise(1.0).astype(np.int16)
    assert np.isfinite(timbre.spectra(samples, [(0.5, 0.5 + length, 0)])).all()


def test_a_piece_at_the_very_end_is_no_failure():
    samples = noise(1.0).astype(np.int16)
    assert np.isfinite(timbre.spectra(samples, [(0.9, 1.0, 0), (1.0, 1.2, 1)])).all()


def test_what_varies_within_stretches_counts_little():
    """Two directions differ alike between stretches; one of them varies within them too."""
    random = np.random.default_rng(0)
    stretch = np.repeat([0, 1, 2, 3], 25)
    side = np.where(stretch % 2, 1.0, -1.0)
    rows = np.stack([side + random.normal(0, 0.1, 100), side + random.normal(0, 3, 100)], 1)
    found = timbre.whitened(rows, stretch)
    centred = found - found.mean(axis=0)
    within = np.concatenate(
        [centred[stretch == i] - centred[stretch == i].mean(0) for i in range(4)]
    )
    between = centred[side > 0].mean(0) - centred[side < 0].mean(0)
    assert np.linalg.norm(between) > 1.5 * np.sqrt((within**2).sum(axis=1).mean())


@pytest.mark.parametrize("stretch", [[0], [0, 1, 2], [0, 0]])
def test_too_few_pieces_to_measure_are_no_failure(stretch):
    rows = np.random.default_rng(1).normal(size=(len(stretch), 5))
    assert np.isfinite(timbre.whitened(rows, np.array(stretch))).all()
