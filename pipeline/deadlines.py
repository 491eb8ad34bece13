"""When a step of a work order is due: hours by the clock, or working days of the calendar.

Holidays and 调休 are those that the State Council announces each year, as `chinese_calendar`
knows them. A year that it does not know yet counts Monday to Friday, and the value says so.
"""

from datetime import date, datetime, timedelta

from pipeline.domain.formschema import Limit

UNKNOWN_YEAR = "未计节假日调休"


def is_workday(day: date) -> bool | None:
    """Whether offices are open; None for a year that the calendar does not know."""
    from chinese_calendar import is_workday as announced

    try:
        return announced(day)
    except NotImplementedError:
        return None


def workdays_after(day: date, count: int) -> tuple[date, bool]:
    """The last of `count` working days after the day; whether the calendar knew them all."""
    known = True
    while count:
        day += timedelta(days=1)
        open_ = is_workday(day)
        known = known and open_ is not None
        count -= day.weekday() < 5 if open_ is None else open_
    return day, known


def told(limit: Limit, begun: datetime | None) -> str:
    """The limit as a line prints it: `24小时内（2026-03-10 09:30前）`.

    begun: local time of the call; None where nobody knows it: then only the length is told.
    """
    if limit.hours is not None:
        length = f"{limit.hours:g}小时内"
        due = f"{begun + timedelta(hours=limit.hours):%Y-%m-%d %H:%M}前" if begun else ""
    else:
        length = f"{limit.days}个工作日内"
        due = _last_day(begun.date(), limit.days or 0) if begun else ""
    return limit.lead + length + limit.note + (f"（{due}）" if due else "")


def _last_day(day: date, count: int) -> str:
    last, known = workdays_after(day, count)
    return f"截至{last}" + ("" if known else f"，{UNKNOWN_YEAR}")
