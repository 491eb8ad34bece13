"""What can be asked of an open store: exports, reports and `show` read through here.

Every result comes back whole, with its turns and with the metadata as last completed. Counts
are in figures.py, searching in search.py.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from pipeline.domain.schema import Region
from pipeline.errors import InputInvalid
from pipeline.records import Call, CallResult
from pipeline.shifts import Selection
from pipeline.store import codec
from pipeline.store.connection import explained
from pipeline.store.reviews import KEPT
from pipeline.store.store import Store

ALL = Selection()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a recording has come under the keys of a run."""

    heard: bool = False  # its transcript is there
    status: str | None = None  # of its result; None: there is none for today's metadata
    retryable: bool = False
    forgotten: bool = False  # erased on request


def standing(
    store: Store, shas: Iterable[str], hear_key: str, judge_key: str
) -> dict[str, Standing]:
    """How far each of the recordings has come."""
    rows = rows_of(
        store,
        "SELECT value, t.id, r.status, r.retryable, r.digest = recordings.digest, f.at"
        " FROM json_each(?)"
        " LEFT JOIN recordings ON recordings.sha256 = value"
        " LEFT JOIN transcripts t ON t.sha256 = value AND t.hear_key = ?"
        " LEFT JOIN results r ON r.sha256 = value AND r.hear_key = ? AND r.judge_key = ?"
        " LEFT JOIN forgotten f ON f.sha256 = value",
        (json.dumps(list(shas)), hear_key, hear_key, judge_key),
    )
    return {
        sha: Standing(
            heard is not None, status if same else None, bool(retryable), gone is not None
        )
        for sha, heard, status, retryable, same, gone in rows
    }


def heard_call(store: Store, sha256: str, hear_key: str) -> Call:
    """A call as HEAR left it. Raises InputInvalid when it has no such transcript."""
    row = row_of(
        store,
        "SELECT recordings.*, call FROM recordings JOIN transcripts USING (sha256)"
        " WHERE sha256 = ? AND hear_key = ?",
        (sha256, hear_key),
    )
    if row is None:
        raise InputInvalid(f"{sha256[:8]}：没有转写结果")
    return codec.read_call(codec.read_recording(row), row["call"])


def transcripts(
    store: Store, chosen: Selection = ALL, places: Sequence[Region] = ()
) -> list[tuple[str, str]]:
    """SHA-256 and hear_key of each chosen recording's newest transcript."""
    where, values = about(chosen)
    rows = rows_of(
        store,
        "SELECT recordings.*, hear_key, max(transcripts.id) FROM recordings"
        f" JOIN transcripts USING (sha256) WHERE {where}"
        " GROUP BY recordings.sha256 ORDER BY recordings.started_at, recordings.sha256",
        values,
    )
    return [
        (row["sha256"], row["hear_key"])
        for row in rows
        if chosen.takes(codec.read_metadata(row["metadata"]), places)
    ]


WHOLE = (
    "SELECT recordings.*, latest.result, transcripts.call FROM latest"
    " JOIN recordings USING (sha256)"
    " LEFT JOIN transcripts USING (sha256, hear_key)"
)


def results(
    store: Store,
    chosen: Selection = ALL,
    places: Sequence[Region] = (),
    *,
    status: str | None = None,
) -> Iterator[CallResult]:
    """The valid result of each chosen recording, in the order of their time.

    places: the profile's, which a choice by shift and day needs.
    status: ok, no_speech or failed; None: any.
    """
    where, values = about(chosen)
    sql = (
        f"{WHOLE} WHERE {where} AND (? IS NULL OR latest.status = ?)"
        " ORDER BY recordings.started_at, recordings.sha256"
    )
    with explained(store.path):
        for row in store.db.execute(sql, (*values, status, status)):
            if chosen.takes(codec.read_metadata(row["metadata"]), places):
                yield whole(row)


def about(chosen: Selection, table: str = "recordings") -> tuple[str, list[str]]:
    """SQL that spares reading most of what Selection.takes would refuse, and its values.

    table: recordings, or facets, which has the same columns.
    """
    parts, values = ["1"], []
    if chosen.since is not None:
        parts.append(f"{table}.started_at >= ?")
        values.append(chosen.since.isoformat())
    if chosen.until is not None:
        # a night shift's small hours count for the day before
        margin = timedelta(days=1 if chosen.by_day and chosen.shifts else 0)
        parts.append(f"{table}.started_at < ?")
        values.append((chosen.until + margin).isoformat())
    for column, wanted in (("agent_id", chosen.agents), ("shift", chosen.shifts)):
        if wanted:
            parts.append(f"{table}.{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(wanted))
    return " AND ".join(parts), values


def result(store: Store, prefix: str) -> CallResult:
    """The valid result of one recording, by the beginning of its SHA-256.

    Raises InputInvalid when there is none, or more than one.
    """
    row = row_of(store, f"{WHOLE} WHERE recordings.sha256 = ?", (full_id(store, prefix),))
    if row is None:
        raise InputInvalid(f"{prefix}：已登记，但还没有处理结果")
    return whole(row)


def full_id(store: Store, said: str) -> str:
    """The SHA-256 that begins so, or of the call that the exchange calls so.

    Raises InputInvalid when there is none or several.
    """
    said = said.strip()
    prefix = said.lower()
    rows = rows_of(
        store,
        "SELECT sha256 FROM recordings WHERE sha256 >= ? AND sha256 < ? ORDER BY 1 LIMIT 4",
        (prefix, prefix + "g"),
    )
    if not prefix or not set(prefix) <= set("0123456789abcdef"):
        rows = []
    rows = rows or rows_of(
        store,
        "SELECT sha256 FROM recordings WHERE json_extract(metadata, '$.call_id') = ?"
        " ORDER BY 1 LIMIT 4",
        (said,),
    )
    if not rows:
        raise InputInvalid(f"{said}：没有这通录音；请写列表里编号的前几位，或整个话务编号")
    if len(rows) > 1:
        some = "、".join(row["sha256"][: max(12, len(prefix) + 4)] for row in rows)
        raise InputInvalid(f"{said}：不止一通，请多写几位：{some}")
    return rows[0]["sha256"]


def names(store: Store, sha256: str) -> tuple[str, ...]:
    """Every path that the recording's bytes were found under."""
    rows = rows_of(store, "SELECT name FROM names WHERE sha256 = ? ORDER BY 1", (sha256,))
    return tuple(codec.restored(row["name"]) for row in rows)


def forgotten(store: Store, shas: Iterable[str]) -> set[str]:
    """Those of the recordings that were erased on request."""
    sql = "SELECT sha256 FROM forgotten WHERE sha256 IN (SELECT value FROM json_each(?))"
    return {row["sha256"] for row in rows_of(store, sql, (json.dumps(list(shas)),))}


def pressing(
    store: Store,
    shas: Iterable[str] | None = None,
    *,
    since: str | None = None,
    limit: int = 10,
) -> list[CallResult]:
    """The first calls of `waiting`. shas: of these recordings; None: of all. since: only
    results made at or after this moment."""
    return list(islice(waiting(store, shas, since=since), limit))


def waiting(
    store: Store, shas: Iterable[str] | None = None, *, since: str | None = None
) -> Iterator[CallResult]:
    """The calls that a person must see, first threats, emergencies, insults, most flags;
    without those that somebody confirmed as a whole. Arguments as above."""
    sql = (
        f"{WHOLE} WHERE review > 0 AND latest.at >= ?"
        " AND (? IS NULL OR latest.sha256 IN (SELECT value FROM json_each(?)))"
        " AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.sha256 = latest.sha256"
        f" AND item = '' AND {KEPT})"
        " ORDER BY abuse = 'threat' DESC, urgency = '特急' DESC, abuse = 'severe' DESC,"
        " review DESC, recordings.started_at, recordings.sha256"
    )
    these = None if shas is None else json.dumps(list(shas))
    with explained(store.path):
        for row in store.db.execute(sql, (since or "", these, these)):
            yield whole(row)


def seconds(store: Store, shas: Iterable[str]) -> float:
    """Length of these recordings together."""
    sql = (
        "SELECT coalesce(sum(seconds), 0) FROM recordings"
        " WHERE sha256 IN (SELECT value FROM json_each(?))"
    )
    return rows_of(store, sql, (json.dumps(list(shas)),))[0][0]


def whole(row: sqlite3.Row) -> CallResult:
    """The result that a row of WHOLE is."""
    return codec.read_result(codec.read_recording(row), row["result"], row["call"])


def rows_of(store: Store, sql: str, values: Iterable[object]) -> list[sqlite3.Row]:
    """All rows of a question. Raises StoreUnusable."""
    with explained(store.path):
        return store.db.execute(sql, tuple(values)).fetchall()


def row_of(store: Store, sql: str, values: Iterable[object]) -> sqlite3.Row | None:
    """The first row of a question, if there is one. Raises StoreUnusable."""
    with explained(store.path):
        return store.db.execute(sql, tuple(values)).fetchone()
