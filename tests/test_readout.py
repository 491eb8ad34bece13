"""The number that a call comes from, read out and misheard."""

import pytest

from pipeline.readout import own_number
from pipeline.records import Call, Finding, Metadata, Recording
from pipeline.redact import hiding

OWN = "15847210066"


@pytest.mark.parametrize(
    "heard",
    ["电话158472100666", "847210666对吧", "是1584721066", "15842210066", "5847210066没错吧"],
)
def test_digits_lost_doubled_or_exchanged_are_the_number(heard):
    assert len(own_number([heard], OWN)) == 1


@pytest.mark.parametrize(
    "heard",
    [
        "打15847210068也行",  # of the same family: the end differs
        "另一个是15847219966",
        "是13947220163",
        "单号20261103075",
        "电话是15847210066",  # as it is
        "12345",
    ],
)
def test_other_numbers_stay_others(heard):
    assert own_number([heard], OWN) == []


def test_a_whole_number_is_taken_for_it_beside_digits_that_can_be_nothing_else():
    texts = ["电话1584710066", "15847100665办的卡对吗"]
    assert [one[0] for one in own_number(texts, OWN)] == [0, 1]
    assert own_number(texts[1:], OWN) == []


def test_the_month_behind_a_number_is_no_digit_of_it():
    assert own_number(["是15847100665月20号办的"], OWN) == [(0, 1, 11)]
    assert own_number(["1584721006612月3号"], OWN) == []  # the number as it is


def test_a_number_and_its_read_back_that_differ_are_both_misheard():
    texts = ["电话15847220666", "15847210600对吧"]
    assert [one[0] for one in own_number(texts, OWN)] == [0, 1]
    assert own_number([texts[0], texts[0]], OWN) == []
    assert own_number(["打15847210068也行", OWN], OWN) == []


def test_a_landline_or_an_unknown_number_says_nothing():
    assert own_number(["电话4234567"], "07754234567") == [] == own_number(["15847210066"], "")


def test_the_digits_that_were_heard_for_it_are_hidden_too():
    found = Finding(
        "entity", "entity.phone.near", 0, "36472018", 0.0, 1.0, "phone", "13644720188"
    )
    metadata = Metadata(caller_number="13644720188")
    call = Call(Recording("ab" * 32, "a.wav", metadata=metadata), entities=(found,))
    assert "36472018" not in hiding(call)("要36472018吧")
