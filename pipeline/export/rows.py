"""One stored result as a plain object: the names and value sets of docs/schema.md.

All formats and `eval` read this object, so that a word means the same everywhere. Nothing is
decided here: values that a stage did not reach are null, and numbers are masked unless asked.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.export.changes import corrections, dropped, veiled
from pipeline.export.evidence import claims, evidence, turn_of, turns_of
from pipeline.export.heard import audio, talk
from pipeline.export.orders import known, ticket
from pipeline.export.people import appealed as on_appeal
from pipeline.export.people import decided
from pipeline.link.relations import NONE
from pipeline.records import Call, CallResult, Finding, Flag, Scope
from pipeline.redact import hiding
from pipeline.scorecard.card import card
from pipeline.scorecard.card import plain as on_paper
from pipeline.store.appeals import Appeal
from pipeline.store.reviews import Review
from pipeline.workbench.amending import amended

DISPOSITIONS = {  # scope outcome -> what a work-order system calls it
    "accept_dispatch": "派单",
    "record_suggestion": "派单",
    "merge": "派单",
    "answer_now": "直接答复",
    "decline_explain": "解释引导",
    "refer": "解释引导",
    "emergency_transfer": "转接应急",
    "no_request": "无效",
}
ENTITIES = ("place", "phone", "person", "org", "date", "amount")
LEVELS = ("none", "mild", "severe", "threat")
# Hashes, and what has a name of its own, lead to nobody, and a star would make them useless.
UNMASKED = frozenset(
    ("sha256", "keys", "code", "rule", "department", "region", "district", "domain")
)

Row = dict[str, Any]


def row(
    result: CallResult,
    profile: Profile,
    *,
    relations: Row | None = None,
    reviewed: Iterable[Review] = (),
    appealed: Iterable[Appeal] = (),
    unmasked: bool = False,
) -> Row:
    """The object that `export --format jsonl` writes for one recording.

    profile: says which QA items there are and which are good to have.
    relations: what link/relations.py tells of the call; None: it lies in no store.
    reviewed: what people decided, as far as it counts; beside what the machine said.
    appealed: the last step of each appeal against a QA item.
    """
    call, reviewed, relations = result.call, list(reviewed), relations or NONE
    scored = card(call.flags, profile, reviewed)
    plain = {
        **_facts(result),
        **_decisions(result),
        **_quality(call.flags, profile),
        "scorecard": scored and on_paper(scored, profile),
        "appeals": [on_appeal(one) for one in appealed],
        "answers": [known(one) for one in call.answers],
        "ticket": call.ticket and ticket(call.ticket, reviewed, relations),
        "more_tickets": [ticket(one, reviewed, relations) for one in call.more_tickets],
        "relations": relations,
        "confidence": _confidence(call),
        "alternatives": _alternatives(call),
        "unsure": [task for task, made in call.decided.items() if made.sure is False],
        "needs_review": result.status == "failed" or bool(call.review),
        "review": [_review(flag) for flag in call.review],
        "reviewed": [decided(one) for one in reviewed],
        "evidence": [evidence(claim, found) for claim, found in claims(call)],
        "talk": talk(call),
        "corrections": corrections(call),
        "dropped": dropped(call),
        "turns": _turns(call),
        "keys": {"hear_key": result.hear_key, "judge_key": result.judge_key},
    }
    if unmasked:
        return plain
    hide = hiding(amended(call, {one.item: one for one in reviewed}))
    return _guarded(masked(plain, hide), call)


def _facts(result: CallResult) -> Row:
    """What is known of the recording before anybody judges it."""
    call, metadata = result.call, result.call.recording.metadata
    return {
        "call_id": metadata.call_id or call.recording.sha256[:12],
        "pbx_call_id": metadata.call_id,
        "sha256": call.recording.sha256,
        "file": call.recording.name,
        "audio": audio(call.recording, call.sound),
        "started_at": metadata.started_at and metadata.started_at.replace("T", " "),
        "shift": metadata.shift,
        "agent_id": metadata.agent_id,
        "caller_number": metadata.caller_number,
        "direction": metadata.direction,
        "duration_s": round(call.recording.seconds, 2),
        "status": result.status,
        "failure": _failure(result),
        "no_speech": call.no_speech,
    }


def _decisions(result: CallResult) -> Row:
    call = result.call
    # A stage that did not run leaves its field's default: not a decision.
    reached = result.status != "failed" or call.scope != Scope()
    return {
        "region": call.region.value,
        "district": call.district.value,
        "request_type": call.request_type.value,
        "domain": call.domain.value,
        "department": [d.value for d in call.departments if d.value],
        "scope": _scope(call.scope, reached),
        "disposition": DISPOSITIONS[call.scope.outcome] if reached else None,
        "emotion": {"start": call.emotion_start.value, "end": call.emotion_end.value},
        "abusive": _abusive(call),
        "urgency": call.urgency.value,
        "entities": _entities(call.entities),
    }


def _failure(result: CallResult) -> Row | None:
    failure = result.failure
    if failure is None:
        return None
    return {name: getattr(failure, name) for name in ("stage", "code", "message", "retryable")}


def _scope(scope: Scope, reached: bool) -> Row:
    return {
        "in_scope": scope.in_scope,
        "outcome": scope.outcome if reached else None,
        "code": scope.code,
        "reason": scope.reason,
        "basis": scope.basis,
        "referral": scope.referral,
        "script": scope.script,
    }


def _abusive(call: Call) -> Row:
    abuse = call.abuse
    return {
        "level": abuse.level,
        "who": list(abuse.who),
        "turns": turns_of(abuse.findings),
        "threat_kind": abuse.threat_kind,
        "escalate": abuse.level == "threat",  # a person decides what follows
        "third_party_quote_turns": turns_of(abuse.quoted),
        "rude_turns": turns_of(abuse.rude),
    }


def _entities(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Strings as spoken, by kind; phone numbers as digits, misheard places by their name."""
    kinds: dict[str, list[str]] = {kind: [] for kind in ENTITIES}
    for found in findings:
        said = found.normal or found.quote if found.value == "phone" else found.name
        listed = kinds.setdefault(found.value, [])
        if said and said not in listed:
            listed.append(said)
    return kinds


def _quality(flags: Iterable[Flag], profile: Profile) -> Row:
    """QA items as booleans: was it there? null: does not apply, or too little to tell."""
    by_item = {flag.item: flag for flag in flags}
    present: dict[str, bool | None] = {}
    for item in profile.qa:
        flag = by_item.get(item.id)
        present[item.id] = _there(flag, good=item.good) if flag else None
    turns = {i: turns_of(by_item[i].findings) for i, there in present.items() if there}
    return {"qa": present, "qa_evidence": {i: where for i, where in turns.items() if where}}


def _there(flag: Flag, *, good: bool) -> bool | None:
    if flag.verdict in ("pass", "fail"):
        return (flag.verdict == "pass") == good
    return False if flag.absent else None


def _confidence(call: Call) -> dict[str, float | None]:
    """Of hearing (mean over turns by length) and of each decision; null: not calibrated."""
    heard = [(t.confidence, len(t.text)) for t in call.turns if t.confidence is not None]
    weight = sum(length for _, length in heard)
    mean = sum(sure * length for sure, length in heard) / weight if weight else None
    return {
        "hearing": None if mean is None else round(mean, 3),
        **{task: made.confidence for task, made in call.decided.items()},
    }


def _alternatives(call: Call) -> dict[str, list[Row]]:
    """What else each decision may be, likeliest first."""
    return {
        task: [{"value": one.value, "confidence": one.confidence} for one in made.others]
        for task, made in call.decided.items()
    }


def _review(flag: Flag) -> Row:
    first = min(flag.findings, key=lambda found: found.start, default=None)
    return {
        "item": flag.item,
        "severity": flag.severity,
        "reason": flag.reason,
        "turn": turn_of(first) if first else None,
        "start_s": round(first.start, 3) if first else None,
    }


def _turns(call: Call) -> list[Row]:
    worst: dict[int, str] = {}
    for found in call.abuse.findings:
        known = worst.get(found.turn, "none")
        worst[found.turn] = max(known, found.value, key=LEVELS.index)
    moods = {found.turn: found.value for found in call.emotions}
    return [
        {
            "i": i,
            "speaker": turn.speaker,
            "start_s": round(turn.start, 3),
            "end_s": round(turn.end, 3),
            "text": turn.text,
            "heard": turn.heard,
            "confidence": turn.confidence,
            "abuse": worst.get(i),
            "emotion": moods.get(i),
            "overlap": turn.overlap,
            "source": turn.source,
        }
        for i, turn in enumerate(call.turns)
    ]


def _guarded(plain: Row, call: Call) -> Row:
    """The masked object without the digits that a correction tells of a hidden number."""
    if not plain["corrections"] and not plain["dropped"]:
        return plain
    shown = [turn["text"] for turn in plain["turns"]]
    told = {key: veiled(plain[key], call.turns, shown) for key in ("corrections", "dropped")}
    return {**plain, **told}


def masked(plain: Row, hiding: Callable[[str], str]) -> Row:
    """Every string but the keys' with numbers and names hidden; hiding: the call's (redact).

    Where nothing has to be hidden it is the same object, not a copy.
    """
    changed: Row = {}
    for key, item in plain.items():
        kind = type(item)
        if kind is str and key not in UNMASKED:
            hidden = hiding(item)
        elif item and (kind is dict or kind is list) and key not in UNMASKED:
            hidden = _within(item, hiding)
        else:
            continue
        if hidden is not item and hidden != item:
            changed[key] = hidden
    return {**plain, **changed} if changed else plain


def _within(item: Any, hiding: Callable[[str], str]) -> Any:
    """What stands in a list, or is of any other kind, likewise."""
    kind = type(item)
    if kind is dict:
        return masked(item, hiding)
    if kind is list:
        shown = [_within(one, hiding) for one in item]
        return item if shown == item else shown
    return hiding(item) if kind is str else item
