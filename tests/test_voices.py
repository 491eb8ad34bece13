"""Who spoke when, where two voices share one channel."""

import numpy as np
import pytest
from hearing import AGENT_HZ, CALLER_HZ, PitchEmbedder, speech, voice
from sounds import RATE

from pipeline.hearing.timeline import Hint
from pipeline.hearing.voices import by_voice

LENGTH = 30
AGENT = ((0.0, 3.0, ""), (7.5, 10.0, ""), (15.2, 17.0, ""), (23.0, 26.0, ""))
CALLER = ((3.3, 7.0, ""), (10.5, 15.0, ""), (17.4, 22.5, ""), (26.4, 29.5, ""))
SPOKEN = speech(*sorted((a, b) for a, b, _ in (*AGENT, *CALLER)))
TALK = voice(AGENT_HZ, LENGTH, *AGENT) + voice(CALLER_HZ, LENGTH, *CALLER)


def truth(second, agent=AGENT):
    return 0 if any(a <= second < b for a, b, _ in agent) else 1


def share_right(segments, spans=SPOKEN, expected=truth):
    """Of the speech, in steps of 50 ms."""
    grid = [t for span in spans for t in np.arange(span.start, span.end, 0.05)]
    got = [next((s.speaker for s in segments if s.start <= t <= s.end), None) for t in grid]
    return np.mean([one == expected(t) for one, t in zip(got, grid, strict=True)])


def found(*, samples=TALK, spans=SPOKEN, hints=(), likeness=0.6, spread=0.1):
    return by_voice(samples, spans, hints, PitchEmbedder(likeness, spread))


@pytest.mark.parametrize("likeness", [0.3, 0.6, 0.8])
def test_two_voices_are_told_apart_and_the_first_is_the_agents(likeness):
    assert share_right(found(likeness=likeness)) > 0.97


def test_segments_are_in_order_do_not_overlap_and_cover_the_speech():
    segments = found()
    assert all(a.end <= b.start + 1e-9 for a, b in zip(segments, segments[1:], strict=False))
    covered = sum(s.end - s.start for s in segments)
    assert covered == pytest.approx(sum(s.end - s.start for s in SPOKEN))


def test_what_is_said_turns_the_roles_round():
    """The caller spoke first: words against the opening."""
    hints = [Hint(1.0, 2.0, -4.0), Hint(4.0, 5.0, 4.0), Hint(11.0, 12.0, 3.0)]
    segments = found(hints=hints)
    assert share_right(segments, expected=lambda second: 1 - truth(second)) > 0.97


def test_one_wrong_hint_does_not_change_a_voice():
    hints = [Hint(0.5, 1.5, 4.0), Hint(4.0, 5.0, -4.0), Hint(8.0, 9.0, -2.0)]
    assert share_right(found(hints=hints)) > 0.97


def test_where_voices_are_alike_the_words_decide():
    """As good as one voice: each stretch goes to the one its words sound like."""
    said = [Hint(a + 0.5, b - 0.5, 4.0) for a, b, _ in AGENT]
    said += [Hint(a + 0.5, b - 0.5, -4.0) for a, b, _ in CALLER]
    segments = found(hints=said, likeness=0.995, spread=0.02)
    assert share_right(segments) > 0.97


@pytest.mark.parametrize(("weight", "speaker"), [(4.0, 0), (-4.0, 1)])
def test_one_voice_is_one_speaker_whom_the_words_name(weight, speaker):
    samples = voice(AGENT_HZ, LENGTH, *AGENT)
    spans = speech(*((a, b) for a, b, _ in AGENT))
    hints = [Hint(1.0, 2.0, weight), Hint(8.0, 9.0, weight)]
    segments = found(samples=samples, spans=spans, hints=hints, spread=0.02)
    assert {segment.speaker for segment in segments} == {speaker}


def test_one_voice_without_a_hint_is_the_agent_who_answered():
    samples = voice(CALLER_HZ, LENGTH, *AGENT)
    spans = speech(*((a, b) for a, b, _ in AGENT))
    segments = found(samples=samples, spans=spans, spread=0.02)
    assert {segment.speaker for segment in segments} == {0}


def test_a_change_of_voice_without_a_pause_is_found():
    agent, caller = ((0.0, 4.0, ""), (9.0, 13.0, "")), ((4.0, 9.0, ""), (13.0, 18.0, ""))
    samples = voice(AGENT_HZ, 18, *agent) + voice(CALLER_HZ, 18, *caller)
    spans = speech((0, 18))
    segments = found(samples=samples, spans=spans)
    assert [s.speaker for s in segments] == [0, 1, 0, 1]
    assert [s.start for s in segments[1:]] == pytest.approx([4, 9, 13], abs=0.35)


def test_the_same_sound_gives_the_same_answer():
    hints = [Hint(4.0, 5.0, -1.0)]
    first = found(hints=hints, likeness=0.9, spread=0.6)
    assert all(found(hints=hints, likeness=0.9, spread=0.6) == first for _ in range(3))


@pytest.mark.parametrize("length", [0.05, 0.3, 1.2, 1.5])
def test_a_single_stretch_of_any_length_is_one_segment(length):
    (segment,) = found(spans=speech((0.5, 0.5 + length)), spread=0.02)
    assert (segment.start, segment.end) == (0.5, pytest.approx(0.5 + length))


def test_no_speech_is_nobody():
    assert found(spans=()) == ()


def test_silence_taken_for_speech_does_no_harm():
    samples = np.zeros(5 * RATE, np.int16)
    assert found(samples=samples, spans=speech((0, 2), (3, 5)))[0].speaker == 0
