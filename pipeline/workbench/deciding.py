"""What a reviewer does with a flag in one step: accept, change, reject, with whom it hit.

Over reviewing.py, which keeps single decisions: here a rejected flag of abuse becomes what it
says, that there is none, so that the call leaves the queue with a right value. Of a danger that
was not said outright the machine has set no level: accepted it is a threat, rejected none.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.decisions import item_of, said, value_of
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.records import CallResult
from pipeline.reviewing import ABUSE, POSSIBLE, Verdict, decide
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.workbench.amending import Amendment, Reviewer, amend
from pipeline.workbench.verdicts import OF_ABUSE

NONE, THREAT = "none", "threat"


def take(
    store: Store,
    result: CallResult,
    verdict: Verdict,
    *,
    profile: Profile,
    by: Reviewer,
    parts: Mapping[str, str] | None = None,
) -> list[Review]:
    """Keep a verdict, and of abuse whose and against whom it was.

    parts: abuse.who, abuse.target; empty values say nothing.
    Raises Overtaken, and InputInvalid for what does not go together or is not known.
    """
    told = {item: to for item, to in (parts or {}).items() if to}
    for item, to in told.items():
        if to not in OF_ABUSE.get(item, ()):
            raise InputInvalid(f"{item} 不能是 {to!r}")
    if verdict.item and _hinted(result) and item_of(verdict.item, profile) == ABUSE:
        verdict = _of_a_hint(verdict)
    verdict = _meant(verdict, said(result, profile), profile)
    kept = decide(
        store,
        result,
        verdict,
        profile=profile,
        who=by.who,
        origin=by.origin,
        seen=by.seen,
    )
    if verdict.item == ABUSE and verdict.to != NONE:
        for item, to in told.items():
            wanted = Amendment(item, to, verdict.reason)
            kept.append(amend(store, result.call, wanted, by=replace(by, seen=None)))
    return kept


def _hinted(result: CallResult) -> bool:
    return any(flag.item == POSSIBLE for flag in result.call.flags)


def _of_a_hint(verdict: Verdict) -> Verdict:
    """What was asked is whether it is one, and not whether the machine's `none` is right."""
    if verdict.what == "accept":
        return replace(verdict, what="change", to=THREAT)
    return _rejected(verdict) if verdict.what == "reject" else verdict


def _rejected(verdict: Verdict) -> Verdict:
    """There is no abuse. Raises InputInvalid where no reason is given."""
    if not (verdict.reason or "").strip():
        raise InputInvalid("驳回要写明理由")
    return Verdict("change", ABUSE, NONE, verdict.reason)


def _meant(verdict: Verdict, machine: Mapping[str, str], profile: Profile) -> Verdict:
    """A rejection of abuse says none; a change to the machine's own value confirms it."""
    if not verdict.item:
        return verdict
    item = item_of(verdict.item, profile)
    if item == ABUSE and verdict.what == "reject" and machine.get(ABUSE) not in (None, NONE):
        return _rejected(verdict)
    if verdict.what == "change" and verdict.to is not None:
        if value_of(item, verdict.to, profile) == machine.get(item):
            return replace(verdict, what="accept", to=None)
    return verdict
