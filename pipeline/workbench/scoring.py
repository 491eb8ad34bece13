"""The QA clerk's scorecard of a call: finished by one, scored again by another, compared.

The first scoring decides: its items are reviews like any other. The second stands beside it
under names of its own and decides nothing; Cohen's kappa tells how far the two agree.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.decisions import QA, SECOND, VERDICTS, said
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.records import CallResult
from pipeline.store import reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.workbench.amending import Reviewer

DONE = "scorecard"  # the item that says that a scoring is finished
CHOICES = (*VERDICTS, "insufficient_evidence")


@dataclass(frozen=True, slots=True)
class Scored:
    """Who has finished a call's scorings; None: nobody yet."""

    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two clerks agree on an item, or on all."""

    item: str  # qa.ID, or "" for all together
    calls: int  # verdicts that were given twice
    agreed: float  # share of them
    kappa: float | None  # Cohen's; None: all verdicts are alike, chance explains everything


def finish(
    store: Store,
    result: CallResult,
    profile: Profile,
    *,
    by: Reviewer,
) -> list[Review]:
    """Confirm the items that nobody has decided, and the scorecard as finished.

    Raises Overtaken, and InputInvalid where there is no scorecard.
    """
    sha = result.call.recording.sha256
    machine = _verdicts(result, profile)
    known = reviews.counting(store, sha).get(sha, {})
    left = [item for item in machine if item not in known]
    made = [Review(sha, by.who, "accept", item, machine[item], machine[item]) for item in left]
    made.append(Review(sha, by.who, "accept", DONE, "", ""))
    reviews.add(store, *made, origin=by.origin, seen=by.seen)
    return made


def score_again(
    store: Store,
    result: CallResult,
    profile: Profile,
    verdicts: Mapping[str, str],
    *,
    by: Reviewer,
) -> list[Review]:
    """Keep a second scoring. verdicts: qa.ID -> one of CHOICES, of every item.

    Raises InputInvalid for what is missing or unknown, and where the same person scored first.
    """
    sha = result.call.recording.sha256
    machine = _verdicts(result, profile)
    if scored(store, [sha])[sha].first == by.who:
        raise InputInvalid("第一次评分就是您做的，复评要由另一个人来做")
    wrong = [item for item in machine if verdicts.get(item) not in CHOICES]
    if wrong:
        raise InputInvalid(f"这些项目还没有评：{'、'.join(wrong)}")
    made = [
        Review(
            sha,
            by.who,
            "accept" if verdicts[item] == value else "change",
            SECOND + item,
            value,
            verdicts[item],
        )
        for item, value in machine.items()
    ]
    made.append(Review(sha, by.who, "accept", SECOND + DONE, "", ""))
    reviews.add(store, *made, origin=by.origin)
    return made


def scored(store: Store, shas: Collection[str]) -> dict[str, Scored]:
    """Of each call who scored it."""
    found = reviews.counting(store, shas)
    return {sha: _scored(found.get(sha, {})) for sha in shas}


def waits(done: Scored, twice: bool, who: str) -> bool:
    """Whether a call of the sample waits for this person: for the first scoring, or the second
    one by another. twice: it is to be scored twice."""
    if done.first is None:
        return True
    return twice and done.second is None and done.first != who


def agreements(store: Store) -> list[Agreement]:
    """Of all verdicts together, then of each item: over the calls that two people scored."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for decided in reviews.counting(store, reviews.with_item(store, SECOND + DONE)).values():
        for item, second in decided.items():
            first = decided.get(item.removeprefix(SECOND))
            if item.startswith(SECOND + QA) and first and first.who != second.who:
                pair = (first.new or "", second.new or "")
                pairs.setdefault(item.removeprefix(SECOND), []).append(pair)
    everything = [pair for found in pairs.values() for pair in found]
    if not everything:
        return []
    return [_agreement("", everything), *(_agreement(i, p) for i, p in sorted(pairs.items()))]


def kappa(pairs: Collection[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960) of pairs of labels; None where only one label was ever given."""
    if len({label for pair in pairs for label in pair}) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*pairs, strict=True)
    return float(cohen_kappa_score(first, second))


def _agreement(item: str, pairs: Collection[tuple[str, str]]) -> Agreement:
    agreed = sum(first == second for first, second in pairs) / len(pairs)
    return Agreement(item, len(pairs), agreed, kappa(pairs))


def _scored(decided: Mapping[str, Review]) -> Scored:
    first, second = decided.get(DONE), decided.get(SECOND + DONE)
    return Scored(first.who if first else None, second.who if second else None)


def _verdicts(result: CallResult, profile: Profile) -> dict[str, str]:
    made = said(result, profile)
    found = {item: value for item, value in made.items() if item.startswith(QA)}
    if not found:
        raise InputInvalid("这通没有评分表：处理失败，或没有语音")
    return found
