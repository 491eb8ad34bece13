"""The audit: who did what when. Rows are only added, and each carries the hash of the last.

`verify` finds an edited, removed or inserted row. It cannot find that the newest rows were
cut off, or that somebody who may write the file made the whole chain anew: keep the last hash
elsewhere (docs/operations.md).
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import StoreUnusable
from pipeline.provenance import canonical
from pipeline.store.connection import explained, now
from pipeline.store.store import Store

FIRST = "0" * 64  # what the first row carries
CUT = "audit.cut"  # old rows were removed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; None: whichever."""

    who: str | None = None
    what: str | None = None  # the verb, or its part before the point: "user"
    since: str | None = None  # ISO day or time
    until: str | None = None  # up to this day, or before this time
    before: int | None = None  # rows older than this number


def note(store: Store, who: str, what: str, detail: Mapping[str, object]) -> str:
    """Add a row, on the disk when this returns; gives its hash. detail: no personal data."""
    with store.transaction(durable=True) as db:
        return add(db, who, what, detail)


def add(db: sqlite3.Connection, who: str, what: str, detail: Mapping[str, object]) -> str:
    """The same inside a transaction of the caller's."""
    last = db.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    number, previous = (last["id"] + 1, last["hash"]) if last else (1, FIRST)
    row = (number, now(), who, what, canonical(dict(detail)), previous)
    mark = _hash(row)
    db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, mark))
    return mark


def verify(store: Store) -> tuple[int, str]:
    """The last row's number and its hash. Raises StoreUnusable naming the first wrong row.

    Where old rows were cut off by the retention, the row that says so holds the last one's
    number and hash, from which the chain goes on.
    """
    number, previous = _beginning(store)
    with explained(store.path):
        for row in store.db.execute("SELECT * FROM audit ORDER BY id"):
            number += 1
            whole = row["id"] == number and row["previous"] == previous
            if not whole or row["hash"] != _hash(tuple(row)[:-1]):
                raise StoreUnusable(f"审计记录第 {number} 行被改动或缺失")
            previous = row["hash"]
    return number, previous


def cut(store: Store, before: str, who: str) -> int:
    """Remove the rows from before a moment, as the retention says; gives how many.

    The audit says that it was cut, where, and what the last removed row's hash was.
    """
    verify(store)  # a broken chain must not be made whole by cutting the break off
    with store.transaction(durable=True) as db:
        old = "SELECT id, hash FROM audit WHERE at < ? ORDER BY id DESC LIMIT 1"
        last = db.execute(old, (before,)).fetchone()
        if last is None:
            return 0
        add(db, who, CUT, {"before": before, "through": last["id"], "hash": last["hash"]})
        kept = "SELECT sql FROM sqlite_master WHERE name = 'audit_kept'"
        trigger = db.execute(kept).fetchone()[0]
        db.execute("DROP TRIGGER audit_kept")
        gone = db.execute("DELETE FROM audit WHERE id <= ?", (last["id"],)).rowcount
        db.execute(trigger)
        return gone


def _beginning(store: Store) -> tuple[int, str]:
    """Number and hash of the row before the first one that is there."""
    with explained(store.path):
        newest = "SELECT detail FROM audit WHERE what = ? ORDER BY id DESC LIMIT 1"
        row = store.db.execute(newest, (CUT,)).fetchone()
    if row is None:
        return 0, FIRST
    told = json.loads(row["detail"])
    return told["through"], told["hash"]


def listing(store: Store, wanted: Wanted, *, limit: int) -> list[sqlite3.Row]:
    """The newest rows that are wanted, all columns."""
    until = wanted.until and (f"{wanted.until}~" if len(wanted.until) == 10 else wanted.until)
    sql = (
        "SELECT * FROM audit WHERE (?1 IS NULL OR who = ?1)"
        " AND (?2 IS NULL OR what = ?2 OR (what > ?2 || '.' AND what < ?2 || '/'))"
        " AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4)"
        " AND (?5 IS NULL OR id < ?5) ORDER BY id DESC LIMIT ?6"
    )
    values = (wanted.who, wanted.what, wanted.since, until, wanted.before, limit)
    with explained(store.path):
        return store.db.execute(sql, values).fetchall()


def verbs(store: Store) -> list[str]:
    """What there is in it, by name."""
    with explained(store.path):
        rows = store.db.execute("SELECT DISTINCT what FROM audit ORDER BY 1")
        return [row["what"] for row in rows]


def _hash(row: tuple[object, ...]) -> str:
    return hashlib.sha256(canonical(list(row)).encode()).hexdigest()
