"""A call as people left it: their decisions in place of the machine's, the form filled anew.

Used by orders.py: whoever receives a work order must not get what a person has corrected.
The stored result stays what the machine said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipeline.config import load_config
from pipeline.domain.profile import Profile
from pipeline.domain.schema import OUTCOMES
from pipeline.records import UNSAID, Call, CallResult, Decision, Scope, Ticket
from pipeline.stages.answers import sent
from pipeline.stages.scope import as_scope
from pipeline.stages.settle import NOWHERE, SINGLE, TASKS
from pipeline.stages.ticket import ticket
from pipeline.store.reviews import Review
from pipeline.tools import Tools
from pipeline.workbench.dispatching import item


def settled(
    result: CallResult,
    reviewed: Mapping[str, Review],
    profile: Profile,
    parts: Iterable[int] = (),
) -> tuple[CallResult, tuple[int, ...]]:
    """The result with what people changed in it, and the numbers of its orders; a decision of
    theirs has no evidence.

    reviewed: item -> what a person decided, as far as it counts.
    parts: the numbers of the orders that a dispatcher split off the first one.
    """
    told = {item: one.new for item, one in reviewed.items() if one.what == "change" and one.new}
    call = result.call
    if result.status == "ok" and told.keys() & {*TASKS, "abuse"}:
        call = ticket(_decided(call, told, profile), Tools(load_config(), profile))
    if call.ticket is None:
        return replace(result, call=call), ()
    drafts = dict(enumerate((call.ticket, *call.more_tickets), 1))
    drafts |= {part: call.ticket for part in sorted(set(parts) - drafts.keys())}
    edited = tuple(_edited(order, number, told) for number, order in drafts.items())
    call = replace(call, ticket=edited[0], more_tickets=edited[1:])
    return replace(result, call=call), tuple(drafts)


def _decided(call: Call, told: Mapping[str, str], profile: Profile) -> Call:
    """The call with people's decisions."""
    made: dict[str, Any] = {task: Decision(told[task]) for task in SINGLE if task in told}
    if label := told.get("scope"):
        made["scope"] = _scope(label, profile)
    if level := told.get("abuse"):
        made["abuse"] = replace(call.abuse, level=level)
    return _sent(replace(call, **made), told.get("department"), profile)


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


def _edited(order: Ticket, number: int, told: Mapping[str, str]) -> Ticket:
    """The order with the lines that somebody wrote anew."""
    new = {line.key: told.get(item(number, line.key)) for line in order.fields}
    lines = tuple(replace(line, value=new[line.key] or line.value) for line in order.fields)
    filled = {line.label for line in lines if line.value != UNSAID}
    # `asks` has a question for each of `missing`, where the form gives one
    left = [i for i, label in enumerate(order.missing) if label not in filled]
    return Ticket(
        title=new.get("title") or order.title,
        summary=new.get("content") or order.summary,
        fields=lines,
        missing=tuple(order.missing[i] for i in left),
        asks=tuple(order.asks[i] for i in left if i < len(order.asks)),
    )
