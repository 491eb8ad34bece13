"""Where in a call a condition looks: the turns that a `within` of qa.toml means."""

from collections.abc import Sequence

from pipeline.domain.qaschema import Within
from pipeline.records import Call, Finding, Turn

ROLES = {
    "agent": ("agent",),
    "caller": ("caller",),
    "any": ("agent", "caller", "unknown"),
}
TOUCH_S = 0.05  # a turn that ends where a silence begins lies before it
Spoken = Sequence[tuple[int, Turn]]


def turns_in(within: Within, call: Call, anchor: Finding | None = None) -> Spoken:
    """Index and turn, in order. anchor: what the condition around found, for `side`."""
    spoken = call.said(*ROLES[within.role])
    if not spoken:
        return spoken
    if within.at == "start":
        return _first(within, spoken, spoken[0][1].start)
    if within.at == "end":
        return _last(within, spoken, max(turn.end for _, turn in spoken))
    if within.side is None or anchor is None:
        return spoken
    before = [pair for pair in spoken if _lies_before(pair, anchor)]
    after = [pair for pair in spoken if _lies_after(pair, anchor)]
    near = _last(within, before, anchor.start) if within.side != "after" else []
    if within.side != "before":
        near = [*near, *_first(within, after, anchor.end)]
    return sorted(dict(near).items())


def _first(within: Within, spoken: Spoken, begin: float) -> Spoken:
    if not (within.turns or within.seconds):
        return spoken
    limit = begin + (within.seconds or 0.0)
    return [
        pair
        for n, pair in enumerate(spoken)
        if n < (within.turns or 0) or (within.seconds and pair[1].start < limit)
    ]


def _last(within: Within, spoken: Spoken, end: float) -> Spoken:
    if not (within.turns or within.seconds):
        return spoken
    limit = end - (within.seconds or 0.0)
    return [
        pair
        for n, pair in enumerate(reversed(spoken))
        if n < (within.turns or 0) or (within.seconds and pair[1].end > limit)
    ][::-1]


def _lies_before(pair: tuple[int, Turn], anchor: Finding) -> bool:
    i, turn = pair
    return i <= anchor.turn if anchor.turn >= 0 else turn.end <= anchor.start + TOUCH_S


def _lies_after(pair: tuple[int, Turn], anchor: Finding) -> bool:
    i, turn = pair
    return i >= anchor.turn if anchor.turn >= 0 else turn.start >= anchor.end - TOUCH_S
