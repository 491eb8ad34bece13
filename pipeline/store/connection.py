"""Opens the file, and says in words why it cannot.

store.py and the readers connect through here; nothing else calls sqlite3.connect.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import StoreUnusable
from pipeline.store import codec, migrations

BUSY_S = 30.0  # how long a writer waits for another
# Pages that a connection keeps: SQLite's own 2 MB hold no index of ours, and hashes as keys
# touch pages all over the file (benchmarks/link_growth.py).
READER_KB, WRITER_KB = 16_000, 65_536
NEEDED = (3, 37, 0)  # strict tables; the trigram tokenizer came with 3.34
WHY = {
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_READONLY": "数据库只读，不能写入",
    "SQLITE_BUSY": "数据库被其他程序占用",
    "SQLITE_LOCKED": "数据库被其他程序占用",
    "SQLITE_NOTADB": "不是数据库文件",
    "SQLITE_CORRUPT": "数据库已损坏",
    "SQLITE_CANTOPEN": "无法打开数据库",
    "SQLITE_IOERR": "读写数据库出错（磁盘已满或网络盘）",
    "SQLITE_PERM": "没有访问数据库的权限",
    "SQLITE_PROTOCOL": "数据库无法加锁（网络盘）",
}


def now() -> str:
    """Local time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into StoreUnusable with the cause in words."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        why = next((text for start, text in WHY.items() if name.startswith(start)), str(error))
        raise StoreUnusable(f"{codec.storable(str(path))}：{why}") from error


def connect(path: Path, *, lent: bool = False) -> sqlite3.Connection:
    """Open to write; the file is made when missing and its tables brought up to date.

    lent: the connection goes from thread to thread, in one at a time.
    """
    _refuse_old_sqlite()
    with explained(path):
        return _opened(path, lent)


def connect_to_read(path: Path, *, lent: bool = False) -> sqlite3.Connection:
    """Open a file that may lie where nothing can be written. lent: as above."""
    _refuse_old_sqlite()
    if not path.is_file():
        raise StoreUnusable(f"{codec.storable(str(path))}：没有这个数据库")
    with explained(path):
        return _opened_to_read(path, lent)


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < NEEDED:
        raise StoreUnusable(f"SQLite {sqlite3.sqlite_version} 太旧，需要 3.37 以上")


def _opened(path: Path, lent: bool) -> sqlite3.Connection:
    how: dict[str, Any] = {"isolation_level": None, "check_same_thread": not lent}
    db = sqlite3.connect(path, timeout=BUSY_S, **how)
    try:
        _refuse_foreign(db)
        if migrations.version(db) == 0:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only before the first table
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # with WAL a killed process loses nothing
        db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        migrations.migrate(db)
        db.execute("BEGIN IMMEDIATE")  # a file that cannot be written is found out here
        db.execute("ROLLBACK")
        return _prepared(db, WRITER_KB)
    except BaseException:
        db.close()
        raise


def _opened_to_read(path: Path, lent: bool) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    how: dict[str, Any] = {"isolation_level": None, "check_same_thread": not lent, "uri": True}
    db = sqlite3.connect(f"{address}?mode=ro", timeout=BUSY_S, **how)
    try:
        try:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
                raise
            # WAL needs a file beside it; where none can be made nobody writes either
            db.close()
            db = sqlite3.connect(f"{address}?immutable=1", **how)
        _refuse_foreign(db)
        if migrations.version(db) < len(migrations.STEPS):
            raise StoreUnusable(f"{codec.storable(str(path))}：旧版数据库，需可写才能升级")
        return _prepared(db, READER_KB)
    except BaseException:
        db.close()
        raise


def _prepared(db: sqlite3.Connection, cache_kb: int) -> sqlite3.Connection:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(f"PRAGMA cache_size = -{cache_kb}")
    return db


def _refuse_foreign(db: sqlite3.Connection) -> None:
    version = migrations.version(db)
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and db.execute("PRAGMA application_id").fetchone()[0] != migrations.APPLICATION:
        raise StoreUnusable("这是其他程序的数据库文件，未作改动")
    if version > len(migrations.STEPS):
        raise StoreUnusable(f"数据库由更新版本的聆诉建立（{version}），请先升级程序")
