"""The tokens by which programs use /api/v1: made once, kept as a hash, revocable.

A token has the role that its user has at the moment it is used.
"""

import hashlib
import secrets
import sqlite3
from datetime import date

from pipeline.errors import InputInvalid
from pipeline.store import audit
from pipeline.store.connection import now
from pipeline.store.queries import row_of, rows_of
from pipeline.store.sessions import Identity, at_leisure, identity
from pipeline.store.store import Store
from pipeline.store.users import By

PREFIX = "lst_"  # so that a search for leaked secrets knows one
LABEL = 64  # characters


def make(store: Store, user: str, label: str, expires: float, *, by: By) -> str:
    """A new token, told this once. expires: Unix time. Raises InputInvalid without a label."""
    label = label.strip()
    if not label or len(label) > LABEL:
        raise InputInvalid(f"请写明令牌给谁用，最多 {LABEL} 个字")
    token = PREFIX + secrets.token_urlsafe(32)
    with store.transaction(durable=True) as db:
        db.execute(
            "INSERT INTO tokens (key, user, label, created, expires) VALUES (?, ?, ?, ?, ?)",
            (_key(token), user, label, now(), expires),
        )
        audit.add(db, by.who, "token.add", {"user": user, "from": by.address})
    return token


def listing(store: Store, user: str) -> list[sqlite3.Row]:
    """The user's tokens: id, label, created, expires, used."""
    sql = "SELECT id, label, created, expires, used FROM tokens WHERE user = ? ORDER BY id"
    return rows_of(store, sql, (user,))


def revoke(store: Store, user: str, number: int, *, by: By) -> None:
    """End one of the user's tokens. Raises InputInvalid: no such one."""
    with store.transaction(durable=True) as db:
        gone = db.execute("DELETE FROM tokens WHERE id = ? AND user = ?", (number, user))
        if not gone.rowcount:
            raise InputInvalid("没有这个令牌")
        audit.add(db, by.who, "token.revoke", {"user": user, "from": by.address})


def find(store: Store, token: str, at: float) -> tuple[Identity, bool] | None:
    """Whose token it is, and whether it is used for the first time today; None: nobody's."""
    row = row_of(
        store,
        "SELECT user, role, agent_id, must_change, key, used FROM tokens"
        " JOIN users ON users.name = user"
        " WHERE key = ? AND disabled IS NULL AND must_change = 0 AND expires > ?",
        (_key(token), at),
    )
    if row is None:
        return None
    return identity(row), row["used"] != _today()


def touch(store: Store, token: str) -> None:
    """Note that the token was used today."""
    at_leisure(store, "UPDATE tokens SET used = ? WHERE key = ?", (_today(), _key(token)))


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _today() -> str:
    return date.today().isoformat()
