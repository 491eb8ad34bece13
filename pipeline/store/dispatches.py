"""What a dispatcher did with the drafts of a call, as it is kept. Rows are only added.

One row a step; an order without a row is a draft, unless it is a part that was split off,
which begins with one. Which step may follow is workbench/dispatching.py's to say.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import Overtaken
from pipeline.store import audit, reviews
from pipeline.store.connection import explained, now
from pipeline.store.queries import rows_of
from pipeline.store.reviews import Review
from pipeline.store.search import Filters, Key, condition
from pipeline.store.store import Store

DRAFT, SENT, RETURNED, MERGED = STATES = ("draft", "sent", "returned", "merged")
LAST = (  # of each order
    "SELECT * FROM dispatches AS one WHERE id = (SELECT max(id) FROM dispatches AS other"
    " WHERE other.sha256 = one.sha256 AND other.part = one.part)"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one work order of a call."""

    sha256: str
    part: int  # which of the call's orders, from 1
    who: str
    state: str  # one of STATES; draft: split off, or taken back
    code: str | None = None  # why it was returned
    other: str | None = None  # the recording whose order it was merged into
    reason: str | None = None
    at: str = ""  # set by the store


@dataclass(frozen=True, slots=True)
class Draft:
    """A line of the dispatcher's list."""

    key: Key
    sha256: str
    missing: int  # required fields that nobody spoke of
    lacking: tuple[str, ...]  # their labels
    title: str  # of the machine's draft
    department: str | None
    district: str | None
    request_type: str | None
    outcome: str | None
    urgency: str | None
    agent_id: str | None
    numbers: tuple[str, ...]  # digits, to be hidden


def add(
    store: Store,
    sha256: str,
    *steps: Step,
    edits: Sequence[Review] = (),
    origin: str = "",
    seen: str | None = None,
) -> None:
    """Keep steps and edits of one call, all or none, on the disk when this returns.

    seen: the version that the person saw; None: it does not matter.
    Raises Overtaken where somebody saved since.
    """
    with store.transaction(durable=True) as db:
        if seen is not None and (now_is := _version(db, sha256)) != seen:
            raise Overtaken(f"{sha256[:12]}：您打开之后，{_last(db, sha256, now_is, seen)}")
        for one in steps:
            row = (*(one.sha256, one.part, now(), one.who), one.state, one.code, one.other)
            db.execute(
                "INSERT INTO dispatches (sha256, part, at, who, state, code, other, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, one.reason),
            )
            detail = {"call": one.sha256[:8], "part": one.part, "code": one.code}
            if one.other:
                detail["other"] = one.other[:8]
            if origin:
                detail["from"] = origin
            audit.add(db, one.who, f"dispatch.{one.state}", detail)
        reviews.insert(db, *edits, origin=origin)


def version(store: Store, sha256: str) -> str:
    """Changes with each step and each decision on a call."""
    with explained(store.path):
        return _version(store.db, sha256)


def of(store: Store, sha256: str) -> list[Step]:
    """Every step of every order of a call, oldest first."""
    return _steps(rows_of(store, "SELECT * FROM dispatches WHERE sha256 = ?", (sha256,)))


def latest(store: Store, state: str, *, limit: int = 100) -> list[Step]:
    """The orders whose last step led to a state, the newest first."""
    here = "sha256 IN (SELECT sha256 FROM recordings)"
    sql = f"{LAST} AND state = ? AND {here} ORDER BY id DESC LIMIT ?"
    return _steps(rows_of(store, sql, (state, limit)))


def drafts(
    store: Store,
    filters: Filters,
    *,
    outcomes: Sequence[str] = (),
    after: tuple[int, str, int] | None = None,
    limit: int = 50,
) -> list[Draft]:
    """Drafts on which no last word was spoken, those that lack most first, then the newest.

    outcomes: of these alone. after: missing, time and number of the last one seen.
    """
    where, values = condition(filters)
    if outcomes:
        where += " AND outcome IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(list(outcomes)))
    if after is not None:
        where += " AND (missing, started_at, id) < (?, ?, ?)"
        values += after
    rows = rows_of(
        store,
        "SELECT facets.*, caller_number FROM facets INDEXED BY facets_drafts"
        " JOIN (SELECT sha256, caller_number FROM recordings) USING (sha256)"
        f" WHERE title IS NOT NULL AND {where} AND NOT EXISTS (SELECT 1 FROM dispatches AS one"
        " WHERE one.sha256 = facets.sha256 AND one.part = 1 AND one.state <> 'draft' AND id ="
        " (SELECT max(id) FROM dispatches AS o WHERE o.sha256 = facets.sha256 AND o.part = 1))"
        " ORDER BY missing DESC, started_at DESC, id DESC LIMIT ?",
        (*values, limit),
    )
    return [_draft(row) for row in rows]


def titles(store: Store, shas: Sequence[str]) -> dict[str, Draft]:
    """The lines of these calls."""
    rows = rows_of(
        store,
        "SELECT facets.*, caller_number FROM facets"
        " JOIN (SELECT sha256, caller_number FROM recordings) USING (sha256)"
        " WHERE sha256 IN (SELECT value FROM json_each(?))",
        (json.dumps(list(shas)),),
    )
    return {row["sha256"]: _draft(row) for row in rows}


def _draft(row: sqlite3.Row) -> Draft:
    same = ("sha256", "department", "district", "request_type", "outcome", "urgency")
    return Draft(
        key=Key(row["started_at"], row["id"]),
        missing=row["missing"] or 0,
        lacking=tuple(json.loads(row["lacking"] or "[]")),
        title=row["title"] or "",
        agent_id=row["agent_id"],
        numbers=(row["caller_number"] or "", *json.loads(row["phones"] or "[]")),
        **{name: row[name] for name in same},
    )


def _version(db: sqlite3.Connection, sha256: str) -> str:
    (step,) = db.execute(
        "SELECT coalesce(max(id), 0) FROM dispatches WHERE sha256 = ?", (sha256,)
    ).fetchone()
    (review,) = db.execute(reviews.VERSION, (sha256,)).fetchone()
    return f"{step}.{review}"


def _last(db: sqlite3.Connection, sha256: str, is_now: str, seen: str) -> str:
    """Who saved, and when."""
    table = "dispatches" if is_now.split(".")[0] != seen.split(".")[0] else "reviews"
    row = db.execute(
        f"SELECT who, at FROM {table} WHERE sha256 = ? ORDER BY id DESC", (sha256,)
    ).fetchone()
    return f"{row['who']} 在 {row['at'][11:19]} 保存过" if row else "记录已变"


def _steps(rows: Sequence[sqlite3.Row]) -> list[Step]:
    names = ("sha256", "part", "who", "state", "code", "other", "reason", "at")
    return [Step(*(row[name] for name in names)) for row in rows]
