"""What the shift lead's dashboard shows: the columns in memory in the views of the report.

Only the words of suggestions and the places of hot spots are read from the store.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.records import UNSAID
from pipeline.redact import mask
from pipeline.shiftreport import views
from pipeline.shiftreport.figures import DECLINED, Comparison
from pipeline.shiftreport.hotspots import LEAST, HotSpot, Sites, hot_spots
from pipeline.shiftreport.views import Words
from pipeline.store.queries import rows_of
from pipeline.store.store import Store
from pipeline.workbench.columns import EPOCH, KEYS, Rows, Table
from pipeline.workbench.windows import Window, earlier, neighbours, read_day, window

SIDES = ("shift", "agent_id", "department", "region", "district")  # what may be chosen by
SPOTS, IDEAS, LINES = 12, 12, 15
COMPARED_BY = ("shift", "agent_id", "department", "district")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dashboard is asked for."""

    kind: str = "day"
    day: str = ""  # "": the last one that has calls
    chosen: tuple[tuple[str, str], ...] = ()  # of SIDES, with values


@dataclass(frozen=True, slots=True)
class Part:
    """The calls of one shift, agent, unit or district."""

    name: str
    label: str
    calls: int
    declined: int
    abusive: int
    to_review: int
    bar: float  # 0..100, against the largest


@dataclass(frozen=True, slots=True)
class Idea:
    """A suggestion of a caller."""

    sha256: str
    started_at: str
    domain: str
    title: str
    sentence: str


def window_of(table: Table, asked: Asked, profile: Profile) -> Window:
    """The stretch that is asked for. Raises InputInvalid."""
    day = read_day(asked.day) if asked.day else last_day(table)
    return window(asked.kind, day, dict(asked.chosen).get("shift"), profile.places)


def last_day(table: Table) -> date:
    """The day of the newest call; today's where there is none."""
    if len(table.at) and table.at[-1] >= 0:
        return (EPOCH + timedelta(seconds=int(table.at[-1]))).date()
    return date.today()


def figures(table: Table, now: Window, asked: Asked, words: Words) -> dict[str, Any]:
    """The figures of a stretch beside those before it."""
    before = earlier(now, words.profile.places)
    rows = table.chosen(before[0].start, now.until, *asked.chosen)
    key = ("figures", now, asked.chosen, words.lang)
    return table.once(rows, key, lambda: _shown(table, now, before, asked, words))


def _shown(
    table: Table, now: Window, windows: list[Window], asked: Asked, words: Words
) -> dict[str, Any]:
    before = [(one.label, _figures(table, one, asked)) for one in windows]
    known = [(label, made) for label, made in before if made.calls]
    found = Comparison(
        _figures(table, now, asked),
        tuple(made for _, made in known),
        tuple(label for label, _ in known),
    )
    period = now.period(words.profile)
    charts = views.charts(found, period, words)
    charts["trend"]["labels"][-1] = now.label
    back, on = neighbours(now, words.profile.places)
    return {
        "now": found.now,
        "window": now,
        "back": back.first.isoformat(),
        "on": on.first.isoformat(),
        "hours": period.hours,
        "labels": found.labels,
        "headlines": views.headlines(found, words),
        "groups": views.groups(found, words),
        "service": views.service(found, words) if found.now.calls else [],
        "load": views.load(found, words),
        "charts": charts,
        "spark": views.SPARK,
        "parts": parts(table, now, asked, words),
    }


def parts(table: Table, now: Window, asked: Asked, words: Words) -> list[dict[str, Any]]:
    """The calls of a stretch by each side, those with most calls first."""
    rows = table.chosen(now.start, now.until, *asked.chosen)
    found = []
    for side in COMPARED_BY:
        lines = _parts(table, side, rows, words)
        if lines:
            more = max(0, len(lines) - LINES)
            found.append({"side": side, "lines": lines[:LINES], "more": more})
    return found


def choices(table: Table) -> dict[str, list[str]]:
    """What may be chosen by, with the values that calls have."""
    return {side: sorted(name for name in table.names[side].listed if name) for side in SIDES}


def ideas(store: Store, table: Table, now: Window, asked: Asked) -> list[Idea]:
    """The newest suggestions of a stretch, by their matter."""
    rows = table.chosen(now.start, now.until, *asked.chosen)
    numbers = table.ids[rows[table.suggesting(rows)][-IDEAS:]]
    found = rows_of(
        store,
        "SELECT facets.sha256, facets.started_at, domain, title, phones, caller_number,"
        " json_extract(result, '$.call.ticket.summary') AS summary,"
        " (SELECT json_extract(value, '$.value') FROM json_each(result, '$.call.ticket.fields')"
        " WHERE json_extract(value, '$.key') = 'purpose') AS purpose"
        " FROM facets JOIN recordings USING (sha256) JOIN latest USING (sha256)"
        " WHERE facets.id IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers.tolist()),),
    )
    return sorted(map(_idea, found), key=lambda one: (one.domain, one.started_at, one.sha256))


def spots(
    store: Store, table: Table, now: Window, asked: Asked, profile: Profile
) -> tuple[list[HotSpot], int]:
    """Where one matter was told of more than once, and how many such places there are; the
    `calls` of a spot are SHA-256."""
    rows = table.chosen(now.start, now.until, *asked.chosen)
    key = ("spots", now, asked.chosen)
    return table.once(rows, key, lambda: _spots(store, table, rows, profile))


def _spots(
    store: Store, table: Table, rows: Rows, profile: Profile
) -> tuple[list[HotSpot], int]:
    """Counted over the columns; only the calls of the largest are read from the store."""
    site, domains = Sites(profile), table.keys[rows, KEYS.index("domain")]
    told: dict[Any, list[int]] = defaultdict(list)
    for row, domain, places in zip(rows, domains, table.places[rows], strict=True):
        if domain:
            for sound in {found[1] for place in places if (found := site(place))}:
                told[sound, domain].append(row)
    groups = sorted((one for one in told.values() if len(one) >= LEAST), key=len)
    chosen = sorted({row for one in groups[-4 * SPOTS :] for row in one})
    return hot_spots(_placed(store, table.ids[chosen].tolist()), profile)[:SPOTS], len(groups)


def _placed(store: Store, numbers: list[int]) -> list[dict[str, Any]]:
    """What hot spots are made of, of these calls by time."""
    found = rows_of(
        store,
        "SELECT sha256, facets.started_at, domain, places, caller_number"
        " FROM facets JOIN recordings USING (sha256)"
        " WHERE facets.id IN (SELECT value FROM json_each(?)) ORDER BY facets.started_at, id",
        (json.dumps(numbers),),
    )
    return [
        {
            "sha256": row["sha256"],
            "call_id": row["sha256"],
            "domain": row["domain"],
            "started_at": row["started_at"].replace("T", " "),
            "caller_number": row["caller_number"],
            "entities": {"place": json.loads(row["places"])},
        }
        for row in found
    ]


def _figures(table: Table, one: Window, asked: Asked) -> Any:
    return table.figures(one.start, one.until, *asked.chosen)


def _parts(table: Table, side: str, rows: Rows, words: Words) -> list[Part]:
    counts = table.counter(side, rows)
    declined = table.counter(side, rows[table.having("outcome", rows, *DECLINED)])
    calm = table.counter(side, rows[table.having("abuse", rows, "none")])
    waiting = table.counter(side, rows[table.asking(rows)])
    most = max(counts.values(), default=1)
    name = words.unit if side == "department" else words.t
    return [
        Part(
            key,
            name(key),
            count,
            declined[key],
            count - calm[key],
            waiting[key],
            round(100 * count / most, 1),
        )
        for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _idea(row: Any) -> Idea:
    known: Sequence[str] = [row["caller_number"] or "", *json.loads(row["phones"] or "[]")]
    purpose = row["purpose"]
    said = row["summary"] if purpose in (None, UNSAID) else purpose
    return Idea(
        row["sha256"],
        row["started_at"].replace("T", " ")[:16],
        row["domain"] or "",
        mask(row["title"] or "", known),
        mask(said or "", known),
    )
