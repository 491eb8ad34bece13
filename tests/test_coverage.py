"""pipeline/training/coverage.py and curve.py on probabilities whose outcome is known."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from models.base import Label
from models.certainty import Certainty
from pipeline.training.coverage import curve, learnt, sets, widest
from pipeline.training.curve import curve_path, curve_svg, write_plots
from pipeline.training.figures import measure


def drawn_from(dice, count, labels=5):
    """Logits, and labels drawn with just the probabilities that they promise."""
    logits = dice.normal(0, 2, (count, labels))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return logits, np.array([dice.choice(labels, p=row) for row in chances])


def answers(logits):
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return [
        tuple(Label("abcde"[i], float(row[i])) for i in np.argsort(-row)) for row in chances
    ]


@pytest.fixture(scope="module")
def known():
    return learnt(*drawn_from(np.random.default_rng(0), 3000))


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_sets_hold_the_right_label_as_often_as_promised_in_new_texts(known, coverage):
    logits, wanted = drawn_from(np.random.default_rng(1), 3000)
    found = sets(answers(logits), ["abcde"[w] for w in wanted], known)[coverage]
    assert found.held.value == pytest.approx(coverage, abs=0.025)
    assert 1 < found.labels < 4


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_thresholds_hold_their_rate_of_errors_in_new_texts(known, rate):
    logits, wanted = drawn_from(np.random.default_rng(2), 3000)
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    kept = chances.max(axis=1) >= known.threshold(rate)
    assert kept.mean() > 0.1
    assert (chances.argmax(axis=1) != wanted)[kept].mean() == pytest.approx(rate, abs=0.03)


def test_a_rate_out_of_reach_is_left_out():
    wrong = learnt(np.array([[5.0, 0.0]] * 200), np.array([0, 1] * 100))
    assert wrong.thresholds == {} and set(wrong.levels) == {0.8, 0.9, 0.95}


def test_so_few_texts_promise_no_less_than_every_label():
    few = learnt(np.array([[5.0, 0.0]] * 10), np.array([0] * 10))
    assert few.levels[0.95] == 0.0 and few.levels[0.8] > 0.5


def test_the_set_of_a_refused_text_is_empty_and_holds_nothing():
    found = sets(
        [(), (Label("a", 0.9), Label("b", 0.1))], ["a", "a"], Certainty({}, {0.9: 0.5})
    )
    assert (found[0.9].held.value, found[0.9].labels) == (0.5, 0.5)
    assert sets([()], ["a"], None) == {}


def test_the_curve_ends_with_all_that_was_answered_and_names_each_share_of_errors():
    chance = np.array([0.9, 0.8, 0.8, 0.6, 0.0])
    points = curve(chance, np.array([True, True, False, False, False]))
    found = [(p.threshold, round(p.share, 3), round(p.error, 3)) for p in points]
    assert found == [(0.9, 0.2, 0.0), (0.8, 0.6, 0.333), (0.6, 0.8, 0.5)]


def test_the_curve_of_many_texts_has_few_points():
    chance = np.linspace(0.99, 0.2, 1000)
    points = curve(chance, np.arange(1000) % 9 > 0)
    assert len(points) == 50 and points[-1].share == 1.0


def test_refused_texts_are_not_answered_however_many_errors_are_allowed():
    found = widest(np.array([0.9] * 10 + [0.0] * 2), np.array([True] * 10 + [False] * 2), 0.5)
    assert found.share.value == pytest.approx(10 / 12)


def figures(known):
    logits, wanted = drawn_from(np.random.default_rng(3), 400)
    labels = ["abcde"[w] for w in wanted]
    return measure(answers(logits), labels, error=0.05, names="abcde", certainty=known)


def test_the_curve_is_xml_within_its_frame_with_a_dot_a_threshold(known):
    drawn = ET.fromstring(curve_svg("department", figures(known)))
    space = "{http://www.w3.org/2000/svg}"
    _, _, width, height = map(float, drawn.get("viewBox").split())
    dots = drawn.findall(f"{space}circle")
    assert len(dots) == len(known.thresholds) > 2
    for dot in dots:
        assert 56 <= float(dot.get("cx")) <= 376 and 44 <= float(dot.get("cy")) <= 424
    for words in drawn.findall(f"{space}text"):
        assert 0 <= float(words.get("x")) <= width and 0 < float(words.get("y")) < height


def test_without_an_answer_the_curve_is_still_drawn():
    refused = measure([()], ["a"], error=0.05, names="ab")
    assert ET.fromstring(curve_svg("department", refused)).tag.endswith("svg")


def test_both_plots_are_written_side_by_side_with_the_same_bytes_each_time(known, tmp_path):
    found = figures(known)
    paths = write_plots(tmp_path / "plot.svg", "scope", found)
    assert paths == (tmp_path / "plot.svg", curve_path(tmp_path / "plot.svg"))
    before = [path.read_bytes() for path in paths]
    write_plots(tmp_path / "plot.svg", "scope", found)
    assert [path.read_bytes() for path in paths] == before
