"""Whether a condition of qa.toml holds in a call, and by which words or seconds.

An answer is yes, no or not to be told: what the stages before were not sure of, and what
needs more speech than there is. `all`, `any` and `not` join answers as Kleene's logic does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipeline.domain.match import compiled, find
from pipeline.domain.qaschema import Condition, QualityItem, Within
from pipeline.domain.schema import Rule
from pipeline.qa import measures, similar
from pipeline.qa.places import Spoken, turns_in
from pipeline.records import Call, Finding, Flag

EVERYWHERE = Within()
Found = tuple[Finding, ...] | None  # None: cannot be told


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something holds (None: cannot be told) and what shows it."""

    holds: bool | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class View:
    """A call as one item looks at it."""

    call: Call
    item: QualityItem
    alerts: tuple[Flag, ...] = ()  # of this call (stages/alerts.py)
    others: tuple[QualityItem, ...] = ()  # items that `sees` may name
    outcomes: Mapping[str, str] = field(default_factory=dict)  # of the codes in scope.toml

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The item's rules by their ids."""
        return {rule.id: rule for rule in self.item.rules}

    def named(self, names: Iterable[str]) -> list[Rule]:
        """The rules of these ids."""
        return [self.rules[name] for name in names]


def evaluate(
    condition: Condition,
    view: View,
    within: Within | None = None,
    anchor: Finding | None = None,
) -> Answer:
    """Look for the condition. within: where it names no place of its own. anchor: what the
    condition around it found."""
    within = condition.within or within
    inner = [evaluate(one, view, within, anchor) for one in (*condition.all, *condition.any)]
    if condition.all:
        return _all(inner)
    if condition.any:
        return _any(inner)
    if condition.not_:
        holds = evaluate(condition.not_, view, within, anchor).holds
        return Answer(None if holds is None else not holds)
    answer = _look(condition, view, within or EVERYWHERE, anchor)
    return counted(
        answer, view, also=condition.also, unless=condition.unless, times=condition.times
    )


def seen(view: View) -> Answer:
    """Whether what the item looks for is in the call, and where."""
    item = view.item
    return counted(evaluate(item.when, view, item.within), view, unless=item.unless)


def counted(
    answer: Answer,
    view: View,
    *,
    also: Condition | None = None,
    unless: Condition | None = None,
    times: int = 1,
) -> Answer:
    """The findings for which `also` holds and `unless` does not, if there are enough."""
    if answer.holds is not True or (also is None and unless is None and times == 1):
        return answer
    kept, unsure = [], 0
    for finding in answer.findings or (None,):
        stands = _all([
            *([evaluate(also, view, anchor=finding)] if also else ()),
            *([_not(evaluate(unless, view, anchor=finding))] if unless else ()),
        ]).holds  # fmt: skip
        if stands:
            kept.append(finding)
        unsure += stands is None
    findings = tuple(one for one in kept if one is not None)
    if len(kept) >= times:
        return Answer(True, findings)
    return Answer(None if len(kept) + unsure >= times else False)


def _all(answers: list[Answer]) -> Answer:
    holds = [one.holds for one in answers]
    if False in holds:
        return Answer(False)
    return Answer(None) if None in holds else Answer(True, _joined(answers))


def _any(answers: list[Answer]) -> Answer:
    met = [one for one in answers if one.holds]
    if met:
        return Answer(True, _joined(met))
    return Answer(None if any(one.holds is None for one in answers) else False)


def _not(answer: Answer) -> Answer:
    return Answer(None if answer.holds is None else not answer.holds)


def _joined(answers: Iterable[Answer]) -> tuple[Finding, ...]:
    """The findings of all, each once, in the order of the call."""
    found = dict.fromkeys(finding for one in answers for finding in one.findings)
    return tuple(sorted(found, key=lambda finding: (finding.turn, finding.start)))


def _look(condition: Condition, view: View, within: Within, anchor: Finding | None) -> Answer:
    operator = condition.operator
    if operator in _WHOLE:
        return _WHOLE[operator](condition, view)
    spoken = turns_in(within, view.call, anchor)
    found = _SPOKEN[operator](condition, view, spoken, within)
    return Answer(None) if found is None else Answer(bool(found), found)


def _says(condition: Condition, view: View, spoken: Spoken, _: Within) -> Found:
    made = []
    rules = view.named(condition.says)
    for i, turn in spoken:
        for rule in rules:
            first = next(find(rule, turn.text), None)
            if first is not None:
                made.append(_at(view, rule.id, i, first.start, first.end))
    return tuple(made)


def _written(condition: Condition, view: View, spoken: Spoken, _: Within) -> Found:
    rule = f"{view.item.id}.{condition.operator}"
    made = []
    for i, turn in spoken:
        spans = [(at, at + len(w)) for w in condition.words if (at := turn.text.find(w)) >= 0]
        spans += [m.span() for p in condition.matches if (m := compiled(p).search(turn.text))]
        if spans:
            made.append(_at(view, rule, i, *min(spans)))
    return tuple(made)


def _like(condition: Condition, view: View, spoken: Spoken, _: Within) -> Found:
    made = []
    for i, turn in spoken:
        score, start, end = max(similar.best(one, turn.text) for one in condition.like)
        if score >= condition.least:
            found = _at(view, f"{view.item.id}.like", i, start, end)
            made.append(replace(found, score=round(score, 2)))
    return tuple(made)


def _noticed(condition: Condition, view: View, spoken: Spoken, _: Within) -> Found:
    """What other stages found in these turns."""
    places = dict(spoken)
    return tuple(
        replace(one, kind="qa", value=view.item.id)
        for name, one in noticed(view.call)
        if name in condition.found and one.turn in places
    )


def noticed(call: Call) -> list[tuple[str, Finding]]:
    """Findings of other stages with their name in qaschema.FOUND."""
    abuse = call.abuse
    return [
        *((f"abuse.{one.value}", one) for one in abuse.findings),
        *(("rude", one) for one in abuse.rude),
        *(("quoted", one) for one in abuse.quoted),
        *((f"entity.{one.value}", one) for one in call.entities),
        *(("entity.address", one) for one in call.entities if _near(one)),
        *((f"emotion.{one.value}", one) for one in call.emotions),
    ]


def _near(found: Finding) -> bool:
    """Whether it is a place within a district."""
    return found.value == "place" and "district" not in found.rule


def _decided(condition: Condition, view: View) -> Answer:
    return _all([_is(view, task, wanted) for task, wanted in condition.decided.items()])


def _is(view: View, task: str, wanted: tuple[str, ...]) -> Answer:
    """Of a decision that the machine is not sure of all likely values have to be wanted, or
    none; else it is unknown."""
    if task == "abuse":
        return Answer(view.call.abuse.level in wanted)
    made = view.call.decided["scope" if task == "outcome" else task]
    values = [made.label or "", *(one.value for one in made.others)]
    if task == "outcome":
        others = [view.outcomes.get(value, value) for value in values[1:]]
        values = [view.call.scope.outcome, *others]
    if made.sure is not False:
        return Answer(values[0] in wanted)
    met = {value in wanted for value in values}
    return Answer(met.pop() if len(values) > 1 and len(met) == 1 else None)


def _sums(condition: Condition, view: View) -> Answer:
    signs = dict(view.call.signs)
    return Answer(all(signs.get(name, 0.0) >= least for name, least in condition.sums.items()))


def _raised(condition: Condition, view: View) -> Answer:
    met = [flag for flag in view.alerts if flag.item in condition.raised]
    return Answer(bool(met), tuple(found for flag in met for found in flag.findings))


def _sees(condition: Condition, view: View) -> Answer:
    items = [one for one in view.others if one.id in condition.sees]
    return _any([seen(replace(view, item=one)) for one in items])


def _silence(condition: Condition, view: View) -> Answer:
    found = measures.waits(view.call, view.item.id, condition.silence or 0.0)
    return Answer(bool(found), found)


def _rate(condition: Condition, view: View) -> Answer:
    assert condition.rate is not None
    role = condition.within.role if condition.within else "agent"
    found = measures.pace(view.call, view.item.id, condition.rate, role)
    return Answer(None) if found is None else Answer(bool(found), found)


def _curt(condition: Condition, view: View) -> Answer:
    found = measures.curtness(view.call, view.item.id)
    return Answer(bool(found), found)


def _at(view: View, rule: str, i: int, start: int, end: int) -> Finding:
    turn = view.call.turns[i]
    words, seconds = turn.text[start:end], (turn.at(start), turn.at(end))
    return Finding("qa", rule, i, words, *seconds, view.item.id)


_WHOLE: Mapping[str, Callable[[Condition, View], Answer]] = {
    "decided": _decided,
    "sums": _sums,
    "raised": _raised,
    "sees": _sees,
    "silence": _silence,
    "rate": _rate,
    "curt": _curt,
}
_SPOKEN: Mapping[str, Callable[[Condition, View, Spoken, Within], Found]] = {
    "says": _says,
    "words": _written,
    "matches": _written,
    "like": _like,
    "found": _noticed,
    "verified": lambda c, view, spoken, _: measures.verifications(
        view.call, view.item.id, view.named(c.verified), spoken
    ),
    "resumed": lambda c, view, spoken, _: measures.summaries(
        view.call, view.item.id, view.named(c.resumed), spoken
    ),
    "repeats": lambda c, view, spoken, _: measures.repeated(view.item.id, c.least, spoken),
    "barge_in": lambda c, view, spoken, _: measures.interruptions(
        view.call, view.item.id, c.barge_in or 0.0, spoken
    ),
    "names_referral": lambda c, view, spoken, _: measures.referrals(
        view.call, view.item.id, spoken
    ),
}
