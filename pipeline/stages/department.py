"""Which unit takes the appeal: topics of departments.toml, and the unit an agent names.

Lead unit first; a second one where two appeals were announced or the agent named two units.
A trained classifier of the profile, if there is one, is one more voice in the sum.
"""

from collections.abc import Iterable, Sequence

from pipeline.copies import replace
from pipeline.domain.schema import DepartmentRule, IntentRule
from pipeline.domain.weigh import (
    Passage,
    evidence,
    likely,
    passage,
    signs,
    spans,
    strongest,
    total,
    totals,
)
from pipeline.records import Call, Decision, Finding
from pipeline.stage import stage
from pipeline.tools import Tools

NEAR = 16  # characters between 转给 and the unit's name
NAMED = 1.0  # a unit merely spoken of (我去过城管): a hint
ENOUGH = 0.8  # less evidence than this names no unit
SECOND_SHARE = 0.35  # of the lead's sum, when two appeals were announced
SECOND_LEAST = 2.0
VOICE = 2.0  # of a classifier's probability, where no rule names a unit ...
CHOICE = 1.0  # ... and where rules do: it breaks ties
HEARD = 0.4  # a lesser probability says nothing alone (measured: 4 of 6 right below 0.5)
SEVERAL = 1.4


@stage(needs=("turns", "scope"), adds=("departments", "domain", "signs"))
def department(call: Call, tools: Tools) -> Call:
    """Name the lead unit, a second one for a second appeal, and the domain of the lead."""
    profile = tools.profile
    words = passage(call, "caller", "agent", "unknown")
    handed = _handovers(words, profile.intent)
    units = profile.departments
    found: dict[str, list[Finding]] = {unit.id: [] for unit in units}
    for unit in likely(units, words):
        found[unit.id] += _named(unit, words, handed)
    for owner, topic in profile.topics.likely(words):
        found[owner] += evidence("department", topic, words, value=owner, normal=topic.name)
    _listen(found, words, tools)
    sums = totals(found)
    weighed = call.signs + signs("department", sums)
    able = [unit for unit in units if sums[unit.id] >= ENOUGH]
    ranked = sorted(able, key=lambda unit: -sums[unit.id])
    if not ranked:
        return replace(call, signs=weighed)
    lead = ranked[0]
    domain = Decision(lead.domain, findings=_domain(lead, found[lead.id]))
    if not call.scope.in_scope:
        return replace(call, domain=domain, signs=weighed)
    chosen = [lead, *_second(ranked, found, words, profile.intent)]
    named = tuple(Decision(u.id, findings=strongest(found[u.id])) for u in chosen)
    return replace(call, departments=named, domain=domain, signs=weighed)


def _named(unit: DepartmentRule, words: Passage, handed: Sequence[int]) -> list[Finding]:
    """The unit's own name: in full where the agent hands the appeal over to it."""
    found = []
    said = evidence("department", unit, words, value=unit.id)
    for finding, start in zip(said, _offsets(unit, words) if said else (), strict=False):
        given = any(0 <= start - end <= NEAR for end in handed if _same_turn(words, end, start))
        share = 1.0 if given else NAMED / unit.weight
        found.append(replace(finding, score=round(finding.score * share, 3)))
    return found


def _offsets(unit: DepartmentRule, words: Passage) -> list[int]:
    return [start for start, _, _ in spans(unit, words)]


def _same_turn(words: Passage, one: int, other: int) -> bool:
    return "\n" not in words.text[one:other]


def _handovers(words: Passage, rules: tuple[IntentRule, ...]) -> list[int]:
    """Offsets at which words of handing over end."""
    return [
        end
        for rule in likely(rules, words)
        if rule.act == "handover"
        for _, end, _ in spans(rule, words)
    ]


def _second(
    ranked: Sequence[DepartmentRule],
    found: dict[str, list[Finding]],
    words: Passage,
    rules: Iterable[IntentRule],
) -> list[DepartmentRule]:
    """The unit of a second appeal, or the second one that the agent named."""
    if len(ranked) < 2:
        return []
    lead, other = ranked[:2]
    least = max(SECOND_LEAST, SECOND_SHARE * total(found[lead.id]))
    several = [
        finding
        for rule in rules
        if rule.act == "several"
        for finding in evidence("department", rule, words)
    ]
    if total(several) >= SEVERAL and total(found[other.id]) >= least:
        return [other]
    both = [_handed(unit, found[unit.id]) for unit in (lead, other)]
    return [other] if all(both) else []


def _handed(unit: DepartmentRule, found: Iterable[Finding]) -> bool:
    return any(f.rule == unit.id and f.score >= unit.weight / 2 for f in found)


def _domain(unit: DepartmentRule, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The lead's topics, heaviest first; `normal` is the second-level domain."""
    topics = [f for f in found if f.normal]
    heavy = sorted(topics, key=lambda f: -f.score)[:3]
    return tuple(replace(f, kind="domain", value=unit.domain) for f in heavy)


def _listen(found: dict[str, list[Finding]], words: Passage, tools: Tools) -> None:
    """Let the profile's classifier, if any, add its voice; a refused text has no labels."""
    classifier = tools.classifier("department")
    said = _told(words)
    if classifier is None or not said:
        return
    weight = CHOICE if any(found.values()) else VOICE
    for label in classifier.classify([said])[0]:
        if label.name in found and (label.probability >= HEARD or found[label.name]):
            score = round(weight * label.probability, 3)
            said_so = "department", "model:department", -1, "", 0.0, 0.0, label.name
            found[label.name].append(Finding(*said_so, score=score))


def _told(words: Passage) -> str:
    """The caller's words and the agent's longest turn, which sums them up."""
    told = [turn.text for _, turn in words.turns if turn.speaker != "agent"]
    summed = [turn.text for _, turn in words.turns if turn.speaker == "agent"]
    return "。".join([*told, *sorted(summed, key=len)[-1:]])
