"""Who speaks how much and how fast, overlaps and gaps: from turns and spans invented here."""

import pytest

from pipeline.hearing.talk import talk_of
from pipeline.qa.measures import waits
from pipeline.records import Call, Recording, Span, Talk, Turn


def turn(speaker, start, end, text="好"):
    return Turn(start, end, speaker, text)


def gaps(turns, spans=()):
    return [(gap.start, gap.end, gap.kind) for gap in talk_of(turns, spans).gaps]


def test_shares_and_rates_are_of_the_time_spent_speaking():
    turns = [
        turn("agent", 0.0, 6.0, "您好，请讲。"),
        turn("caller", 6.0, 10.0, "路灯坏了，在新民路。"),
        turn("agent", 12.0, 18.0, "好的，给您登记了12号。"),
    ]
    talk = talk_of(turns, ())
    assert (talk.agent.seconds, talk.agent.share) == (12.0, 0.75)
    assert (talk.caller.seconds, talk.caller.share) == (4.0, 0.25)
    assert talk.agent.rate == 60 * 14 / 12  # marks are no characters, digits are
    assert talk.caller.rate == 60 * 8 / 4


def test_pauses_within_a_turn_are_no_speaking():
    spans = (Span(0.0, 2.0), Span(2.0, 3.0, "silence"), Span(3.0, 6.0))
    assert talk_of([turn("caller", 0.0, 6.0, "路灯坏了很久")], spans).caller.seconds == 5.0


def test_prompts_and_unknown_voices_belong_to_neither():
    turns = [turn("ivr", 0.0, 9.0), turn("agent", 9.0, 13.0), turn("unknown", 13.0, 20.0)]
    talk = talk_of(turns, ())
    assert (talk.agent.share, talk.caller.share, talk.caller.seconds) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(("seconds", "told"), [(2.9, False), (3.0, True)])
def test_a_word_or_two_give_no_rate(seconds, told):
    talk = talk_of([turn("caller", 0.0, seconds, "嗯，好")], ())
    assert (talk.caller.rate is not None) is told


def test_without_agent_and_caller_there_are_no_shares():
    talk = talk_of([turn("unknown", 0.0, 4.0)], ())
    assert (talk.agent.share, talk.caller.share, talk.overlaps) == (None, None, ())


@pytest.mark.parametrize(
    ("begins", "found"),
    [(9.0, [("agent", 9.0, 10.0, 1, 0)]), (10.0, []), (10.5, []), (2.0, [])],
)
def test_an_overlap_is_a_turn_that_begins_while_the_other_goes_on(begins, found):
    turns = [turn("caller", 2.0, 10.0), turn("agent", begins, 12.0)]
    got = talk_of(turns, ()).overlaps
    assert [(o.who, o.start, o.end, o.turn, o.over) for o in got] == found


def test_a_caller_who_breaks_in_is_told_and_the_same_voice_is_not():
    turns = [
        turn("agent", 0.0, 5.0),
        turn("agent", 4.0, 8.0),
        turn("caller", 7.0, 9.0),
        turn("ivr", 8.5, 9.5),
    ]
    got = talk_of(turns, ()).overlaps
    assert [(o.who, o.turn, o.over) for o in got] == [("caller", 2, 1)]


@pytest.mark.parametrize(("resumes", "found"), [(7.9, []), (8.0, [(5.0, 8.0, "silence")])])
def test_a_gap_is_three_seconds_without_a_word(resumes, found):
    turns = [turn("agent", 0.0, 5.0), turn("caller", resumes, 9.0)]
    assert gaps(turns) == found


def test_a_gap_is_told_by_what_fills_most_of_it():
    turns = [turn("agent", 0.0, 5.0), turn("agent", 30.0, 32.0)]
    spans = (
        Span(0.0, 5.0),
        Span(5.0, 8.0, "silence"),
        Span(8.0, 27.0, "music"),
        Span(27.0, 30.0, "tone"),
        Span(30.0, 32.0),
    )
    assert gaps(turns, spans) == [(5.0, 30.0, "music")]


def test_a_voice_that_gave_no_words_is_a_gap_of_its_own_kind():
    turns = [turn("agent", 0.0, 5.0), turn("caller", 20.0, 22.0)]
    assert gaps(turns, (Span(0.0, 22.0),)) == [(5.0, 20.0, "speech")]


def test_ringing_and_prompts_before_the_answer_are_no_gap_but_a_prompt_on_hold_is_in_one():
    turns = [
        turn("caller", 0.0, 1.0),
        turn("ivr", 2.0, 6.0),
        turn("agent", 20.0, 22.0),
        turn("ivr", 25.0, 28.0),
        turn("agent", 40.0, 42.0),
    ]
    assert gaps(turns) == [(22.0, 40.0, "silence")]


def test_silence_after_the_last_word_is_a_gap_where_the_spans_show_it():
    turns = [turn("agent", 0.0, 5.0)]
    assert gaps(turns, (Span(0.0, 5.0), Span(5.0, 30.0, "silence"))) == [(5.0, 30.0, "silence")]
    assert gaps(turns) == []


def test_a_word_timed_into_hold_music_does_not_cut_the_hold_in_two():
    turns = [turn("agent", 0.0, 5.0), turn("agent", 12.0, 12.5), turn("agent", 30.0, 31.0)]
    spans = (Span(0.0, 5.0), Span(5.0, 30.0, "music"), Span(30.0, 31.0))
    assert gaps(turns, spans) == [(5.0, 30.0, "music")]


def test_nobody_answered_so_nobody_waited():
    assert gaps([turn("caller", 0.0, 1.0), turn("caller", 30.0, 31.0)]) == []


@pytest.mark.parametrize(("least_s", "found"), [(20.0, [(4.0, 29.0)]), (26.0, [])])
def test_what_was_measured_on_hearing_is_judged_and_not_measured_again(least_s, found):
    """The gap stands in `talk` alone: the turns show none."""
    turns = (turn("agent", 0.0, 2.0), turn("caller", 2.0, 4.0))
    talk = Talk(gaps=(Span(4.0, 29.0, "music"), Span(30.0, 34.0, "silence")))
    call = Call(Recording("0" * 64, "made-up.wav", 40.0), turns=turns, talk=talk)
    met = waits(call, "long_wait", least_s)
    assert [(finding.start, finding.end) for finding in met] == found
