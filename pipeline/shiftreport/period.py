"""Which calls a report is about, and the earlier stretches that it is compared with.

The CLI's --shift, --since and --until become a Period: a shift of a day, a day, or any time.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.records import Metadata
from pipeline.shifts import Selection, select, shift_of
from pipeline.store import facts
from pipeline.store.store import Store

DATED = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[-_ ]?(\D.*))?")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The calls of a report; earlier ones are numbered -1, -2, ... by stretches as long."""

    day: str  # 2026-07-14, or 2026-07-01–2026-07-07
    shift: str | None
    chosen: Selection
    start: datetime
    length: timedelta
    profile: Profile

    @property
    def earlier(self) -> Selection:
        """All calls before it, of the same shift."""
        return replace(self.chosen, since=None, until=self.start)

    def number(self, metadata: Metadata) -> int:
        """0 for its own calls, -1 for the stretch before, and so on."""
        return (self.chosen.when(metadata, self.profile.places) - self.start) // self.length

    def label(self, number: int) -> str:
        """What a stretch is called on an axis: its first day, or its first minute."""
        begins = self.start + number * self.length
        return begins.strftime("%m-%d" if self.length % DAY == timedelta() else "%m-%d %H:%M")

    @property
    def hours(self) -> list[int]:
        """The hours of the day it covers, in their order."""
        for region in self.profile.places:
            for shift in region.shifts:
                if shift.name == self.shift:
                    first, last = int(shift.start[:2]), int(shift.end[:2])
                    last -= shift.end.endswith(":00")
                    return [(first + i) % 24 for i in range((last - first) % 24 + 1)]
        return list(range(24))


def period(
    store: Store, profile: Profile, shift: str | None, since: str | None, until: str | None
) -> Period:
    """What was asked for; nothing asked: the last shift that has calls.

    shift: DATE, DATE-NAME or NAME; a name alone means its last day, or goes with since and
    until. Raises InputInvalid.
    """
    dated = DATED.fullmatch(shift.strip()) if shift else None
    if dated and (since or until):
        raise InputInvalid("--shift 已写了日期，不能再用 --since、--until")
    name = dated[2] if dated else shift
    if dated:
        return _day(_date(dated[1]), name, profile)
    if since or until:
        return _stretch(store, profile, name, since, until)
    if name:
        select(profile.places, shifts=(name,))  # refuses one that is none
    last = facts.newest(store, name)
    if last is None or last.started_at is None:
        raise InputInvalid("库里还没有这样的通话：请先 lingsu run")
    for region in profile.places:
        if region.name == last.region and (found := shift_of(last.started_at, region)):
            return _day(found[1], found[0], profile)
    return _day(date.fromisoformat(last.started_at[:10]), last.shift, profile)


def _day(day: date, name: str | None, profile: Profile) -> Period:
    text = day.isoformat()
    chosen = select(profile.places, shifts=(name,) if name else (), since=text, until=text)
    start = datetime.combine(day, datetime.min.time())
    return Period(text, name, chosen, start, DAY, profile)


def _stretch(
    store: Store, profile: Profile, name: str | None, since: str | None, until: str | None
) -> Period:
    """From since to until; what is not given is where the store begins or ends."""
    whole = facts.span(store, name)
    if whole is None:
        raise InputInvalid("库里还没有这样的通话：请先 lingsu run")
    since, until = since or whole[0][:10], until or whole[1][:10]
    shifts = (name,) if name else ()
    chosen = select(profile.places, shifts=shifts, since=since, until=until)
    assert chosen.since is not None and chosen.until is not None
    day = since.replace("T", " ")
    if until != since:
        day = f"{day}–{until.replace('T', ' ')}"
    return Period(day, name, chosen, chosen.since, chosen.until - chosen.since, profile)


def _date(text: str) -> date:
    try:
        return date(*map(int, text.split("-")))
    except ValueError as error:
        raise InputInvalid(f"--shift：{text} 不是日期，请写成 2026-07-14-行政班") from error
