"""Lines of the work order that say what the exchange knows and what was said in the call.

Serves ticket_fields.py. What the PBX knows has evidence with turn -1; what nobody said is
UNSAID.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline.address import heard_otherwise
from pipeline.address import name as place_name
from pipeline.clauses import Clause, evidence
from pipeline.domain.formschema import FormField
from pipeline.domain.profile import Profile
from pipeline.domain.weigh import Passage, passage
from pipeline.domain.weigh import evidence as spoken
from pipeline.draft import Draft
from pipeline.draft import caller as who_calls
from pipeline.headline import VERBS
from pipeline.ingest import shown
from pipeline.records import UNSAID, Call, Finding

DISPATCHED = ("accept_dispatch", "record_suggestion", "merge", "emergency_transfer")
STAFF_NUMBER = re.compile(
    r"[工公]号(?:是|为)?(\d{2,6})|(?<!\d)(\d{2,5})号?(?:话务员|接线员|坐席|座席)?为您服务|(?:话务员|接线员)(\d{2,5})"
    r"|(?<!\d)(\d{2,5})号(?:话务员|接线员|坐席|座席|(?=[，。]))"
)
HOTLINES = ("12345",)
_BESIDE = re.compile(".?(?:门口|旁边?|附近|对面|隔壁|后面|前面|背后|边上|到|那边|路口|站)")
GREETING = 3  # turns in which who answers says so


@dataclass(frozen=True)
class Job:
    """One appeal that becomes an order: the call as far as it is of it, and its words."""

    call: Call
    text: Draft
    profile: Profile
    number: int = 1  # of the call's appeals

    @property
    def dispatched(self) -> bool:
        """Whether a unit gets the order."""
        return self.call.scope.outcome in DISPATCHED

    @cached_property
    def words(self) -> dict[str, Passage]:
        """What was said, by the role that an option of the form means."""
        sides = {"caller": ("caller",), "agent": ("agent",), "any": ("caller", "agent")}
        return {role: passage(self.call, *side, "unknown") for role, side in sides.items()}


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a line, what it rests on, and which decision of the call it states."""

    text: str = UNSAID
    findings: tuple[Finding, ...] = ()
    decision: str = ""
    confidence: float | None = None
    sure: bool | None = None


Filler = Callable[[Job, FormField], Value]
NOTHING = Value()


def _table(field: str, value: str | None) -> Value:
    """What the PBX's table says, with the name of its column as evidence."""
    if not value:
        return NOTHING
    return Value(value, (Finding("ticket", f"metadata.{field}", -1, value, 0.0, 0.0),))


def ticket_id(job: Job, form: FormField) -> Value:
    day = (job.call.recording.metadata.started_at or "")[:10].replace("-", "")
    part = f"-{job.number}" if job.number > 1 else ""
    return Value(f"LS{day}-{job.call.recording.sha256[:8]}{part}")


def recording(job: Job, form: FormField) -> Value:
    of = job.call.recording
    return Value(f"{shown(of.name)}（{of.sha256[:12]}）")


def accepted_at(job: Job, form: FormField) -> Value:
    started = job.call.recording.metadata.started_at or ""
    return _table("started_at", started.replace("T", " "))


def agent_id(job: Job, form: FormField) -> Value:
    known = job.call.recording.metadata.agent_id
    for i, turn in job.call.said("agent", "unknown") if not known else ():
        match = STAFF_NUMBER.search(turn.text) if i < GREETING else None
        if match and match[match.lastindex or 1] not in HOTLINES:
            said = match.span(match.lastindex or 1)
            return Value(match[match.lastindex or 1], (_quoted(job.call, i, *said),))
    return _table("agent_id", known)


def phone(job: Job, form: FormField) -> Value:
    number = job.call.recording.metadata.caller_number
    return _table("caller_number", number) if number else _listed(_named(job, "phone", 1), "、")


def caller(job: Job, form: FormField) -> Value:
    found = who_calls(job.call)
    return _listed([found] if found else [], "")


def entity(job: Job, form: FormField) -> Value:
    found = _named(job, form.kind, form.most) or _premises(job, form.premises)
    return _listed(found, "、")


def _premises(job: Job, endings: tuple[str, ...]) -> list[Finding]:
    """Of who complains or asks for help: the first place that ends so and tells not only
    where something else is, as 小学门口 does."""
    turns = job.call.turns
    if job.call.request_type.value in VERBS:
        return []
    return [
        f
        for f in job.call.entities
        if f.value == "place"
        and f.quote.endswith(endings)
        and not _beside(turns[f.turn].text, f.quote)
    ][:1]


def _beside(text: str, place: str) -> bool:
    """Whether something is told by the place, where it stands in the text."""
    at = text.find(place)
    while at >= 0:
        if _BESIDE.match(text, at + len(place)):
            return True
        at = text.find(place, at + 1)
    return False


def _named(job: Job, kind: str, most: int) -> list[Finding]:
    """The first of a kind; public bodies, which were asked before, after who has a name."""
    found = [f for f in job.call.entities if f.value == kind]
    return sorted(found, key=lambda f: f.rule.endswith(".public"))[:most] if found else []


def address(job: Job, form: FormField) -> Value:
    places = job.text.where[: form.most]
    if not places:
        return NOTHING
    others = heard_otherwise(job.call)
    told, rested = "", list(places)
    for place in map(place_name, places):
        told += place
        if other := others.get(place):
            told += f"（又听作{place_name(other)}）"
            rested.append(other)
    return Value(told, tuple(rested))


def _listed(found: list[Finding], between: str) -> Value:
    if not found:
        return NOTHING
    told = (f.quote if f.normal.startswith("约") else f.normal or f.quote for f in found)
    return Value(between.join(dict.fromkeys(told)), tuple(found))


def happened_at(job: Job, form: FormField) -> Value:
    moments = sorted(_named(job, "date", form.most), key=lambda f: not f.normal)
    if not moments:
        return NOTHING
    told = "、".join(
        m.quote + (f"（{m.normal.replace('T', ' ')}）" if m.normal else "") for m in moments
    )
    return Value(told, tuple(moments))


def title(job: Job, form: FormField) -> Value:
    return _clauses(job, job.text.title, job.text.headline)


def content(job: Job, form: FormField) -> Value:
    text = job.text
    return _clauses(job, text.summary, (*text.facts, *text.wishes, *text.answer))


def purpose(job: Job, form: FormField) -> Value:
    return _joined(job, job.text.wishes)


def answer(job: Job, form: FormField) -> Value:
    return _joined(job, job.text.answer)


def _joined(job: Job, chosen: tuple[Clause, ...]) -> Value:
    return _clauses(job, "，".join(c.text for c in chosen), chosen) if chosen else NOTHING


def _clauses(job: Job, words: str, chosen: tuple[Clause, ...]) -> Value:
    return Value(words, tuple(evidence(job.call, clause, "ticket.words") for clause in chosen))


def said(job: Job, form: FormField) -> Value:
    values, found = options(job, form)
    if not values:
        return Value(form.otherwise or UNSAID)
    return Value(values[0], tuple(f for f in found if f.value == values[0]))


def options(job: Job, form: FormField) -> tuple[list[str], list[Finding]]:
    """The values whose words were said, by the role the option means, with the words."""
    found: list[Finding] = []
    for option in form.options:
        found += spoken("ticket", option, job.words[option.role], value=option.value)
    return list(dict.fromkeys(f.value for f in found)), found


def _quoted(call: Call, i: int, start: int, end: int) -> Finding:
    turn = call.turns[i]
    seconds = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
    return Finding("ticket", "ticket.words", i, turn.text[start:end], *seconds)


SAID: dict[str, Filler] = {
    "ticket_id": ticket_id,
    "recording": recording,
    "accepted_at": accepted_at,
    "agent_id": agent_id,
    "phone": phone,
    "caller": caller,
    "entity": entity,
    "address": address,
    "happened_at": happened_at,
    "title": title,
    "content": content,
    "purpose": purpose,
    "answer": answer,
    "said": said,
}
