"""Fillers of the work order's lines: each takes the job and gives a value with its evidence.

The profile's ticket.toml names them in `source`. A filler gives UNSAID for what nobody said
and never guesses. A line that states a decision has its probability, and whether a person
should look; a line that says what was said (ticket_said.py), how surely it was heard; what
follows from a decision (deadlines, referral) has neither.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

from pipeline.deadlines import told
from pipeline.domain.formschema import Deadline, FormField, Limit
from pipeline.records import UNSAID, Call, Decision, Finding, Scope, TicketField
from pipeline.ticket_said import NOTHING, SAID, Filler, Job, Value, options

NOT_DISPATCHED = "无需派单"
ROLES = {"caller": "来电人", "agent": "话务员", "ivr": "语音导航", "unknown": "说话人未定"}


def fill(form: FormField, job: Job) -> TicketField:
    """The line, filled. Raises KeyError for a source that there is not."""
    value = FILLERS[form.source](job, form)
    needed = (
        form.required
        and (not form.types or job.call.request_type.value in form.types)
        and (not form.outcomes or job.call.scope.outcome in form.outcomes)
    )
    if value is NOTHING:
        return _unsaid(form.key, form.label, needed)
    return TicketField(
        form.key,
        form.label,
        value.text,
        needed,
        value.findings,
        value.decision,
        _heard(job.call, value.findings)
        if form.source in SAID and value.findings
        else value.confidence,
        value.sure,
    )


@lru_cache(maxsize=512)  # most lines of most orders
def _unsaid(key: str, label: str, required: bool) -> TicketField:
    return TicketField(key, label, required=required)


def _heard(call: Call, findings: Iterable[Finding]) -> float | None:
    """How surely the least clear of the turns was heard that the findings stand in."""
    turns = [call.turns[one.turn].confidence for one in findings if one.turn >= 0]
    return min([sure for sure in turns if sure is not None], default=None)


def sources() -> Iterable[str]:
    """Every filler that a profile's form may name."""
    return tuple(FILLERS)


def _decided(task: str, decision: Decision) -> Value:
    if not decision.value:
        return NOTHING
    sure = decision.confidence, decision.sure
    return Value(decision.value, decision.findings, task, *sure)


def _subdomain(job: Job, form: FormField) -> Value:
    """The topic of the unit whose words weighed most; what a model found is no topic."""
    units = job.call.departments[:1]
    found = [*job.call.domain.findings, *(f for unit in units for f in unit.findings)]
    topics = [f for f in found if f.normal and f.turn >= 0 and not f.rule.startswith("model:")]
    if not topics:
        return NOTHING
    sums: dict[str, float] = defaultdict(float)
    for one in topics:
        sums[one.normal] += one.score
    best = max(sums, key=lambda name: sums[name])
    return Value(best, tuple(f for f in topics if f.normal == best))


def _risks(job: Job, form: FormField) -> Value:
    call = job.call
    risks, found = options(job, form)
    if call.urgency.value == "特急":
        risks.insert(0, "特急")
        found += call.urgency.findings
    if call.scope.outcome == "emergency_transfer":
        risks.insert(0, call.scope.reason or "紧急")
        found += call.scope.findings
    if call.abuse.threat_kind:
        risks.insert(0, form.names.get(call.abuse.threat_kind, call.abuse.threat_kind))
        found += call.abuse.findings
    return Value("、".join(dict.fromkeys(risks)) or form.otherwise or UNSAID, tuple(found))


def _handling(job: Job, form: FormField) -> Value:
    scope = job.call.scope
    value = form.names.get(scope.outcome, UNSAID)
    if scope.reason and scope.outcome in ("decline_explain", "refer"):
        value = f"{value}（{scope.reason}）"
    return Value(value, scope.findings, "scope", scope.confidence, scope.sure)


def _of_scope(part: Callable[[Scope], str | None]) -> Filler:
    """A line that the reason for not taking the appeal fills."""

    def filler(job: Job, form: FormField) -> Value:
        value = part(job.call.scope)
        return Value(value, job.call.scope.findings) if value else NOTHING

    return filler


def _lead_unit(job: Job, form: FormField) -> Value:
    units = job.call.departments
    if not job.dispatched and not units:
        return Value(NOT_DISPATCHED, job.call.scope.findings)
    task = "department" if job.number == 1 else ""  # reviews are of the call's lead unit
    return _decided(task, units[0]) if units else NOTHING


def _assisting_units(job: Job, form: FormField) -> Value:
    others = [d for d in job.call.departments[1:] if d.value]
    found = tuple(f for d in others for f in d.findings)
    return Value("、".join(d.value or "" for d in others), found) if others else NOTHING


def _basis(job: Job, form: FormField) -> Value:
    """The clause for what is not taken, else the words that led to the unit."""
    if job.call.scope.basis and not job.dispatched:
        return Value(job.call.scope.basis, job.call.scope.findings)
    found = tuple(f for d in job.call.departments for f in d.findings if f.turn >= 0)
    if not found:
        return NOTHING
    words = dict.fromkeys(f"“{f.quote.strip('，。？！')}”" for f in found)
    return Value("、".join(list(words)[: form.most]), found)


def _emotion(job: Job, form: FormField) -> Value:
    start, end = job.call.emotion_start, job.call.emotion_end
    if not start.value:
        return NOTHING
    value = f"{start.value}→{end.value or start.value}"
    both = (*start.findings, *end.findings)
    return Value(value, both, "emotion_start", start.confidence, start.sure)


def _abusive(job: Job, form: FormField) -> Value:
    abuse = job.call.abuse
    who = "、".join(ROLES[role] for role in abuse.who)
    level = form.names.get(abuse.level, abuse.level)
    return Value(f"{level}（{who}）" if who else level, abuse.findings, "abuse")


def _due(step: Callable[[Deadline], Limit], *, answered: str = NOT_DISPATCHED) -> Filler:
    """A line that says by when a step must be done. answered: of what was answered at once."""

    def filler(job: Job, form: FormField) -> Value:
        scope = job.call.scope
        if not job.dispatched:
            at_once = scope.outcome == "answer_now"
            return Value(answered if at_once else NOT_DISPATCHED, scope.findings)
        urgency = job.call.urgency.value or "一般"
        known = next((d for d in job.profile.deadlines if d.urgency == urgency), None)
        if known is None:
            return NOTHING
        limits = [step(known)]
        if form.source == "finish_by" and known.extended:
            limits.append(known.extended)
        begun = _begun(job)
        value = "；".join(told(limit, begun) for limit in limits)
        return Value(value, job.call.urgency.findings)

    return filler


def _begun(job: Job) -> datetime | None:
    started = job.call.recording.metadata.started_at
    try:
        return datetime.fromisoformat(started) if started else None
    except ValueError:
        return None


FILLERS: dict[str, Filler] = {
    **SAID,
    "request_type": lambda job, form: _decided("request_type", job.call.request_type),
    "domain": lambda job, form: _decided("", job.call.domain),
    "subdomain": _subdomain,
    "urgency": lambda job, form: _decided("urgency", job.call.urgency),
    "risks": _risks,
    "handling": _handling,
    "script": _of_scope(lambda scope: scope.script),
    "referral": _of_scope(lambda scope: scope.referral),
    "lead_unit": _lead_unit,
    "assisting_units": _assisting_units,
    "basis": _basis,
    "dispatch_by": _due(lambda known: known.dispatch),
    "contact_by": _due(lambda known: known.contact),
    "finish_by": _due(lambda known: known.finish, answered="当场办结"),
    "related": lambda job, form: NOTHING,  # other calls are known only to pipeline/link
    "emotion": _emotion,
    "abusive": _abusive,
}
