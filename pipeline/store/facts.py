"""What is counted of each call, read without its transcript: thousands in a second.

The shift report compares stretches of time with these. Nothing in here was said by anybody,
so nothing has to be masked.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.domain.schema import Region
from pipeline.records import Metadata
from pipeline.shifts import Selection
from pipeline.store import codec
from pipeline.store.connection import explained
from pipeline.store.queries import about
from pipeline.store.store import Store

COUNTED = (
    "SELECT facets.*, recordings.metadata FROM facets JOIN recordings USING (sha256)"
    " WHERE facets.status IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One call, as far as it is counted; None where it is unknown or no stage came so far."""

    sha256: str
    metadata: Metadata
    seconds: float
    status: str  # ok, no_speech, failed
    outcome: str | None
    reason: str | None  # why it is not taken
    request_type: str | None
    department: str | None  # the lead unit
    urgency: str | None
    emotion: str | None  # of the caller at the end
    abuse: str  # the worst level; "none"
    abusers: tuple[str, ...] = ()  # roles
    verdicts: dict[str, str] = field(default_factory=dict)  # flag -> pass, fail, ...
    asks: tuple[str, ...] = ()  # the flags for which a person should look
    alerts: int = 0  # of them, to be looked at first

    @property
    def hour(self) -> int | None:
        """The hour of the day at which the call began."""
        started = self.metadata.started_at
        return int(started[11:13]) if started and len(started) >= 13 else None

    @property
    def to_review(self) -> bool:
        """Whether a person should look at it."""
        return self.status == "failed" or bool(self.asks)


def facts(
    store: Store,
    chosen: Selection,
    places: Sequence[Region],
    *,
    newest_first: bool = False,
) -> Iterator[Facts]:
    """The chosen calls that have a valid result; read as they are asked for."""
    where, values = about(chosen, "facets")
    order = "DESC" if newest_first else "ASC"
    sql = f"{COUNTED} AND {where} ORDER BY facets.started_at {order}, sha256"
    with explained(store.path):
        for row in store.db.execute(sql, values):
            found = _facts(row)
            if chosen.takes(found.metadata, places):
                yield found


def span(store: Store, shift: str | None = None) -> tuple[str, str] | None:
    """When the first and the last call began (of a shift by its name); None: there is none."""
    with explained(store.path):
        first, last = store.db.execute(
            "SELECT min(started_at), max(started_at) FROM recordings JOIN latest USING (sha256)"
            " WHERE ? IS NULL OR recordings.shift = ?",
            (shift, shift),
        ).fetchone()
    return (first, last) if first else None


def newest(store: Store, shift: str | None = None) -> Metadata | None:
    """What is known of the call that began last (of a shift by its name)."""
    with explained(store.path):
        row = store.db.execute(
            "SELECT metadata FROM recordings JOIN latest USING (sha256)"
            " WHERE started_at IS NOT NULL AND (? IS NULL OR recordings.shift = ?)"
            " ORDER BY started_at DESC LIMIT 1",
            (shift, shift),
        ).fetchone()
    return codec.read_metadata(row["metadata"]) if row else None


def links(store: Store, shas: Iterable[str]) -> list[tuple[str, str, str]]:
    """Pairs of these calls that belong together, and how: as far as calls were linked."""
    these = json.dumps(list(shas))
    with explained(store.path):
        rows = store.db.execute(
            "SELECT sha256, other, kind FROM links"
            " WHERE sha256 IN (SELECT value FROM json_each(?))"
            " AND other IN (SELECT value FROM json_each(?)) ORDER BY kind, sha256, other",
            (these, these),
        ).fetchall()
    return [(row["sha256"], row["other"], row["kind"]) for row in rows]


def _facts(row: sqlite3.Row) -> Facts:
    flags = json.loads(row["flags"])
    asking = [(item, severity) for item, _, severity in flags if severity != "info"]
    return Facts(
        sha256=row["sha256"],
        metadata=codec.read_metadata(row["metadata"]),
        seconds=row["seconds"],
        status=row["status"],
        outcome=row["outcome"],
        reason=row["reason"],
        request_type=row["request_type"],
        department=row["department"],
        urgency=row["urgency"],
        emotion=row["emotion"],
        abuse=row["abuse"],
        abusers=tuple(json.loads(row["abusers"] or "[]")),
        verdicts={item: verdict for item, verdict, _ in flags},
        asks=tuple(item for item, _ in asking),
        alerts=sum(severity == "alert" for _, severity in asking),
    )
