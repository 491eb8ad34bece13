"""What a person corrects in a call: words and roles of turns, form fields, whom abuse hit.

Each correction is a review like any decision: kept beside what the machine wrote, in the
audit, the latest counts. `amended` shows the call as people left it; nothing stored changes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pipeline.errors import InputInvalid
from pipeline.labels import word
from pipeline.records import UNSAID, Call, Ticket, Turn
from pipeline.redact import hiding
from pipeline.store import reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store

ROLES = ("agent", "caller", "ivr", "unknown")
WHO = ("caller", "agent", "both")  # who insults or threatens
TARGETS = (
    "agent",
    "caller",
    "unit",
    "other",
)  # whom: of the call, a public body, a third person
SWAP, COMMENT = "roles", "comment"
AS_HEARD, SWAPPED = "as_heard", "swapped"
LONGEST = 2_000  # characters of a correction: the longest turns have a few hundred
_OTHER = {"agent": "caller", "caller": "agent"}
_TURN = re.compile(r"turn\.(\d{1,5})\.(text|speaker)")
_STARS = re.compile(r"\*+")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides or corrects, and which version of the call's reviews that person saw."""

    who: str
    origin: str = ""  # the address it came from
    seen: int | None = None  # None: it does not matter


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a person wants an item to be."""

    item: (
        str  # turn.N.text, turn.N.speaker, roles, ticket.KEY, abuse.who, abuse.target, comment
    )
    to: str
    reason: str | None = None


def amend(store: Store, call: Call, wanted: Amendment, *, by: Reviewer) -> Review:
    """Keep a correction. Raises Overtaken, and InputInvalid for what the call does not have."""
    sha = call.recording.sha256
    before = amended(call, reviews.counting(store, sha).get(sha, {}))
    now, check = _found(before, wanted.item)
    new = check(wanted.to.strip())
    if new == now and not wanted.item.startswith("abuse."):
        raise InputInvalid("内容没有变，不用保存")
    made = Review(sha, by.who, "change", wanted.item, now, new, wanted.reason)
    reviews.add(store, made, origin=by.origin, seen=by.seen)
    return made


def amended(call: Call, decided: Mapping[str, Review]) -> Call:
    """The call with what people corrected in it; decided: the reviews that count, by item."""
    told = {item: one.new for item, one in decided.items() if one.new is not None}
    if told.get(SWAP) == SWAPPED:
        turns = (replace(t, speaker=_OTHER.get(t.speaker, t.speaker)) for t in call.turns)
        call = replace(call, turns=tuple(turns))
    changed = {
        i: turn
        for i, old in enumerate(call.turns)
        if (turn := _turn(old, told.get(f"turn.{i}.text"), told.get(f"turn.{i}.speaker")))
    }
    if changed:
        turns = (changed.get(i, turn) for i, turn in enumerate(call.turns))
        call = replace(call, turns=tuple(turns))
    if call.ticket is None or not any(item.startswith("ticket.") for item in told):
        return call
    return replace(call, ticket=_ticket(call.ticket, told))


def unveiled(typed: str, shown: str, real: str) -> str:
    """A text that was corrected with something hidden in it, with that again.

    shown: `real` as it was masked, character for character. Whoever sees it in full, or
    takes it out, types no star.
    Raises InputInvalid where the stars are no longer those that were shown.
    """
    if "*" not in typed:
        return typed
    hidden = [real[m.start() : m.end()] for m in _STARS.finditer(shown)]
    stars = [match.group() for match in _STARS.finditer(typed)]
    if [len(one) for one in stars] != [len(one) for one in hidden]:
        raise InputInvalid("这段话里有遮盖的号码或姓名：星号要原样保留，才能存回原来的")
    back = iter(hidden)
    return _STARS.sub(lambda _: next(back), typed)


def _turn(old: Turn, text: str | None, speaker: str | None) -> Turn | None:
    if text is None and speaker is None:
        return None
    return replace(
        old,
        text=old.text if text is None else text,
        times=old.times if text is None else (),  # they were of the characters that were heard
        speaker=speaker or old.speaker,
    )


def _ticket(ticket: Ticket, told: Mapping[str, str]) -> Ticket:
    fields = tuple(
        replace(line, value=told.get(f"ticket.{line.key}", line.value))
        for line in ticket.fields
    )
    known = {line.label for line in ticket.fields if line.required}
    empty = tuple(line.label for line in fields if line.required and line.value == UNSAID)
    return Ticket(
        told.get("ticket.title", ticket.title),
        told.get("ticket.content", ticket.summary),
        fields,
        empty + tuple(label for label in ticket.missing if label not in known),
    )


def _found(call: Call, item: str) -> tuple[str | None, Callable[[str], str]]:
    """What the item says now, and what checks what it shall say."""
    if match := _TURN.fullmatch(item):
        index, part = int(match[1]), match[2]
        if index >= len(call.turns):
            raise InputInvalid(f"这通只有 {len(call.turns)} 轮（从 0 数起）")
        turn = call.turns[index]
        if part == "speaker":
            return turn.speaker, partial(_one_of, ROLES)
        return turn.text, partial(_words, turn.text, hiding(call)(turn.text))
    if item == SWAP:
        return None, partial(_one_of, (SWAPPED, AS_HEARD))
    if item == "abuse.who":
        roles = call.abuse.who
        now = "both" if len(roles) > 1 else next(iter(roles), None)
        return now, partial(_one_of, WHO)
    if item == "abuse.target":
        return None, partial(_one_of, TARGETS)
    if item == COMMENT:
        return None, partial(_words, "", "")
    if item.startswith("ticket.") and call.ticket is not None:
        return _field(call, call.ticket, item.removeprefix("ticket."))
    raise InputInvalid(f"没有 {item!r} 这一项")


def _field(call: Call, ticket: Ticket, key: str) -> tuple[str, Callable[[str], str]]:
    values = {line.key: line.value for line in ticket.fields}
    values = {"title": ticket.title, "content": ticket.summary} | values
    if key not in values:
        raise InputInvalid(f"工单没有 {key!r} 这一栏；有：{'、'.join(values)}")
    return values[key], partial(_words, values[key], hiding(call)(values[key]))


def _one_of(known: tuple[str, ...], typed: str) -> str:
    if typed not in known:
        listed = "、".join(f"{one}（{word(one)}）" for one in known)
        raise InputInvalid(f"不能是 {typed!r}；可选：{listed}")
    return typed


def _words(real: str, shown: str, typed: str) -> str:
    if not typed or len(typed) > LONGEST:
        raise InputInvalid(f"请写 1 到 {LONGEST} 个字")
    return unveiled(typed, shown, real)
