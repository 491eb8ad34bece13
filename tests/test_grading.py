"""The grade of the sound: each defect alone, its near miss, and what it does to confidence."""

import numpy as np
import pytest
from sounds import RATE, noise, pcm, syllables, tone, write

from pipeline import audio
from pipeline.hearing.grading import graded, trust
from pipeline.records import Sound, Span
from pipeline.stages.load import describe

SPOKEN = (2.0, 6.0), (7.0, 11.0)  # seconds; the rest are pauses
LENGTH_S = 12
SPANS = (
    Span(0.0, 2.0, "silence"),
    Span(2.0, 6.0),
    Span(6.0, 7.0, "silence"),
    Span(7.0, 11.0),
    Span(11.0, 12.0, "silence"),
)


def line(seed=0, gain=1.0, pauses=30.0):
    """A talk of two sentences over line noise of this RMS. float64."""
    samples = noise(LENGTH_S, seed=seed, amplitude=pauses)
    for start, end in SPOKEN:
        samples[int(start * RATE) : int(end * RATE)] += gain * syllables(end - start, seed=seed)
    return samples


def grade(*sides, spans=SPANS, rate=RATE) -> Sound:
    samples = pcm(*sides)
    return graded(describe(samples, rate), samples, spans)


def test_a_clear_line_is_good_for_no_reason():
    sound = grade(line())
    assert (sound.grade, sound.reasons, sound.dropouts, sound.lost) == ("good", (), 0, 0.0)
    assert trust(sound) == 1.0


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw", "adpcm_ms"])
def test_a_telephone_codec_alone_is_no_defect(tmp_path, codec):
    path = write(tmp_path / "a.wav", pcm(line()[::2])[0], codec=codec, rate=8_000)
    samples = audio.decode(path, max_hours=1)
    sound = graded(describe(samples, 8_000), samples, SPANS)
    assert (sound.grade, sound.reasons, sound.remarks) == ("good", (), ("narrowband",))
    assert trust(sound) == 1.0


@pytest.mark.parametrize("wanted_db", [0.0, 5.0, 10.0, 20.0, 30.0])
def test_noise_is_measured_against_the_speech(wanted_db):
    spoken = np.concatenate([syllables(4), syllables(4)])
    loud = np.sqrt(np.mean(spoken[np.abs(spoken) > 1] ** 2))
    sound = grade(line(pauses=loud * 10 ** (-wanted_db / 20)))
    assert sound.snr_db == pytest.approx(wanted_db, abs=1.5)


@pytest.mark.parametrize(
    ("snr_db", "expected"), [(18.0, "good"), (13.0, "fair"), (7.0, "poor"), (0.0, "poor")]
)
def test_noise_lowers_the_grade(snr_db, expected):
    loud = np.sqrt(np.mean(syllables(4) ** 2))
    assert grade(line(pauses=loud * 10 ** (-snr_db / 20))).grade == expected


@pytest.mark.parametrize(("pauses", "ratio"), [(300.0, True), (0.0, False)])
def test_noise_is_found_between_the_syllables_where_there_is_no_pause(pauses, ratio):
    voice = syllables(8) + noise(8, amplitude=pauses)
    sound = grade(voice, spans=(Span(0.0, 8.0),))
    if ratio:
        assert sound.snr_db == pytest.approx(17.5, abs=2.5)
    assert sound.grade == "good"


def test_hold_music_is_no_noise():
    samples = line()
    samples[: 2 * RATE] += tone(330, 2, amplitude=6_000)
    music = (Span(0.0, 2.0, "music"), *SPANS[1:])
    assert grade(samples, spans=music).grade == "good"
    assert grade(samples, spans=SPANS).grade != "good"  # had it been taken for a pause


def test_a_line_that_sends_nothing_in_the_pauses_is_not_clear_for_that():
    hiss = noise(LENGTH_S, amplitude=900)
    samples = line(pauses=0.0)
    for start, end in SPOKEN:
        samples[int(start * RATE) : int(end * RATE)] += hiss[: int((end - start) * RATE)]
    assert grade(samples).reasons == ("noisy",)


def lossy(share):
    """Clear talk with this share of its 20 ms packets silenced, in mid-sentence."""
    samples, packet = line(), RATE // 50
    for i in np.flatnonzero(np.random.default_rng(1).random(len(samples) // packet) < share):
        samples[i * packet : (i + 1) * packet] = 0
    return grade(samples)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "good"), (0.005, "good"), (0.05, "fair"), (0.2, "poor")]
)
def test_lost_packets_lower_the_grade_by_the_speech_they_take(share, expected):
    sound = lossy(share)
    assert sound.grade == expected
    assert sound.lost <= share * 1.3
    assert ("dropouts" in sound.reasons) == (expected != "good")


@pytest.mark.parametrize(
    ("gain", "expected", "clipped"),
    [(2.0, "good", False), (5.0, "fair", True), (40.0, "poor", True)],
)
def test_clipping_lowers_the_grade(gain, expected, clipped):
    sound = grade(line(gain=gain))
    assert (sound.grade, "clipped" in sound.reasons) == (expected, clipped)


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.15, "good"), (0.04, "fair"), (0.015, "poor")]
)
def test_a_voice_too_soft_lowers_the_grade(gain, expected):
    sound = grade(line(gain=gain, pauses=1.0))
    assert sound.grade == expected
    assert ("low_level" in sound.reasons) == (expected != "good")


@pytest.mark.parametrize("dead_first", [True, False])
def test_a_dead_side_makes_it_fair_and_its_hiss_is_not_held_against_the_other(dead_first):
    sides = (noise(LENGTH_S, seed=9, amplitude=3), line())
    sound = grade(*(sides if dead_first else sides[::-1]))
    assert (sound.grade, sound.reasons) == ("fair", ("dead_channel",))
    assert sound.snr_db > 25


def test_two_sides_alike_are_told_and_cost_nothing():
    sound = grade(line(), line())
    assert (sound.grade, sound.remarks, trust(sound)) == ("good", ("dual_mono",), 1.0)


def test_the_worse_of_two_sides_decides():
    sound = grade(line(seed=1), line(seed=2, pauses=1_500.0))
    assert (sound.grade, sound.reasons) == ("poor", ("noisy",))


def test_a_side_on_which_nobody_speaks_is_not_noisy():
    hiss = noise(LENGTH_S, seed=9, amplitude=300)  # 20 dB under the other: no dead channel
    assert grade(line(), hiss).grade == "good"


def test_the_gravest_reason_is_told_first():
    sound = Sound(
        "one_sided", level_dbfs=-60.0, notes=("dead_channel", "dead_left", "low_level")
    )
    samples = pcm(np.zeros(LENGTH_S * RATE), line(gain=0.01, pauses=0.1))
    assert graded(sound, samples, SPANS).reasons == ("low_level", "dead_channel")


@pytest.mark.parametrize("spans", [(), (Span(0.0, 12.0, "silence"),)])
def test_without_speech_there_is_no_grade(spans):
    sound = grade(line(), spans=spans)
    assert (sound.grade, sound.snr_db, trust(sound)) == (None, None, 1.0)


def test_the_poorer_the_sound_the_less_a_recognizer_is_trusted():
    grades = (None, "good", "fair", "poor")
    ungraded, good, fair, poor = (trust(Sound(grade=grade)) for grade in grades)
    assert ungraded == good == 1.0 > fair > poor > 0.5


@pytest.mark.parametrize("seconds", [0.005, 0.03])
def test_a_span_shorter_than_a_frame_is_graded(seconds):
    assert grade(line(), spans=(Span(2.0, 2.0 + seconds),)).grade is not None
