"""Which calls a written report or a folder of clips shows, so that erasing reaches them, too.

Only folders as `lingsu report` and `export --clips` left them are known: a copy is its
maker's.
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

ID = 12  # signs of a call's SHA-256 before the number of its clip (export/cutting.py)


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


def note_clips(store: Store, folder: Path) -> None:
    """Keep whose clips lie in the folder. Their files begin with the call's id, and no other
    call needs them: such a folder has no names that go together."""
    place = str(folder.absolute())
    ids = sorted({file.name[:ID] for file in folder.glob("*.mp3")})
    with store.transaction(durable=True) as db:
        db.execute("INSERT OR IGNORE INTO reports VALUES (?, '[]', ?)", (place, now()))
        db.execute(
            "INSERT OR IGNORE INTO report_calls SELECT sha256, ? FROM recordings"
            " WHERE substr(sha256, 1, ?) IN (SELECT value FROM json_each(?))",
            (place, ID, json.dumps(ids)),
        )


def erase(store: Store, shas: Iterable[str]) -> int:
    """Take away every report that shows one of these calls, and their clips; gives how many
    folders were there.

    What others put beside it stays. Raises StoreUnusable where a file cannot be taken away.
    """
    rows = rows_of(
        store,
        "SELECT folder, names, json_group_array(sha256) FROM report_calls JOIN reports"
        " USING (folder) WHERE sha256 IN (SELECT value FROM json_each(?)) GROUP BY folder",
        (json.dumps(list(shas)),),
    )
    gone = 0
    for folder, names, shown in rows:
        whole, held = json.loads(names), json.loads(shown)
        gone += _take_away(Path(folder), whole or _clips(Path(folder), held))
        with store.transaction() as db:
            if whole:
                db.execute("DELETE FROM reports WHERE folder = ?", (folder,))
            else:
                pairs = [(sha, folder) for sha in held]
                db.executemany(
                    "DELETE FROM report_calls WHERE (sha256, folder) = (?, ?)", pairs
                )
    return gone


def _clips(folder: Path, shas: Iterable[str]) -> list[str]:
    return [file.name for sha in shas for file in folder.glob(f"{sha[:ID]}-*.mp3")]


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
