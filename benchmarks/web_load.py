"""How fast the workbench answers with a large store and many reviewers, by a load tool.

    python benchmarks/web_load.py STORE [--turns 1000000]      # made once, kept
    python benchmarks/web_load.py STORE --serve-and-load       # one JSON line
    python benchmarks/web_load.py STORE --serve-and-load --writing 60   # while calls are stored

Makes a store of made-up calls (no data of anybody), serves it with `lingsu web` itself, in one
process, and lets wrk play reviewers (web_reviewers.py): each opens a page, reads it for half a
second to a second and a half, and opens the next. Figures are of whole answers as a client
sees them, in milliseconds, one kind of page after another; `server_cpu` is the processor time
of one answer, which is what is left of it on a machine that does nothing else.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from web_calls import LAST, TURNS, made_up  # noqa: E402 - needs the path above

A_DAY = 800  # calls
POOL = 800  # different calls: the others differ in time, agent and numbers
AGENTS = [str(1000 + i) for i in range(60)]


def main() -> None:
    """Make the store, or measure over it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--serve-and-load", action="store_true")
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--writing", type=float, default=0, help="calls stored a minute")
    asked = parser.parse_args()
    if asked.serve_and_load:
        from web_reviewers import measure

        print(json.dumps(measure(asked.store, asked.reviewers, asked.seconds, asked.writing)))
    else:
        print(json.dumps(make(asked.store, asked.turns)))


def make(path: Path, turns: int) -> dict[str, Any]:
    """Fill a new store with so many turns."""
    from pipeline.store.store import Store

    begun = time.perf_counter()
    with Store.open(path) as store:
        count = -(-turns // TURNS)
        pool = list(_pool(store))
        db = store.db
        db.execute("PRAGMA synchronous = OFF")
        # what the triggers would write row by row is copied from the pool's calls
        kept = db.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger' AND name LIKE 'facets_%'"
        ).fetchall()
        db.execute("BEGIN")
        for name, _ in kept:
            db.execute(f"DROP TRIGGER {name}")
        for number, call in enumerate(_calls(count, pool)):
            _put(db, number, call)
        db.execute("UPDATE ticks SET n = ?", (count,))
        for _, sql in kept:
            db.execute(sql)
        db.execute("COMMIT")
        db.execute("INSERT INTO spoken (spoken) VALUES ('optimize')")
        db.execute("ANALYZE")
    return {
        "made": str(path),
        "turns": count * TURNS,
        "calls": count,
        "megabytes": round(path.stat().st_size / 1e6),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _pool(store: Any) -> Iterator[dict[str, Any]]:
    """The rows that different calls leave in a store, read and taken out again."""
    from pipeline.store.store import Store

    dice = random.Random(1)
    for number in range(POOL):
        result = made_up(number, dice)
        store.remember([(result.call.recording, ("/made-up.wav",))])
        store.save(result, heard=True)
    rows = {
        table: store.db.execute(f"SELECT * FROM {table} ORDER BY sha256").fetchall()
        for table in ("recordings", "transcripts", "results", "facets")
    }
    turns: dict[str, list[tuple]] = {}
    for row in store.db.execute("SELECT * FROM turns ORDER BY sha256, turn"):
        turns.setdefault(row["sha256"], []).append(tuple(row)[2:])
    spoken = {
        sha: terms
        for sha, terms in store.db.execute(
            "SELECT sha256, terms FROM spoken JOIN facets ON facets.id = spoken.rowid"
        )
    }
    store.db.execute("DELETE FROM recordings")
    assert isinstance(store, Store)
    for parts in zip(*rows.values(), strict=True):
        one = {name: dict(part) for name, part in zip(rows, parts, strict=True)}
        sha = one["facets"]["sha256"]
        yield one | {"turns": turns[sha], "spoken": spoken[sha]}


def _calls(count: int, pool: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Calls by time, so many a day, each at a second of its own shift."""
    dice = random.Random(2)
    days = -(-count // A_DAY)
    for number in range(count):
        day = LAST - timedelta(days=days - 1 - number // A_DAY)
        at = day + timedelta(seconds=86_400 * (number % A_DAY) // A_DAY)
        phone = f"13{dice.randrange(10**9):09d}"
        yield dice.choice(pool) | {
            "sha": hashlib.sha256(str(number).encode()).hexdigest(),
            "at": at.isoformat(),
            "shift": "行政班" if 8 <= at.hour < 17 else "晚班" if 17 <= at.hour else "大夜班",
            "agent": dice.choice(AGENTS),
            "phone": phone,
        }


def _put(db: Any, number: int, call: dict[str, Any]) -> None:
    who = {
        "sha256": call["sha"],
        "started_at": call["at"],
        "agent_id": call["agent"],
        "shift": call["shift"],
    }
    metadata = json.loads(call["recordings"]["metadata"])
    metadata |= {key: value for key, value in who.items() if key in metadata}
    metadata["caller_number"] = call["phone"]
    text = json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    recording = who | {"metadata": text, "caller_number": call["phone"]}
    _insert(db, "recordings", call["recordings"] | recording)
    for table in ("transcripts", "results"):
        row = call[table] | {"sha256": call["sha"]}
        row.pop("id")
        _insert(db, table, row)
    facets = call["facets"] | who | {"id": number + 1, "stamp": number + 1}
    _insert(db, "facets", facets)
    db.executemany(
        "INSERT INTO turns (sha256, turn, start, speaker, text) VALUES (?, ?, ?, ?, ?)",
        [(call["sha"], *turn) for turn in call["turns"]],
    )
    row = (number + 1, call["spoken"])
    db.execute("INSERT INTO spoken (rowid, terms) VALUES (?, ?)", row)


def _insert(db: Any, table: str, row: dict[str, Any]) -> None:
    places = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))


if __name__ == "__main__":
    main()
