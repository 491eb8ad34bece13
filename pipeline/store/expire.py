"""Retention: what has been kept for as long as its class may be kept is taken away.

Beside erase.py, which does it for a call that somebody names. `lingsu forget --expired` is
run every night. Of a call whose words have expired the decisions, figures and the draft of
the work order stay, without a quote; whoever reads it finds no turn.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.listening.cache import SoundCache
from pipeline.store import audit, reports
from pipeline.store.connection import now
from pipeline.store.erase import erase, merge_terms, overwrite
from pipeline.store.queries import rows_of
from pipeline.store.store import Store

# Parts of a result that are, or quote, what was said.
QUOTING = ("findings", "quoted", "rude", "emotions", "entities", "corrections", "dropped")
OLD = "coalesce(started_at, first_seen) < ?"


@dataclass(frozen=True, slots=True)
class Days:
    """How many days each class is kept; 0: until somebody erases it."""

    audio: int = 0
    transcript: int = 0
    ticket: int = 0
    audit: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken away."""

    calls: int = 0  # whole
    transcripts: int = 0  # their words alone
    tickets: int = 0
    sounds: int = 0  # waveforms and what was made to be played
    reports: int = 0
    audit: int = 0  # rows


def expire(store: Store, days: Days, *, at: datetime, who: str) -> Gone:
    """Take away what is older than its class may be. at: local time."""
    words, drafts = _before(at, days.transcript), _before(at, days.ticket)
    shas = _old(store, min(words, drafts)) if words and drafts else []
    if shas:
        erase(store, shas, {"calls": len(shas), "expired": min(words, drafts)}, who)
    silent = _old(store, words, "EXISTS (SELECT 1 FROM transcripts t"
                  " WHERE t.sha256 = recordings.sha256)") if words else []  # fmt: skip
    undrafted = _old(store, drafts, _DRAFTED) if drafts else []
    sounds, shown = _sounding(store, _before(at, days.audio)) if days.audio else ([], [])
    SoundCache(store.path).erase(sounds)
    gone = reports.erase(store, {*silent, *undrafted, *shown})
    if silent or undrafted:
        _strip(store, silent, undrafted, who)
    cut = audit.cut(store, _before(at, days.audit), who) if days.audit else 0
    return Gone(len(shas), len(silent), len(undrafted), len(sounds), gone, cut)


_DRAFTED = (
    "EXISTS (SELECT 1 FROM results r WHERE r.sha256 = recordings.sha256"
    " AND json_extract(r.result, '$.call.ticket') IS NOT NULL)"
)


def _before(at: datetime, days: int) -> str:
    return (at - timedelta(days=days)).isoformat(timespec="seconds") if days else ""


def _old(store: Store, before: str, more: str = "1") -> list[str]:
    sql = f"SELECT sha256 FROM recordings WHERE {OLD} AND {more}"
    return [row["sha256"] for row in rows_of(store, sql, (before,))]


def _sounding(store: Store, before: str) -> tuple[list[str], list[str]]:
    """Old calls of which sound was made for listening, and whose clips lie in a report."""
    held = json.dumps(SoundCache(store.path).held())
    kept = "sha256 IN (SELECT value FROM json_each(?))"
    made = rows_of(
        store, f"SELECT sha256 FROM recordings WHERE {OLD} AND {kept}", (before, held)
    )
    shown = _old(store, before, "sha256 IN (SELECT sha256 FROM report_calls)")
    return [row["sha256"] for row in made], shown


def _strip(store: Store, silent: list[str], undrafted: list[str], who: str) -> None:
    """Take the words out of these calls, and the drafts out of those."""
    with store.transaction(durable=True) as db:
        for sha in {*silent, *undrafted}:
            rows = db.execute("SELECT id, result FROM results WHERE sha256 = ?", (sha,))
            for number, text in rows.fetchall():
                made = json.loads(text)
                if sha in silent:
                    made = _without_quotes(made)
                if sha in undrafted:
                    made["call"]["ticket"] = None
                kept = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
                db.execute("UPDATE results SET result = ? WHERE id = ?", (kept, number))
        for sha in silent:
            for table in ("transcripts", "turns", "link_facts"):
                db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha,))
            db.execute("DELETE FROM links WHERE sha256 = ?1 OR other = ?1", (sha,))
            _forget_typed(db, sha, "turn.")
            # the next run must not hear it again
            db.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", (sha, now()))
        for sha in undrafted:
            _forget_typed(db, sha, "ticket")
            db.execute("UPDATE dispatches SET reason = NULL WHERE sha256 = ?", (sha,))
        merge_terms(db)
        detail = {"transcripts": len(silent), "tickets": len(undrafted)}
        audit.add(db, who, "expire", detail)
    overwrite(store)


def _forget_typed(db: sqlite3.Connection, sha256: str, items: str) -> None:
    """What people wrote in place of the words: that they did stays, what they wrote goes."""
    db.execute(
        "UPDATE reviews SET old = NULL, new = NULL, reason = NULL"
        " WHERE sha256 = ? AND substr(item, 1, ?) = ?",
        (sha256, len(items), items),
    )


def _without_quotes(value: Any) -> Any:
    """The same JSON with nothing in it that was said."""
    if isinstance(value, list):
        return [_without_quotes(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [] if key in QUOTING or key == "turns" else _without_quotes(one)
        for key, one in value.items()
    }
