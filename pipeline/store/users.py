"""The accounts of the workbench. Every change is a row of the audit, in the same transaction.

Passwords come here hashed (pipeline/passwords.py). An account is never deleted: what its
holder decided stays theirs; it is disabled, and its sessions and tokens end at once.
"""

import re
import sqlite3
import unicodedata
from dataclasses import dataclass

from pipeline.errors import InputInvalid
from pipeline.roles import ADMIN, AGENT, ROLES
from pipeline.store import audit
from pipeline.store.connection import now
from pipeline.store.queries import row_of, rows_of
from pipeline.store.store import Store

_NAME = re.compile(r"\w[\w.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    name: str
    role: str
    password: str  # its hash
    created: str
    disabled: str | None  # since when
    agent_id: str | None
    must_change: bool


@dataclass(frozen=True, slots=True)
class By:
    """Who changes an account, and from which address."""

    who: str
    address: str = ""


def folded(name: str) -> str:
    """The name as accounts have it: one spelling whatever was typed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def find(store: Store, name: str) -> User | None:
    """The account of that name."""
    row = row_of(store, f"{_ALL} WHERE name = ?", (folded(name),))
    return _user(row) if row else None


def listing(store: Store) -> list[User]:
    """All accounts by name."""
    return [_user(row) for row in rows_of(store, f"{_ALL} ORDER BY disabled, name", ())]


def add(
    store: Store, name: str, role: str, password: str, *, by: By, agent_id: str = ""
) -> User:
    """Make an account whose password must be changed at the first sign-in.

    Raises InputInvalid: no such role, an odd name, or one that is taken; an agent without id.
    """
    name = folded(name)
    if not _NAME.fullmatch(name):
        raise InputInvalid("账号名以文字或数字开头，只能用文字、数字和 . _ - @，最多 64 个字")
    _check(role, agent_id)
    with store.transaction(durable=True) as db:
        if db.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone():
            raise InputInvalid(f"账号 {name} 已经有了")
        db.execute(
            "INSERT INTO users (name, role, password, created, agent_id, must_change)"
            " VALUES (?, ?, ?, ?, ?, 1)",
            (name, role, password, now(), agent_id or None),
        )
        detail = {"user": name, "old": None, "new": _told(role, agent_id), "from": by.address}
        audit.add(db, by.who, "user.add", detail)
    return _existing(store, name)


def change_role(store: Store, name: str, role: str, *, by: By, agent_id: str = "") -> None:
    """Give an account another role; its sessions end, and a new one has the new role.

    Raises InputInvalid: as above, or it would be the last administrator.
    """
    user = _existing(store, name)
    _check(role, agent_id)
    with store.transaction(durable=True) as db:
        if role != ADMIN:
            _keep_an_admin(db, user.name)
        db.execute(
            "UPDATE users SET role = ?, agent_id = ? WHERE name = ?",
            (role, agent_id or None, user.name),
        )
        db.execute("DELETE FROM sessions WHERE user = ?", (user.name,))
        old, new = _told(user.role, user.agent_id or ""), _told(role, agent_id)
        detail = {"user": user.name, "old": old, "new": new, "from": by.address}
        audit.add(db, by.who, "user.role", detail)


def disable(store: Store, name: str, *, by: By, enable: bool = False) -> None:
    """Shut an account, or open it again. Raises InputInvalid for the last administrator."""
    user = _existing(store, name)
    with store.transaction(durable=True) as db:
        if not enable:
            _keep_an_admin(db, user.name)
        since = None if enable else now()
        db.execute("UPDATE users SET disabled = ? WHERE name = ?", (since, user.name))
        db.execute("DELETE FROM sessions WHERE user = ?", (user.name,))
        if not enable:
            db.execute("DELETE FROM tokens WHERE user = ?", (user.name,))
        verb = "user.enable" if enable else "user.disable"
        audit.add(db, by.who, verb, {"user": user.name, "from": by.address})


def set_password(store: Store, name: str, password: str, *, by: By, own: bool) -> None:
    """Keep a new hash; all sessions end. own: chosen by its holder, else to be changed."""
    user = _existing(store, name)
    with store.transaction(durable=True) as db:
        db.execute(
            "UPDATE users SET password = ?, must_change = ? WHERE name = ?",
            (password, int(not own), user.name),
        )
        db.execute("DELETE FROM sessions WHERE user = ?", (user.name,))
        if not own:
            db.execute("DELETE FROM tokens WHERE user = ?", (user.name,))
        verb = "user.password" if own else "user.reset"
        audit.add(db, by.who, verb, {"user": user.name, "from": by.address})


_ALL = "SELECT name, role, password, created, disabled, agent_id, must_change FROM users"


def _user(row: sqlite3.Row) -> User:
    return User(**{**dict(row), "must_change": bool(row["must_change"])})


def _existing(store: Store, name: str) -> User:
    user = find(store, name)
    if user is None:
        raise InputInvalid(f"没有账号 {folded(name)}")
    return user


def _check(role: str, agent_id: str) -> None:
    if role not in ROLES:
        raise InputInvalid(f"没有 {role!r} 这种角色；可选：{'、'.join(ROLES)}")
    if role == AGENT and not agent_id:
        raise InputInvalid("话务员账号要写明工号：只能看到这个工号的通话")
    if role != AGENT and agent_id:
        raise InputInvalid("只有话务员账号有工号")


def _told(role: str, agent_id: str) -> str:
    return f"{role} {agent_id}".strip()


def _keep_an_admin(db: sqlite3.Connection, name: str) -> None:
    others = db.execute(
        "SELECT 1 FROM users WHERE role = ? AND disabled IS NULL AND name <> ?", (ADMIN, name)
    ).fetchone()
    here = db.execute(
        "SELECT 1 FROM users WHERE name = ? AND role = ? AND disabled IS NULL", (name, ADMIN)
    ).fetchone()
    if here and not others:
        raise InputInvalid("这是最后一个管理员，不能停用或改成别的角色")
