"""Limits are counted in the working days that the State Council announced."""

from datetime import date, datetime

import pytest

from pipeline.deadlines import UNKNOWN_YEAR, is_workday, told, workdays_after
from pipeline.domain.formschema import Limit


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 7, 14), 7, date(2026, 7, 23)),  # over one weekend
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # National Day, 1 to 7 October
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday worked for it
        (
            date(2026, 2, 13),
            2,
            date(2026, 2, 24),
        ),  # 14 February is worked, then Spring Festival
        (date(2026, 7, 18), 1, date(2026, 7, 20)),  # called on a Saturday
    ],
)
def test_working_days_know_holidays_and_worked_weekends(day, count, last):
    assert workdays_after(day, count) == (last, True)


def test_a_year_without_a_calendar_counts_weekdays_and_says_so():
    far = date(2099, 1, 1)  # a Thursday
    assert is_workday(far) is None
    assert workdays_after(far, 2) == (date(2099, 1, 5), False)
    assert told(Limit(days=2), datetime(2099, 1, 1, 9)).endswith(f"，{UNKNOWN_YEAR}）")


def test_hours_run_by_the_clock_and_no_time_of_the_call_gives_no_date():
    assert (
        told(Limit(hours=24), datetime(2026, 3, 9, 9, 30)) == "24小时内（2026-03-10 09:30前）"
    )
    assert told(Limit(hours=2, note="反馈"), None) == "2小时内反馈"
    assert told(Limit(days=7), None) == "7个工作日内"
    assert told(Limit(days=15, lead="经批准"), None) == "经批准15个工作日内"


@pytest.mark.parametrize("wrong", [{}, {"hours": 1, "days": 1}, {"days": 0}])
def test_a_limit_is_hours_or_days(wrong):
    with pytest.raises(ValueError):
        Limit(**wrong)
