"""How timed words are dealt out to whoever was speaking."""

import pytest
from hearing import speech, words

from pipeline.hearing.timeline import Segment, deal, stretches
from pipeline.hearing.turns import text_of
from pipeline.records import Word


def dealt(said, *segments):
    return [(s.speaker, text_of(own)) for s, own in deal(said, [Segment(*s) for s in segments])]


def test_each_word_goes_to_the_one_who_speaks():
    said = words((0, 2, "请问您贵姓"), (3, 4, "免贵姓黄"))
    assert dealt(said, (0, 2.2, 0), (2.8, 4, 1)) == [(0, "请问您贵姓"), (1, "免贵姓黄")]


def test_every_word_is_given_to_exactly_one():
    said = words((0, 9, "一二三四五六七八九"))
    given = dealt(said, (0, 2.1, 0), (2.4, 5.2, 1), (5, 6, 0), (6.4, 9, 1))
    assert "".join(text for _, text in given) == text_of(said)


@pytest.mark.parametrize("off", [-0.2, 0.0, 0.2])
def test_a_cut_moves_to_the_punctuation_near_by(off):
    said = words((0, 2, "哪一条路？"), (2, 4, "东边那条，"))
    given = dealt(said, (0, 2 + off, 0), (2 + off, 4, 1))
    assert given == [(0, "哪一条路？"), (1, "东边那条，")]


@pytest.mark.parametrize("off", [-0.3, 0.3])
def test_a_cut_moves_to_the_pause_near_by(off):
    said = words((0, 2, "哪一条路"), (2.6, 4.6, "东边那条"))
    given = dealt(said, (0, 2.3 + off, 0), (2.3 + off, 5, 1))
    assert given == [(0, "哪一条路"), (1, "东边那条")]


def test_a_cut_does_not_move_to_punctuation_far_away():
    said = words((0, 2, "哪里？"), (2, 8, "就是河边那条新修的路旁"))
    (_, first), (_, second) = dealt(said, (0, 4.2, 0), (4.2, 8, 1))
    assert first.startswith("哪里？就是河") and second.endswith("新修的路旁")


@pytest.mark.parametrize("off", [-0.4, 0.0, 0.4])
def test_a_cut_moves_to_where_a_clause_is_likely_to_begin(off):
    said = words((0, 4, "门口的灯不亮了先生您贵姓"))
    runs = [Segment(0, 2.33 + off, 1), Segment(2.33 + off, 4, 0)]

    def begins(before, after):
        return 20.0 if (before[-2:], after[:2]) == ("亮了", "先生") else 0.0

    assert [text_of(own) for _, own in deal(said, runs, begins)] == [
        "门口的灯不亮了",
        "先生您贵姓",
    ]
    far = [Segment(0, 1, 1), Segment(1, 4, 0)]
    assert text_of(deal(said, far, begins)[0][1]) == "门口的"


def test_segments_without_words_are_left_out():
    said = words((0, 2, "哪一条路？"), (4, 6, "东边那条。"))
    given = dealt(said, (0, 2, 0), (2.8, 3.1, 1), (4, 6, 0))
    assert "".join(text for _, text in given) == text_of(said)
    assert {speaker for speaker, _ in given} == {0}


def test_segments_of_one_speaker_in_a_row_are_one_run():
    said = words((0, 2, "哪一条路"), (3, 5, "在哪个区"))
    ((run, own),) = deal(said, [Segment(0, 2, 1), Segment(3, 5, 1)])
    assert (run.start, run.end, run.speaker) == (0, 5, 1)
    assert text_of(own) == text_of(said)


def test_a_murmur_inside_the_others_speech_takes_no_words():
    said = words((0, 6, "门口那盏灯从上周起不亮"))
    assert dealt(said, (0, 6, 1), (2.8, 3.3, 0)) == [(1, text_of(said))]


def test_an_interruption_cuts_the_others_speech_in_two():
    said = words((0, 3, "门口那盏灯，"), (3, 5, "您等一下，"), (5, 8, "一直都不亮。"))
    given = dealt(said, (0, 8, 1), (3, 5, 0))
    assert given == [(1, "门口那盏灯，"), (0, "您等一下，"), (1, "一直都不亮。")]


def test_an_interruption_is_marked_as_lying_inside_the_others_speech():
    said = words((0, 3, "门口那盏灯，"), (3, 5, "您等一下，"), (5, 8, "一直都不亮。"))
    runs = [run for run, _ in deal(said, [Segment(0, 8, 1), Segment(3, 5, 0)])]
    assert [run.inside for run in runs] == [False, True, False]


def test_an_interruption_from_the_first_moment_leaves_the_rest_to_the_other():
    said = words((0, 2, "您等一下，"), (2, 6, "门口那盏灯不亮。"))
    given = dealt(said, (0, 6, 1), (0, 2, 0))
    assert given == [(0, "您等一下，"), (1, "门口那盏灯不亮。")]


def test_two_interruptions_of_one_speech_are_both_dealt():
    said = words(
        (0, 2, "门口的灯，"),
        (2, 3.5, "请慢点。"),
        (3.5, 6, "上周就坏，"),
        (6, 7.5, "哪一盏？"),
        (7.5, 9, "第三盏。"),
    )
    given = dealt(said, (0, 9, 1), (2, 3.5, 0), (6, 7.5, 0))
    assert [speaker for speaker, _ in given] == [1, 0, 1, 0, 1]
    assert given[3] == (0, "哪一盏？")


def test_speech_that_overlaps_at_the_edge_is_cut_in_the_middle_of_the_overlap():
    said = words((0, 4, "一二三四五六七八"))
    assert dealt(said, (0, 2.5, 0), (1.5, 4, 1)) == [(0, "一二三四"), (1, "五六七八")]


@pytest.mark.parametrize(("said", "segments"), [((), [(0, 2, 0)]), (words((0, 1, "好")), [])])
def test_without_words_or_speakers_nothing_is_dealt(said, segments):
    assert dealt(said, *segments) == []


# --- where the speaker may change ------------------------------------------------------------


def pairs(spans):
    return [(span.start, span.end) for span in spans]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words((0, 2, "哪一条路"), (2.4, 4, "东边")), [(0, 2.2), (2.2, 4)]),  # a pause
        (words((0, 2, "哪一条路"), (2.1, 4, "东边")), [(0, 4)]),  # a breath
        (words((0, 2, "哪一条路？"), (2, 4, "东边")), [(0, 2), (2, 4)]),  # a sentence ends
        (words((0, 2, "哪一条路，"), (2, 4, "东边")), [(0, 4)]),  # it goes on
        ((Word(0, 2, "哪? ", 0.9), Word(2, 4, "东边", 0.9)), [(0, 2), (2, 4)]),
        ((), [(0, 4)]),
    ],
)
def test_speech_is_cut_where_the_speaker_may_change(said, expected):
    assert pairs(stretches(speech((0, 4)), said)) == expected


def test_what_is_cut_is_the_speech_and_nothing_else():
    said = words((0, 1.9, "哪一条路？"), (5.1, 7, "东边那条"))
    assert pairs(stretches(speech((0, 2), (5, 7)), said)) == [(0, 2), (5, 7)]


def test_no_sliver_is_made_at_the_edge_of_speech():
    said = words((0, 2.0, "哪一条路？"), (2.0, 4, "东边"))
    assert pairs(stretches(speech((0, 2.02)), said)) == [(0, 2.02)]


def test_a_syllable_alone_is_no_stretch():
    """A recognizer's times leave a gap after the first syllable of 您好."""
    said = words((0, 0.2, "您"), (0.5, 2, "好贵港"))
    assert pairs(stretches(speech((0, 2)), said)) == [(0, 2)]
