"""Whether the hotline takes the appeal: outcome, reason, clause, referral and script.

Weighs what the caller said against scope.toml and against what the agent did about it: his
refusal confirms a reason, his taking the appeal down outweighs it. A person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.copies import replace
from pipeline.domain.profile import Profile
from pipeline.domain.schema import IntentRule, ScopeRule
from pipeline.domain.weigh import (
    Passage,
    evidence,
    likely,
    passage,
    signs,
    strongest,
    total,
    totals,
)
from pipeline.records import Call, Finding, Scope
from pipeline.stage import stage
from pipeline.tools import Tools

HOLDS = 2.5  # a reason that the caller's own words make, with the agent's part in it
SAID = 1.0  # below this nobody spoke of it, whatever the agent did
ACT_LIMIT = 3.0  # an agent repeats himself: his part is capped
DONE = 1.5  # from here an act took place
ANSWERED = 1.5  # two facts told
SUPERSTITION = "O9"  # a hazard inside it is accepted
FAMILY = "O7"  # the appeal around a threat to oneself
POLICY = "O10"  # an opinion on a rule is recorded as a suggestion
REPEATED = "O12"  # the agent's word alone carries it
EMERGENCY = "E1"


@dataclass(frozen=True)
class Reply:
    """How strongly the agent did each of these, and a hazard was told of by the caller."""

    decline: float
    accept: float
    answer: float
    fail: float
    hazard: float


@stage(needs=("turns", "request_type", "urgency", "abuse"), adds=("scope", "signs"))
def scope(call: Call, tools: Tools) -> Call:
    """Decide the outcome and name its reason, basis and referral."""
    words = passage(call, "caller", "agent", "unknown")
    rules = tools.profile.scope
    found = _signs(tools.profile, words)
    reply = _reply(words, tools.profile.intent)
    decided = (
        _nothing(call, rules, found)
        or _emergency(call, rules, found)
        or _refused(call, rules, found, reply)
        or Scope(_taken(call, reply))
    )
    return replace(call, scope=decided, signs=call.signs + _weighed(rules, found, reply))


def _weighed(
    rules: Iterable[ScopeRule], found: dict[str, list[Finding]], reply: Reply
) -> tuple[tuple[str, float], ...]:
    """The sums by code, and those of the agent's acts."""
    sums = dict.fromkeys([rule.code for rule in rules], 0.0)
    said = totals(found)
    for rule in rules:
        if said[rule.id] > sums[rule.code]:
            sums[rule.code] = said[rule.id]
    return signs("scope", sums) + signs("act", vars(reply))


def _nothing(
    call: Call, rules: Iterable[ScopeRule], found: dict[str, list[Finding]]
) -> Scope | None:
    """No appeal in the call: silence, a misdial, or abuse alone."""
    if call.request_type.value != "无效" or _wrong_number(rules, found):
        return None
    rule = next((rule for rule in rules if rule.outcome == "no_request"), None)
    if rule is None:
        return Scope("no_request")
    return replace(as_scope(rule, found[rule.id]), reason=None)


def _wrong_number(rules: Iterable[ScopeRule], found: dict[str, list[Finding]]) -> bool:
    """Whether a caller who dialled wrong said whom he wanted: he is told where to call."""
    wanted = [rule for rule in rules if rule.outcome == "refer"]
    return any(total(found[rule.id]) >= HOLDS for rule in wanted)


def _emergency(
    call: Call, rules: Sequence[ScopeRule], found: dict[str, list[Finding]]
) -> Scope | None:
    """Danger to life now: transferred at once, whatever else was asked for."""
    hurting = call.abuse.threat_kind == "self_harm"
    if call.urgency.value != "特急" and not hurting:
        return None
    own = call.abuse.findings if hurting else ()
    signs = list(dict.fromkeys((*call.urgency.findings, *own)))
    urgent = next((rule for rule in rules if rule.code == EMERGENCY), None)
    if urgent is None:
        return Scope("emergency_transfer", findings=tuple(signs))
    decided = as_scope(urgent, [*signs, *found[urgent.id]])
    family = next((rule for rule in rules if rule.code == FAMILY), None)
    if family and total(found[family.id]) >= HOLDS:
        both = f"{family.referral}；{urgent.referral}"
        decided = replace(decided, code=family.code, reason=family.reason, referral=both)
        decided = replace(decided, findings=decided.findings + strongest(found[family.id], 3))
    return decided


def _refused(
    call: Call, rules: Iterable[ScopeRule], found: dict[str, list[Finding]], reply: Reply
) -> Scope | None:
    """The reason that holds best, unless a trap takes it back."""
    balance = min(reply.decline, ACT_LIMIT) - min(reply.accept, ACT_LIMIT)
    said = totals(found)
    able = [
        rule
        for rule in rules
        if said[rule.id] >= SAID and rule.outcome not in ("no_request", "emergency_transfer")
    ]
    rule = max(able, key=lambda r: said[r.id], default=None)
    if rule is None or said[rule.id] + balance < HOLDS:
        return None
    if rule.code == SUPERSTITION and reply.hazard >= DONE:
        return None
    if rule.asked and call.request_type.value == "咨询" and reply.decline < DONE:
        return None
    if call.request_type.value == "建议" and (rule.code == POLICY or reply.decline < DONE):
        return Scope("record_suggestion", findings=strongest(found[rule.id], 3))
    if rule.code == REPEATED and reply.accept >= 2 * DONE:
        return None
    return as_scope(rule, found[rule.id])


def _taken(call: Call, reply: Reply) -> str:
    """How an appeal within the remit was taken."""
    if call.request_type.value == "建议":
        return "record_suggestion"
    if call.request_type.value == "咨询" and reply.answer >= ANSWERED:
        if reply.fail < HOLDS and reply.answer > reply.accept:
            return "answer_now"
    return "accept_dispatch"


def _reply(words: Passage, rules: tuple[IntentRule, ...]) -> Reply:
    acts = {act: 0.0 for act in ("decline", "accept", "answer", "fail", "hazard")}
    for rule in likely(rules, words):
        if rule.act in acts:
            acts[rule.act] += total(evidence("act", rule, words))
    return Reply(**acts)


def _signs(profile: Profile, words: Passage) -> dict[str, list[Finding]]:
    """What was said for each rule, by its id."""
    codes = {rule.id: rule.code for rule in profile.scope}
    found: dict[str, list[Finding]] = {name: [] for name in codes}
    for rule in likely(profile.scope, words):
        found[rule.id] += evidence("scope", rule, words, value=rule.code)
    for owner, sign in profile.signs.likely(words):
        found[owner] += evidence("scope", sign, words, value=codes[owner])
    return found


def as_scope(rule: ScopeRule, found: Iterable[Finding]) -> Scope:
    """The rule's outcome, clause, referral and script, with what speaks for it."""
    return Scope(
        rule.outcome,
        reason=rule.reason,
        code=rule.code,
        basis=rule.basis,
        referral=rule.referral,
        script=rule.script,
        findings=strongest(found),
    )
