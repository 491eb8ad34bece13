"""What each decision of a call rests on, as the plain objects of docs/schema.md.

Used by rows.py.
"""

from collections.abc import Iterable
from typing import Any

from pipeline.records import Call, Decision, Finding


def claims(call: Call) -> Iterable[tuple[str, Finding]]:
    """Each decision with each finding it rests on: ("department:城管", finding)."""
    single = ("region", "district", "request_type", "domain", "urgency")
    decided: list[tuple[str, Decision]] = [(name, getattr(call, name)) for name in single]
    decided += [("emotion.start", call.emotion_start), ("emotion.end", call.emotion_end)]
    decided += [("department", unit) for unit in call.departments]
    for name, decision in decided:
        yield from ((f"{name}:{decision.value}", found) for found in decision.findings)
    outcome = f"scope:{call.scope.code or call.scope.outcome}"
    yield from ((outcome, found) for found in call.scope.findings)
    yield from ((f"abuse:{found.value}", found) for found in call.abuse.findings)
    yield from (("abuse:quoted", found) for found in call.abuse.quoted)
    yield from (("abuse:rude", found) for found in call.abuse.rude)
    for flag in call.flags:
        yield from ((f"qa.{flag.item}:{flag.verdict}", found) for found in flag.findings)
    for known in call.answers:
        yield from ((f"answer:{known.id}", found) for found in known.findings)
    orders = [call.ticket, *call.more_tickets] if call.ticket else []
    for number, order in enumerate(orders, 1):
        name = "ticket" if number == 1 else f"ticket{number}"
        for line in order.fields:
            yield from ((f"{name}.{line.key}", found) for found in line.findings)


def evidence(claim: str, found: Finding) -> dict[str, Any]:
    """One claim with who says so, the turn (null: not a turn), the words and the seconds."""
    return {
        "claim": claim,
        "rule": found.rule,
        "turn": turn_of(found),
        "quote": found.quote,
        "start_s": round(found.start, 3),
        "end_s": round(found.end, 3),
    }


def turn_of(found: Finding) -> int | None:
    """Its turn; None where the evidence is no turn."""
    return found.turn if found.turn >= 0 else None


def turns_of(findings: Iterable[Finding]) -> list[int]:
    """The turns of all, each once."""
    return sorted({found.turn for found in findings if found.turn >= 0}) if findings else []
