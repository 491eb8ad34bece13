"""Finding calls by what was said in them and by what they are: full text and filters.

The index gives calls, newest first; the turns of those are then read, with numbers hidden as
they will be shown, and a call counts where the words stand in one turn. So a hidden number
cannot be found out by searching for it.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.errors import InputInvalid
from pipeline.people import spellings
from pipeline.redact import mask
from pipeline.store import grams
from pipeline.store.connection import explained
from pipeline.store.queries import rows_of
from pipeline.store.store import Store

BATCH = 20  # calls whose turns are read together
SCANNED = 4_000  # calls looked through for one page, where the words hardly ever stand together
# Words that few calls hold: those calls, sorted. Words of more: all calls in their order, those
# of the index picked out. Words that so many hold: the calls in their order are simply read.
FEW, MANY = 1_000, 10_000
SHOWN = 4  # turns of a call with hits; how many more there are is counted
# what a call may be chosen by: name -> column of facets
EQUAL = {
    name: name
    for name in ("shift", "region", "agent_id", "department", "district", "request_type")
} | {"outcome": "outcome", "urgency": "urgency", "abuse": "abuse"}


class Key(NamedTuple):
    """Where a page ends: calls are ordered by time and number, newest first."""

    started_at: str
    id: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which calls; None and "": any."""

    since: str | None = None  # ISO local times, `until` exclusive
    until: str | None = None
    shift: str | None = None
    region: str | None = None
    agent_id: str | None = None
    department: str | None = None
    district: str | None = None
    request_type: str | None = None
    outcome: str | None = None
    urgency: str | None = None
    abuse: str | None = None  # a level, or "any"
    flag: str | None = None  # an item that asks a person to look


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that holds the words; numbers are hidden."""

    turn: int
    start: float  # seconds, of the turn
    speaker: str
    text: str
    marks: tuple[tuple[int, int], ...]  # where in the text; empty: nothing was searched for


@dataclass(frozen=True, slots=True)
class Found:
    """A call with its first hits."""

    key: Key
    sha256: str
    agent_id: str | None
    shift: str | None
    district: str | None
    department: str | None
    request_type: str | None
    outcome: str | None
    abuse: str | None
    seconds: float
    title: str  # of the draft ticket, numbers hidden; "": there is none
    hits: tuple[Hit, ...] = ()
    more: int = 0  # hits that are not listed


@dataclass(frozen=True, slots=True)
class Page:
    """Calls, and from where to go on; None: there are no more."""

    calls: tuple[Found, ...]
    after: Key | None


def search(
    store: Store,
    text: str,
    filters: Filters = Filters(),
    *,
    after: Key | None = None,
    limit: int = 20,
) -> Page:
    """The calls that hold the words, newest first; without words, all that the filters let
    through. Raises InputInvalid where nothing of the words can be searched for."""
    text = text.strip()
    if text and not grams.plain(text):
        raise InputInvalid("请写出要查找的字词")
    wanted = grams.pattern(text) if text else None
    calls: list[Found] = []
    seen, last = 0, after
    for batch in _candidates(store, text, filters, after):
        for one in _read(store, batch, wanted):
            if wanted is None or one.hits:
                if len(calls) == limit:
                    return Page(tuple(calls), last)
                calls.append(one)
            seen, last = seen + 1, one.key
    return Page(tuple(calls), last if seen == SCANNED else None)


def _candidates(
    store: Store, text: str, filters: Filters, after: Key | None
) -> Iterator[list[sqlite3.Row]]:
    """What the index and the filters let through, newest first, a few at a time."""
    where, values = condition(filters)
    if after is not None:
        where += " AND (started_at, id) < (?, ?)"
        values += after
    if text:
        held = "SELECT rowid FROM spoken WHERE spoken MATCH ?"
        asked = grams.matching(text)
        sql = f"SELECT count(*) FROM ({held} LIMIT ?)"
        count = rows_of(store, sql, (asked, MANY + 1))[0][0]
        if count <= MANY:  # a sign before a column keeps SQLite from sorting them all
            where += f" AND {'' if count <= FEW else '+'}id IN ({held})"
            values.append(asked)
    sql = f"SELECT * FROM facets WHERE {where} ORDER BY started_at DESC, id DESC LIMIT ?"
    with explained(store.path):
        rows = store.db.execute(sql, (*values, SCANNED))
        while batch := rows.fetchmany(BATCH):
            yield batch


def condition(filters: Filters) -> tuple[str, list[object]]:
    """SQL over a row of facets, and its values."""
    parts: list[str] = ["status IS NOT NULL"]
    values: list[object] = []
    for mark, moment in ((">=", filters.since), ("<", filters.until)):
        if moment:
            parts.append(f"started_at {mark} ?")
            values.append(moment)
    for name, column in EQUAL.items():
        value = getattr(filters, name)
        if name == "abuse" and value == "any":
            parts.append("abuse <> 'none'")
        elif value:
            parts.append(f"{column} = ?")
            values.append(value)
    if filters.flag:
        parts.append(
            "EXISTS (SELECT 1 FROM json_each(flags) WHERE json_extract(value, '$[0]') = ?"
            " AND json_extract(value, '$[2]') <> 'info')"
        )
        values.append(filters.flag)
    return " AND ".join(parts), values


def _read(
    store: Store, batch: Sequence[sqlite3.Row], wanted: re.Pattern[str] | None
) -> Iterator[Found]:
    numbers = _callers(store, [row["sha256"] for row in batch])
    turns: dict[str, list[sqlite3.Row]] = {}
    if wanted is not None:
        for row in rows_of(
            store,
            "SELECT sha256, turn, start, speaker, text FROM turns"
            " WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY sha256, turn",
            (json.dumps([row["sha256"] for row in batch]),),
        ):
            turns.setdefault(row["sha256"], []).append(row)
    for row in batch:
        known = [numbers[row["sha256"]] or "", *json.loads(row["phones"] or "[]")]
        hits = [
            hit for turn in turns.get(row["sha256"], ()) if (hit := _hit(turn, wanted, known))
        ]
        yield Found(
            key=Key(row["started_at"], row["id"]),
            title=mask(row["title"] or "", known),
            hits=tuple(hits[:SHOWN]),
            more=max(0, len(hits) - SHOWN),
            **{name: row[name] for name in _SAME},
        )


_SAME = (
    *("sha256", "agent_id", "shift", "district", "department"),
    *("request_type", "outcome", "abuse", "seconds"),
)


def _hit(turn: sqlite3.Row, wanted: re.Pattern[str] | None, known: list[str]) -> Hit | None:
    if wanted is None or not wanted.search(turn["text"]):
        return None
    text = mask(turn["text"], (*known, *spellings(known, [turn["text"]])))
    marks = tuple(match.span() for match in wanted.finditer(text))
    return Hit(turn["turn"], turn["start"], turn["speaker"], text, marks) if marks else None


def _callers(store: Store, shas: Sequence[str]) -> dict[str, str | None]:
    rows = rows_of(
        store,
        "SELECT sha256, caller_number FROM recordings"
        " WHERE sha256 IN (SELECT value FROM json_each(?))",
        (json.dumps(list(shas)),),
    )
    return {row["sha256"]: row["caller_number"] for row in rows}
