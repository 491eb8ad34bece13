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
    resting = [(f"{name}:{made.value}", made.findings) for name, made in decided]
    resting.append((f"scope:{call.scope.code or call.scope.outcome}", call.scope.findings))
    resting += [(f"abuse:{found.value}", (found,)) for found in call.abuse.findings]
    resting += [("abuse:quoted", call.abuse.quoted), ("abuse:rude", call.abuse.rude)]
    resting += [(f"qa.{flag.item}:{flag.verdict}", flag.findings) for flag in call.flags]
    resting += [(f"answer:{known.id}", known.findings) for known in call.answers]
    for number, order in enumerate((call.ticket, *call.more_tickets) if call.ticket else (), 1):
        name = "ticket" if number == 1 else f"ticket{number}"
        resting += [(f"{name}.{x.key}", x.findings) for x in order.fields if x.findings]
    for claim, findings in resting:
        for found in findings:
            yield claim, found


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
    return sorted({found.turn for found in findings if found.turn >= 0})
