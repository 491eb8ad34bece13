"""What of a call is decided on, item by item: the machine's value, a person's, the evidence.

The lower half of callview.py: decisions with what they may be changed to, and the scorecard.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.decisions import QA, item_name, said, value_name, values
from pipeline.domain.profile import Profile
from pipeline.labels import word
from pipeline.records import CallResult, Flag
from pipeline.stages.settle import TASKS
from pipeline.store.reviews import Review
from pipeline.workbench.amending import TARGETS, WHO

Row = dict[str, Any]
ITEMS = ("abuse", *TASKS)
OF_ABUSE = {"abuse.who": WHO, "abuse.target": TARGETS}
_CLAIMS = {"emotion_start": "emotion.start", "emotion_end": "emotion.end"}


def decided_on(
    result: CallResult,
    plain: Row,
    profile: Profile,
    decided: Mapping[str, Review],
    lang: str = "zh",
) -> list[Row]:
    """Each decision of the call; plain: its exported row, with numbers hidden."""
    machine = said(result, profile)
    by_claim: dict[str, list[Row]] = {}
    for one in plain["evidence"]:
        by_claim.setdefault(one["claim"].partition(":")[0], []).append(one)
    found = []
    for item in ITEMS:
        value = machine.get(item)
        found.append(
            {
                **_both(item, value, profile, decided, lang),
                "confidence": plain["confidence"].get(item),
                "choices": [
                    [one, value_name(item, one, profile, lang)]
                    for one in dict.fromkeys(values(item, profile).values())
                ],
                "evidence": [_place(one) for one in by_claim.get(_CLAIMS.get(item, item), ())],
            }
        )
    found[0]["parts"] = [_part(item, result, decided, lang) for item in OF_ABUSE]
    return found


def scorecard(
    result: CallResult,
    hide: Callable[[str], str],
    profile: Profile,
    decided: Mapping[str, Review],
    lang: str = "zh",
) -> list[Row]:
    """The QA items in the profile's order, each with the words that it rests on."""
    flags = {flag.item: flag for flag in result.call.flags}
    found = []
    for item in profile.qa:
        flag = flags.get(item.id, Flag(item.id, "insufficient_evidence"))
        evidence = [
            {
                "turn": one.turn if one.turn >= 0 else None,
                "start_s": round(one.start, 3),
                "end_s": round(one.end, 3),
                "quote": hide(one.quote),
            }
            for one in flag.findings
        ]
        found.append(
            {
                **_both(QA + item.id, flag.verdict, profile, decided, lang),
                "good": item.good,
                "fatal": item.fatal,
                "reason": hide(flag.reason),
                "evidence": evidence,
            }
        )
    return found


def _both(
    item: str,
    value: str | None,
    profile: Profile,
    decided: Mapping[str, Review],
    lang: str,
) -> Row:
    """What the machine said of an item, and what a person made of it."""
    one = decided.get(item)
    human = one and {
        "what": one.what,
        "value": one.new or None,
        "value_name": value_name(item, one.new, profile, lang) if one.new else None,
        "reason": one.reason,
        "who": one.who,
        "at": one.at[:19].replace("T", " "),
    }
    return {
        "item": item,
        "name": item_name(item, profile, lang),
        "machine": value,
        "machine_name": value_name(item, value, profile, lang),
        "human": human,
    }


def _part(item: str, result: CallResult, decided: Mapping[str, Review], lang: str) -> Row:
    """By whom the abuse is, or whom it hits."""
    roles = result.call.abuse.who if item == "abuse.who" else ()
    machine = "both" if len(roles) > 1 else next(iter(roles), None)
    one = decided.get(item)
    return {
        "item": item,
        "name": word(item, lang),
        "value": one.new if one and one.new else machine,
        "machine": machine,
        "choices": [[value, word(value, lang)] for value in OF_ABUSE[item]],
    }


def _place(one: Row) -> Row:
    return {key: one[key] for key in ("turn", "start_s", "end_s", "quote", "rule")}
