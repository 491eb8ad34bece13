"""Decoding: every codec, rate and channel count comes out as int16 at 16 kHz."""

import numpy as np
import pytest
from sounds import level_dbfs, noise, pcm, tone, write

from pipeline import audio
from pipeline.errors import AudioTooLong

CODECS = [
    ("a.wav", "pcm_s16le", 8_000, "pcm_s16le"),
    ("a.wav", "pcm_u8", 8_000, "pcm_u8"),
    ("a.wav", "pcm_s24le", 48_000, "pcm_s24le"),
    ("a.wav", "pcm_s32le", 11_025, "pcm_s32le"),
    ("a.wav", "pcm_f32le", 44_100, "pcm_f32le"),
    ("a.wav", "pcm_f64le", 16_000, "pcm_f64le"),
    ("a.wav", "pcm_alaw", 8_000, "pcm_alaw"),
    ("a.wav", "pcm_mulaw", 8_000, "pcm_mulaw"),
    ("a.wav", "adpcm_ima_wav", 8_000, "adpcm_ima_wav"),
    ("a.wav", "adpcm_ms", 8_000, "adpcm_ms"),
    ("a.mp3", "libmp3lame", 8_000, "mp3"),
    ("a.m4a", "aac", 16_000, "aac"),
    ("a.ogg", "libopus", 16_000, "opus"),
    ("a.flac", "flac", 12_345, "flac"),
    ("a.wma", "wmav2", 44_100, "wmav2"),
]


def pitch(samples: np.ndarray) -> float:
    """The strongest frequency of int16 samples at 16 kHz, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * audio.RATE / len(samples)


@pytest.mark.parametrize(("name", "codec", "rate", "said"), CODECS)
def test_a_tone_comes_back_at_its_pitch_and_length(tmp_path, name, codec, rate, said):
    wanted = 48_000 if codec == "libopus" else rate
    path = write(tmp_path / name, tone(440, 1.0, rate=wanted), codec=codec, rate=wanted)
    samples = audio.decode(path, max_hours=1)
    assert samples.dtype == np.int16
    assert samples.shape[0] == 1
    assert samples.shape[1] == pytest.approx(audio.RATE, rel=0.12)  # codecs pad their frames
    assert pitch(samples[0]) == pytest.approx(440, abs=3)
    assert level_dbfs(samples) == pytest.approx(-15.2, abs=1.2)  # 8000 peak of a sine
    assert audio.probe(path).codec == said


def test_pcm_at_16_khz_is_not_changed_by_a_bit(tmp_path):
    given = pcm(noise(1, seed=1), noise(1, seed=2))
    assert np.array_equal(audio.decode(write(tmp_path / "a.wav", given), max_hours=1), given)


def test_channels_keep_their_order(tmp_path):
    path = write(tmp_path / "a.wav", pcm(tone(300, 1), tone(900, 1)))
    left, right = audio.decode(path, max_hours=1)
    assert pitch(left) == pytest.approx(300, abs=3)
    assert pitch(right) == pytest.approx(900, abs=3)


@pytest.mark.parametrize(("layout", "count"), [("2.1", 3), ("4.0", 4), ("5.1", 6), ("7.1", 8)])
def test_more_than_two_channels_are_kept(tmp_path, layout, count):
    rows = pcm(*(tone(200 * (i + 1), 0.5) for i in range(count)))
    path = write(tmp_path / "a.wav", rows, layout=layout)
    assert np.array_equal(audio.decode(path, max_hours=1), rows)


def test_probe_tells_length_channels_rate_and_codec(tmp_path):
    path = write(tmp_path / "a.wav", tone(300, 2, rate=8_000), rate=8_000)
    assert audio.probe(path) == audio.Probe(2.0, 1, 8_000, "pcm_s16le", "wav")


def test_a_recording_over_the_limit_is_refused_by_name(tmp_path):
    path = write(tmp_path / "long.wav", tone(300, 4))
    with pytest.raises(AudioTooLong, match=r"long\.wav：超过 0\.001 小时"):
        audio.decode(path, max_hours=0.001)  # 3.6 s


def test_a_recording_just_under_the_limit_is_read(tmp_path):
    path = write(tmp_path / "a.wav", tone(300, 3.5))
    assert audio.decode(path, max_hours=0.001).shape == (1, 56_000)


def test_length_that_the_header_does_not_know_grows_as_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "_declared_seconds", lambda container, track: 0.0)
    given = pcm(noise(9))
    assert np.array_equal(audio.decode(write(tmp_path / "a.wav", given), max_hours=1), given)


@pytest.mark.parametrize(
    ("samples", "share"),
    [
        (np.array([0, 32_767, -32_768, 5], np.int16), 0.5),
        (np.array([0, 32_256, -32_256, 5], np.int16), 0.5),  # the loudest code of A-law
        (np.array([0, 30_000, -30_000, 5], np.int16), 0.0),  # loud, not clipped
        (np.zeros(0, np.int16), 0.0),
    ],
)
def test_clipped_share_counts_samples_at_full_scale(samples, share):
    assert audio.clipped_share(samples) == share
