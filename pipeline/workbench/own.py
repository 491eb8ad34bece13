"""An agent's own calls with their scores, and the scorecard that may be appealed against.

Nothing here tells of anybody else's calls: no rank, no mean of others.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.decisions import QA, item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.records import CallResult
from pipeline.redact import hiding, mask
from pipeline.scorecard import agents
from pipeline.scorecard.agents import Standing
from pipeline.scorecard.card import card, decided, score
from pipeline.shifts import Selection
from pipeline.store import appeals, reviews
from pipeline.store.appeals import OPEN, Appeal
from pipeline.store.facts import facts
from pipeline.store.queries import rows_of
from pipeline.store.search import Key
from pipeline.store.store import Store

DAYS = 30  # over which the own mean is taken


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A line of the list."""

    key: Key
    sha256: str
    title: str  # numbers hidden
    seconds: float
    machine: float | None
    human: float | None  # None: no person decided on any item
    failed: tuple[str, ...]  # items, as they stand now
    appeals: tuple[Appeal, ...]  # the last step of each


def calls(
    store: Store,
    agent: str,
    profile: Profile,
    *,
    after: Key | None = None,
    limit: int = 30,
) -> list[OwnCall]:
    """The agent's calls, newest first."""
    rows = rows_of(
        store,
        "SELECT facets.*, caller_number FROM facets"
        " JOIN (SELECT sha256, caller_number FROM recordings) USING (sha256)"
        " WHERE agent_id = ? AND status = 'ok' AND (started_at, id) < (?, ?)"
        " ORDER BY started_at DESC, id DESC LIMIT ?",
        (agent, *(after or ("~", 0)), limit),
    )
    shas = [row["sha256"] for row in rows]
    people = reviews.counting(store, shas)
    filed = _appeals(store, shas)
    return [
        _own(row, people.get(row["sha256"], {}), filed.get(row["sha256"], ()), profile)
        for row in rows
    ]


def standing(store: Store, agent: str, profile: Profile, *, until: datetime) -> Standing | None:
    """The agent's mean of the last days, with its interval; None without a call."""
    chosen = Selection(agents=(agent,), since=until - timedelta(days=DAYS), until=until)
    mine = list(facts(store, chosen, profile.places))
    people = reviews.counting(store, [one.sha256 for one in mine])
    found = agents.compared(mine, profile, people)
    return found[0] if found else None


def decided_last(store: Store) -> int:
    """A number that grows with each decision of a person."""
    return rows_of(store, "SELECT coalesce(max(id), 0) FROM reviews", ())[0][0]


def last_moment(store: Store, agent: str) -> datetime | None:
    """Just after the agent's newest call."""
    row = rows_of(store, "SELECT max(started_at) FROM facets WHERE agent_id = ?", (agent,))[0]
    if not row[0]:
        return None
    return datetime.fromisoformat(row[0]).replace(tzinfo=None) + timedelta(seconds=1)


def scorecard(
    store: Store, result: CallResult, profile: Profile, lang: str = "zh"
) -> dict[str, Any] | None:
    """The scorecard of a call: each item with its verdict, evidence and appeal."""
    sha, call = result.call.recording.sha256, result.call
    people = reviews.counting(store, sha).get(sha, {})
    made = card(call.flags, profile, people.values())
    if made is None:
        return None
    flags = {flag.item: flag for flag in call.flags}
    hide = hiding(call)
    steps = appeals.of(store, sha)
    lines = []
    for line in made.lines:
        own = [one for one in steps if one.item == line.item]
        stands = line.human or line.verdict
        open_, closed = (bool(own) and own[-1].state == state for state in (OPEN, "rejected"))
        lines.append(
            {
                "item": line.item,
                "name": item_name(QA + line.item, profile, lang),
                "points": line.points,
                "verdict": line.verdict,
                "verdict_name": value_name(QA + line.item, line.verdict, profile, lang),
                "human": line.human,
                "human_name": value_name(QA + line.item, line.human, profile, lang),
                "reason": hide(line.reason),
                "evidence": [
                    {"turn": one.turn, "start_s": round(one.start, 2), "quote": hide(one.quote)}
                    for one in flags[line.item].findings
                ],
                "appeals": [told(one) for one in own],
                "open": open_,
                "may_appeal": stands == "fail" and not open_ and not closed,
            }
        )
    lines.sort(key=lambda line: (line["human"] or line["verdict"]) != "fail")
    return {"machine": made.machine, "human": made.human, "lines": lines}


def told(one: Appeal) -> dict[str, Any]:
    """A step of an appeal, numbers in its words hidden."""
    at = one.at[:16].replace("T", " ")
    return {"state": one.state, "who": one.who, "at": at, "reason": mask(one.reason or "")}


def _own(
    row: Any, people: dict[str, reviews.Review], filed: Sequence[Appeal], profile: Profile
) -> OwnCall:
    known = {item.id for item in profile.qa}
    verdicts = {i: v for i, v, _ in json.loads(row["flags"] or "[]") if i in known}
    own = decided(people.values())
    counts = {**verdicts, **own}
    numbers = [row["caller_number"] or "", *json.loads(row["phones"] or "[]")]
    return OwnCall(
        key=Key(row["started_at"], row["id"]),
        sha256=row["sha256"],
        title=mask(row["title"] or "", numbers),
        seconds=row["seconds"],
        machine=score(verdicts, profile).value,
        human=score(counts, profile).value if own else None,
        failed=tuple(item for item, verdict in counts.items() if verdict == "fail"),
        appeals=tuple(filed),
    )


def _appeals(store: Store, shas: Sequence[str]) -> dict[str, list[Appeal]]:
    """Recording -> the last step of each of its appeals, of these alone."""
    found: dict[str, list[Appeal]] = {}
    for sha in shas:
        last = {one.item: one for one in appeals.of(store, sha)}
        if last:
            found[sha] = list(last.values())
    return found
