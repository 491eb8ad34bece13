"""Timed words of one speaker become turns."""

import pytest
from hearing import words

from pipeline.hearing.timeline import Segment
from pipeline.hearing.turns import build, text_of, times_of
from pipeline.records import Word

ROLES = ("agent", "caller", "ivr")


def turns(*dealt, pause_s=1.2, channels=False):
    """dealt: ((start, end, speaker), words)."""
    pairs = [(Segment(*segment), list(said)) for segment, said in dealt]
    return build(pairs, ROLES, pause_s=pause_s, channels=channels)


def test_a_turn_has_role_words_and_the_time_of_each_character():
    (turn,) = turns(((0, 2, 1), words((0, 2, "路灯坏了"))))
    assert (turn.speaker, turn.text, turn.source) == ("caller", "路灯坏了", "speech")
    assert turn.times == (0.0, 0.5, 1.0, 1.5)
    assert (turn.start, turn.end, turn.channel, turn.overlap) == (0, 2, None, False)


@pytest.mark.parametrize(("pause", "count"), [(1.1, 1), (1.3, 2)])
def test_a_long_pause_begins_a_new_turn_of_the_same_speaker(pause, count):
    said = (*words((0, 2, "路灯坏了")), *words((2 + pause, 5, "不亮")))
    found = turns(((0, 5, 1), said))
    assert len(found) == count
    assert "".join(turn.text for turn in found) == "路灯坏了不亮"


def test_a_turn_begins_with_the_voice_where_that_is_near():
    (turn,) = turns(((1.4, 5.3, 0), words((2, 5, "请问您贵姓"))))
    assert (turn.start, turn.end) == (1.4, 5.3)


def test_a_turn_begins_with_the_words_where_the_voice_is_far():
    (turn,) = turns(((0, 9, 0), words((2, 5, "请问您贵姓"))))
    assert (turn.start, turn.end) == (2, 5)


def test_only_the_outer_edges_of_a_cut_segment_are_the_voices():
    said = (*words((0.3, 2, "路灯坏了")), *words((4, 5, "不亮")))
    first, second = turns(((0, 5.4, 1), said))
    assert (first.start, first.end, second.start, second.end) == (0, 2, 4, 5.4)


def test_a_word_timed_into_the_silence_does_not_stretch_the_turn():
    """After a pause the recognizer lets the first word begin up to a second too early."""
    (turn,) = turns(((2, 4, 0), words((0.9, 4.9, "请问您贵姓"))))
    assert (turn.start, turn.end) == (2, 4)


def test_words_timed_beside_the_voice_keep_their_own_times():
    (turn,) = turns(((5, 6, 0), words((2, 4, "请问您贵姓"))))
    assert (turn.start, turn.end) == (2, 4)


@pytest.mark.parametrize(("start", "overlap"), [(1.5, True), (1.97, False), (2.5, False)])
def test_a_turn_that_begins_before_the_last_has_ended_overlaps(start, overlap):
    first = ((0, 2, 0), words((0, 2, "请问您贵姓")))
    second = ((start, 4, 1), words((start, 4, "免贵姓黄")))
    assert [turn.overlap for turn in turns(first, second)] == [False, overlap]


def test_who_speaks_while_the_other_goes_on_overlaps_and_who_goes_on_does_not():
    first = ((0, 2, 1), words((0, 2, "门口那盏灯")))
    second = ((2, 3.5, 0, True), words((2, 3.5, "您等一下")))
    third = ((3.5, 5, 1), words((3.5, 5, "一直不亮")))
    assert [turn.overlap for turn in turns(first, second, third)] == [False, True, False]


def test_with_a_channel_for_each_voice_the_turn_names_it():
    first = ((0, 2, 1), words((0, 2, "请问")))
    assert turns(first, channels=True)[0].channel == 1


def test_a_prompt_of_the_exchange_is_marked_and_has_no_channel_of_its_own():
    (turn,) = turns(((0, 2, 2), words((0, 2, "欢迎致电"))), channels=True)
    assert (turn.speaker, turn.source, turn.channel) == ("ivr", "ivr", None)


def test_confidence_is_the_geometric_mean_of_the_words():
    said = (Word(0, 1, "路", 0.9), Word(1, 2, "灯", 0.4))
    assert turns(((0, 2, 1), said))[0].confidence == pytest.approx(0.6)


def test_a_word_of_probability_zero_does_not_stop_anything():
    (turn,) = turns(((0, 2, 1), (Word(0, 2, "灯", 0.0),)))
    assert 0 <= turn.confidence < 0.01


def test_times_never_fall_where_the_recognizer_went_back():
    said = (Word(0, 2, "路灯", 0.9), Word(0.5, 1, "坏了", 0.9))
    times = times_of(said)
    assert len(times) == len(text_of(said))
    assert list(times) == sorted(times)


def test_no_speech_gives_no_turns():
    assert turns() == ()
