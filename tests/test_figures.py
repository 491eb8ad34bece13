"""pipeline/training/figures.py and reliability.py on answers whose figures are known."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from models.base import Label
from models.certainty import Certainty
from pipeline.training.figures import calibration_error, f1, measure
from pipeline.training.reliability import reliability_svg


def answer(best, chance, names="abcd"):
    """`best` with this probability, the other labels with equal ones."""
    rest = [name for name in names if name != best]
    shared = (1 - chance) / len(rest)
    return (Label(best, chance), *(Label(name, shared) for name in rest))


def measured(*rows, error=0.05, names="abcd", **more):
    """rows: (wanted, given, probability); given None: the text was refused."""
    ranked = [answer(given, chance, names) if given else () for _, given, chance in rows]
    return measure(ranked, [wanted for wanted, _, _ in rows], error=error, names=names, **more)


def test_accuracy_f1_and_confusions_of_a_table_made_by_hand():
    rows = [("a", "a", 0.9)] * 6 + [("a", "b", 0.9)] * 2 + [("b", "b", 0.9)] * 2
    found = measured(*rows)
    assert (found.texts, found.accuracy.value) == (10, 0.8)
    assert found.accuracy.low < 0.8 < found.accuracy.high
    # a: precision 1, recall 6/8; b: precision 2/4, recall 1
    a, b = found.labels["a"], found.labels["b"]
    assert (a.texts, a.precision, a.recall) == (8, 1.0, 0.75)
    assert (b.texts, b.precision, b.recall) == (2, 0.5, 1.0)
    assert found.macro_f1.value == pytest.approx((2 * 0.75 / 1.75 + 2 * 0.5 / 1.5) / 2)
    assert set(found.labels) == {"a", "b"}  # c and d are neither wanted nor given
    (confusion,) = found.confusions
    assert (confusion.wanted, confusion.given, confusion.texts) == ("a", "b", 2)
    assert confusion.share == 0.25


def test_a_label_that_was_never_wanted_has_no_recall_and_an_f1_of_zero():
    found = measured(("a", "b", 0.9), ("a", "a", 0.9))
    assert (found.labels["b"].recall, found.labels["b"].f1.value) == (None, 0.0)


def test_the_ten_most_frequent_confusions_come_first():
    names = "abcde"
    pairs = [(w, g) for w in names for g in names if w != g]
    rows = [(w, g, 0.5) for n, (w, g) in enumerate(pairs, 1) for _ in range(n)]
    counts = [c.texts for c in measured(*rows, names=names).confusions]
    assert counts == list(range(20, 10, -1))


def test_the_third_guess_counts_where_there_are_more_than_three_labels():
    ranked = [
        tuple(Label(name, p) for name, p in zip("abcd", (0.4, 0.3, 0.2, 0.1), strict=True))
    ]
    for wanted, hit in (("c", 1.0), ("d", 0.0)):
        assert measure(ranked, [wanted], error=0.05, names="abcd").top3.value == hit
    assert measured(("a", "a", 0.9), names="abc").top3 is None


def test_calibration_is_the_mean_gap_over_the_bins():
    # 0.95 and right half the time: gap 0.45; 0.55 and right half the time: gap 0.05
    chance = np.array([0.95] * 4 + [0.55] * 4)
    right = np.array([True, False] * 4)
    assert calibration_error(chance, right) == pytest.approx(0.25)


def test_the_bins_hold_every_text_once_and_1_belongs_to_the_last():
    rows = [("a", "a", 1.0), ("a", "a", 0.9), ("a", "b", 0.35)]
    bins = measured(*rows).bins
    assert [(b.low, b.texts, b.accuracy.value) for b in bins] == [(0.3, 1, 0.0), (0.9, 2, 1.0)]


def test_coverage_is_the_most_that_can_be_answered_with_so_few_errors():
    # 30 right at .9, 1 wrong and 9 right at .8, 10 wrong at .6
    rows = [("a", "a", 0.9)] * 30 + [("a", "b", 0.8)] + [("a", "a", 0.8)] * 9
    rows += [("a", "b", 0.6)] * 10
    at = measured(*rows, error=0.05).coverage
    assert (at.threshold, at.share.value, at.error.value) == (0.8, 0.8, 1 / 40)
    at = measured(*rows, error=0.5).coverage
    assert (at.threshold, at.share.value) == (0.6, 1.0)


def test_texts_of_one_probability_are_answered_together():
    rows = [("a", "a", 0.9)] * 30 + [("a", "b", 0.9)] * 10
    assert measured(*rows, error=0.05).coverage.threshold is None


def test_so_few_texts_cannot_show_so_small_a_share_of_errors():
    assert measured(*[("a", "a", 0.9)] * 19, error=0.05).coverage.threshold is None
    assert measured(*[("a", "a", 0.9)] * 20, error=0.05).coverage.threshold == 0.9


def test_the_weights_threshold_is_judged_on_these_texts():
    rows = [("a", "a", 0.9), ("a", "b", 0.8), ("a", "b", 0.5)]
    found = measured(*rows, certainty=Certainty({0.05: 0.8, 0.2: 0.4}))
    assert found.at_threshold.share.value == pytest.approx(2 / 3)
    assert found.at_threshold.error.value == 0.5
    assert found.rates[0.05] == found.at_threshold
    assert found.rates[0.2].share.value == 1.0
    assert found.rates[0.01].threshold is None  # that rate was out of reach
    assert measured(*rows).at_threshold is None and measured(*rows).rates == {}


def test_a_refused_text_is_wrong_is_not_answered_and_promises_nothing():
    rows = [("a", "a", 0.95)] * 30 + [("b", None, 0.0)] * 10
    found = measured(*rows, error=0.5)
    assert (found.refused.value, found.accuracy.value) == (0.25, 0.75)
    assert found.coverage.share.value == 0.75 and found.coverage.error.value == 0.0
    assert (found.labels["b"].recall, found.labels["b"].f1.value) == (0.0, 0.0)
    assert found.labels["a"].precision == 1.0 and found.confusions == ()
    assert [one.texts for one in found.bins] == [30]
    assert found.calibration_error.value == pytest.approx(0.05 * 30 / 40)
    assert found.curve[-1].share == 0.75


def test_the_same_seed_gives_the_same_intervals():
    rows = [("a", "ab"[n % 3 == 0], 0.5 + n / 100) for n in range(40)]
    assert measured(*rows, seed=1) == measured(*rows, seed=1)
    assert measured(*rows, seed=1) != measured(*rows, seed=2)


def test_intervals_hold_what_a_known_classifier_truly_does():
    dice = np.random.default_rng(3)
    chance = dice.uniform(0.4, 1.0, 800)
    rows = [("a" if dice.random() < p else "b", "a", p) for p in chance]
    found = measured(*rows, names="ab")
    assert found.accuracy.low < chance.mean() < found.accuracy.high
    assert found.calibration_error.low < 0.02  # the promise was honest


def test_f1_of_a_label_that_is_nowhere_is_no_number():
    assert np.isnan(f1(np.array([0]), np.array([0]), 2)).tolist() == [False, True]


def test_every_word_of_the_plot_lies_within_it_and_no_bar_reaches_the_dots():
    rows = [("a", "a", 0.05 + n / 10) for n in range(10) for _ in range(n + 1)]
    drawn = ET.fromstring(reliability_svg("request_type", measured(*rows)))
    _, _, width, height = map(float, drawn.get("viewBox").split())
    space = "{http://www.w3.org/2000/svg}"
    for words in drawn.findall(f"{space}text"):
        assert 0 <= float(words.get("x")) <= width and 0 < float(words.get("y")) < height
    background, *bars = drawn.findall(f"{space}rect")
    assert len(bars) == 10 and all(float(bar.get("y")) > 364 + 9 for bar in bars)


def test_the_plot_of_refused_texts_alone_has_no_dot():
    drawn = ET.fromstring(reliability_svg("department", measured(("a", None, 0.0))))
    assert drawn.findall("{http://www.w3.org/2000/svg}circle") == []


def test_the_plot_is_xml_with_a_dot_a_bin_and_the_same_bytes_each_time():
    found = measured(("a", "a", 0.95), ("a", "b", 0.85), ("a", "a", 0.35))
    drawn = reliability_svg("department", found)
    assert drawn == reliability_svg("department", found)
    circles = ET.fromstring(drawn).findall("{http://www.w3.org/2000/svg}circle")
    assert [float(c.get("cy")) for c in circles] == [44.0, 364.0, 44.0]  # 1 is up, 0 down
