"""Links between calls, and what linking needs to find them again: one row of facts a call.

pipeline/link/ decides; here is only SQL. Candidates are asked for by number or by block, each
within a window and at most so many, so that a call costs the same in a store of any size.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.linkrecords import Facts, Link
from pipeline.store.queries import rows_of
from pipeline.store.store import Store

_LISTS = ("units", "topics", "places", "sounds", "areas", "sorry_words")
_PLAIN = ("region", "district", "matter", "sorry", "norm")
_COLUMNS = "id, sha256, at, number, abuse, facts, terms"
# The nearest in time on either side: a call that came late has neighbours after it too.
_BEFORE = "at BETWEEN :first AND :at ORDER BY at DESC LIMIT :most"
_AFTER = "at > :at AND at <= :last ORDER BY at LIMIT :most"
_BY_NUMBER = (
    f"SELECT {_COLUMNS} FROM link_facts WHERE number = :number AND number <> '' AND key = :key"
)
_NEAR_NUMBER = (
    f"SELECT * FROM ({_BY_NUMBER} AND {_BEFORE})"
    f" UNION ALL SELECT * FROM ({_BY_NUMBER} AND {_AFTER})"
)
_BY_BLOCK = "SELECT fact FROM link_blocks WHERE block = :block"
_NEAR_BLOCK = (
    f"SELECT * FROM ({_BY_BLOCK} AND {_BEFORE})"
    f" UNION ALL SELECT * FROM ({_BY_BLOCK} AND {_AFTER})"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """A call that has to be linked, under the stamp that it will then bear."""

    sha256: str
    stamp: str


def pending(store: Store, key: str, shas: Iterable[str] | None = None) -> list[Pending]:
    """The calls that were never linked, or with another result, metadata or key; by time.

    shas: of these alone; None: of all.
    """
    these, values = "", [f"{key} "]
    if shas is not None:  # not asked as one question: SQLite would read all results for it
        these = " AND latest.sha256 IN (SELECT value FROM json_each(?2))"
        values.append(json.dumps(list(shas)))
    rows = rows_of(
        store,
        "SELECT latest.sha256, ?1 || latest.id || ' ' || latest.at || ' ' || recordings.digest"
        " AS wanted FROM latest JOIN recordings USING (sha256)"
        " LEFT JOIN link_facts USING (sha256)"
        f" WHERE wanted IS NOT link_facts.stamp{these}"
        " ORDER BY recordings.started_at, latest.sha256",
        values,
    )
    return [Pending(*row) for row in rows]


def renew(db: sqlite3.Connection, sha256: str, stamp: str) -> bool:
    """Clear the way for a call to be linked; False where that is no longer to be done:
    another process did it, or the call was erased."""
    row = db.execute(
        "SELECT link_facts.stamp FROM recordings LEFT JOIN link_facts USING (sha256)"
        " WHERE sha256 = ?",
        (sha256,),
    ).fetchone()
    if row is None or row[0] == stamp:
        return False
    if row[0] is not None:
        db.execute("DELETE FROM link_facts WHERE sha256 = ?", (sha256,))
        db.execute("DELETE FROM links WHERE sha256 = ? OR other = ?", (sha256, sha256))
    return True


def near_number(
    db: sqlite3.Connection, facts: Facts, *, key: str, seconds: float, most: int
) -> dict[int, Facts]:
    """Calls of the same number, by the number of their row."""
    if not facts.number or facts.at is None:
        return {}
    asked = {"number": facts.number, "key": key, **_window(facts.at, seconds, most)}
    return {row[0]: _read(row) for row in db.execute(_NEAR_NUMBER, asked)}


def near_blocks(
    db: sqlite3.Connection,
    facts: Facts,
    blocks: Iterable[str],
    *,
    key: str,
    seconds: float,
    most: int,
) -> dict[int, Facts]:
    """Calls that share a block, by the number of their row."""
    if facts.at is None:
        return {}
    window = _window(facts.at, seconds, most)
    ids = {
        row[0] for block in blocks for row in db.execute(_NEAR_BLOCK, {"block": block} | window)
    }
    if not ids:
        return {}
    wanted = f"id IN ({','.join(map(str, ids))}) AND key = ?"
    rows = db.execute(f"SELECT {_COLUMNS} FROM link_facts WHERE {wanted}", (key,))
    return {row[0]: _read(row) for row in rows}


def put_facts(
    db: sqlite3.Connection, facts: Facts, blocks: Iterable[str], *, key: str, stamp: str
) -> None:
    """Keep a call's facts, to be found by later calls."""
    plain = {name: getattr(facts, name) for name in (*_LISTS, *_PLAIN)}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    terms = array("I", sorted(facts.terms)).tobytes()
    row = (facts.sha256, key, stamp, facts.at, facts.number, facts.abuse, text, terms)
    names = "sha256, key, stamp, at, number, abuse, facts, terms"
    number = db.execute(
        f"INSERT INTO link_facts ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
    ).lastrowid
    if facts.at is not None:
        rows = [(block, facts.at, number) for block in blocks]
        db.executemany("INSERT INTO link_blocks VALUES (?, ?, ?)", rows)


def put_links(db: sqlite3.Connection, found: Iterable[Link]) -> None:
    """Keep links."""
    rows = [
        (
            *(one.sha256, one.other, one.kind, one.score),
            json.dumps(one.evidence, ensure_ascii=False),
        )
        for one in found
    ]
    if rows:
        db.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", rows)


def of(store: Store, shas: Iterable[str]) -> list[Link]:
    """The links of these calls, whichever end they are; the newest pair first."""
    rows = rows_of(
        store,
        "SELECT links.* FROM links JOIN recordings USING (sha256) WHERE"
        " sha256 IN (SELECT value FROM json_each(?1))"
        " OR other IN (SELECT value FROM json_each(?1))"
        " ORDER BY recordings.started_at DESC, sha256, links.score DESC, other, kind",
        (json.dumps(list(shas)),),
    )
    return [
        Link(
            row["sha256"], row["other"], row["kind"], row["score"], json.loads(row["evidence"])
        )
        for row in rows
    ]


def group(store: Store, sha256: str) -> list[str]:
    """The call and all that duplicates lead to from it, one after another."""
    rows = rows_of(
        store,
        "WITH RECURSIVE met (sha) AS (VALUES (?) UNION SELECT CASE WHEN links.sha256 = met.sha"
        " THEN links.other ELSE links.sha256 END FROM met JOIN links"
        " ON (links.sha256 = met.sha OR links.other = met.sha) AND kind = 'duplicate')"
        " SELECT sha FROM met",
        (sha256,),
    )
    return [row["sha"] for row in rows]


def facts_of(store: Store, shas: Iterable[str]) -> list[Facts]:
    """The facts of these calls, by time."""
    rows = rows_of(
        store,
        f"SELECT {_COLUMNS} FROM link_facts WHERE sha256 IN (SELECT value FROM json_each(?))"
        " ORDER BY at, sha256",
        (json.dumps(list(shas)),),
    )
    return [_read(row) for row in rows]


def calls_from(store: Store, number: str, first: float, last: float) -> list[Facts]:
    """The calls of a number between two moments, by time."""
    rows = rows_of(
        store,
        f"SELECT {_COLUMNS} FROM link_facts WHERE number = ? AND number <> ''"
        " AND at BETWEEN ? AND ? ORDER BY at, sha256",
        (number, first, last),
    )
    return [_read(row) for row in rows]


def named(store: Store, shas: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """SHA-256 -> the exchange's id of the call and when it began."""
    rows = rows_of(
        store,
        "SELECT sha256, json_extract(metadata, '$.call_id'), started_at FROM recordings"
        " WHERE sha256 IN (SELECT value FROM json_each(?))",
        (json.dumps(list(shas)),),
    )
    return {sha: (call_id, started) for sha, call_id, started in rows}


def _window(at: int, seconds: float, most: int) -> dict[str, Any]:
    return {"at": at, "first": at - seconds, "last": at + seconds, "most": most}


def _read(row: Sequence[Any]) -> Facts:
    _, sha256, at, number, abuse, text, packed = row
    terms: array[int] = array("I")
    terms.frombytes(packed)
    told = json.loads(text)
    told |= {name: tuple(told[name]) for name in _LISTS}
    return Facts(sha256, at, number, abuse=abuse, terms=frozenset(terms), **told)
