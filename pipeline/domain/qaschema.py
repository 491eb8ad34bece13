"""What qa.toml and scorecard.toml of a profile may hold: conditions, items, points.

Beside schema.py, which has the other files. qa.toml says what is seen in a call (pipeline/qa/
evaluates it), scorecard.toml what it is worth (pipeline/scorecard/ adds it up).
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from pipeline.domain.schema import EMOTIONS, OUTCOMES, REQUEST_TYPES, Rule, Strict

FOUND = (
    *("abuse.mild", "abuse.severe", "abuse.threat", "rude", "quoted"),
    *("entity.place", "entity.phone", "entity.person", "entity.org", "entity.date"),
    "entity.address",  # a place within a district
    *("entity.amount", *(f"emotion.{name}" for name in EMOTIONS)),
)
# decision -> the values that it may have; None: of the profile's own lists
DECIDED: Mapping[str, tuple[str, ...] | None] = {
    "request_type": REQUEST_TYPES,
    "outcome": OUTCOMES,
    "scope": None,
    "department": None,
    "urgency": ("一般", "紧急", "特急"),
    "emotion_start": EMOTIONS,
    "emotion_end": EMOTIONS,
    "abuse": ("none", "mild", "severe", "threat"),
}
# What a condition may look at; each has exactly one of them.
OPERATORS = (
    *("all", "any", "not_", "says", "words", "matches", "like", "verified", "resumed"),
    *("repeats", "silence", "barge_in", "rate", "curt", "found", "decided", "sums", "raised"),
    *("names_referral", "sees"),
)
JOINING = ("all", "any", "not_")
LINE = r"^([AC])(?:@(\d+(?:\.\d+)?))?: *(.+)$"
WHOLE = ("silence", "rate", "curt", "decided", "sums", "raised", "sees")  # not of turns


class Within(Strict):
    """Which turns are looked at. Neither `at` nor `side`: all of the role's."""

    role: Literal["agent", "caller", "any"] = "agent"
    at: Literal["start", "end"] | None = None  # of the role's part of the call
    side: Literal["before", "after", "around"] | None = None  # of what the condition around
    # this one found; the turn that it was found in counts as well
    turns: int | None = Field(default=None, ge=1)  # so many turns of the role from there ..
    seconds: float | None = Field(default=None, gt=0)  # .. and those that lie within this of it

    @model_validator(mode="after")
    def _anchored(self) -> "Within":
        if self.at and self.side:
            raise ValueError("within: at and side exclude each other")
        if (self.turns or self.seconds) and not (self.at or self.side):
            raise ValueError("within: turns and seconds need at or side")
        if self.at and not (self.turns or self.seconds):
            raise ValueError("within: at needs turns or seconds")
        return self


class Limits(Strict):
    """A measure is met below `under` or above `over`."""

    under: float | None = Field(default=None, gt=0)
    over: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some(self) -> "Limits":
        if self.under is None and self.over is None:
            raise ValueError("needs under or over")
        return self


class Condition(Strict):
    """One thing that holds in a call, does not, or cannot be told (Kleene's three values)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    not_: "Condition | None" = Field(default=None, alias="not")
    says: tuple[str, ...] = ()  # ids of the item's rules; one is enough
    words: tuple[str, ...] = ()  # as they are written; one is enough
    matches: tuple[str, ...] = ()  # regular expressions; one is enough
    like: tuple[str, ...] = ()  # sentences that sound much the same (qa/similar.py)
    verified: tuple[str, ...] = ()  # rules that ask: a detail is stated before them
    resumed: tuple[str, ...] = ()  # signs of a summary: they and the caller's words add up
    repeats: Literal[True] | None = None  # a question of his own that he asked before
    silence: float | None = Field(default=None, ge=3)  # seconds without a word, music or none
    barge_in: float | None = Field(default=None, gt=0)  # seconds of the other's words cut off
    rate: Limits | None = None  # characters a minute
    curt: Literal[True] | None = None  # short answers all through, no polite word
    found: tuple[str, ...] = ()  # what other stages found: FOUND
    decided: dict[str, tuple[str, ...]] = {}  # DECIDED -> values; unsure ones are unknown
    sums: dict[str, float] = {}  # Call.signs (act.decline) -> at least so much, each
    raised: tuple[str, ...] = ()  # alerts (stages/alerts.py)
    names_referral: Literal[True] | None = None  # the number or the name to turn to
    sees: tuple[str, ...] = ()  # other items that are seen, whether they apply or not
    # Of how the operator is met:
    within: Within | None = None  # None: that of the condition around it
    least: float = Field(0.7, gt=0, le=1)  # how alike, for like and repeats
    times: int = Field(1, ge=1)  # so many findings are needed
    also: "Condition | None" = None  # a finding counts only where this holds ..
    unless: "Condition | None" = None  # .. and this does not

    @cached_property
    def operator(self) -> str:
        """The one of OPERATORS that is set."""
        return next(name for name in OPERATORS if self._set(name))

    def _set(self, name: str) -> bool:
        return getattr(self, name) not in (None, (), {})

    @model_validator(mode="after")
    def _sensible(self) -> "Condition":
        given = [name.strip("_") for name in OPERATORS if self._set(name)]
        if len(given) != 1:
            told = ", ".join(name.strip("_") for name in OPERATORS)
            raise ValueError(f"has {given or 'none'}, needs exactly one of {told}")
        if self.operator in JOINING and (self.times > 1 or self.also or self.unless):
            raise ValueError(f"{given[0]} takes no times, also, unless")
        if self.operator in WHOLE and self.within and self.within.at:
            raise ValueError(f"{given[0]} is of the whole call: no at")
        if wrong := set(self.found) - set(FOUND):
            raise ValueError(f"found: no {sorted(wrong)}; there are {', '.join(FOUND)}")
        for pattern in self.matches:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"matches: {pattern!r}: {error}") from error
        for task, values in self.decided.items():
            known = DECIDED.get(task, ())
            if known is not None and (not known or set(values) - set(known)):
                raise ValueError(f"decided: {task} cannot be {list(values)}")
        return self


class Told(Strict):
    """A small dialogue with what the stages before would have found in it."""

    # "A: words", "C: words"; "A@12.5: words" begins at that second
    lines: tuple[Annotated[str, Field(pattern=LINE)], ...] = Field(min_length=1)
    decided: dict[str, str] = {}  # DECIDED -> value
    found: tuple[tuple[str, int], ...] = ()  # FOUND, turn
    sums: dict[str, float] = {}
    raised: tuple[str, ...] = ()
    referral: str | None = None


Example = str | Told  # a sentence alone is the agent's only turn


class QualityItem(Strict):
    """qa.toml: what is looked for in the agent's part of a call, and what follows.

    What is good passes where it is seen, what is not fails. Where it is not seen: an item
    that is not `due` does not apply; one of which there is not `enough` evidence is left open.
    """

    id: str
    label: str
    good: bool  # True: should be there; False: should not
    reason: str  # what the flag tells the person who looks
    fatal: bool = False  # score 0 until a person has looked
    rules: tuple[Rule, ...] = ()
    within: Within | None = None  # for the conditions of `when` that have none
    when: Condition
    unless: Condition | None = None  # takes back what `when` found
    applies: Condition | None = None  # None: always
    due: Condition | None = None  # of a good item: when its absence is a failure
    enough: Condition | Literal[False] | None = None  # False: its absence proves nothing
    hit: tuple[Example, ...] = Field(min_length=1)  # must be seen
    miss: tuple[Example, ...] = Field(min_length=1)  # must not be

    @model_validator(mode="after")
    def _known(self) -> "QualityItem":
        own = {rule.id for rule in self.rules}
        used = {name for one in self.conditions() for name in _named(one)}
        if wrong := used - own:
            raise ValueError(f"no rule {sorted(wrong)} in this item; there are {sorted(own)}")
        if wrong := own - used:
            raise ValueError(f"rule {sorted(wrong)} is used by no condition")
        return self

    def conditions(self) -> list[Condition]:
        """All of them, inner ones too."""
        outer = (self.when, self.unless, self.applies, self.due, self.enough)
        return [one for top in outer if isinstance(top, Condition) for one in _inner(top)]


def _inner(condition: Condition) -> list[Condition]:
    below = (*condition.all, *condition.any, condition.not_, condition.also, condition.unless)
    return [condition, *(one for top in below if top for one in _inner(top))]


def _named(condition: Condition) -> tuple[str, ...]:
    return (*condition.says, *condition.verified, *condition.resumed)


class Part(Strict):
    """A part of the scorecard and what its items are worth."""

    id: str
    label: str
    points: float = Field(gt=0)
    items: dict[str, float] = Field(min_length=1)  # id in qa.toml -> points

    @model_validator(mode="after")
    def _adds_up(self) -> "Part":
        if any(value <= 0 for value in self.items.values()):
            raise ValueError("items: points must be above 0")
        if abs(sum(self.items.values()) - self.points) > 1e-6:
            total = sum(self.items.values())
            raise ValueError(f"items sum to {total:g}, not to {self.points:g}")
        return self


class Compared(Strict):
    """How the scores of several calls are told of one agent."""

    minimum: int = Field(ge=2)  # calls with a score; with fewer nobody is ranked
    confidence: float = Field(gt=0.5, lt=1)  # of the interval


class Satisfaction(Strict):
    """How the exchange writes what callers pressed after the call."""

    lowest: float
    highest: float
    values: dict[str, float] = {}  # words -> points; numbers are read as they are


class Load(Strict):
    """A kind of call that lowers satisfaction through no fault of the agent's."""

    of: Literal["out_of_scope", "abusive"]
    normal: float = Field(ge=0, lt=1)  # the share that is everybody's
    weight: float = Field(ge=0)  # points of satisfaction for each whole above it


class Adjustment(Strict):
    """考核调节: adjusted = raw + min(most, sum of weight x (share - normal) where above it)."""

    most: float = Field(ge=0)
    loads: tuple[Load, ...]


class Scorecard(Strict):
    """scorecard.toml"""

    least_points: float = Field(ge=0)  # with fewer that apply and are decided: no score
    parts: tuple[Part, ...] = Field(min_length=1)
    agents: Compared
    satisfaction: Satisfaction
    adjustment: Adjustment

    @property
    def points(self) -> dict[str, float]:
        """Item -> points."""
        return {item: value for part in self.parts for item, value in part.items.items()}
