"""Draft work orders in a dispatcher's hands: edited, split, merged, returned, sent.

What the machine wrote stays beside what a person wrote; every edit is a review, every step a
row of its own, both in the audit. A call has one order, and one more for each part split off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.labels import word
from pipeline.records import UNSAID, Call, CallResult, Finding, Ticket, TicketField
from pipeline.redact import hiding
from pipeline.store import dispatches, links, reviews
from pipeline.store.dispatches import DRAFT, MERGED, RETURNED, SENT, Step
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.workbench.amending import LONGEST, amended, unveiled

FIXED = ("ticket_id", "recording", "accepted_at", "agent_id")  # of the call, not of the order
FOLLOWS = {  # state -> what may become of it
    DRAFT: (SENT, RETURNED, MERGED),
    SENT: (RETURNED, DRAFT),
    RETURNED: (DRAFT,),
    MERGED: (DRAFT,),
}
OTHER = "26"  # the code that says nothing without words
ORDERS = 9  # of one call
SPLIT = 100  # what people split off is numbered from here on: judging never finds as many


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Who edits or decides, and which version of the call that person saw."""

    who: str
    origin: str = ""  # the address it came from
    seen: str | None = None  # None: it does not matter


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of an order; texts with numbers hidden, unless asked for."""

    key: str
    label: str
    value: str
    original: str  # what the machine wrote
    required: bool
    fixed: bool
    edited: Review | None
    evidence: tuple[Finding, ...]
    theirs: str | None  # in the agent's own order; None: there is none, or not this line
    marks: tuple[tuple[str, bool], ...] = ()  # theirs, cut where it differs: text, differs

    @property
    def missing(self) -> bool:
        """Whether it has to be asked for."""
        return self.required and self.value == UNSAID


@dataclass(frozen=True, slots=True)
class Order:
    """A work order as people left it."""

    sha256: str
    part: int
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step | None:
        """What became of it last; None: it is the draft that it was."""
        return self.steps[-1] if self.steps else None

    @property
    def state(self) -> str:
        """draft, sent, returned, merged."""
        return self.last.state if self.last else DRAFT

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of what has to be asked for."""
        return tuple(cell.label for cell in self.cells if cell.missing)

    @property
    def order_id(self) -> str:
        """The same for every version of the order."""
        return f"{self.sha256[:16]}-{self.part}"

    def value(self, key: str) -> str:
        """Of a line; empty where the form has no such line."""
        return next((cell.value for cell in self.cells if cell.key == key), "")


def orders(store: Store, result: CallResult, *, unmasked: bool = False) -> list[Order]:
    """The orders of a call; none where it holds no appeal."""
    sha, count = result.call.recording.sha256, len(drafted(result.call))
    if not count:
        return []
    decided = reviews.counting(store, sha).get(sha, {})
    steps = dispatches.of(store, sha)
    hide = hiding(amended(result.call, decided), unmasked=unmasked)
    parts = sorted({*range(1, count + 1), *(step.part for step in steps)})
    return [
        Order(
            sha,
            part,
            tuple(
                _cell(result, line, decided.get(item(part, line.key)), hide)
                for line in _base(result.call, part).fields
            ),
            tuple(step for step in steps if step.part == part),
        )
        for part in parts
    ]


def drafted(call: Call) -> tuple[Ticket, ...]:
    """The machine's orders of a call, one an appeal."""
    return (call.ticket, *call.more_tickets) if call.ticket else ()


def item(part: int, key: str) -> str:
    """The item of reviews that a line of an order is."""
    return f"ticket.{key}" if part == 1 else f"ticket{part}.{key}"


def edit(
    store: Store, result: CallResult, part: int, typed: Mapping[str, str], *, by: Dispatcher
) -> int:
    """Keep the lines that were typed anew; gives how many.

    typed: key -> text as shown and changed. Raises InputInvalid, Overtaken.
    """
    order = _order(store, result, part)
    if order.state != DRAFT:
        raise InputInvalid("只有草稿能改：请先收回这张工单")
    made = _edits(result, order, part, typed, by)
    if made:
        dispatches.add(store, order.sha256, edits=made, origin=by.origin, seen=by.seen)
    return len(made)


def split(store: Store, result: CallResult, typed: Mapping[str, str], *, by: Dispatcher) -> int:
    """A further order of the call, with these lines and the rest as in the first; its part.

    Raises InputInvalid where nothing tells the two apart, Overtaken.
    """
    known = orders(store, result)
    if not known:
        raise InputInvalid("这通没有工单")
    part = max(SPLIT, known[-1].part) + 1
    if len(known) >= ORDERS:
        raise InputInvalid(f"一通最多拆成 {ORDERS} 张工单")
    made = _edits(result, known[0], part, typed, by)
    if not made:
        raise InputInvalid("请写出另一件事的标题或内容：与原工单一样的不用拆")
    step = Step(known[0].sha256, part, by.who, DRAFT)
    dispatches.add(store, step.sha256, step, edits=made, origin=by.origin, seen=by.seen)
    return part


def take(
    store: Store, result: CallResult, step: Step, *, profile: Profile, by: Dispatcher
) -> None:
    """Send an order, return it with a code, merge it into another call's, or take it back.

    Raises InputInvalid for what does not go together, Overtaken.
    """
    order = _order(store, result, step.part)
    if step.state not in FOLLOWS[order.state]:
        now, wanted = (word(f"order.{state}") for state in (order.state, step.state))
        raise InputInvalid(f"这张工单现在是“{now}”，不能变为“{wanted}”")
    known = {one.code for one in profile.returns}
    if (step.state == RETURNED) != (step.code in known):
        raise InputInvalid(f"退单要写明代码；可选：{'、'.join(sorted(known))}")
    if step.code == OTHER and not (step.reason or "").strip():
        raise InputInvalid("退单代码 26 要写明原因")
    if (step.state == MERGED) != bool(step.other):
        raise InputInvalid("并单要写明并入哪一通")
    if step.other and step.other not in candidates(store, order.sha256):
        raise InputInvalid("只能并入有关联的通话，且不能并入已经并走的工单")
    dispatches.add(store, order.sha256, step, origin=by.origin, seen=by.seen)


def candidates(store: Store, sha256: str) -> list[str]:
    """The calls into whose order this one's may be merged: linked, and not merged away."""
    found = links.of(store, [sha256])
    others = [one.other if one.sha256 == sha256 else one.sha256 for one in found]
    return [other for other in dict.fromkeys(others) if not _merged_away(store, other)]


def plain(order: Order) -> dict[str, object]:
    """An order for programs; docs/schema.md has the fields of the form."""
    last = order.last
    return {
        "order_id": order.order_id,
        "sha256": order.sha256,
        "part": order.part,
        "state": order.state,
        "code": last.code if last else None,
        "merged_into": last.other if last else None,
        "reason": last.reason if last else None,
        "at": last.at if last else None,
        "who": last.who if last else None,
        "missing": list(order.missing),
        "fields": [
            {
                "key": cell.key,
                "label": cell.label,
                "value": cell.value,
                "machine": cell.original,
                "required": cell.required,
                "edited_by": cell.edited.who if cell.edited else None,
                "agents_own": cell.theirs,
                "evidence": [
                    {"turn": one.turn, "start_s": round(one.start, 3)} for one in cell.evidence
                ],
            }
            for cell in order.cells
        ],
    }


def _order(store: Store, result: CallResult, part: int) -> Order:
    found = {one.part: one for one in orders(store, result)}
    if part not in found:
        raise InputInvalid(f"这通没有第 {part} 张工单")
    return found[part]


def _base(call: Call, part: int) -> Ticket:
    """What the machine wrote of an order; one that was split off begins as the first."""
    found = drafted(call)
    return found[part - 1] if part <= len(found) else found[0]


def _merged_away(store: Store, sha256: str) -> bool:
    steps = [one for one in dispatches.of(store, sha256) if one.part == 1]
    return bool(steps) and steps[-1].state == MERGED


def _edits(
    result: CallResult, order: Order, part: int, typed: Mapping[str, str], by: Dispatcher
) -> list[Review]:
    """What differs from the order; part: the order that it is kept of."""
    lines = {cell.key: cell for cell in order.cells if not cell.fixed}
    if unknown := sorted(typed.keys() - lines.keys()):
        raise InputInvalid(f"工单没有这些栏，或不能改：{'、'.join(unknown)}")
    machine = {line.key: line.value for line in _base(result.call, order.part).fields}
    made = []
    for key, text in typed.items():
        cell, text = lines[key], " ".join(text.split()) or UNSAID
        real = (cell.edited and cell.edited.new) or machine[key]
        if text in (real, cell.value):
            continue
        if len(text) > LONGEST:
            raise InputInvalid(f"{cell.label}：太长，最多 {LONGEST} 个字")
        new = unveiled(text, cell.value, real)
        made.append(Review(order.sha256, by.who, "change", item(part, key), real, new))
    return made


def _cell(
    result: CallResult, line: TicketField, edited: Review | None, hide: Callable[[str], str]
) -> Cell:
    value = edited.new if edited and edited.new else line.value
    own = dict(result.call.recording.metadata.extra)
    theirs = own.get(line.label) or own.get(line.key)
    return Cell(
        key=line.key,
        label=line.label,
        value=hide(value),
        original=hide(line.value),
        required=line.required,
        fixed=line.key in FIXED,
        edited=edited,
        evidence=tuple(
            {(one.turn, one.quote): one for one in line.findings if one.turn >= 0}.values()
        ),
        theirs=None if theirs is None else hide(theirs),
        marks=() if theirs is None else tuple(differing(hide(theirs), hide(value))),
    )


def differing(text: str, other: str) -> list[tuple[str, bool]]:
    """The text cut into pieces: what it has in common with the other, and what it has not."""
    found: list[tuple[str, bool]] = []
    for tag, first, last, _, _ in SequenceMatcher(None, text, other, False).get_opcodes():
        if first < last:
            found.append((text[first:last], tag != "equal"))
    return found
