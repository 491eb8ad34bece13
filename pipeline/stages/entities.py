"""JUDGE: places, phones, people, organizations, dates, amounts, identity numbers, plates.

Each is a Finding with the words as they stand in the turn and, where it is safe, a normal
form: a number in digits, a date in ISO form, a district's full name. Nothing is inferred
that was not said; 这个号码 means the number that the PBX shows, or nothing, and digits that
are nearly that number are it (readout.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.amounts import amounts
from pipeline.callback import pointed, reaching
from pipeline.copies import replace
from pipeline.dates import dates
from pipeline.domain.gazetteer import home
from pipeline.domain.sound import are_alike
from pipeline.organizations import bodies, organizations
from pipeline.people import Person, asks_name, people
from pipeline.places import Place, misheard_places, places
from pipeline.readout import own_number
from pipeline.records import Call, Finding, Turn
from pipeline.stage import stage
from pipeline.tools import Tools

ALIKE = 0.9  # of two names, from which one is the other's misspelling
KINDS = ("place", "phone", "person", "org", "date", "amount", "id_number", "plate")
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0[1-9]\d{1,2}-?[2-8]\d{6,7}|[48]00\d{7})(?![\d月])")
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d[01]\d[0-3]\d{4}[\dX](?!\d)")
PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][A-"
    r"Z0-9]{5,6}(?![A-Z0-9])"
)
SPELLED = ("place", "person", "org")
READS_BACK = re.compile(
    "对吗|对吧|对不对|没错|是吗|登记|记一下|记录|核对|核实|确认|先生|女士|可以吗|改成"
)


@stage(needs=("turns",), adds=("entities",))
def entities(call: Call, tools: Tools) -> Call:
    """Add what the call names, each once, with the turn and the second."""
    started = (call.recording.metadata.started_at or "")[:10]
    today = date.fromisoformat(started) if re.fullmatch(r"\d{4}-\d\d-\d\d", started) else None
    found: list[Finding] = []
    named: list[tuple[Finding, Person]] = []
    city = home(call, tools.profile.places)
    misheard = misheard_places(call, city)
    dialled = call.recording.metadata.caller_number or ""
    read_out = own_number([t.text if t.speaker != "ivr" else "" for t in call.turns], dialled)
    asked = reached = False  # whether the turn before asked for a name, for a number
    for i, turn in enumerate(call.turns):
        if turn.speaker == "ivr":
            continue
        agent = turn.speaker == "agent"
        sited = list(places(turn.text, tools.profile.places, misheard.get(i, ())))
        told = not agent or READS_BACK.search(turn.text) is not None
        found += _places(i, turn, (p for p in sited if told or p.how != "site"))
        own = [(start, end) for at, start, end in read_out if at == i]
        found += _numbers(i, turn, own)
        found += _own_number(i, turn, own, dialled, asked=reached)
        named += _persons(call, i, sited, asked and not agent, city.surnames if city else "")
        if told:
            found += _orgs(i, turn, sited)
            found += _dates(i, turn, today)
            found += _amounts(i, turn)
        if not agent:
            found += _bodies(i, turn, sited)
        asked = turn.speaker != "caller" and asks_name(turn.text)
        reached = agent and reaching(turn.text)
    found += _addressed(named)
    order = {kind: n for n, kind in enumerate(KINDS)}
    unique = _once(found, call)
    return replace(
        call, entities=tuple(sorted(unique, key=lambda f: (order[f.value], f.turn, f.start)))
    )


def _finding(
    i: int, turn: Turn, start: int, end: int, kind: str, *, normal: str = "", rule: str = ""
) -> Finding:
    begun, ended = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
    rule = f"entity.{rule or kind}"
    return Finding("entity", rule, i, turn.text[start:end], begun, ended, kind, normal)


def _places(i: int, turn: Turn, sited: Iterable[Place]) -> Iterator[Finding]:
    for p in sited:
        rule = f"place.{p.how}"
        yield _finding(i, turn, p.start, p.end, "place", normal=p.normal, rule=rule)


def _numbers(i: int, turn: Turn, own: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """own: where the caller's own number was read out."""
    text = turn.text
    for match in PHONE.finditer(text):
        if match.span() in own:
            continue
        digits = match.group().replace("-", "")
        yield _finding(i, turn, *match.span(), "phone", normal=digits)
    for match in IDENTITY.finditer(text):
        yield _finding(i, turn, *match.span(), "id_number", normal=match.group())
    for match in PLATE.finditer(text):
        yield _finding(i, turn, *match.span(), "plate", normal=match.group())


def _own_number(
    i: int, turn: Turn, own: Sequence[tuple[int, int]], number: str, *, asked: bool
) -> Iterator[Finding]:
    """What the PBX shows: read out and misheard at `own`, or pointed at (这个号码)."""
    for start, end in own:
        yield _finding(i, turn, start, end, "phone", normal=number, rule="phone.near")
    for start, end in pointed(turn.text, asked=asked) if number else ():
        yield _finding(i, turn, start, end, "phone", normal=number, rule="phone.this")


def _persons(
    call: Call, i: int, sited: Iterable[Place], answering: bool, surnames: str
) -> Iterator[tuple[Finding, Person]]:
    turn, reply = call.turns[i], _replies(call, i) if answering else ""
    for p in people(turn.text, answering=answering, surnames=surnames, reply=reply):
        if not p.title and any(at.start <= p.start and p.end <= at.end for at in sited):
            continue  # 石拐区 is no 石 of that name
        rule = "person.sound" if p.misheard else "person"
        yield _finding(i, turn, p.start, p.end, "person", rule=rule), p


def _replies(call: Call, i: int) -> str:
    """What the agent says after the turn."""
    return "\n".join(t.text for t in call.turns[i + 1 :] if t.speaker == "agent")


def _addressed(named: list[tuple[Finding, Person]]) -> Iterator[Finding]:
    """One finding a person: 赵强 for 赵先生 where both were said, 陈先生 for 姓陈.

    Who says 姓孙 and is then called 顺女士 is 孙女士; a misheard surname that no one said and
    that sounds like none is nobody.
    """
    full = {p.surname for _, p in named if p.given and p.surname}
    bare = {p.surname for _, p in named if p.surname and not p.given and not p.title}
    titled = {p.surname for _, p in named if p.title and not p.misheard}
    for finding, p in named:
        if p.misheard:
            called = bare - titled - full
            surname = called.pop() if len(called) == 1 else p.surname
            if surname and surname not in titled | full:
                titled.add(surname)
                yield replace(finding, normal=surname + p.title)
    for finding, p in named:
        if p.misheard:
            continue
        if p.given or not p.surname:
            yield replace(finding, normal=p.surname + p.given)
        elif p.surname not in full and (p.title or p.surname not in titled):
            yield replace(finding, normal=finding.quote)


def _orgs(i: int, turn: Turn, sited: Iterable[Place]) -> Iterator[Finding]:
    for start, end in organizations(turn.text, [(p.start, p.end) for p in sited]):
        yield _finding(i, turn, start, end, "org", normal=turn.text[start:end])


def _bodies(i: int, turn: Turn, sited: Iterable[Place]) -> Iterator[Finding]:
    for start, end in bodies(turn.text, [(p.start, p.end) for p in sited]):
        name = turn.text[start:end]
        yield _finding(i, turn, start, end, "org", normal=name, rule="org.public")


def _dates(i: int, turn: Turn, today: date | None) -> Iterator[Finding]:
    for moment in dates(turn.text, today):
        yield _finding(i, turn, moment.start, moment.end, "date", normal=moment.normal)


def _amounts(i: int, turn: Turn) -> Iterator[Finding]:
    for found in amounts(turn.text):
        yield _finding(i, turn, found.start, found.end, "amount", normal=found.normal)


def _once(found: Iterable[Finding], call: Call) -> list[Finding]:
    """Each thing once: in the caller's words where they said it, else in the agent's."""
    by_caller = sorted(found, key=lambda f: (call.turns[f.turn].speaker == "agent", f.turn))
    kept: list[Finding] = []
    for f in by_caller:
        name = f.normal or f.quote
        rivals = [k for k in kept if k.value == f.value]
        if not any(_within(name, k.normal or k.quote) or k.quote == f.quote for k in rivals):
            if f.value in SPELLED and any(_one_name(name, k.normal or k.quote) for k in rivals):
                continue
            kept.append(f)
    return kept


def _within(name: str, other: str) -> bool:
    """Whether the other says the name too; 60元 is not in 860元."""
    at = other.find(name)
    while at > 0 and other[at - 1].isdecimal():
        at = other.find(name, at + 1)
    return at >= 0


def _one_name(one: str, other: str) -> bool:
    """Whether two spellings are of one name: the read-back writes it in other characters."""
    same_length = len(one) == len(other) > 2
    return same_length and one[-1] == other[-1] and are_alike(one, other, ALIKE)
