"""The audit: who did what when. Rows are only added, and each carries the hash of the last.

`verify` finds an edited, removed or inserted row. It cannot find that the newest rows were
cut off, or that somebody who may write the file made the whole chain anew: keep the last hash
elsewhere (docs/operations.md).
"""

import hashlib
import sqlite3
from collections.abc import Mapping

from pipeline.errors import StoreUnusable
from pipeline.provenance import canonical
from pipeline.store.connection import explained, now
from pipeline.store.store import Store

FIRST = "0" * 64  # what the first row carries


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
    """Number of rows and the last hash. Raises StoreUnusable naming the first wrong row."""
    previous, number = FIRST, 0
    with explained(store.path):
        for row in store.db.execute("SELECT * FROM audit ORDER BY id"):
            number += 1
            whole = row["id"] == number and row["previous"] == previous
            if not whole or row["hash"] != _hash(tuple(row)[:-1]):
                raise StoreUnusable(f"审计记录第 {number} 行被改动或缺失")
            previous = row["hash"]
    return number, previous


def _hash(row: tuple[object, ...]) -> str:
    return hashlib.sha256(canonical(list(row)).encode()).hexdigest()
