"""Scores of many calls by agent, by shift, or by both: means with what they rest on.

Five calls do not brand a person: below the profile's minimum nobody is ranked, every mean has
its interval, and "lower than all" is only said where the interval says so. For the command
line, the shift report and the web pages; nothing in here prints.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from pipeline.domain.profile import Profile
from pipeline.scorecard.card import decided, score
from pipeline.scorecard.intervals import Interval, of_mean
from pipeline.scorecard.satisfaction import Rated, rated
from pipeline.shifts import Selection
from pipeline.store import reviews
from pipeline.store.facts import Facts, facts
from pipeline.store.reviews import Review
from pipeline.store.store import Store

By = Literal["agent", "shift", "both"]
Group = tuple[str | None, str | None]  # agent, shift; None: of any
Reviewed = Mapping[str, Mapping[str, Review]]  # recording -> item -> decision


@dataclass(frozen=True, slots=True)
class Standing:
    """What the calls of one agent, or one shift, say."""

    agent: str | None
    shift: str | None
    calls: int
    scored: int  # of them, that have a score
    score: Interval | None  # the machine's mean; None: fewer than two have one
    mean: float | None  # the same without an interval, from one call on
    human: float | None  # mean of the calls on which people decided
    reviewed: int  # how many these are
    fatal: int  # calls with a fatal item that no person has taken back
    failed: tuple[tuple[str, int, int], ...]  # item, failed, decided; the worst first
    satisfaction: Rated
    rank: int | None = None  # 1: the highest mean; None: too few calls
    against: str | None = None  # above, below, alike: than the mean of all; None: too few


@dataclass(frozen=True, slots=True)
class _Scored:
    call: Facts
    machine: float | None
    human: float | None
    fatal: bool


def standings(
    store: Store, chosen: Selection, profile: Profile, *, by: By = "agent"
) -> list[Standing]:
    """The chosen calls of a store by agent or shift, ranked ones first."""
    calls = facts(store, chosen, profile.places)
    return compared(calls, profile, reviews.counting(store), by=by)


def compared(
    calls: Iterable[Facts], profile: Profile, reviewed: Reviewed, *, by: By = "agent"
) -> list[Standing]:
    """The same of calls that were read already (the shift report has them)."""
    groups: dict[Group, list[_Scored]] = {}
    for one in calls:
        if one.metadata.agent_id or by == "shift":
            people = reviewed.get(one.sha256, {}).values()
            groups.setdefault(_group(one, by), []).append(_scored(one, profile, people))
    found = [_standing(group, own, profile) for group, own in groups.items()]
    return _ranked(found, groups.values(), profile)


def _group(one: Facts, by: By) -> Group:
    agent = one.metadata.agent_id if by != "shift" else None
    return agent, one.metadata.shift if by != "agent" else None


def _scored(one: Facts, profile: Profile, people: Iterable[Review]) -> _Scored:
    own = decided(people)
    machine = score(one.verdicts, profile)
    counts = score({**one.verdicts, **own}, profile) if own else machine
    return _Scored(one, machine.value, counts.value if own else None, bool(counts.fatal))


def _standing(group: Group, own: Sequence[_Scored], profile: Profile) -> Standing:
    values = [one.machine for one in own if one.machine is not None]
    people = [one.human for one in own if one.human is not None]
    return Standing(
        *group,
        calls=len(own),
        scored=len(values),
        score=of_mean(values, profile.scorecard.agents.confidence),
        mean=fmean(values) if values else None,
        human=fmean(people) if people else None,
        reviewed=len(people),
        fatal=sum(one.fatal for one in own),
        failed=_failed(own, profile),
        satisfaction=rated((one.call for one in own), profile.scorecard),
    )


def _failed(own: Sequence[_Scored], profile: Profile) -> tuple[tuple[str, int, int], ...]:
    """Items by what they cost: points x share that failed."""
    points = profile.scorecard.points
    failed: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for one in own:
        for item, verdict in one.call.verdicts.items():
            if item in points and verdict in ("pass", "fail"):
                judged[item] += 1
                failed[item] += verdict == "fail"
    cost = {
        item: points[item] * count / judged[item] for item, count in failed.items() if count
    }
    worst = sorted(cost, key=lambda item: (-cost[item], item))
    return tuple((item, failed[item], judged[item]) for item in worst)


def _ranked(
    found: Sequence[Standing], groups: Iterable[Sequence[_Scored]], profile: Profile
) -> list[Standing]:
    """Ranks by the mean, for those with enough calls; ties share one."""
    every = [one.machine for own in groups for one in own if one.machine is not None]
    least = profile.scorecard.agents.minimum
    able = [one for one in found if one.score and one.score.n >= least]
    able.sort(key=lambda one: (-(one.mean or 0.0), one.agent or "", one.shift or ""))
    ranked = []
    for one in able:
        rank = 1 + sum((other.mean or 0.0) > (one.mean or 0.0) for other in able)
        ranked.append(replace(one, rank=rank, against=_against(one.score, fmean(every))))
    rest = [one for one in found if one not in able]
    return ranked + sorted(rest, key=lambda one: (one.agent or "", one.shift or ""))


def _against(score: Interval | None, mean: float) -> str | None:
    if score is None:
        return None
    return "above" if score.low > mean else "below" if score.high < mean else "alike"
