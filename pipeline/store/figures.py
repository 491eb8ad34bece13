"""What is counted over an open store: the summary of a run, and what doctor tells.

Beside queries.py, which gives the calls themselves.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.records import Failure, Recording
from pipeline.store import owner
from pipeline.store.queries import WHOLE, rows_of, whole
from pipeline.store.store import Store

FAILED = "status <> 'ok' AND status = 'failed'"  # the first as a partial index says it


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `exit` is "done", "interrupted", an error's code, "running" or "cut short"."""

    id: int
    started: str
    finished: str | None
    asked: int
    answered: int
    failed: int
    exit: str


def counts(store: Store) -> dict[str, int]:
    """How many rows of each kind there are, and how many valid results of each status."""
    tables = ("recordings", "transcripts", "results", "reviews", "runs", "forgotten")
    found = {
        table: rows_of(store, f"SELECT count(*) FROM {table}", ())[0][0] for table in tables
    }
    by_status = rows_of(store, "SELECT status, count(*) FROM latest GROUP BY 1", ())
    return found | {"ok": 0, "no_speech": 0, "failed": 0} | {s: n for s, n in by_status}


def tally(store: Store, shas: Iterable[str]) -> dict[str, dict[str, int]]:
    """Of these recordings' valid results: how many of each status, outcome, abuse level;
    under "review" how many ask a person to look. A failed call has no outcome, but abuse that
    was found before it failed counts."""
    these = (json.dumps(list(shas)),)
    found: dict[str, dict[str, int]] = {}
    for column in ("status", "outcome", "abuse", "review > 0"):
        rows = rows_of(
            store,
            f"SELECT {column}, count(*) FROM latest WHERE sha256 IN"
            " (SELECT value FROM json_each(?)) AND (? <> 'outcome' OR status <> 'failed')"
            " GROUP BY 1 ORDER BY 2 DESC",
            (*these, column),
        )
        found[column] = {str(value): number for value, number in rows}
    found["review"] = {"1": found.pop("review > 0").get("1", 0)}
    return found


def failed(store: Store, shas: Iterable[str]) -> list[tuple[Recording, Failure]]:
    """Those of the recordings whose valid result is a failure."""
    rows = rows_of(
        store,
        f"{WHOLE} WHERE latest.status = 'failed'"
        " AND latest.sha256 IN (SELECT value FROM json_each(?)) ORDER BY recordings.path",
        (json.dumps(list(shas)),),
    )
    found = map(whole, rows)
    return [(one.call.recording, one.failure) for one in found if one.failure]


def failing(store: Store, *, limit: int) -> list[tuple[Recording, Failure]]:
    """The recordings whose valid result is a failure, the latest failure first."""
    rows = rows_of(
        store,
        f"{WHOLE} WHERE latest.{FAILED} ORDER BY latest.at DESC, latest.id DESC LIMIT ?",
        (limit,),
    )
    found = map(whole, rows)
    return [(one.call.recording, one.failure) for one in found if one.failure]


def size(store: Store) -> dict[str, int]:
    """How many recordings there are, and of how many the valid result is a failure; from
    indices alone, whatever the size of the store."""
    failed = f"SELECT count(*) FROM latest WHERE {FAILED}"
    return {
        "recordings": rows_of(store, "SELECT count(*) FROM recordings", ())[0][0],
        "failed": rows_of(store, failed, ())[0][0],
    }


def last_runs(store: Store, limit: int = 10) -> list[Run]:
    """The newest runs first; one that neither ended nor lives was cut short."""
    rows = rows_of(store, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,))
    return [
        Run(
            id=row["id"],
            started=row["started"],
            finished=row["finished"],
            asked=row["asked"],
            answered=row["answered"],
            failed=row["failed"],
            exit=row["exit"] or ("running" if owner.alive(row["owner"]) else "cut short"),
        )
        for row in rows
    ]
