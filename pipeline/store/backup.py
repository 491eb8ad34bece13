"""A copy of the store while others write, and a copy made the store again.

SQLite's own backup reads one moment of the file, whatever is written meanwhile.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from pipeline.errors import InputInvalid, StoreUnusable, cause
from pipeline.store import audit, connection, erase
from pipeline.store.store import Store

BESIDE = ("-wal", "-shm")
# one whose words alone have expired is still there
ERASED = "SELECT sha256 FROM forgotten WHERE sha256 NOT IN (SELECT sha256 FROM recordings)"


def backup(store: Store, out: Path, who: str) -> int:
    """Write a copy to `out`, whole or not at all; gives its size in bytes.

    Raises InputInvalid where it cannot be written, or something is there already.
    """
    if out.exists():
        raise InputInvalid(f"{out}：已有这个文件，不会覆盖")
    audit.note(store, who, "backup", {"file": out.name})
    part = out.with_name(f".{out.name}.part")
    try:
        _copy(store.db, part)
        os.replace(part, out)
        return out.stat().st_size
    except (OSError, sqlite3.Error) as error:
        told = cause(error) if isinstance(error, OSError) else str(error)
        raise InputInvalid(f"写不了 {out}：{told}") from error
    finally:
        part.unlink(missing_ok=True)


def restore(copy: Path, path: Path, who: str) -> int:
    """Make the copy the store at `path`; gives how many calls had to be erased again.

    What was erased since the copy was made is erased anew, as far as the store that is
    replaced can still be read. Nobody stays signed in, and no token stays valid: one that
    was revoked since would come back.
    Raises StoreUnusable: the copy is none of ours or damaged, or the store is in use.
    """
    gone = _erased_since(path) if path.exists() else []
    part = path.with_name(f".{path.name}.part")
    try:
        with Store.open(copy, readonly=True) as source:
            answer = source.db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if answer != "ok":
                raise StoreUnusable(f"{copy}：备份已损坏（{answer}）")
            audit.verify(source)
            _copy(source.db, part)
        again = _settle(part, gone, {"file": copy.name}, who)
        os.replace(part, path)
    except OSError as error:
        raise StoreUnusable(f"写不了 {path}：{cause(error)}") from error
    finally:
        for name in (part, *(Path(f"{part}{end}") for end in BESIDE)):
            name.unlink(missing_ok=True)
    return again


def _copy(source: sqlite3.Connection, out: Path) -> None:
    out.unlink(missing_ok=True)
    os.close(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # calls are in it
    with closing(sqlite3.connect(out)) as copy:
        source.backup(copy)  # in one step: in several, each write of others begins it anew
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it


def _settle(part: Path, gone: list[str], detail: dict[str, object], who: str) -> int:
    """Erase what was erased, end what was open, note it, leave one file."""
    with Store.open(part) as store:
        known = "SELECT sha256 FROM recordings WHERE sha256 IN (SELECT value FROM json_each(?))"
        again = [row[0] for row in store.db.execute(known, (audit.canonical(gone),))]
        if again:
            erase.erase(store, again, {"calls": len(again), "restored": True}, who)
        with store.transaction(durable=True) as db:
            db.execute("DELETE FROM sessions")
            db.execute("DELETE FROM tokens")
            audit.add(db, who, "restore", detail)
        store.db.execute("PRAGMA journal_mode = DELETE")
    return len(again)


def _erased_since(path: Path) -> list[str]:
    """What the store that is replaced has erased. Raises StoreUnusable while it is in use."""
    try:
        with closing(sqlite3.connect(path, timeout=1.0, isolation_level=None)) as db:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")  # fails while anybody has the file open
            rows = [row[0] for row in db.execute(ERASED)]
            db.execute("ROLLBACK")
            return rows
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorname or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreUnusable(
                f"{path}：{connection.WHY['SQLITE_BUSY']}，请先停下 lingsu web 和 lingsu run"
            ) from error
    except sqlite3.DatabaseError:
        pass  # damaged: the reason why it is replaced
    for end in BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{end}").unlink()
    return []
