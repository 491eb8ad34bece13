"""What waits for people, read without a transcript: the review queue, and a day's calls.

Beside queries.py, which gives whole results; a page with fifty calls of a queue of thousands
is answered from columns and from the flags alone.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from pipeline.errors import InputInvalid
from pipeline.records import Flag
from pipeline.store import codec
from pipeline.store.connection import explained
from pipeline.store.queries import rows_of
from pipeline.store.reviews import KEPT
from pipeline.store.store import Store

BATCH = 50  # calls whose flags are read together
_CHOSEN = "chosen = (SELECT max(chosen) FROM results AS o WHERE o.sha256 = results.sha256)"
_DECIDED = (
    "SELECT 1 FROM reviews WHERE reviews.sha256 = results.sha256"
    f" AND item = '{{}}' AND what <> 'reject' AND {KEPT}"
)
_HINTED = (
    "EXISTS (SELECT 1 FROM facets WHERE facets.sha256 = results.sha256"
    " AND instr(flags, 'possible_danger') > 0)"
)
# the level of abuse as long as nobody has decided on it; possible: a threat, not said outright
_ASKING = (
    "SELECT id, sha256, urgency, review,"
    f" CASE WHEN EXISTS ({_DECIDED.format('abuse')}) THEN 'none'"
    f" WHEN abuse <> 'none' THEN abuse WHEN {_HINTED} THEN 'possible' ELSE 'none' END AS level"
    " FROM results"
    f" WHERE review > 0 AND {_CHOSEN} AND NOT EXISTS ({_DECIDED.format('')})"
)
_ORDER = (
    "level = 'threat' DESC, level = 'possible' DESC, level = 'severe' DESC,"
    " level = 'mild' DESC, urgency = '特急' DESC, review DESC, id"
)
# the least certain of its decisions; 0 where the words themselves are unsure
_CERTAINTY = (
    "(SELECT min(coalesce(json_extract(result, '$.call.' || value || '.confidence'), 1.0))"
    ' FROM json_each(\'["request_type","scope","urgency","departments[0]"]\'))'
    " * NOT EXISTS (SELECT 1 FROM json_each(result, '$.call.flags')"
    " WHERE json_extract(value, '$.item') = 'low_confidence')"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A call that a person must see."""

    sha256: str
    level: str  # of abuse that nobody has decided on: threat, severe, mild, none
    urgency: str | None
    started_at: str | None
    agent_id: str | None
    caller_number: str | None  # digits
    seconds: float
    hidden: tuple[str, ...]  # numbers and names that its words must not show
    flags: tuple[Flag, ...]  # those that ask a person, alerts first


@dataclass(frozen=True, slots=True)
class Judged:
    """A call of a day, as far as drawing a sample needs it."""

    sha256: str
    agent_id: str | None
    started_at: str
    seconds: float
    certainty: float  # 0..1; of what the machine is least sure of


def asking(store: Store, *, abusive: bool) -> Iterator[Asking]:
    """The calls that ask a person, worst first: threats, insults, then emergencies and those
    with the most flags, as they were judged; without those that somebody confirmed as a whole.

    abusive: those with abuse to decide on, or the others.
    """
    first = f"SELECT * FROM ({_ASKING}) WHERE (level <> 'none') = ? ORDER BY {_ORDER}"
    sql = (
        "SELECT asking.*, started_at, agent_id, caller_number, seconds,"
        " (SELECT phones FROM facets WHERE facets.sha256 = asking.sha256) AS phones"
        f" FROM ({first} LIMIT {BATCH} OFFSET ?) AS asking JOIN recordings USING (sha256)"
        f" ORDER BY {_ORDER}"
    )
    for offset in count(0, BATCH):
        rows = rows_of(store, sql, (abusive, offset))
        flags = _flags(store, [row["id"] for row in rows])
        yield from (_asking(row, flags[row["id"]]) for row in rows)
        if len(rows) < BATCH:
            return


def count_abusive(store: Store) -> int:
    """How many calls have abuse that nobody has decided on."""
    sql = f"SELECT count(*) FROM ({_ASKING}) WHERE level <> 'none'"
    return rows_of(store, sql, ())[0][0]


def calls_of(store: Store, day: str) -> list[Judged]:
    """The judged calls of a day (2026-07-14) that hold words. Raises InputInvalid."""
    if len(day) != 10 or not day.replace("-", "").isdecimal():
        raise InputInvalid(f"{day}：日期请写成 2026-07-14")
    rows = rows_of(
        store,
        "SELECT recordings.sha256, agent_id, recordings.started_at, seconds,"
        f" {_CERTAINTY} AS certainty FROM recordings JOIN latest USING (sha256)"
        " WHERE recordings.started_at >= ? AND recordings.started_at < ?"
        " AND latest.status = 'ok' ORDER BY recordings.started_at, recordings.sha256",
        (day, day + "U"),  # after any time of that day: "T" comes before "U"
    )
    return [Judged(*row) for row in rows]


def last_day(store: Store) -> str | None:
    """The day of the newest call; None: no call has a time."""
    row = rows_of(store, "SELECT max(started_at) FROM recordings", ())[0]
    return row[0][:10] if row[0] else None


def _flags(store: Store, ids: Sequence[int]) -> dict[int, tuple[Flag, ...]]:
    sql = (
        "SELECT id, json_extract(result, '$.call.flags') FROM results"
        " WHERE id IN (SELECT value FROM json_each(?))"
    )
    with explained(store.path):
        rows = store.db.execute(sql, (json.dumps(ids),)).fetchall()
    return {number: codec.read_flags(text) for number, text in rows}


def _asking(row: sqlite3.Row, flags: tuple[Flag, ...]) -> Asking:
    wanting = [flag for flag in flags if flag.severity != "info"]
    return Asking(
        sha256=row["sha256"],
        level=row["level"],
        urgency=row["urgency"],
        started_at=row["started_at"],
        agent_id=row["agent_id"],
        caller_number=row["caller_number"],
        seconds=row["seconds"],
        hidden=tuple(json.loads(row["phones"] or "[]")),
        flags=tuple(sorted(wanting, key=lambda flag: flag.severity != "alert")),
    )
