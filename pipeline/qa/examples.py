"""The small dialogues of qa.toml as calls: every item must see its `hit` and miss its `miss`.

Run when a profile is loaded, so that an item that contradicts its examples judges nobody.
"""

import re
from collections.abc import Iterator

from pipeline.domain.qaschema import LINE, Example, QualityItem, Told
from pipeline.hearing.talk import talk_of
from pipeline.qa.conditions import View, seen
from pipeline.records import Abuse, Call, Decision, Finding, Flag, Recording, Scope, Turn

SPEAKERS = {"A": "agent", "C": "caller"}
PACE, PAUSE = 4.5, 0.4  # characters a second; seconds between turns
CODE = re.compile(r"[A-Z]\d+")


def contradictions(item: QualityItem, others: tuple[QualityItem, ...]) -> list[str]:
    """What is wrong with the item, as sentences: names of items that do not stand before it,
    examples that come out otherwise than they are listed."""
    at = others.index(item) if item in others else len(others)
    before = others[:at]
    known = {one.id for one in before}
    named = {name for one in item.conditions() for name in one.sees}
    if named - known:
        return [f"{item.id}: no item {sorted(named - known)} stands before it"]
    missed = [one for one in item.hit if not _seen(item, before, one)]
    struck = [one for one in item.miss if _seen(item, before, one)]
    return [
        *(f"{item.id}: should hit {_told(one)!r}" for one in missed),
        *(f"{item.id}: should miss {_told(one)!r}" for one in struck),
    ]


def _seen(item: QualityItem, before: tuple[QualityItem, ...], example: Example) -> bool:
    told = Told(lines=(f"A: {example}",)) if isinstance(example, str) else example
    return seen(as_view(item, told, before)).holds is True


def _told(example: Example) -> str:
    return example if isinstance(example, str) else " / ".join(example.lines)


def as_view(item: QualityItem, told: Told, others: tuple[QualityItem, ...] = ()) -> View:
    """The dialogue as the item looks at it."""
    return View(as_call(told), item, tuple(Flag(name, "fail") for name in told.raised), others)


def as_call(told: Told) -> Call:
    """The dialogue as judging would have it before the scorecard."""
    turns = tuple(_turns(told.lines))
    noted = tuple(_noted(told, turns))
    decided = {task: Decision(value) for task, value in told.decided.items()}
    units = (decided.pop("department"),) if "department" in decided else ()
    label = decided.pop("scope", Decision()).value
    outcome = decided.pop("outcome", Decision()).value
    level = decided.pop("abuse", Decision()).value
    code = label if label and CODE.fullmatch(label) else None
    return Call(
        Recording("0" * 64, "example", turns[-1].end),
        turns=turns,
        talk=talk_of(turns, ()),
        departments=units,
        signs=tuple(told.sums.items()),
        scope=Scope(outcome or ("refer" if code else label) or "accept_dispatch", code=code,
                    referral=told.referral),
        abuse=Abuse(
            level or "none",
            findings=tuple(f for f in noted if f.kind == "abuse"),
            rude=tuple(f for f in noted if f.kind == "rude"),
            quoted=tuple(f for f in noted if f.kind == "quoted"),
        ),
        entities=tuple(f for f in noted if f.kind == "entity"),
        emotions=tuple(f for f in noted if f.kind == "emotion"),
        **decided,  # type: ignore[arg-type]  # decisions of their own fields
    )  # fmt: skip


def _noted(told: Told, turns: tuple[Turn, ...]) -> Iterator[Finding]:
    for name, i in told.found:
        kind, _, value = name.partition(".")
        yield Finding(kind, "example", i, turns[i].text, turns[i].start, turns[i].end, value)


def _turns(lines: tuple[str, ...]) -> Iterator[Turn]:
    clock = 0.0
    for line in lines:
        ((who, second, text),) = re.findall(LINE, line)
        begun = float(second) if second else clock
        clock = begun + len(text) / PACE + PAUSE
        times = tuple(begun + k / PACE for k in range(len(text)))
        yield Turn(begun, clock - PAUSE, SPEAKERS[who], text, times=times)
