"""A call with two appeals, as two calls: each with its own clauses, places and unit.

Two appeals are believed where somebody announced them, each has a unit of its own, and the
words for the two units stand apart. The clauses of the other appeal are blanked in the turns,
character by character, so that turns, positions and seconds are still those of the recording.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.clauses import Clause, clauses, is_courtesy
from pipeline.domain.profile import Profile
from pipeline.domain.schema import DepartmentRule, Said
from pipeline.domain.weigh import Passage, evidence, likely, passage, spans, total
from pipeline.people import asks_name
from pipeline.readback import READS_BACK
from pipeline.records import Call, Decision, Finding, Turn

ANNOUNCED = 1.4  # the rules `orders` sum to this where two appeals are announced
CHANGES = 2  # times that a caller may go to the other matter, where the agent says nothing
BY_AGENT = "orders_agent"
SHARED = ("person", "phone", "id_number")  # of the caller, whichever appeal is told
BLANK = "。"

Span = tuple[int, int, int]  # turn, start, end


def matters(call: Call, profile: Profile) -> tuple[Call, ...]:
    """The call itself, or a call for each of its two appeals, the lead unit's first."""
    if len(call.departments) < 2:
        return (call,)
    units = profile.units
    taken = [unit for unit in call.departments[:2] if unit.value in units]
    announced = _announced(call, profile)
    if len(taken) < 2 or total(announced) < ANNOUNCED:
        return (call,)
    words = [_matter(call, units[unit.value or ""]) for unit in taken]
    sides = _sides(call, words)
    told = [side for (i, *_), side in sides.items() if call.turns[i].speaker != "agent"]
    heard = [side for side in told if side is not None]
    sure = any(f.rule == BY_AGENT for f in announced)
    if len(set(heard)) < 2 or (_changes(heard) > CHANGES and not sure):
        return (call,)
    spread = _spread(call, sides)
    return tuple(_part(call, side, spread, taken, words, profile) for side in (0, 1))


def _announced(call: Call, profile: Profile) -> list[Finding]:
    words = passage(call, "caller", "agent", "unknown")
    rules = [rule for rule in likely(profile.intent, words) if rule.act == "orders"]
    return [finding for rule in rules for finding in evidence("ticket", rule, words)]


def _matter(call: Call, unit: DepartmentRule) -> list[Finding]:
    """Where the unit's weightiest topic, or its name, is spoken of; `normal`: the topic."""
    words = passage(call, "caller", "agent", "unknown")
    told = {
        topic.name: [_finding(words, unit, topic, hit) for hit in spans(topic, words)]
        for topic in likely(unit.topics, words)
    }
    best = max(told, key=lambda name: total(told[name]), default="")
    named = [_finding(words, unit, unit, hit) for hit in spans(unit, words)]
    return [replace(f, normal=best) for f in told.get(best, [])] + named


def _finding(
    words: Passage, unit: DepartmentRule, rule: Said, hit: tuple[int, int, float]
) -> Finding:
    index, turn, at = words.place(hit[0])
    quote = words.text[hit[0] : hit[1]]
    seconds = turn.at(at), turn.at(at + len(quote))
    weight = rule.weight * hit[2]
    return Finding("domain", rule.id, index, quote, *seconds, value=unit.domain, score=weight)


def _sides(call: Call, words: list[list[Finding]]) -> dict[Span, int | None]:
    """Each clause in order, and the appeal whose words weigh more in it; None: neither's."""
    sides: dict[Span, int | None] = {}
    for i, _ in call.said("caller", "agent", "unknown"):
        for clause in clauses(call, i):
            first, second = (_weight(clause, found) for found in words)
            side = None if first == second else int(second > first)
            sides[i, clause.start, clause.end] = side
    return sides


def _weight(clause: Clause, found: Iterable[Finding]) -> float:
    return total(f for f in found if f.turn == clause.turn and f.quote in clause.text)


def _changes(sides: list[int]) -> int:
    return sum(one != other for one, other in zip(sides, sides[1:], strict=False))


def _spread(call: Call, sides: Mapping[Span, int | None]) -> dict[Span, int | None]:
    """The sides, where a clause of neither belongs to the one told before it in its turn, else
    after it there, else to that of the turns before; courtesy belongs to both."""
    spread: dict[Span, int | None] = {}
    last: int | None = None
    for turn in dict.fromkeys(turn for turn, *_ in sides):
        own = [span for span in sides if span[0] == turn]
        first = next((sides[span] for span in own if sides[span] is not None), last)
        here = first
        for span in own:
            here = here if sides[span] is None else sides[span]
            text = call.turns[turn].text[span[1] : span[2]]
            spread[span] = None if sides[span] is None and _common(call, text) else here
        last = here
    return spread


def _common(call: Call, text: str) -> bool:
    """Whether the clause is of the call, not of a matter: courtesy, who calls, summing up."""
    named = any(f.value in SHARED and f.quote in text for f in call.entities)
    return named or is_courtesy(text) or asks_name(text) or bool(READS_BACK.search(text))


def _part(
    call: Call,
    side: int,
    spread: Mapping[Span, int | None],
    taken: list[Decision],
    words: list[list[Finding]],
    profile: Profile,
) -> Call:
    """The call with the words of one appeal."""
    other = [span for span, owner in spread.items() if owner == 1 - side]
    turns = list(call.turns)
    for i, start, end in other:
        text = turns[i].text
        blanked = text[:start] + BLANK * (end - start) + text[end:]
        turns[i] = replace(turns[i], text=blanked)
    own = [f for f in call.entities if f.value in SHARED or f.quote in turns[f.turn].text]
    if not any(_wide(f) for f in own):  # said once for both
        own = [f for f in call.entities if _wide(f) or f in own]
    unit = profile.units[taken[side].value or ""]
    heavy = tuple([f for f in words[side] if f.normal][:3])
    return replace(
        call,
        urgency=_urgency(call, turns),
        turns=tuple(turns),
        entities=tuple(own),
        departments=(taken[side], *call.departments[2:]),
        domain=Decision(unit.domain, findings=heavy),
    )


def _urgency(call: Call, turns: Sequence[Turn]) -> Decision:
    """The call's urgency where its words are of this appeal; else 一般, not measured."""
    urgent = [f for f in call.urgency.findings if f.turn >= 0 and f.rule[:6] != "model:"]
    here = any(f.quote in turns[f.turn].text for f in urgent)
    return call.urgency if here or not urgent else Decision("一般")


def _wide(found: Finding) -> bool:
    return found.value == "place" and not found.rule.endswith("building")
