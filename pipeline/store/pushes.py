"""What was sent of each draft work order to which system, and what it answered.

pipeline/push/ sends; here is only SQL. A row stands before the order leaves, so that a run
that is killed is known to have sent something whose answer nobody saw.
"""

import json
import time
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Past:
    """What a push left of a call: nothing that is to be sent while its stamp stays."""

    sha256: str
    stamp: str
    taken: int  # orders that the other system has
    changed: int  # and has in another version
    waiting: int  # 1: the call waits for a person


# Changes whenever the call's result, what people did with it or its links do.
_STAMP = (
    "facets.stamp || ' ' || "
    "coalesce((SELECT max(id) FROM reviews WHERE reviews.sha256 = facets.sha256), 0) || ' ' ||"
    " coalesce((SELECT max(id) FROM dispatches WHERE dispatches.sha256 = facets.sha256), 0)"
    " || ' ' || (SELECT count(*) || ' ' || total(score) FROM links"
    " WHERE links.sha256 = facets.sha256 OR other = facets.sha256)"
)
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


def gone_through(
    store: Store, target: str, terms: str, shas: Sequence[str]
) -> tuple[list[Past], list[tuple[str, str]]]:
    """Of these calls what is past, and the others in their order, each with its stamp now.

    terms: what else decides what is sent; it is part of the stamp.
    """
    rows = rows_of(
        store,
        f"SELECT facets.sha256, ? || ' ' || {_STAMP} AS today, past.stamp, taken, changed,"
        " waiting FROM json_each(?) JOIN facets ON facets.sha256 = value"
        " LEFT JOIN gone_through AS past ON past.sha256 = facets.sha256 AND target = ?"
        " ORDER BY json_each.key",
        (terms, json.dumps(shas), target),
    )
    past = [Past(sha, *told) for sha, today, *told in rows if told[0] == today]
    return past, [(row["sha256"], row["today"]) for row in rows if row["stamp"] != row["today"]]


def go_through(store: Store, target: str, past: Past) -> None:
    """Note that nothing of a call is left to be sent; no note where it was erased."""
    with store.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO gone_through (sha256, target, stamp, taken, changed,"
            " waiting) SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM recordings WHERE sha256 = ?1",
            (past.sha256, target, past.stamp, past.taken, past.changed, past.waiting),
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
