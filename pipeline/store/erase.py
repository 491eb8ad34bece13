"""Forgetting: what a caller said leaves the file for good, and a line in the audit stays.

Overwritten (secure_delete), taken out of the search index, and out of the write-ahead log;
reports that show the call, and what was made of its sound for listening, go as well.
expire.py does it by age and class. The sound files themselves are the recorder's; nothing
here deletes them.
"""

import json
import sqlite3

from pipeline.errors import InputInvalid
from pipeline.listening.cache import SoundCache
from pipeline.store import audit, queries, reports
from pipeline.store.connection import explained, now
from pipeline.store.store import Store


def forget(
    store: Store, prefix: str | None = None, *, older_than: str | None = None, who: str = ""
) -> int:
    """Erase one recording by the beginning of its SHA-256, or all from before a moment.

    older_than: ISO local date or time; where a call has no time, when it was first seen.
    Returns how many were erased. Raises InputInvalid when there is none of that prefix.
    """
    if (prefix is None) == (older_than is None):
        raise InputInvalid("请给出录音编号，或用 --older-than 给出日期，二者选一")
    if prefix is not None:
        shas = [queries.full_id(store, prefix)]
    else:
        with explained(store.path):
            rows = store.db.execute(
                "SELECT sha256 FROM recordings WHERE coalesce(started_at, first_seen) < ?",
                (older_than,),
            )
            shas = [row["sha256"] for row in rows]
    if shas:
        erase(store, shas, {"calls": len(shas), "older_than": older_than}, who)
    return len(shas)


def erase(store: Store, shas: list[str], detail: dict[str, object], who: str) -> None:
    """Erase these recordings with everything that was made of them. detail: for the audit."""
    reports.erase(store, shas)
    these = (json.dumps(shas),)
    chosen = "WHERE sha256 IN (SELECT value FROM json_each(?))"
    with store.transaction(durable=True) as db:
        db.execute(f"DELETE FROM recordings {chosen}", these)  # the rest follows by its key
        db.execute(f"UPDATE reviews SET old = NULL, new = NULL, reason = NULL {chosen}", these)
        db.execute(f"UPDATE appeals SET reason = NULL {chosen}", these)
        db.execute(f"UPDATE dispatches SET reason = NULL {chosen}", these)
        db.execute(f"DELETE FROM claims {chosen}", these)
        db.executemany(
            "INSERT OR REPLACE INTO forgotten VALUES (?, ?)", [(sha, now()) for sha in shas]
        )
        merge_terms(db)
        audit.add(db, who, "forget", detail)
    SoundCache(store.path).erase(shas)
    overwrite(store)


def merge_terms(db: sqlite3.Connection) -> None:
    """Let no deleted term stay in the search index, where its segment would keep it."""
    db.execute("INSERT INTO spoken (spoken) VALUES ('optimize')")


def overwrite(store: Store) -> None:
    """Let nothing deleted stay in free pages and in the write-ahead log."""
    with explained(store.path):
        store.db.execute("PRAGMA incremental_vacuum").fetchall()
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
