"""The calls in the order of their time, a page of them, from columns alone: no transcript."""

from dataclasses import dataclass

from pipeline.store.queries import row_of, rows_of
from pipeline.store.store import Store

_TIMED, _UNTIMED = ("started_at IS NOT NULL",), ("started_at IS NULL",)
Condition = tuple[object, ...]  # SQL and its values
_RARE = ("latest.status <> 'ok'",)  # as the partial index says it
_BEHIND = "(started_at, recordings.sha256) < (?, ?)"


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
    last = None
    if wanted.after is not None:
        sql = "SELECT started_at, sha256 FROM recordings WHERE sha256 = ?"
        last = row_of(store, sql, (wanted.after,))
        if last is None:
            return []
    found: list[Entry] = []
    place: list[Condition]
    if last is None or last["started_at"] is not None:
        place = [] if last is None else [(_BEHIND, last["started_at"], last["sha256"])]
        found = _part(store, [_TIMED, *_asked(wanted), *place], limit)
        last = None
    if len(found) < limit and not (wanted.since or wanted.until):
        place = [] if last is None else [("recordings.sha256 < ?", last["sha256"])]
        rest = limit - len(found)
        found += _part(store, [_UNTIMED, *_asked(wanted), *place], rest)
    return found


def _asked(wanted: Wanted) -> list[Condition]:
    """A condition and its values for each thing that is asked for."""
    until = wanted.until and (f"{wanted.until}~" if len(wanted.until) == 10 else wanted.until)
    conditions = {
        "agent_id = ?": wanted.agent_id,
        "started_at >= ?": wanted.since,
        "started_at < ?": until,
        "latest.status = ?": wanted.status,
    }
    asked: list[Condition] = [
        (sql, value) for sql, value in conditions.items() if value is not None
    ]
    return [*asked, _RARE] if wanted.status not in (None, "ok") else asked


def _part(store: Store, conditions: list[Condition], limit: int) -> list[Entry]:
    # CROSS JOIN keeps the order: along the index by time until the page is full, instead of
    # sorting all calls; the few that are not ok from an index of their own
    tables = ("latest", "recordings") if _RARE in conditions else ("recordings", "latest")
    where = " AND ".join(str(sql) for sql, *_ in conditions)
    rows = rows_of(
        store,
        "SELECT recordings.sha256, started_at, agent_id, shift, seconds, status, outcome,"
        " request_type, department, urgency, abuse, review"
        f" FROM {' CROSS JOIN '.join(tables)} USING (sha256) WHERE {where}"
        " ORDER BY started_at DESC, recordings.sha256 DESC LIMIT ?",
        (*(value for _, *values in conditions for value in values), limit),
    )
    return [Entry(*row) for row in rows]
