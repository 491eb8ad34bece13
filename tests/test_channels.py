"""Who spoke when, from two channels."""

import numpy as np
import pytest
from hearing import AGENT_HZ, CALLER_HZ, Deaf, LevelDetector, voice
from sounds import RATE, noise

from pipeline.hearing.channels import by_channel
from pipeline.records import Span

AGENT = ((0.5, 3.0, ""), (6.0, 8.0, ""))
CALLER = ((3.5, 5.5, ""), (8.5, 11.0, ""))


def sides(
    *, left=4_000.0, right=4_000.0, echo_db=None, late_s=0.03, agent=AGENT, caller=CALLER
):
    """Two rows: the agent on the left, the caller on the right; each may leak to the other."""
    own = [
        voice(AGENT_HZ, 12, *agent, amplitude=left),
        voice(CALLER_HZ, 12, *caller, amplitude=right),
    ]
    if echo_db is None:
        return np.stack(own)
    leak = 10 ** (echo_db / 20)
    late = [np.roll(one, int(late_s * RATE)) * leak for one in own]  # around the line
    return np.stack([own[0] + late[1], own[1] + late[0]]).astype(np.int16)


def found(samples, detector=None):
    heard = LevelDetector().detect((samples // 2).sum(axis=0))
    speech = [Span(stretch.start, stretch.end) for stretch in heard]
    segments = by_channel(samples, speech, detector or LevelDetector())
    return [(s.speaker, round(s.start, 1), round(s.end, 1)) for s in segments]


def matches(segments, expected):
    assert [s[0] for s in segments] == [e[0] for e in expected]
    for own, wanted in zip(segments, expected, strict=True):
        assert own[1:] == pytest.approx(wanted[1:], abs=0.11)


IN_TURN = [(0, 0.5, 3.0), (1, 3.5, 5.5), (0, 6.0, 8.0), (1, 8.5, 11.0)]


def test_each_side_is_one_speaker():
    matches(found(sides()), IN_TURN)


@pytest.mark.parametrize("echo_db", [-40, -25, -18])
def test_an_echo_is_not_a_second_speaker(echo_db):
    matches(found(sides(echo_db=echo_db)), IN_TURN)


@pytest.mark.parametrize("late_s", [0.1, 0.2])
def test_an_echo_that_comes_late_is_not_a_second_speaker(late_s):
    matches(found(sides(echo_db=-18, late_s=late_s)), IN_TURN)


@pytest.mark.parametrize("gains", [(8_000, 400), (400, 8_000)])
def test_a_soft_line_is_heard_beside_a_loud_one(gains):
    matches(found(sides(left=gains[0], right=gains[1])), IN_TURN)


@pytest.mark.parametrize("gains", [(8_000, 1_600), (1_600, 8_000)])
def test_an_echo_on_a_softer_line_is_still_an_echo(gains):
    matches(found(sides(left=gains[0], right=gains[1], echo_db=-28)), IN_TURN)


def test_both_at_once_are_two_segments_that_overlap():
    caller = ((2.0, 5.0, ""),)
    both = sides(agent=((0.5, 3.0, ""),), caller=caller, echo_db=-25)
    matches(found(both), [(0, 0.5, 3.0), (1, 2.0, 5.0)])


def test_a_word_thrown_in_is_kept():
    both = sides(agent=((0.5, 6.0, ""),), caller=((2.0, 2.5, ""), (7, 9, "")))
    matches(found(both), [(0, 0.5, 6.0), (1, 2.0, 2.5), (1, 7.0, 9.0)])


def test_a_breath_does_not_end_a_segment_and_a_pause_does():
    agent = ((0.5, 2.0, ""), (2.1, 4.0, ""), (4.3, 6.0, ""))
    matches(found(sides(agent=agent, caller=())), [(0, 0.5, 4.0), (0, 4.3, 6.0)])


def test_one_side_alone_is_believed_without_another_look():
    """The two together hold speech and one side is still: that is half of every call."""
    matches(found(sides(), detector=Deaf()), IN_TURN)


def test_where_both_sides_sound_the_detector_says_which_is_a_voice():
    rows = sides(agent=((0.5, 6.0, ""),), caller=())
    rows[1, 2 * RATE : 4 * RATE] = noise(2.0, amplitude=3_000).astype(np.int16)
    heard = []

    class Judge(LevelDetector):
        def detect(self, samples):
            heard.append(len(samples) / RATE)
            samples = samples[:]
            tonal = np.abs(np.fft.rfft(samples)).max() > 0.2 * np.abs(samples).sum()
            return super().detect(samples) if tonal else ()

    matches(found(rows, detector=Judge()), [(0, 0.5, 6.0)])
    assert max(heard) < 3.2


def test_a_call_shorter_than_what_the_detector_wants_to_hear_around_is_no_failure():
    both = sides(agent=((0.1, 0.6, ""),), caller=((0.1, 0.6, ""),))[:, : int(0.7 * RATE)]
    matches(found(both), [(0, 0.1, 0.6), (1, 0.1, 0.6)])


def test_a_click_is_nobody():
    assert found(sides(agent=((0.5, 0.6, ""),), caller=())) == []


def test_silence_on_both_sides_is_nobody():
    assert found(np.zeros((2, 5 * RATE), np.int16)) == []


@pytest.mark.parametrize("said_s", [0.6, 1.5])
def test_the_echo_of_a_long_speech_is_not_the_one_who_hardly_answers(said_s):
    agent = ((0.5, 4.0, ""), (5.0, 8.5, ""))
    both = sides(agent=agent, caller=((9.0, 9.0 + said_s, ""),), echo_db=-25)
    expected = [(0, 0.5, 4.0), (0, 5.0, 8.5), (1, 9.0, 9.0 + said_s)]
    matches(found(both), expected)
