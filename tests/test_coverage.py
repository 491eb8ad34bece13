"""Finding the speech that no word covers."""

import pytest
from hearing import speech, words

from pipeline.hearing.coverage import holes, trimmed
from pipeline.records import Word


def pairs(found):
    return [(span.start, span.end) for span in found]


def test_a_word_lasts_no_longer_than_its_characters_can():
    (word,) = trimmed([Word(1.0, 6.0, "路灯", 0.9)])
    assert (word.start, word.end) == (1.0, 2.4)


def test_a_word_of_ordinary_length_is_left_alone():
    word = Word(1.0, 1.4, "路灯", 0.9)
    assert trimmed([word]) == (word,)


def test_a_space_is_no_character():
    (word,) = trimmed([Word(0.0, 5.0, " 好", 0.9)])
    assert word.end == 0.7


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(0, 10, "好" * 20)], []),
        ([], [(0, 10)]),
        ([(0, 4, "好" * 8), (7, 10, "好" * 6)], [(4, 7)]),
        ([(1.5, 10, "好" * 17)], [(0, 1.5)]),  # at the beginning
        ([(0, 8, "好" * 16)], [(8, 10)]),  # at the end
        ([(0.8, 9.2, "好" * 17)], []),  # hesitations
    ],
)
def test_speech_without_words_is_a_hole(lines, expected):
    assert pairs(holes(speech((0, 10)), words(*lines))) == expected


def test_a_pause_is_not_a_hole():
    spans = speech((0, 4), (9, 12))
    assert holes(spans, words((0, 4, "好" * 8), (9, 12, "好" * 6))) == ()


def test_holes_on_both_sides_of_a_breath_are_one():
    assert pairs(holes(speech((0, 2), (2.5, 4)), ())) == [(0, 4)]


def test_holes_on_both_sides_of_a_long_pause_are_two():
    assert pairs(holes(speech((0, 2), (3, 5)), ())) == [(0, 2), (3, 5)]


def test_two_short_holes_across_a_breath_are_long_enough_together():
    spans = speech((0, 5.5), (5.9, 10))
    said = words((0, 5, "好" * 10), (6.4, 10, "好" * 7))
    assert pairs(holes(spans, said)) == [(5, 6.4)]


def test_words_in_any_order_cover_the_same():
    said = words((0, 4, "好" * 8), (7, 10, "好" * 6))
    assert holes(speech((0, 10)), said[::-1]) == holes(speech((0, 10)), said)
