"""What the sound says for a text: less against what sounds alike, more against the rest."""

import pytest

from models.evidence import ALIKE, UNLIKE, begin_alike, evidence


@pytest.mark.parametrize(
    ("text", "share"), [("馆", ALIKE[0]), ("宽", ALIKE[1]), ("路", UNLIKE), ("K", UNLIKE)]
)
def test_of_what_the_sound_prefers_a_share_counts(text, share):
    rivals: dict[str, float] = {}
    assert evidence("管", -0.5, rivals) == -0.5
    assert evidence(text, -2.5, rivals) == pytest.approx(-0.5 - share * 2.0)


def test_what_sounds_like_the_second_best_is_near_that_and_far_from_the_best():
    rivals: dict[str, float] = {}
    evidence("路", 0.0, rivals)
    second = evidence("管", -1.0, rivals)
    assert second == pytest.approx(-UNLIKE)
    assert evidence("馆", -2.0, rivals) == pytest.approx(second - ALIKE[0])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("不", "部", True),
        ("部队", "不", True),
        ("不", "把", False),
        ("班", "不", False),  # a syllable, not its letters
        ("不", "", False),
        ("不", "b", False),
    ],
)
def test_texts_begin_alike_when_one_has_the_others_first_syllables(one, other, alike):
    assert begin_alike(one, other) is alike
