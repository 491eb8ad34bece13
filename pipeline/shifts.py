"""Shifts of a region, and the choice of calls by shift, time and agent.

metadata.py names each call's shift; the CLI's --shift, --since, --until and --agent become
a Selection, which the batch, the export and the report ask about each call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.domain.schema import Region, Shift
from pipeline.errors import InputInvalid
from pipeline.records import Metadata

DAY = 24 * 60  # minutes


def shift_of(started_at: str | None, region: Region) -> tuple[str, date] | None:
    """The shift a call falls into and the day that shift began.

    A night shift that runs over midnight belongs to the day it began. Where shifts overlap,
    the one that began last is meant. None where the time is unknown or no shift holds it.
    """
    if started_at is None:
        return None
    when = datetime.fromisoformat(started_at)
    minute = when.hour * 60 + when.minute
    into = [(since, shift) for shift in region.shifts if (since := _since(shift, minute)) >= 0]
    if not into:
        return None
    since, shift = min(into, key=lambda pair: pair[0])
    return shift.name, (when - timedelta(minutes=since)).date()


def _since(shift: Shift, minute: int) -> int:
    """Minutes since the shift began, -1 outside of it. Its end does not belong to it."""
    start, end = _minutes(shift.start), _minutes(shift.end)
    since = (minute - start) % DAY
    return since if since < ((end - start) % DAY or DAY) else -1


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls a command is about. Nothing given: all of them."""

    shifts: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    by_day: bool = False  # since and until are whole days: a shift counts by its first day

    def takes(self, metadata: Metadata, places: Sequence[Region]) -> bool:
        """Whether the call is meant; not where what is asked about is unknown of it."""
        if self.agents and metadata.agent_id not in self.agents:
            return False
        if self.shifts and metadata.shift not in self.shifts:
            return False
        if self.since is None and self.until is None:
            return True
        if metadata.started_at is None:
            return False
        when = self.when(metadata, places)
        return (self.since is None or when >= self.since) and (
            self.until is None or when < self.until
        )

    def when(self, metadata: Metadata, places: Sequence[Region]) -> datetime:
        """The call's time; its shift's first day where whole days of a shift are asked for."""
        started = metadata.started_at or ""
        if self.shifts and self.by_day:
            for region in places:
                if region.name == metadata.region and (found := shift_of(started, region)):
                    return datetime.combine(found[1], datetime.min.time())
        return datetime.fromisoformat(started)


def select(
    places: Sequence[Region],
    *,
    shifts: Sequence[str] = (),
    agents: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
) -> Selection:
    """Check what the user asked for.

    since, until: ISO dates or times; a date as `until` includes that day. Raises InputInvalid.
    """
    known = {shift.name for region in places for shift in region.shifts}
    if unknown := [name for name in shifts if name not in known]:
        raise InputInvalid(f"没有班次 {'、'.join(unknown)}；已定义：{'、'.join(sorted(known))}")
    first, last = _time(since, "--since"), _time(until, "--until")
    if last is not None and _is_day(until):
        last += timedelta(days=1)
    if first is not None and last is not None and first >= last:
        raise InputInvalid("--since 晚于 --until，选不出任何通话")
    by_day = all(text is None or _is_day(text) for text in (since, until))
    return Selection(tuple(shifts), tuple(agents), first, last, by_day)


def _time(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError as error:
        hint = "请写成 2026-07-14 或 2026-07-14T08:00"
        raise InputInvalid(f"{option}：{text} 不是日期或时间，{hint}") from error


def _is_day(text: str | None) -> bool:
    return text is not None and len(text.strip()) <= 10
