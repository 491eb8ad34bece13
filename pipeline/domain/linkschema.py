"""What links.toml of a profile may hold: the windows, thresholds and words of links.

Beside schema.py, which has the other files. pipeline/link/ reads it.
"""

import re
from typing import Literal

from pydantic import Field

from pipeline.domain.schema import Rule, Strict


class LinkRule(Rule):
    """links.toml: what a caller says who is sorry; their weights sum to the apology."""


class LinkKind(Strict):
    """How far apart two calls may lie to be linked, and how alike they must be."""

    days: float = Field(gt=0)
    score: float = Field(0.0, ge=0, le=1)
    most: int = Field(20, ge=1)  # neighbours in time that are looked at, on either side


class Apology(LinkKind):
    """A caller who comes back after abuse of one of these levels."""

    after: tuple[Literal["mild", "severe", "threat"], ...]


class Often(Strict):
    """A caller of whom a dossier is made: so many calls in so many days."""

    days: float = Field(gt=0)
    calls: int = Field(ge=1)


class Alike(Strict):
    """What two calls have in common is worth; shares of a part lie between 0 and 1."""

    topic: float = Field(gt=0)
    place: float = Field(ge=0)
    words: float = Field(ge=0)
    unit: float = Field(ge=0, le=1)  # share of `topic` where only the department is the same
    area: float = Field(ge=0, le=1)  # share of `place` where only the township is
    unknown: float = Field(ge=0, le=1)  # share of a part that one of the calls does not tell
    full: float = Field(gt=0, le=1)  # cosine of the words that counts in full
    terms: int = Field(ge=1)  # n-grams kept of a call, the most telling


class LinkPlaces(Strict):
    """Which of the places in a call tell where it is."""

    kinds: tuple[str, ...]  # places.Place.how
    cut: re.Pattern[str]  # taken off the name: 对面, 东门
    coarse: re.Pattern[str]  # too large, or no name
    most: int = Field(ge=1)


class Links(Strict):
    """links.toml"""

    nobody: re.Pattern[str]  # numbers behind which many people stand
    same_caller: LinkKind
    repeat: LinkKind
    duplicate: LinkKind
    apology: Apology
    hot_spot_calls: int = Field(ge=2)
    frequent: Often
    abusive: Often
    alike: Alike
    places: LinkPlaces
    rules: tuple[LinkRule, ...]
