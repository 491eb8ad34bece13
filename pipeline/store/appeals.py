"""Appeals (申诉) of agents against QA items, as they are kept. Rows are only added.

One row a step: filed, then upheld, rejected or withdrawn; then it may be filed again. Which
step may follow is pipeline/appealing.py's to say, the table only keeps them.
"""

import sqlite3
from dataclasses import dataclass

from pipeline.errors import InputInvalid
from pipeline.store import audit, reviews
from pipeline.store.connection import explained, now
from pipeline.store.reviews import Review
from pipeline.store.store import Store

OPEN = "filed"
ANSWERS = ("upheld", "rejected")
STATES = (OPEN, *ANSWERS, "withdrawn")


@dataclass(frozen=True, slots=True)
class Appeal:
    """One step of an appeal against one QA item of a call."""

    sha256: str
    item: str  # of qa.toml, as "greeting"
    who: str
    state: str  # one of STATES
    against: str  # the verdict that stood when it was filed
    reason: str | None = None
    at: str = ""  # set by the store


def add(store: Store, step: Appeal, *, follows: str | None, review: Review | None) -> None:
    """Keep a step, and the decision that goes with it, all or none, on the disk on return.

    follows: the state that it was decided on; another one in the meantime raises InputInvalid.
    """
    with store.transaction(durable=True) as db:
        if _state(db, step.sha256, step.item) != follows:
            raise InputInvalid("这件申诉刚刚有了新进展，请重新查看后再办")
        db.execute(
            "INSERT INTO appeals (sha256, item, at, who, state, against, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (step.sha256, step.item, now(), step.who, step.state, step.against, step.reason),
        )
        detail = {"call": step.sha256[:8], "item": step.item}
        audit.add(db, step.who, f"appeal.{step.state}", detail)
        if review is not None:
            reviews.insert(db, review)


def of(store: Store, sha256: str) -> list[Appeal]:
    """Every step of every appeal of a call, oldest first."""
    return _read(store, "sha256 = ?", sha256)


def latest(
    store: Store, *, state: str | None = None, sha256: str | None = None
) -> list[Appeal]:
    """The last step of each appeal on a call that is still stored, oldest first.

    state, sha256: only those in this state, of this recording.
    """
    newest = "id IN (SELECT max(id) FROM appeals GROUP BY sha256, item)"
    here = "sha256 IN (SELECT sha256 FROM recordings)"
    these = "(? IS NULL OR state = ?) AND (? IS NULL OR sha256 = ?)"
    values = (state, state, sha256, sha256)
    return _read(store, f"{newest} AND {here} AND {these}", *values)


def by_call(store: Store, sha256: str | None = None) -> dict[str, list[Appeal]]:
    """Recording -> the last step of each of its appeals. sha256: of this recording alone."""
    found: dict[str, list[Appeal]] = {}
    for one in latest(store, sha256=sha256):
        found.setdefault(one.sha256, []).append(one)
    return found


def _state(db: sqlite3.Connection, sha256: str, item: str) -> str | None:
    row = db.execute(
        "SELECT state FROM appeals WHERE sha256 = ? AND item = ? ORDER BY id DESC LIMIT 1",
        (sha256, item),
    ).fetchone()
    return row["state"] if row else None


def _read(store: Store, where: str, *values: str | None) -> list[Appeal]:
    columns = "sha256, item, who, state, against, reason, at"
    with explained(store.path):
        rows = store.db.execute(
            f"SELECT {columns} FROM appeals WHERE {where} ORDER BY id", values
        ).fetchall()
    return [Appeal(*row) for row in rows]
