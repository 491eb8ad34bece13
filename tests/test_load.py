"""What the load stage says of a recording's sides, level and band."""

import numpy as np
import pytest
from sounds import RATE, noise, pcm, talk, tone, write

from pipeline import audio
from pipeline.records import Call, Recording
from pipeline.stages.load import describe, load

ECHO_25_DB = 10 ** (-25 / 20)


class DiskTools:
    """What load asks of Tools, straight from the file."""

    def samples(self, recording):
        return audio.decode(recording.path, max_hours=1)

    def probe(self, recording):
        return audio.probe(recording.path)


def layout(*sides) -> str:
    return describe(pcm(*sides), RATE).layout


def test_load_fills_the_recording_and_its_sound(tmp_path):
    path = write(tmp_path / "a.wav", tone(440, 2, rate=8_000), codec="pcm_alaw", rate=8_000)
    call = load(Call(Recording("0" * 64, path)), DiskTools())
    seen = call.recording
    assert (seen.seconds, seen.channels, seen.sample_rate) == (2.0, 1, 8_000)
    assert seen.codec == "pcm_alaw"
    assert call.sound.layout == "mono"
    assert call.sound.level_dbfs == pytest.approx(-15.2, abs=0.3)
    assert call.sound.notes == ("narrowband",)


def test_a_file_cut_short_of_its_header_is_noted(tmp_path):
    path = write(tmp_path / "a.flac", pcm(noise(8)), codec="flac")
    with open(path, "r+b") as file:
        file.truncate(60_000)
    call = load(Call(Recording("0" * 64, path)), DiskTools())
    assert "truncated" in call.sound.notes
    assert 0.5 < call.recording.seconds < 5


def test_one_channel_is_mono():
    assert layout(talk(5)) == "mono"


def test_two_people_are_stereo():
    assert layout(talk(20, seed=1), talk(20, seed=2)) == "stereo"


def test_two_noises_at_once_are_stereo():
    assert layout(noise(5, seed=1), noise(5, seed=2)) == "stereo"


def test_two_tones_are_stereo():
    assert layout(tone(440, 5), tone(620, 5)) == "stereo"


@pytest.mark.parametrize("crosstalk_db", [-10, -17, -25, -35])
def test_people_heard_on_each_others_side_are_still_stereo(crosstalk_db):
    leak = 10 ** (crosstalk_db / 20)
    agent, caller = talk(30, seed=1), talk(30, seed=2)
    assert layout(agent + leak * caller, caller + leak * agent) == "stereo"


def test_a_caller_who_hardly_speaks_is_still_a_side():
    agent, caller = talk(60, seed=1), np.zeros(60 * RATE)
    caller[20 * RATE : 22 * RATE] = noise(2, seed=2)
    assert layout(agent, caller + ECHO_25_DB * agent) == "stereo"


def test_the_same_samples_twice_are_dual_mono():
    voice = talk(10)
    assert layout(voice, voice) == "dual_mono"


@pytest.mark.parametrize("gain_db", [-8, 0, 8])
@pytest.mark.parametrize("lag", [0, 37, 400])
def test_a_copy_that_is_late_and_levelled_is_dual_mono(gain_db, lag):
    voice = talk(20)
    copy = np.roll(voice, lag) * 10 ** (gain_db / 20)
    assert layout(voice * 0.5, copy * 0.5 + noise(20, seed=9, amplitude=60)) == "dual_mono"


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_alaw"), ("a.wav", "adpcm_ms"), ("a.mp3", "libmp3lame")],
)
def test_a_copy_through_a_codec_is_dual_mono(tmp_path, name, codec):
    voice = talk(10)
    path = write(tmp_path / name, pcm(voice, 0.7 * voice), codec=codec)
    assert layout(*audio.decode(path, max_hours=1)) == "dual_mono"


@pytest.mark.parametrize(
    ("dead", "side"),
    [
        (np.zeros(20 * RATE), "dead_right"),
        (noise(20, seed=5, amplitude=3), "dead_right"),  # converter noise, -81 dBFS
        (np.full(20 * RATE, 900.0), "dead_right"),  # a DC offset carries no voice
    ],
)
def test_a_dead_side_is_flagged(dead, side):
    sound = describe(pcm(talk(20), dead), RATE)
    assert sound.layout == "one_sided"
    assert sound.notes[:2] == ("dead_channel", side)
    sound = describe(pcm(dead, talk(20)), RATE)
    assert sound.notes[:2] == ("dead_channel", "dead_left")


def test_a_side_that_only_echoes_the_other_is_dead():
    agent = talk(20)
    line = noise(20, seed=4, amplitude=2)
    sound = describe(pcm(agent, ECHO_25_DB * agent + line), RATE)
    assert sound.layout == "one_sided"
    assert "crosstalk" in sound.notes


def test_a_soft_caller_is_not_dead():
    assert layout(talk(20, seed=1), 0.03 * talk(20, seed=2)) == "stereo"


def test_silence_on_both_sides_is_noted():
    sound = describe(pcm(np.zeros(RATE), np.zeros(RATE)), RATE)
    assert (sound.layout, sound.notes) == ("dual_mono", ("silent",))


def test_more_than_two_channels_are_a_mix():
    sound = describe(pcm(talk(5), talk(5, seed=1), talk(5, seed=2)), RATE)
    assert (sound.layout, sound.notes) == ("mono", ("many_channels",))


@pytest.mark.parametrize(
    ("amplitude", "noted"),
    [(60, True), (600, False)],  # RMS: -55 and -35 dBFS
)
def test_low_level_is_measured_where_somebody_speaks(amplitude, noted):
    sound = describe(pcm(talk(10) * amplitude / 3_000), RATE)
    assert ("low_level" in sound.notes) is noted


@pytest.mark.parametrize(("amplitude", "noted"), [(60_000, True), (30_000, False)])
def test_clipping_is_noted(amplitude, noted):
    wave = amplitude * np.sin(2 * np.pi * 200 * np.arange(3 * RATE) / RATE)
    sound = describe(pcm(wave), RATE)
    assert ("clipped" in sound.notes) is noted


@pytest.mark.parametrize(("top", "noted"), [(3_400, True), (7_000, False)])
def test_a_telephone_band_in_a_16_khz_file_is_narrow(top, noted):
    spectrum = np.fft.rfft(noise(5))
    spectrum[np.fft.rfftfreq(5 * RATE, 1 / RATE) > top] = 0
    sound = describe(pcm(np.fft.irfft(spectrum)), RATE)
    assert ("narrowband" in sound.notes) is noted


@pytest.mark.parametrize("length", [1, 50, 319, 321, RATE - 1])
def test_very_short_sounds_are_described(length):
    sound = describe(pcm(noise(1)[:length], noise(1, seed=3)[:length]), RATE)
    assert sound.layout in {"stereo", "dual_mono", "one_sided"}
