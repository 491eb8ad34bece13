"""Who is signed in, who may come with a token, and who failed to sign in too often.

Only hashes of cookies and tokens are kept: who reads the file cannot come in with it.
The times are Unix seconds; the caller brings the clock.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from pipeline.errors import StoreUnusable
from pipeline.store.connection import BUSY_S, explained
from pipeline.store.queries import row_of
from pipeline.store.store import Store

TOUCH_S = 60.0  # how often a use of a session is written down
PATIENCE_MS = 100  # how long a note waits for another writer before it is left out


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, with the role of this moment: a demotion holds at the next request."""

    user: str
    role: str
    agent_id: str | None  # whose calls an agent sees
    must_change: bool  # the password was given by somebody else
    id: str  # hash of the session's cookie or of the token


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives, in seconds: without use, and altogether."""

    idle: float
    whole: float


def begin(store: Store, user: str, key: str, at: float, address: str) -> None:
    """Keep a new session. key: the hash of its cookie."""
    with store.transaction(durable=True) as db:
        db.execute(
            "INSERT INTO sessions (key, user, created, seen, address) VALUES (?, ?, ?, ?, ?)",
            (key, user, at, at, address),
        )


def find(store: Store, key: str, at: float, limits: Limits) -> tuple[Identity, bool] | None:
    """Who has this session, and whether its use is to be written down; None: nobody."""
    row = row_of(
        store,
        "SELECT user, role, agent_id, must_change, key, seen FROM sessions"
        " JOIN users ON users.name = user"
        " WHERE key = ? AND disabled IS NULL AND seen > ? AND sessions.created > ?",
        (key, at - limits.idle, at - limits.whole),
    )
    if row is None:
        return None
    stale = at - row["seen"] > TOUCH_S
    return identity(row), stale


def identity(row: sqlite3.Row) -> Identity:
    """Who a row of a session or of a token says it is."""
    user, role, agent_id = row["user"], row["role"], row["agent_id"]
    return Identity(user, role, agent_id, bool(row["must_change"]), row["key"])


def touch(store: Store, key: str, at: float) -> None:
    """Note that the session was used, where nobody else is writing for long."""
    at_leisure(store, "UPDATE sessions SET seen = ? WHERE key = ?", (at, key))


def at_leisure(store: Store, sql: str, values: tuple[object, ...]) -> None:
    """Write what can be left out: a page that only shows must not wait for a long erasure."""
    with suppress(StoreUnusable):
        with explained(store.path):
            store.db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            with store.transaction() as db:
                db.execute(sql, values)
        finally:
            store.db.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")


def end(store: Store, *, key: str | None = None, user: str | None = None) -> None:
    """Revoke one session, or all of a user's."""
    with store.transaction(durable=True) as db:
        db.execute("DELETE FROM sessions WHERE key = ? OR user = ?", (key, user))


def shown(store: Store, key: str) -> None:
    """The line was shown; while somebody else writes it is shown again."""
    at_leisure(store, "UPDATE sessions SET flash = NULL WHERE key = ?", (key,))


def say(store: Store, key: str, text: str) -> None:
    """Keep a line that the next page of the session shows."""
    with store.transaction() as db:
        db.execute("UPDATE sessions SET flash = ? WHERE key = ?", (text, key))


def said(store: Store, key: str) -> str | None:
    """The line that the next page shows, if there is one."""
    row = row_of(store, "SELECT flash FROM sessions WHERE key = ?", (key,))
    return row["flash"] if row else None


def reveal(store: Store, key: str, sha256: str, until: float) -> None:
    """Let the session see a call's numbers and names until then; the caller notes the audit."""
    with store.transaction(durable=True) as db:
        db.execute("INSERT OR REPLACE INTO reveals VALUES (?, ?, ?)", (key, sha256, until))


def revealed(store: Store, key: str, sha256: str, at: float) -> bool:
    """Whether the session may see the call's numbers and names in full now."""
    sql = "SELECT 1 FROM reveals WHERE session = ? AND sha256 = ? AND until > ?"
    return row_of(store, sql, (key, sha256, at)) is not None


def failed(store: Store, keys: tuple[str, ...], at: float, keep_s: float) -> None:
    """Note a failed sign-in under each key (of the user, of the address); drop old ones."""
    with store.transaction() as db:
        db.execute("DELETE FROM attempts WHERE at < ?", (at - keep_s,))
        db.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, at) for key in keys])


def failures(store: Store, key: str, since: float) -> int:
    """How often it failed under this key since then."""
    sql = "SELECT count(*) FROM attempts WHERE key = ? AND at >= ?"
    return row_of(store, sql, (key, since))[0]  # type: ignore[index]


def forgive(store: Store, key: str) -> None:
    """Forget the failures under a key: it succeeded, or an administrator said so."""
    with store.transaction() as db:
        db.execute("DELETE FROM attempts WHERE key = ?", (key,))


def sweep(store: Store, at: float, limits: Limits) -> None:
    """Remove what has expired."""
    with store.transaction() as db:
        db.execute(
            "DELETE FROM sessions WHERE seen <= ? OR created <= ?",
            (at - limits.idle, at - limits.whole),
        )
        db.execute("DELETE FROM reveals WHERE until <= ?", (at,))
