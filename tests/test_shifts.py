"""Shifts, also over midnight, and the choice of calls by shift, time and agent."""

from datetime import date

import pytest

from pipeline.domain.schema import Region, Shift
from pipeline.errors import InputInvalid
from pipeline.records import Metadata
from pipeline.shifts import select, shift_of

DAY = Region(
    name="甲市",
    hotline=("甲市",),
    area_code="0000",
    shifts=(
        Shift(name="白班", start="08:00", end="20:00"),
        Shift(name="夜班", start="20:00", end="08:00"),
    ),
    districts=(),
)
GAPS = DAY.model_copy(
    update={
        "shifts": (
            Shift(name="早班", start="07:00", end="13:00"),
            Shift(name="中班", start="12:00", end="18:00"),  # overlaps for the handover
            Shift(name="尾班", start="21:00", end="00:00"),
        )
    }
)


def call(started_at, **fields):
    return Metadata(started_at=started_at, region="甲市", **fields)


@pytest.mark.parametrize(
    ("started_at", "name", "day"),
    [
        ("2026-07-14T08:00:00", "白班", date(2026, 7, 14)),
        ("2026-07-14T19:59:59", "白班", date(2026, 7, 14)),
        ("2026-07-14T20:00:00", "夜班", date(2026, 7, 14)),
        ("2026-07-14T23:59:59", "夜班", date(2026, 7, 14)),
        ("2026-07-15T00:00:00", "夜班", date(2026, 7, 14)),  # began the day before
        ("2026-07-15T07:59:59", "夜班", date(2026, 7, 14)),
        ("2027-01-01T03:00:00", "夜班", date(2026, 12, 31)),
    ],
)
def test_a_night_shift_belongs_to_the_day_it_began(started_at, name, day):
    assert shift_of(started_at, DAY) == (name, day)


@pytest.mark.parametrize(
    ("clock", "name"),
    [("12:30", "中班"), ("11:59", "早班"), ("23:59", "尾班"), ("00:00", None), ("19:00", None)],
)
def test_the_shift_that_began_last_is_meant_and_gaps_have_none(clock, name):
    found = shift_of(f"2026-07-14T{clock}:00", GAPS)
    assert (found and found[0]) == name


def test_an_unknown_time_has_no_shift():
    assert shift_of(None, DAY) is None


def test_nothing_asked_takes_everything():
    assert select([DAY]).takes(Metadata(), [DAY])


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ({"agents": ["1007"]}, True),
        ({"agents": ["1008", "1009"]}, False),
        ({"shifts": ["白班"]}, True),
        ({"shifts": ["夜班"]}, False),
        ({"since": "2026-07-14"}, True),
        ({"since": "2026-07-14T10:00"}, True),
        ({"since": "2026-07-14T10:00:01"}, False),
        ({"until": "2026-07-14"}, True),  # a day includes its evening
        ({"until": "2026-07-14T10:00"}, False),  # a time does not include itself
        ({"until": "2026-07-13"}, False),
        ({"since": "2026-07-14", "until": "2026-07-14", "agents": ["1007"]}, True),
    ],
)
def test_calls_are_taken_by_agent_shift_and_time(asked, taken):
    given = call("2026-07-14T10:00:00", agent_id="1007", shift="白班")
    assert select([DAY], **asked).takes(given, [DAY]) is taken


def test_what_is_asked_for_and_unknown_is_not_taken():
    assert not select([DAY], since="2026-01-01").takes(Metadata(), [DAY])
    assert not select([DAY], agents=["1"]).takes(Metadata(), [DAY])


@pytest.mark.parametrize(
    ("started_at", "taken"),
    [
        ("2026-07-14T03:00:00", False),  # of the night before
        ("2026-07-14T23:00:00", True),
        ("2026-07-15T03:00:00", True),
        ("2026-07-15T23:00:00", False),
    ],
)
def test_a_night_shift_of_a_day_goes_on_past_midnight(started_at, taken):
    night = select([DAY], shifts=["夜班"], since="2026-07-14", until="2026-07-14")
    assert night.takes(call(started_at, shift="夜班"), [DAY]) is taken


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"shifts": ["早早班"]}, "没有班次 早早班；已定义：夜班、白班"),
        ({"since": "昨天"}, "--since：昨天 不是日期"),
        ({"until": "2026-02-30"}, "--until"),
        ({"since": "2026-07-15", "until": "2026-07-14"}, "晚于"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, words):
    with pytest.raises(InputInvalid, match=words):
        select([DAY], **asked)
