"""A rule tried on past calls: what it would flag, of whom, and what the valid results say.

Reads stored results; nothing is judged again but this one item, and nothing is stored.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.domain.profile import Profile, read_items
from pipeline.domain.qaschema import QualityItem
from pipeline.errors import InputInvalid
from pipeline.qa.conditions import View
from pipeline.qa.items import doubts, judged
from pipeline.records import Call, CallResult, Flag
from pipeline.redact import hiding

KNOWN = 20  # ids that an error lists


@dataclass(frozen=True, slots=True)
class Hit:
    """A call that the rule would fail, with the first words or seconds for it."""

    sha256: str
    call_id: str | None
    agent: str | None
    started_at: str | None
    turn: int | None  # None: a measure, or what was not said has no turn
    start: float | None  # seconds
    quote: str  # numbers and names masked
    reason: str
    was: str | None  # the verdict of the valid result; None: it has none


@dataclass(slots=True)
class Trial:
    """What came of it."""

    item: QualityItem
    verdicts: Counter[str] = field(default_factory=Counter)
    agents: dict[str, Counter[str]] = field(default_factory=dict)  # agent -> verdicts
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # valid verdict, now
    hits: list[Hit] = field(default_factory=list)

    @property
    def calls(self) -> int:
        """How many calls it was tried on."""
        return self.verdicts.total()

    @property
    def applied(self) -> int:
        """In how many it could be decided."""
        return self.verdicts["pass"] + self.verdicts["fail"]


def rule(
    name: str, profile: Profile, file: Path | None = None
) -> tuple[QualityItem, tuple[QualityItem, ...]]:
    """The item of this id, of the file or else of the profile, and those that it may see.

    Raises InputInvalid naming those there are, ProfileInvalid for a file that is wrong.
    """
    items = read_items(file, profile.qa) if file else profile.qa
    own = {item.id for item in items}
    for item in items:
        if name in (item.id, item.label):
            return item, (*(one for one in profile.qa if one.id not in own), *items)
    told = "、".join(item.id for item in items[:KNOWN])
    raise InputInvalid(f"没有规则 {name!r}；{file or 'qa.toml'} 里有：{told}")


def tried(
    item: QualityItem,
    results: Iterable[CallResult],
    profile: Profile,
    *,
    others: tuple[QualityItem, ...],
    least: float,
) -> Trial:
    """Judge the item in every result that has words.

    others: items that it may see. least: judge.low_confidence.
    """
    trial = Trial(item)
    own = {one.id for one in profile.qa}
    outcomes = {rule.code: rule.outcome for rule in profile.scope}
    for result in results:
        call = result.call
        if result.status != "ok" or all(turn.source == "text" for turn in call.turns):
            continue
        alerts = tuple(flag for flag in call.flags if flag.item not in own)
        view = View(call, item, alerts, others, outcomes)
        flag = judged(view, doubts(call, least))
        was = next((one.verdict for one in call.flags if one.item == item.id), None)
        _count(trial, call, flag, was)
    return trial


def _count(trial: Trial, call: Call, flag: Flag, was: str | None) -> None:
    agent = call.recording.metadata.agent_id
    trial.verdicts[flag.verdict] += 1
    if agent:
        trial.agents.setdefault(agent, Counter())[flag.verdict] += 1
    if was:
        trial.moves[was, flag.verdict] += 1
    if flag.verdict == "fail":
        trial.hits.append(_hit(call, flag, was))


def _hit(call: Call, flag: Flag, was: str | None) -> Hit:
    first = min(flag.findings, key=lambda found: found.start, default=None)
    known = call.recording.metadata
    turn = first.turn if first and first.turn >= 0 else None
    return Hit(
        sha256=call.recording.sha256,
        call_id=known.call_id,
        agent=known.agent_id,
        started_at=known.started_at,
        turn=turn,
        start=round(first.start, 1) if first else None,
        quote=hiding(call)(first.quote) if first else "",
        reason=flag.reason,
        was=was,
    )
