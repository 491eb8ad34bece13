"""A call as people left it: their decisions in place of the machine's, the form filled anew.

Used by orders.py: whoever receives a work order must not get what a person has corrected.
The stored result stays what the machine said.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.config import load_config
from pipeline.domain.profile import Profile
from pipeline.domain.schema import OUTCOMES
from pipeline.records import Call, CallResult, Decision, Scope
from pipeline.stages.answers import sent
from pipeline.stages.scope import as_scope
from pipeline.stages.settle import NOWHERE, SINGLE
from pipeline.stages.ticket import ticket
from pipeline.store.reviews import Review
from pipeline.tools import Tools


def settled(result: CallResult, reviewed: Mapping[str, Review], profile: Profile) -> CallResult:
    """The result with what people changed in it; a decision of theirs has no evidence.

    reviewed: item -> what a person decided, as far as it counts.
    """
    told = {item: one.new for item, one in reviewed.items() if one.what == "change" and one.new}
    if result.status != "ok" or not told:
        return result
    call = result.call
    made: dict[str, Any] = {task: Decision(told[task]) for task in SINGLE if task in told}
    if label := told.get("scope"):
        made["scope"] = _scope(label, profile)
    if level := told.get("abuse"):
        made["abuse"] = replace(call.abuse, level=level)
    call = _sent(replace(call, **made), told.get("department"), profile)
    return replace(result, call=ticket(call, Tools(load_config(), profile)))


def _scope(label: str, profile: Profile) -> Scope:
    """Of a code, or of an outcome that has none."""
    if label in OUTCOMES:
        return Scope(label)
    rule = next((one for one in profile.scope if one.code == label), None)
    # a code of another profile: codes are reasons for not taking an appeal
    return as_scope(rule, ()) if rule else Scope("decline_explain", code=label)


def _sent(call: Call, unit: str | None, profile: Profile) -> Call:
    """The call with the unit that a person named at its head."""
    if unit is None:
        return call
    if unit not in {one.id for one in profile.departments}:  # NOWHERE, or of another profile
        return replace(call, departments=() if unit == NOWHERE else (Decision(unit),))
    return sent(call, Decision(unit), profile)
