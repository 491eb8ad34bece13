"""The store: opens the file, and writes what a run finds, one transaction a call.

A row's primary key is what makes a run repeatable: a success may replace a failure, never
the reverse. Reads are in queries.py; people's decisions, audit and erasure beside them.
"""

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pipeline.records import CallResult, Metadata, Recording
from pipeline.store import codec, grams, owner
from pipeline.store.connection import connect, connect_to_read, explained, now

KEY = ("sha256", "hear_key", "judge_key")
MEASURED = ("seconds", "channels", "sample_rate", "codec")  # what decoding tells
EVERYTHING = (
    *("path", *MEASURED, "metadata", "digest"),
    *("started_at", "agent_id", "shift", "caller_number"),
)


class Store:
    """An open store. Use it as a context manager, from one thread."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db, self.path = db, path

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False, lent: bool = False) -> "Store":
        """Open the file, make it when missing, bring its tables up to date.

        lent: used by one thread after another, never by two at once.
        Raises StoreUnusable: read-only, full, locked, not ours, or of a newer Lingsu.
        """
        connected = connect_to_read if readonly else connect
        return cls(connected(path, lent=lent), path)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; taking the write lock first, so that it cannot fail halfway.

        durable: on the disk when this returns, whatever the power does. Without it the last
        calls before a power cut may have to be processed again (a kill -9 loses nothing).
        """
        with explained(self.path):
            if durable:
                self.db.execute("PRAGMA synchronous = FULL")
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            finally:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                if durable:
                    self.db.execute("PRAGMA synchronous = NORMAL")

    def remember(self, found: Iterable[tuple[Recording, Sequence[str]]]) -> list[Recording]:
        """Note where recordings are and what is said of them; gives them back completed.

        found: each recording with every name its bytes have. Metadata of the name known
        before replaces what was; of a new name it only fills in what was missing.
        """
        with self.transaction() as db:
            return [self._remember(db, recording, names) for recording, names in found]

    def begin_run(self, hear_key: str, judge_key: str, asked: int) -> int:
        """Note that a run begins; gives its number."""
        with self.transaction() as db:
            row = (now(), owner.me(), hear_key, judge_key, asked)
            return _insert(
                db, "runs", ("started", "owner", "hear_key", "judge_key", "asked"), row
            )

    def end_run(self, run: int, exit: str, answered: int, failed: int) -> None:
        """Note how a run ended and let go of what it still held."""
        with self.transaction() as db:
            db.execute("DELETE FROM claims WHERE run = ?", (run,))
            db.execute(
                "UPDATE runs SET finished = ?, exit = ?, answered = ?, failed = ? WHERE id = ?",
                (now(), exit, answered, failed, run),
            )

    def claim(self, sha256: str, run: int, *, limit_s: float) -> bool:
        """Take a recording for this run; False while another living run has it.

        limit_s: after this nobody waits for it, should it be held on a host that is gone.
        """
        with self.transaction() as db:
            held = db.execute(
                "SELECT run, until, owner, exit FROM claims JOIN runs ON runs.id = run"
                " WHERE sha256 = ?",
                (sha256,),
            ).fetchone()
            if held and held["run"] != run and held["exit"] is None:
                if held["until"] > time.time() and owner.alive(held["owner"]):
                    return False
            row = (sha256, run, time.time() + limit_s)
            db.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", row)
            return True

    def save(self, result: CallResult, *, heard: bool, run: int | None = None) -> bool:
        """Store what came of a call and give up the claim on it.

        False if better was there, or if the call was erased while it was worked on.
        heard: HEAR came to its end, so that the transcript is worth keeping.
        """
        recording = result.call.recording
        with self.transaction() as db:
            erased = "SELECT 1 FROM forgotten WHERE sha256 = ?"
            stored = not db.execute(erased, (recording.sha256,)).fetchone()
            if stored:
                _put_recording(db, recording, MEASURED)
                if heard:
                    self._save_transcript(db, result)
                stored = self._save_result(db, result, heard=heard)
            if run is not None:
                mine = (recording.sha256, run)
                db.execute("DELETE FROM claims WHERE sha256 = ? AND run = ?", mine)
        return stored

    def choose(self, shas: Iterable[str], hear_key: str, judge_key: str) -> None:
        """Make results under these keys the valid ones, where others were stored later."""
        with self.transaction() as db:
            db.execute(
                "UPDATE results SET chosen = (SELECT max(chosen) + 1 FROM results AS other"
                " WHERE other.sha256 = results.sha256)"
                " WHERE hear_key = ? AND judge_key = ?"
                " AND sha256 IN (SELECT value FROM json_each(?))"
                " AND id NOT IN (SELECT id FROM latest WHERE latest.sha256 = results.sha256)",
                (hear_key, judge_key, json.dumps(list(shas))),
            )

    def _remember(
        self, db: sqlite3.Connection, recording: Recording, names: Sequence[str]
    ) -> Recording:
        paths = [os.path.abspath(name) for name in names or (recording.path,)]
        recording = replace(recording, path=os.path.abspath(recording.path))
        row = db.execute(
            "SELECT * FROM recordings WHERE sha256 = ?", (recording.sha256,)
        ).fetchone()
        if row is not None:
            before = codec.read_recording(row)
            metadata = (recording.metadata, before.metadata)
            if recording.name != before.name:
                metadata = metadata[::-1]
            recording = replace(before, path=recording.path, metadata=_filled(*metadata))
        _put_recording(db, recording, EVERYTHING)
        db.execute("DELETE FROM forgotten WHERE sha256 = ?", (recording.sha256,))
        rows = [(recording.sha256, codec.storable(path)) for path in paths]
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)
        return recording

    def _save_transcript(self, db: sqlite3.Connection, result: CallResult) -> None:
        call = result.call
        names = ("sha256", "hear_key", "call", "seconds", "at")
        seconds = json.dumps(dict(result.stage_seconds))
        packed = codec.pack_transcript(call)
        row = (call.recording.sha256, result.hear_key, packed, seconds, now())
        if not _insert(db, "transcripts", names, row, "ON CONFLICT DO NOTHING"):
            return
        db.execute("DELETE FROM turns WHERE sha256 = ?", (call.recording.sha256,))
        db.executemany(
            "INSERT INTO turns (sha256, turn, start, speaker, text) VALUES (?, ?, ?, ?, ?)",
            [
                (call.recording.sha256, i, turn.start, turn.speaker, turn.text)
                for i, turn in enumerate(call.turns)
            ],
        )
        (number,) = db.execute(
            "SELECT id FROM facets WHERE sha256 = ?", (call.recording.sha256,)
        ).fetchone()
        said = grams.document(turn.text for turn in call.turns)
        db.execute("INSERT INTO spoken (rowid, terms) VALUES (?, ?)", (number, said))

    def _save_result(self, db: sqlite3.Connection, result: CallResult, *, heard: bool) -> bool:
        call, failure = result.call, result.failure
        newest = db.execute(
            "SELECT coalesce(max(chosen), 0) + 1 FROM results WHERE sha256 = ?",
            (call.recording.sha256,),
        ).fetchone()[0]
        row = {
            "sha256": call.recording.sha256,
            "hear_key": result.hear_key,
            "judge_key": result.judge_key,
            "chosen": newest,
            "digest": codec.digest(call.recording.metadata),
            "status": result.status,
            "code": failure.code if failure else None,
            "retryable": int(failure.retryable) if failure else 0,
            "outcome": call.scope.outcome,
            "request_type": call.request_type.value,
            "department": call.departments[0].value if call.departments else None,
            "urgency": call.urgency.value,
            "abuse": call.abuse.level,
            "review": len(call.review),
            "result": codec.result_text(result, heard=heard),
            "at": now(),
        }
        changed = ", ".join(f"{name} = excluded.{name}" for name in row if name not in KEY)
        rule = (
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {changed}"
            " WHERE results.status = 'failed'"
            " OR (results.digest <> excluded.digest AND excluded.status <> 'failed')"
        )
        return bool(_insert(db, "results", tuple(row), tuple(row.values()), rule))


def _insert(
    db: sqlite3.Connection, table: str, names: Sequence[str], row: Sequence[Any], rule: str = ""
) -> int:
    """Insert one row; gives its number, 0 where `rule` left the table as it was."""
    places = ", ".join("?" * len(names))
    cursor = db.execute(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) {rule}", tuple(row)
    )
    return int(cursor.lastrowid or 0) if cursor.rowcount > 0 else 0


def _put_recording(
    db: sqlite3.Connection, recording: Recording, overwrite: Sequence[str]
) -> None:
    said = recording.metadata
    row = {
        "sha256": recording.sha256,
        "path": recording.path,
        "seconds": recording.seconds,
        "channels": recording.channels,
        "sample_rate": recording.sample_rate,
        "codec": recording.codec,
        "metadata": codec.metadata_text(said),
        "digest": codec.digest(said),
        "started_at": said.started_at,
        "agent_id": said.agent_id,
        "shift": said.shift,
        "caller_number": said.caller_number,
        "first_seen": now(),
    }
    changed = ", ".join(f"{name} = excluded.{name}" for name in overwrite)
    rule = f"ON CONFLICT DO UPDATE SET {changed}"
    if "path" not in overwrite:
        rule += " WHERE excluded.seconds > 0"  # a call that failed before it was decoded
    values = (codec.storable(v) if isinstance(v, str) else v for v in row.values())
    _insert(db, "recordings", tuple(row), tuple(values), rule)


def _filled(first: Metadata, then: Metadata) -> Metadata:
    """`first`, with what it lacks from `then`."""
    lacking = [f.name for f in fields(first) if not getattr(first, f.name)]
    return replace(first, **{name: getattr(then, name) for name in lacking})
