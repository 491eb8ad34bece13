"""The diarization error rate."""

import pytest

from pipeline.training.diarization import Errors, errors

CALL = [(0.0, 4.0, "agent"), (4.0, 10.0, "caller")]


def parts(answer, reference=CALL, collar=0.0):
    found = errors(reference, answer, collar)
    return tuple(round(x, 2) for x in (found.missed, found.false_alarm, found.confused))


def test_names_do_not_matter():
    assert parts([(0.0, 4.0, "B"), (4.0, 10.0, "A")]) == (0, 0, 0)


def test_the_wrong_one_is_confusion():
    assert parts([(0.0, 5.0, "A"), (5.0, 10.0, "B")]) == (0, 0, 1)


def test_nobody_is_missed_speech_and_somebody_in_silence_a_false_alarm():
    assert parts([(0.0, 3.0, "A"), (4.0, 11.0, "B")]) == (1, 1, 0)


def test_the_rate_is_of_the_references_speech():
    assert errors(CALL, [(0.0, 4.0, "A"), (4.0, 9.0, "B")]).rate == pytest.approx(0.1)


def test_who_speaks_at_the_same_time_counts_for_both():
    both = [(0.0, 4.0, "agent"), (3.0, 10.0, "caller")]
    assert parts([(0.0, 4.0, "A"), (4.0, 10.0, "B")], both) == (1, 0, 0)
    assert errors(both, []).speech == pytest.approx(11.0)


def test_a_third_speaker_cannot_be_matched_by_two():
    three = [*CALL, (10.0, 12.0, "mother")]
    assert parts([(0.0, 4.0, "A"), (4.0, 12.0, "B")], three) == (0, 0, 2)
    assert parts(three, [(0.0, 4.0, "A"), (4.0, 12.0, "B")]) == (0, 0, 2)


@pytest.mark.parametrize(("late", "wrong"), [(0.2, 0.0), (0.3, 0.05)])
def test_an_edge_within_the_collar_is_not_judged(late, wrong):
    answer = [(0.0, 4.0 + late, "A"), (4.0 + late, 10.0, "B")]
    assert sum(parts(answer, collar=0.25)) == pytest.approx(wrong)


def test_nothing_said_and_nothing_heard_is_no_error():
    assert errors([], []).rate == 0.0
    assert errors([], [(0.0, 1.0, "A")]).rate == 1.0


def test_errors_add_up():
    assert (Errors(10, 1, 0, 1) + Errors(30, 1, 1, 0)).rate == pytest.approx(0.1)
