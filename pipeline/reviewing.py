"""What a person decides on a call, checked and kept; and which calls wait for a person.

A decision is of one item and says what the machine said then: neither a later judgement nor
another profile changes it. The latest one of an item counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.decisions import QA, WHOLE, item_name, item_of, said, value_name, value_of
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.records import CallResult, Flag
from pipeline.store import queries, reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store

ABUSE = "abuse"
# flag -> the item that it doubts; `unsure_` flags and those of the scorecard name their own
POSSIBLE = "possible_danger"  # the flag of a threat that was not said outright
DOUBTED = {
    "abuse": ABUSE,
    "violence": ABUSE,
    "self_harm": ABUSE,
    POSSIBLE: ABUSE,
    "emergency": "urgency",
    "emergency_not_transferred": "urgency",
    "no_department": "department",
    "nature_altered": "request_type",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was typed: a verb of reviews.VERBS and what goes with it."""

    what: str
    item: str | None = None
    to: str | None = None
    reason: str | None = None


def decide(
    store: Store,
    result: CallResult,
    verdict: Verdict,
    *,
    profile: Profile,
    who: str,
    origin: str = "",
    seen: int | None = None,
) -> list[Review]:
    """Keep what a person decided on a call, and give it back as it is kept.

    Without an item `accept` confirms the decisions that nobody has made, and the call as a
    whole; the scorecard is confirmed item by item. origin, seen: as in reviews.add.
    Raises Overtaken, and InputInvalid for what does not go together, or is not known to the
    profile.
    """
    typed = verdict.item or ""
    item = item_of(typed, profile) if typed else WHOLE
    machine, sha = said(result, profile), result.call.recording.sha256
    _refuse(verdict, item, machine, profile)
    if verdict.what != "accept":
        new = value_of(item, verdict.to, profile) if verdict.to else None
        if new is not None and new == machine.get(item):
            told = value_name(item, new, profile)
            raise InputInvalid(f"机器的结论就是“{told}”：确认请用 accept")
        made = [(item, machine.get(item), new)]
    elif item != WHOLE:
        made = [(item, machine[item], machine[item])]
    else:
        known = reviews.counting(store, sha).get(sha, {})
        left = (one for one in machine if one not in known and not one.startswith(QA))
        made = [(one, machine[one], machine[one]) for one in left]
        made.append((WHOLE, "", ""))
    kept = [
        Review(sha, who, verdict.what, item, old, new, verdict.reason)
        for item, old, new in made
    ]
    reviews.add(store, *kept, origin=origin, seen=seen)
    return kept


def _refuse(verdict: Verdict, item: str, machine: Mapping[str, str], profile: Profile) -> None:
    if verdict.what != "accept" and item == WHOLE:
        raise InputInvalid(f"{verdict.what} 要用 --item 写明是哪一项")
    if (verdict.what == "change") != (verdict.to is not None):
        raise InputInvalid("change 要用 --to 写明应是什么；accept、reject 不用 --to")
    if verdict.what == "reject" and not (verdict.reason or "").strip():
        raise InputInvalid("reject 要用 --reason 写明理由")
    if verdict.what != "change" and (item not in machine if item else not machine):
        told = item_name(item, profile)
        raise InputInvalid(f"{told}：机器没有给出结论，不能 {verdict.what}；可用 change 给出")


def waiting(store: Store) -> Iterator[tuple[CallResult, tuple[Flag, ...]]]:
    """The calls that wait for a person, the most pressing first, with the flags still open.

    A flag is open until the item that it doubts, or the call as a whole, is confirmed or
    changed; a rejected item still lacks its right value.
    """
    decided = reviews.counting(store)
    for result in queries.waiting(store):
        flags = open_flags(result, decided.get(result.call.recording.sha256, {}))
        if flags:
            yield result, flags


def open_flags(result: CallResult, counting: Mapping[str, Review]) -> tuple[Flag, ...]:
    """The flags of a call that still ask for a person.

    counting: item -> the decision that counts, of this call (store.reviews.counting).
    """
    if WHOLE in counting:
        return ()
    closed = {item for item, one in counting.items() if one.what != "reject"}
    return tuple(flag for flag in result.call.review if doubted(flag) not in closed)


def doubted(flag: Flag) -> str:
    """The item that a flag doubts."""
    if flag.item.startswith("unsure_"):
        return flag.item.removeprefix("unsure_")
    return DOUBTED.get(flag.item, QA + flag.item)
