"""A call as a reviewer sees it: what was said when, what is flagged, what people decided.

A plain object with numbers hidden, which the pages draw and the API gives (docs/web.md). What
people corrected stands in the place of what the machine wrote; the machine's is beside it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.decisions import QA, WHOLE, item_name
from pipeline.domain.profile import Profile
from pipeline.export.rows import row
from pipeline.labels import word
from pipeline.records import Call, CallResult, Flag, Turn
from pipeline.redact import hiding
from pipeline.reviewing import ABUSE, doubted
from pipeline.store.reviews import Review
from pipeline.workbench.amending import COMMENT, amended
from pipeline.workbench.verdicts import decided_on, scorecard

Row = dict[str, Any]
Decided = Mapping[str, Review]
Hide = Callable[[str], str]
FACTS = (
    *("sha256", "call_id", "started_at", "shift", "agent_id", "caller_number", "direction"),
    *("duration_s", "region", "status", "failure", "no_speech", "relations"),
)
SCORES = ("machine", "human")
KINDS = ("abuse", "flag", "quoted")  # of marked words, the strongest first


def view(
    result: CallResult,
    profile: Profile,
    *,
    decided: Decided,
    history: Sequence[Review] = (),
    version: int = 0,
    relations: Row | None = None,
    unmasked: bool = False,
    lang: str = "zh",
) -> Row:
    """The call for a page or the API.

    decided: the reviews that count, by item; history: all of them; version: of them.
    """
    call = amended(result.call, decided)
    plain = row(
        replace(result, call=call),
        profile,
        relations=relations,
        reviewed=history,
        unmasked=unmasked,
    )
    hide = hiding(call, unmasked=unmasked)
    flags = [
        _flag(i, flag, shown, hide, profile, decided, lang)
        for i, (flag, shown) in enumerate(zip(call.review, plain["review"], strict=True))
    ]
    flags.sort(key=lambda flag: flag["decides"] != ABUSE)  # what a supervisor came for
    return {
        **{key: plain[key] for key in FACTS},
        "version": version,
        "channels": max(call.recording.channels, 1),
        "agent_channel": call.sound.agent_channel,
        "title": plain["ticket"]["title"] if plain["ticket"] else plain["call_id"],
        "turns": _turns(plain, result.call.turns, call, hide),
        "flags": flags,
        "decisions": decided_on(result, plain, profile, decided, lang),
        "scorecard": scorecard(result, hide, profile, decided, lang),
        "score": plain["scorecard"] and {key: plain["scorecard"][key] for key in SCORES},
        "ticket": _ticket(plain["ticket"], decided),
        "comments": _comments(plain),
        "confirmed": WHOLE in decided,
        "history": plain["reviewed"],
    }


def marked(text: str, quotes: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """The text cut where the kind of its marks changes: [("你们这帮", ""), ("废物", "abuse")].

    quotes: words and their kind, one of KINDS; where they overlap the strongest shows.
    """
    if not quotes:
        return [(text, "")]
    kinds = [""] * len(text)
    for quote, kind in sorted(quotes, key=lambda one: -KINDS.index(one[1])):
        at = text.find(quote) if quote else -1
        while at >= 0:
            kinds[at : at + len(quote)] = [kind] * len(quote)
            at = text.find(quote, at + len(quote))
    parts: list[tuple[str, str]] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or kinds[i] != kinds[start]:
            parts.append((text[start:i], kinds[start]))
            start = i
    return parts


def _comments(plain: Row) -> list[Row]:
    return [
        {"who": one["who"], "at": one["at"], "text": one["new"]}
        for one in plain["reviewed"]
        if one["item"] == COMMENT and one["new"]
    ]


def _turns(plain: Row, before: Sequence[Turn], call: Call, hide: Hide) -> list[Row]:
    quotes = _quotes(plain, call)
    found = []
    for turn, now, old in zip(plain["turns"], call.turns, before, strict=True):
        changed = now.text != old.text
        found.append(
            {
                **{key: turn[key] for key in ("i", "speaker", "start_s", "end_s", "text")},
                "overlap": turn["overlap"],
                "confidence": turn["confidence"],
                "parts": marked(turn["text"], quotes.get(turn["i"], ())),
                "machine_text": hide(old.text) if changed else None,
                "machine_speaker": old.speaker if old.speaker != turn["speaker"] else None,
            }
        )
    return found


def _quotes(plain: Row, call: Call) -> dict[int, set[tuple[str, str]]]:
    """Turn -> the words to mark in it."""
    asking = {f"qa.{flag.item}:{flag.verdict}" for flag in call.review}
    asking -= {f"qa.{item}:fail" for item in ("abuse", "violence", "self_harm")}  # below
    found: dict[int, set[tuple[str, str]]] = {}
    for one in plain["evidence"]:
        claim, kind = one["claim"], ""
        if claim == "abuse:quoted":
            kind = "quoted"
        elif claim.startswith("abuse:"):
            kind = "abuse"
        elif claim in asking and not claim.startswith("qa.unsure_"):
            kind = "flag"
        if kind and one["turn"] is not None:
            found.setdefault(one["turn"], set()).add((one["quote"], kind))
    return found


def _flag(
    number: int,
    flag: Flag,
    shown: Row,
    hide: Hide,
    profile: Profile,
    decided: Decided,
    lang: str,
) -> Row:
    """A flag with the item that a person decides on to close it."""
    first = min(flag.findings, key=lambda found: found.start, default=None)
    item = _decides(flag, profile)
    one = decided.get(item) or decided.get(WHOLE)
    labels = {one.id: one.label for one in profile.qa} if lang == "zh" else {}
    return {
        "id": number,
        "item": flag.item,
        "label": labels.get(flag.item) or word(flag.item, lang),
        "decides": item,
        "decides_name": item_name(item, profile, lang),
        "severity": flag.severity,
        "reason": shown["reason"],
        "turn": shown["turn"],
        "start_s": shown["start_s"],
        "end_s": round(first.end, 3) if first else None,
        "quote": hide(first.quote) if first else None,
        "open": one is None or one.what == "reject",
        "rejected": one is not None and one.what == "reject",  # still lacks its right value
    }


def _decides(flag: Flag, profile: Profile) -> str:
    """The item that settles a flag; a doubt about the hearing only the call as a whole does."""
    item = doubted(flag)
    own = {QA + one.id for one in profile.qa}
    return WHOLE if item.startswith(QA) and item not in own else item


def _ticket(ticket: Row | None, decided: Decided) -> Row | None:
    """The draft with what a person changed told beside each line."""
    if ticket is None:
        return None
    changed = {item for item in decided if item.startswith("ticket.")}
    lines = [
        {**line, "changed": f"ticket.{line['key']}" in changed} for line in ticket["fields"]
    ]
    return {
        **ticket,
        "fields": lines,
        "changed": sorted(changed & {"ticket.title", "ticket.content"}),
    }
