"""The score of one call: what its items are worth, the machine's and a person's apart.

Points that do not apply, or could not be decided, leave the denominator. Nothing is stored:
a score is verdicts (store) times points (scorecard.toml).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.decisions import QA
from pipeline.domain.profile import Profile
from pipeline.records import Flag
from pipeline.store.reviews import Review

DECIDED = ("pass", "fail")
UNPRICED = ""  # the part of items that have no points
Verdicts = Mapping[str, str]  # item -> pass, fail, not_applicable, insufficient_evidence


@dataclass(frozen=True, slots=True)
class Score:
    """0..100, and what it rests on."""

    value: float | None  # None: too few points could be decided
    earned: float
    of: float  # points of the items that passed or failed
    fatal: tuple[str, ...] = ()  # items that make it 0


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the scorecard in one call."""

    item: str
    part: str
    points: float
    verdict: str  # the machine's
    human: str | None  # a person's, where one decided
    reason: str
    turns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of a call; `human` where a person decided on any of its items."""

    lines: tuple[Line, ...]
    machine: Score
    human: Score | None


def score(verdicts: Verdicts, profile: Profile) -> Score:
    """100 x points that passed / points that passed or failed; 0 where a fatal item failed.

    Without a value below `least_points`: a few items say little of a call.
    """
    points = profile.scorecard.points
    of = sum(points.get(item, 0.0) for item, made in verdicts.items() if made in DECIDED)
    earned = sum(points.get(item, 0.0) for item, made in verdicts.items() if made == "pass")
    fatal = tuple(one.id for one in profile.qa if one.fatal and verdicts.get(one.id) == "fail")
    if fatal:
        return Score(0.0, earned, of, fatal)
    enough = of > 0 and of >= profile.scorecard.least_points
    return Score(round(100 * earned / of, 1) if enough else None, earned, of)


def decided(reviewed: Iterable[Review]) -> Verdicts:
    """What people made of QA items. One that was only rejected is left open: its right value
    is not known."""
    return {
        one.item.removeprefix(QA): one.new or "insufficient_evidence"
        for one in reviewed
        if one.item.startswith(QA)
    }


def card(
    flags: Iterable[Flag], profile: Profile, reviewed: Iterable[Review] = ()
) -> Card | None:
    """The scorecard of a call by its flags; None where no item was judged."""
    known = {item.id for item in profile.qa}
    own = [flag for flag in flags if flag.item in known]
    if not own:
        return None
    verdicts, people = {flag.item: flag.verdict for flag in own}, decided(reviewed)
    parts = {item: part.id for part in profile.scorecard.parts for item in part.items}
    points = profile.scorecard.points
    lines = tuple(
        Line(
            item=flag.item,
            part=parts.get(flag.item, UNPRICED),
            points=points.get(flag.item, 0.0),
            verdict=flag.verdict,
            human=people.get(flag.item),
            reason=flag.reason,
            turns=tuple(sorted({found.turn for found in flag.findings if found.turn >= 0})),
        )
        for flag in own
    )
    human = score({**verdicts, **people}, profile) if people else None
    return Card(lines, score(verdicts, profile), human)


def plain(made: Card, profile: Profile) -> dict[str, Any]:
    """The card as docs/schema.md has it, its parts in the profile's order."""
    parts = [(part.id, part.points) for part in profile.scorecard.parts] + [(UNPRICED, 0.0)]
    return {
        "machine": _score(made.machine),
        "human": _score(made.human) if made.human else None,
        "parts": [_part(made, *part) for part in parts],
    }


def _score(one: Score) -> dict[str, Any]:
    return {
        "score": one.value,
        "earned": one.earned,
        "of": one.of,
        "fatal": list(one.fatal),
    }


def _part(made: Card, part: str, points: float) -> dict[str, Any]:
    lines = [line for line in made.lines if line.part == part]
    decided = [line for line in lines if line.verdict in DECIDED]
    return {
        "part": part,
        "points": points,
        "earned": sum(line.points for line in decided if line.verdict == "pass"),
        "of": sum(line.points for line in decided),
        "items": [
            {
                "item": line.item,
                "points": line.points,
                "verdict": line.verdict,
                "human": line.human,
                "reason": line.reason,
                "turns": list(line.turns),
            }
            for line in lines
        ],
    }
