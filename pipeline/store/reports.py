"""Which calls a written report shows, so that erasing a call reaches the reports, too.

Only folders as `lingsu report` left them are known: a copy is its maker's.
"""

import json
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from pipeline.errors import StoreUnusable, cause
from pipeline.store.connection import now
from pipeline.store.queries import rows_of
from pipeline.store.store import Store


def note(store: Store, folder: Path, *, names: Collection[str], shas: Iterable[str]) -> None:
    """Keep that the folder shows these calls. names: all that we wrote into it."""
    place = str(folder.absolute())
    with store.transaction(durable=True) as db:
        db.execute("DELETE FROM reports WHERE folder = ?", (place,))
        db.execute(
            "INSERT INTO reports VALUES (?, ?, ?)", (place, json.dumps(sorted(names)), now())
        )
        rows = [(sha, place) for sha in dict.fromkeys(shas)]
        db.executemany("INSERT INTO report_calls VALUES (?, ?)", rows)


def erase(store: Store, shas: Iterable[str]) -> int:
    """Take away every report that shows one of these calls; gives how many were there.

    What others put beside it stays. Raises StoreUnusable where a file cannot be taken away.
    """
    rows = rows_of(
        store,
        "SELECT folder, names FROM reports WHERE folder IN (SELECT folder FROM report_calls"
        " WHERE sha256 IN (SELECT value FROM json_each(?)))",
        (json.dumps(list(shas)),),
    )
    gone = 0
    for folder, names in rows:
        gone += _take_away(Path(folder), json.loads(names))
        with store.transaction() as db:
            db.execute("DELETE FROM reports WHERE folder = ?", (folder,))
    return gone


def _take_away(folder: Path, names: Iterable[str]) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    try:
        for name in names:
            inside = folder / name
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            else:
                inside.unlink(missing_ok=True)
        with suppress(OSError):  # somebody's own files are in it
            folder.rmdir()
    except OSError as error:
        raise StoreUnusable(f"{folder}：报告删不掉（{cause(error)}）") from error
    return True
