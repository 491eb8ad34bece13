"""What was sent of each draft work order to which system, and what it answered.

pipeline/push/ sends; here is only SQL. A row stands before the order leaves, so that a run
that is killed is known to have sent something whose answer nobody saw.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.store import owner
from pipeline.store.connection import now
from pipeline.store.dispatches import LAST, SENT
from pipeline.store.queries import rows_of
from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class Push:
    """One version of an order and one system."""

    sha256: str
    number: int  # which of the call's orders, from 1
    target: str
    key: str
    state: str  # sending, accepted, refused, undelivered
    owner: str
    attempts: int
    status: int | None
    reason: str
    said: str
    receipt: str | None
    at: str


_COLUMNS = (
    "sha256, number, target, key, state, owner, attempts, status, reason, said, receipt, at"
)


def of(store: Store, sha256: str, target: str | None = None) -> list[Push]:
    """What was sent of a call, oldest first. target: to this system alone."""
    rows = rows_of(
        store,
        f"SELECT {_COLUMNS} FROM pushes WHERE sha256 = ? AND (?2 IS NULL OR target = ?2)"
        " ORDER BY id",
        (sha256, target),
    )
    return [Push(*row) for row in rows]


def accepted(store: Store, keys: Iterable[str]) -> set[str]:
    """Those of the versions that some system took."""
    sql = (
        "SELECT DISTINCT key FROM pushes WHERE state = 'accepted'"
        " AND key IN (SELECT value FROM json_each(?))"
    )
    return {row["key"] for row in rows_of(store, sql, (json.dumps(list(keys)),))}


def due(store: Store, target: str) -> set[tuple[str, int]]:
    """Call and number of what a dispatcher sent and the system has not taken since."""
    sql = (
        f"SELECT sha256, part FROM ({LAST}) AS step WHERE state = ? AND NOT EXISTS"
        " (SELECT 1 FROM pushes WHERE pushes.sha256 = step.sha256 AND number = part"
        " AND target = ? AND pushes.state = 'accepted' AND pushes.at > step.at)"
    )
    return {(row["sha256"], row["part"]) for row in rows_of(store, sql, (SENT, target))}


def confirm(store: Store, push: Push) -> None:
    """Note that what was taken before is what is to be there now, too."""
    with store.transaction(durable=True) as db:
        db.execute(
            "UPDATE pushes SET at = ? WHERE sha256 = ? AND number = ? AND target = ?"
            " AND key = ?",
            (now(), push.sha256, push.number, push.target, push.key),
        )


def known(store: Store, shas: Iterable[str]) -> set[str]:
    """Those of the recordings that are in the store, so were not erased."""
    sql = "SELECT sha256 FROM recordings WHERE sha256 IN (SELECT value FROM json_each(?))"
    return {row["sha256"] for row in rows_of(store, sql, (json.dumps(list(shas)),))}


def begin(
    store: Store, sha256: str, number: int, target: str, key: str, *, limit_s: float
) -> str:
    """Note that an order is about to leave, on the disk when this returns: "mine".

    Else why it must not: "accepted" before, "elsewhere" (another living process is sending
    it), or "erased" with its call. limit_s: how long sending may take at most.
    """
    these = (sha256, number, target, key)
    with store.transaction(durable=True) as db:
        row = db.execute(
            "SELECT state, owner, until FROM pushes"
            " WHERE sha256 = ? AND number = ? AND target = ? AND key = ?",
            these,
        ).fetchone()
        if row and row["state"] == "accepted":
            return "accepted"
        if row and row["state"] == "sending" and row["owner"] != owner.me():
            if row["until"] > time.time() and owner.alive(row["owner"]):
                return "elsewhere"
        done = db.execute(
            "INSERT INTO pushes (sha256, number, target, key, state, owner, until, at)"
            " SELECT ?, ?, ?, ?, 'sending', ?, ?, ? FROM recordings WHERE sha256 = ?"
            " ON CONFLICT DO UPDATE SET state = 'sending', owner = excluded.owner,"
            " until = excluded.until, at = excluded.at",
            (*these, owner.me(), time.time() + limit_s, now(), sha256),
        )
        return "mine" if done.rowcount > 0 else "erased"


def end(
    store: Store,
    push: tuple[str, int, str, str],
    *,
    state: str,
    attempts: int,
    status: int | None,
    reason: str,
    said: str,
    receipt: str | None,
) -> None:
    """Note what became of it; push: what `begin` was given. Attempts add up."""
    with store.transaction(durable=True) as db:
        db.execute(
            "UPDATE pushes SET state = ?, attempts = attempts + ?, status = ?, reason = ?,"
            " said = ?, receipt = ?, at = ?"
            " WHERE sha256 = ? AND number = ? AND target = ? AND key = ?",
            (state, attempts, status, reason, said, receipt, now(), *push),
        )
