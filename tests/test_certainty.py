"""models/certainty.py: thresholds that a profile chooses among, and prediction sets."""

import pytest

from models.base import Label
from models.certainty import Certainty

KNOWN = Certainty({0.05: 0.8, 0.1: 0.6}, {0.9: 0.25, 0.95: 0.04})
ANSWER = (Label("水务", 0.7), Label("城管", 0.25), Label("教育", 0.05))


@pytest.mark.parametrize(
    ("error", "threshold"),
    [(0.05, 0.8), (0.07, 0.8), (0.1, 0.6), (0.001, None), (0.02, None), (0.5, None)],
)
def test_the_stricter_of_two_rates_counts_and_one_out_of_reach_gives_none(error, threshold):
    assert KNOWN.threshold(error) == threshold


@pytest.mark.parametrize(("coverage", "labels"), [(0.9, ANSWER[:2]), (0.95, ANSWER)])
def test_a_set_holds_what_is_likely_enough_best_first(coverage, labels):
    assert KNOWN.prediction_set(ANSWER, coverage) == labels


def test_the_best_label_is_always_in_the_set_and_a_refusal_has_none():
    unsure = tuple(Label(name, 0.2) for name in "abcde")
    assert KNOWN.prediction_set(unsure, 0.9) == unsure[:1]
    assert KNOWN.prediction_set((), 0.9) == ()


def test_a_coverage_that_was_not_learnt_is_refused():
    with pytest.raises(KeyError):
        KNOWN.prediction_set(ANSWER, 0.5)
