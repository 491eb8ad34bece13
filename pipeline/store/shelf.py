"""The calls in the order of their time, a page of them, from columns alone: no transcript."""

from dataclasses import dataclass

from pipeline.store.queries import rows_of
from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls are asked for; None: whichever."""

    agent_id: str | None = None
    since: str | None = None  # ISO day or time
    until: str | None = None  # before this time, or up to this day
    status: str | None = None  # ok, no_speech, failed
    after: str | None = None  # the SHA-256 of the last call of the page before


@dataclass(frozen=True, slots=True)
class Entry:
    """One call with its valid result, as far as a list shows it."""

    sha256: str
    started_at: str | None
    agent_id: str | None
    shift: str | None
    duration_s: float
    status: str
    outcome: str
    request_type: str | None
    department: str | None
    urgency: str | None
    abuse: str
    review: int  # flags that ask a person to look


def page(store: Store, wanted: Wanted, *, limit: int) -> list[Entry]:
    """The newest calls first; those without a time last. An unknown `after` gives nothing."""
    until = wanted.until and (f"{wanted.until}~" if len(wanted.until) == 10 else wanted.until)
    rows = rows_of(
        store,
        "SELECT recordings.sha256, started_at, agent_id, shift, seconds, status, outcome,"
        " request_type, department, urgency, abuse, review"
        " FROM recordings JOIN latest USING (sha256)"
        " WHERE (?1 IS NULL OR agent_id = ?1) AND (?2 IS NULL OR started_at >= ?2)"
        " AND (?3 IS NULL OR started_at < ?3) AND (?4 IS NULL OR status = ?4)"
        " AND (?5 IS NULL OR (coalesce(started_at, ''), recordings.sha256) <"
        " (SELECT coalesce(started_at, ''), sha256 FROM recordings WHERE sha256 = ?5))"
        " ORDER BY coalesce(started_at, '') DESC, recordings.sha256 DESC LIMIT ?6",
        (wanted.agent_id, wanted.since, until, wanted.status, wanted.after, limit),
    )
    return [Entry(*row) for row in rows]
