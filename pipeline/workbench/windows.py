"""The stretch of time a dashboard is about: a day, a week, a month, or a shift of each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.domain.profile import Profile
from pipeline.domain.schema import Region
from pipeline.errors import InputInvalid
from pipeline.shiftreport.figures import COMPARED
from pipeline.shiftreport.period import Period
from pipeline.shifts import Selection

KINDS = ("day", "week", "month")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Calls that began in [start, until); `first` and `last` are its days."""

    kind: str  # one of KINDS
    first: date
    last: date
    start: datetime
    until: datetime
    shift: str | None

    @property
    def label(self) -> str:
        """On an axis: 07-14, or 2026-07 for a month."""
        return f"{self.first:%Y-%m}" if self.kind == "month" else f"{self.first:%m-%d}"

    @property
    def title(self) -> str:
        """In a headline."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return str(self.first) if self.kind == "day" else f"{self.first} – {self.last}"

    def period(self, profile: Profile) -> Period:
        """As the views of the shift report take it."""
        length = self.until - self.start
        return Period(self.title, self.shift, Selection(), self.start, length, profile)


def window(kind: str, day: date, shift: str | None, places: Sequence[Region]) -> Window:
    """The stretch of a kind that holds a day.

    A shift that runs over midnight belongs to the day it began, as in the report: its window
    begins with its first minute. Raises InputInvalid.
    """
    if kind not in KINDS:
        raise InputInvalid(f"时段只能是 {'、'.join(KINDS)}，收到 {kind!r}")
    if kind == "day":
        first, last = day, day
    elif kind == "week":
        first = day - day.weekday() * DAY
        last = first + 6 * DAY
    else:
        first = day.replace(day=1)
        last = (first + 31 * DAY).replace(day=1) - DAY
    begins = _begins(shift, places) if shift else timedelta()
    start = datetime.combine(first, datetime.min.time()) + begins
    until = datetime.combine(last + DAY, datetime.min.time()) + begins
    return Window(kind, first, last, start, until, shift)


def neighbours(now: Window, places: Sequence[Region]) -> tuple[Window, Window]:
    """The stretch before and the one after."""
    days = now.first - DAY, now.last + DAY
    before, after = (window(now.kind, day, now.shift, places) for day in days)
    return before, after


def earlier(now: Window, places: Sequence[Region]) -> list[Window]:
    """Those that it is compared with, oldest first."""
    found = [now]
    for _ in range(COMPARED):
        found.append(neighbours(found[-1], places)[0])
    return found[:0:-1]


def read_day(text: str) -> date:
    """A day as it is written in an address. Raises InputInvalid."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise InputInvalid(f"{text}：日期请写成 2026-07-14") from error
    if not 1971 <= found.year <= 2999:
        raise InputInvalid(f"{text}：日期请写成 2026-07-14")
    return found


def _begins(shift: str, places: Sequence[Region]) -> timedelta:
    clocks = [one.start for region in places for one in region.shifts if one.name == shift]
    if not clocks:
        raise InputInvalid(f"没有班次 {shift}")
    hours, minutes = min(clocks).split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
