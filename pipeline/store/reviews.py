"""What people decided about calls. Rows are only added; no machine result ever touches them."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.errors import InputInvalid, Overtaken
from pipeline.store import audit
from pipeline.store.connection import explained, now
from pipeline.store.store import Store

VERBS = ("accept", "change", "reject")
VERSION = "SELECT coalesce(max(id), 0) FROM reviews WHERE sha256 = ?"
KEPT = "(new IS NOT NULL OR reason IS NOT NULL)"  # a decision whose words were not erased


@dataclass(frozen=True, slots=True)
class Review:
    """One decision of one person on one item of a call."""

    sha256: str
    who: str
    what: str  # one of VERBS
    item: str = ""  # "department", "abuse", "qa.greeting" ...; "": the call as a whole
    old: str | None = None  # what the machine said
    new: str | None = None  # what it is, the old value where that was accepted; of a call ""
    reason: str | None = None  # of a rejection always there
    at: str = ""  # set by the store


def add(store: Store, *decided: Review, origin: str = "", seen: int | None = None) -> None:
    """Keep decisions, all or none, on the disk when this returns.

    origin: the address they came from, where that is not this machine's keyboard.
    seen: the version of the call's reviews that the person saw; None: it does not matter.
    Raises InputInvalid for another verb, Overtaken where somebody decided since.
    """
    with store.transaction(durable=True) as db:
        if seen is not None:
            _refuse_overtaken(db, {review.sha256 for review in decided}, seen)
        insert(db, *decided, origin=origin)


def insert(db: sqlite3.Connection, *decided: Review, origin: str = "") -> None:
    """The same within a transaction that is open: an appeal that is upheld changes its item."""
    for review in decided:
        if review.what not in VERBS:
            raise InputInvalid(f"复核结论只能是 {'、'.join(VERBS)}，收到 {review.what!r}")
        db.execute(
            "INSERT INTO reviews (sha256, who, what, item, old, new, reason, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(review.sha256, review.who, review.what, review.item),
                *(review.old, review.new, review.reason, now()),
            ),
        )
        detail = {"call": review.sha256[:8], "item": review.item}
        if origin:
            detail["from"] = origin
        audit.add(db, review.who, f"review.{review.what}", detail)


def version(store: Store, sha256: str) -> int:
    """A number that grows with each decision on a call; 0: there is none."""
    with explained(store.path):
        return store.db.execute(VERSION, (sha256,)).fetchone()[0]


def of(store: Store, sha256: str) -> list[Review]:
    """The decisions on a call, oldest first; the words of erased ones are gone."""
    return _read(store, "sha256 = ?", sha256)


def counting(
    store: Store, only: str | Collection[str] | None = None
) -> dict[str, dict[str, Review]]:
    """Recording -> item -> the decision that counts: the latest, where it was not erased.

    only: of this recording, or of these.
    """
    found: dict[str, dict[str, Review]] = {}
    wanted = [only] if isinstance(only, str) else only
    these = "" if wanted is None else " WHERE sha256 IN (SELECT value FROM json_each(?))"
    values = () if wanted is None else (json.dumps(list(wanted)),)
    newest = f"id IN (SELECT max(id) FROM reviews{these} GROUP BY sha256, item)"
    here = "sha256 IN (SELECT sha256 FROM recordings)"
    for review in _read(store, f"{newest} AND {here} AND {KEPT}", *values):
        found.setdefault(review.sha256, {})[review.item] = review
    return found


def with_item(store: Store, item: str) -> list[str]:
    """The recordings on which this item was decided."""
    with explained(store.path):
        rows = store.db.execute("SELECT DISTINCT sha256 FROM reviews WHERE item = ?", (item,))
        return [row["sha256"] for row in rows]


def _refuse_overtaken(db: sqlite3.Connection, shas: set[str], seen: int) -> None:
    for sha in shas:
        if db.execute(VERSION, (sha,)).fetchone()[0] != seen:
            last = db.execute(
                "SELECT who, at FROM reviews WHERE sha256 = ? ORDER BY id DESC", (sha,)
            ).fetchone()
            told = f"{last['who']} 在 {last['at'][11:19]} 保存过" if last else "记录已变"
            raise Overtaken(f"{sha[:12]}：您打开之后，{told}")


def _read(store: Store, where: str, *values: str) -> list[Review]:
    columns = "sha256, who, what, item, old, new, reason, at"
    with explained(store.path):
        rows = store.db.execute(
            f"SELECT {columns} FROM reviews WHERE {where} ORDER BY id", values
        ).fetchall()
    return [Review(*row) for row in rows]
