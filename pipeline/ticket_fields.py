"""Fillers of the work order's lines: each takes the call and gives a value with its evidence.

The profile's ticket.toml names them in `source`. A filler gives UNSAID for what nobody said
and never guesses; what the PBX knows has evidence with turn -1.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from pipeline.clauses import evidence
from pipeline.domain.schema import Deadline
from pipeline.draft import Draft
from pipeline.ingest import shown
from pipeline.records import UNSAID, Call, Decision, Finding

Value = tuple[str, tuple[Finding, ...]]
NOTHING: Value = (UNSAID, ())
NOT_DISPATCHED = "无需派单"

HANDLING = {
    "accept_dispatch": "转办",
    "record_suggestion": "转办",
    "merge": "转办",
    "answer_now": "直接办结",
    "emergency_transfer": "三方转接",
    "decline_explain": "不予受理",
    "refer": "建议转送",
}
LEVELS = {"none": "无", "mild": "轻度不文明", "severe": "严重辱骂", "threat": "威胁"}
ROLES = {"caller": "来电人", "agent": "话务员", "ivr": "语音导航", "unknown": "说话人未定"}
RISKS = {"self_harm": "自伤风险", "violence": "暴力威胁"}
PLACE_ORDER = ("district", "township", "area", "road", "named", "estate", "building")
STAFF_NUMBER = re.compile(r"[工公]号(?:是|为)?(\d{3,6})")
CONFIDENTIAL = re.compile(
    "保密|匿名|不(?:要|想)(?:透露|公开|留)(?:我|姓名|名字|电话|身份|信息)?"
)
REPEATED = re.compile(
    "(?:又|再次|多次|好几[次回]|已经).{0,4}(?:反映|投诉|打.{0,2}电话|打过)|(?:上次"
    "|之前|以前|前几天).{0,6}(?:反映|投诉|报|打)过"
    "|那个单子|办结"
)


def fill(source: str, call: Call, text: Draft, deadline: Deadline | None) -> Value:
    """The value of the line whose filler is `source`. Raises KeyError for an unknown one."""
    if source in ("dispatch_by", "finish_by"):
        return _deadline(source, call, deadline)
    if source in ("title", "content", "purpose"):
        return _words(source, call, text)
    return FILLERS[source](call)


def _table(field: str, value: str | None) -> Value:
    """What the PBX's table says, with the name of its column as evidence."""
    if not value:
        return NOTHING
    return value, (Finding("ticket", f"metadata.{field}", -1, value, 0.0, 0.0),)


def _ticket_id(call: Call) -> Value:
    day = (call.recording.metadata.started_at or "")[:10].replace("-", "")
    return f"LS{day}-{call.recording.sha256[:8]}", ()


def _recording(call: Call) -> Value:
    return f"{shown(call.recording.name)}（{call.recording.sha256[:12]}）", ()


def _accepted_at(call: Call) -> Value:
    return _table("started_at", (call.recording.metadata.started_at or "").replace("T", " "))


def _agent_id(call: Call) -> Value:
    for i, turn in call.said("agent", "unknown"):
        if match := STAFF_NUMBER.search(turn.text):
            if not call.recording.metadata.agent_id:
                return match[1], (_quoted(call, i, *match.span()),)
    return _table("agent_id", call.recording.metadata.agent_id)


def _phone(call: Call) -> Value:
    number = call.recording.metadata.caller_number
    return _table("caller_number", number) if number else _contact_phone(call)


def _contact_phone(call: Call) -> Value:
    return _entities(call, "phone", limit=1)


def _caller(call: Call) -> Value:
    return _entities(call, "person", limit=1)


def _address(call: Call) -> Value:
    said = [f for f in call.entities if f.value == "place"]
    said.sort(key=lambda f: PLACE_ORDER.index(f.rule.split(".")[2]))
    return _listed(said[:6], "")


def _entities(call: Call, kind: str, *, limit: int = 6) -> Value:
    return _listed([f for f in call.entities if f.value == kind][:limit], "、")


def _listed(found: list[Finding], between: str) -> Value:
    if not found:
        return NOTHING
    return between.join(dict.fromkeys(f.normal or f.quote for f in found)), tuple(found)


def _happened_at(call: Call) -> Value:
    said = [f for f in call.entities if f.value == "date"]
    if not said:
        return NOTHING
    first = next((f for f in said if f.normal), said[0])
    value = first.quote + (f"（{first.normal.replace('T', ' ')}）" if first.normal else "")
    return value, (first,)


def _decided(decision: Decision) -> Value:
    return (decision.value, decision.findings) if decision.value else NOTHING


def _words(source: str, call: Call, text: Draft) -> Value:
    if source == "title":
        rests = (evidence(call, text.headline, "ticket.title"),) if text.headline else ()
        return text.title, rests
    if source == "content":
        told = (*text.facts, *text.wishes, *text.answer)
        return text.summary, tuple(evidence(call, c, "ticket.content") for c in told)
    if not text.wishes:
        return NOTHING
    found = tuple(evidence(call, c, "ticket.purpose") for c in text.wishes)
    return "，".join(c.text for c in text.wishes), found


def _matching(call: Call, pattern: re.Pattern[str], value: str) -> Value:
    for i, turn in call.said("caller", "unknown"):
        if match := pattern.search(turn.text):
            return value, (_quoted(call, i, *match.span()),)
    return NOTHING


def _quoted(call: Call, i: int, start: int, end: int) -> Finding:
    turn = call.turns[i]
    seconds = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
    return Finding("ticket", "ticket.words", i, turn.text[start:end], *seconds)


def _risks(call: Call) -> Value:
    found: list[Finding] = []
    risks = []
    if call.abuse.threat_kind:
        risks.append(RISKS[call.abuse.threat_kind])
        found += call.abuse.findings
    if call.scope.outcome == "emergency_transfer":
        risks.append(call.scope.reason or "紧急")
        found += call.scope.findings
    if call.urgency.value == "特急":
        risks.append("特急")
        found += call.urgency.findings
    return "、".join(dict.fromkeys(risks)) or "无", tuple(found)


def _handling(call: Call) -> Value:
    value = HANDLING.get(call.scope.outcome, UNSAID)
    if value == "不予受理" and call.scope.reason:
        value = f"不予受理（{call.scope.reason}）"
    return value, call.scope.findings


def _lead_unit(call: Call) -> Value:
    if not _dispatched(call) and not call.departments:
        return NOT_DISPATCHED, call.scope.findings
    return _decided(call.departments[0]) if call.departments else NOTHING


def _assisting_units(call: Call) -> Value:
    others = [d for d in call.departments[1:] if d.value]
    if not others:
        return NOTHING
    found = tuple(f for d in others for f in d.findings)
    return "、".join(d.value or "" for d in others), found


def _basis(call: Call) -> Value:
    """The clause for what is not taken, else the words that led to the unit."""
    if call.scope.basis and not _dispatched(call):
        return call.scope.basis, call.scope.findings
    found = tuple(f for d in call.departments for f in d.findings if f.turn >= 0)
    if not found:
        return NOTHING
    return "、".join(dict.fromkeys(f"“{f.quote.strip('，。？！')}”" for f in found)), found


def _emotion(call: Call) -> Value:
    start, end = call.emotion_start, call.emotion_end
    if not start.value:
        return NOTHING
    return f"{start.value}→{end.value or start.value}", (*start.findings, *end.findings)


def _abusive(call: Call) -> Value:
    who = "、".join(ROLES[role] for role in call.abuse.who)
    level = LEVELS[call.abuse.level]
    return (f"{level}（{who}）" if who else level), call.abuse.findings


def _dispatched(call: Call) -> bool:
    return HANDLING.get(call.scope.outcome) in ("转办", "三方转接")


def _deadline(source: str, call: Call, deadline: Deadline | None) -> Value:
    if not _dispatched(call):
        closed = source == "finish_by" and call.scope.outcome == "answer_now"
        return ("当场办结" if closed else NOT_DISPATCHED), call.scope.findings
    if deadline is None:
        return NOTHING
    if source == "finish_by":
        return deadline.finish, call.urgency.findings
    value = f"{deadline.dispatch_hours:g}小时内"
    try:
        begun = datetime.fromisoformat(call.recording.metadata.started_at or "")
    except ValueError:
        return value, call.urgency.findings
    due = begun + timedelta(hours=deadline.dispatch_hours)
    return f"{value}（{due:%Y-%m-%d %H:%M}前）", call.urgency.findings


FILLERS: dict[str, Callable[[Call], Value]] = {
    "ticket_id": _ticket_id,
    "recording": _recording,
    "accepted_at": _accepted_at,
    "agent_id": _agent_id,
    "phone": _phone,
    "contact_phone": _contact_phone,
    "caller": _caller,
    "confidential": lambda call: _matching(call, CONFIDENTIAL, "是"),
    "request_type": lambda call: _decided(call.request_type),
    "domain": lambda call: _decided(call.domain),
    "happened_at": _happened_at,
    "address": _address,
    "object": lambda call: _entities(call, "org"),
    "amounts": lambda call: _entities(call, "amount"),
    "repeated": lambda call: _matching(call, REPEATED, "是"),
    "urgency": lambda call: _decided(call.urgency),
    "risks": _risks,
    "handling": _handling,
    "lead_unit": _lead_unit,
    "assisting_units": _assisting_units,
    "basis": _basis,
    "related": lambda call: NOTHING,  # other calls are known only to pipeline/link.py
    "emotion": _emotion,
    "abusive": _abusive,
}


def sources() -> Iterable[str]:
    """Every filler that a profile's form may name."""
    return (*FILLERS, "title", "content", "purpose", "dispatch_by", "finish_by")
