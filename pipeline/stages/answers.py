"""A classifier's answer as a decision of ours: how sure it is, what else, and its words.

Serves settle.py (whole calls) and written.py (appeals in writing).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from models.base import LOT, Label, Weighed
from models.certainty import Certainty
from pipeline.copies import replace
from pipeline.domain.profile import Profile
from pipeline.domain.schema import Confidence
from pipeline.records import Call, Choice, Decision, Finding, Scope

WORDS = 4  # that are shown for an answer
SHOWN, LEAST = 2, 0.05  # other answers: how many, from which probability
CLAUSE = re.compile(r"[^，。！？、；…,!?;]+")  # what a person reads as one piece
Decided = TypeVar("Decided", Decision, Scope)


def weighed_up(
    task: str,
    made: Decided,
    labels: Sequence[Label],
    certainty: Certainty,
    confidence: Confidence,
) -> Decided:
    """The decision with the probability of its label, the other answers, and whether to trust
    it. labels: best first, without those that cannot be meant."""
    chance = next((x.probability for x in labels if x.name == made.label), 0.0)
    rest = [x for x in labels if x.probability >= LEAST and x.name != made.label]
    least = certainty.threshold(confidence.of(task))
    return replace(
        made,
        confidence=round(chance, 3),
        others=tuple(Choice(x.name, round(x.probability, 3)) for x in rest[:SHOWN]),
        sure=least is not None and chance >= least,
    )


def possible(
    labels: Sequence[Label], certainty: Certainty, confidence: Confidence, but: str | None
) -> tuple[Choice, ...]:
    """The labels among which the right one is as often as the profile wants, best first, one
    left out; the likeliest where the weights do not keep that coverage."""
    if confidence.coverage in certainty.levels:
        likely = certainty.prediction_set(labels, confidence.coverage)
    else:
        likely = tuple(labels[: SHOWN + 1])
    return tuple(Choice(x.name, round(x.probability, 3)) for x in likely if x.name != but)


def said(
    call: Call, task: str, value: str, why: Iterable[Weighed], rule: str
) -> tuple[Finding, ...]:
    """The clauses with the words that spoke for a value, where they were said first: words of
    two characters and more, no signs; of a mood only the caller's."""
    found: dict[tuple[int, float], Finding] = {}
    for one in why:
        if len(one.words) > 1 and not one.words.startswith("["):
            for clause in _first(call, task, value, one, rule):
                found.setdefault((clause.turn, clause.start), clause)
    return tuple(found.values())[:WORDS]


def _first(call: Call, task: str, value: str, one: Weighed, rule: str) -> Iterable[Finding]:
    roles = (
        ("caller", "unknown") if task.startswith("emotion") else ("caller", "agent", "unknown")
    )
    for i, turn in call.said(*roles):
        if one.words not in turn.text:
            continue
        if clause := next((c for c in _clauses(turn.text) if one.words in c[0]), None):
            quote, start, end = clause
            seconds, score = (turn.at(start), turn.at(end)), round(one.weight, 3)
            yield Finding(task, rule, i, quote, *seconds, value, one.words, score=score)
            return


@lru_cache(maxsize=LOT)  # word after word is looked for in the same turns
def _clauses(text: str) -> tuple[tuple[str, int, int], ...]:
    """What a person reads as one piece, and where it stands."""
    return tuple((clause[0], *clause.span()) for clause in CLAUSE.finditer(text))


def sent(call: Call, lead: Decision, profile: Profile) -> Call:
    """To the lead unit, and to a second one where the rules heard of two appeals."""
    second = [unit for unit in call.departments if unit.value != lead.value]
    chosen = (lead, *second[:1]) if len(call.departments) > 1 else (lead,)
    domain = profile.units[lead.value or ""].domain
    same = domain == call.domain.value
    return replace(call, departments=chosen, domain=call.domain if same else Decision(domain))
