"""What linking knows of a call, and a link between two calls.

pipeline/link/ makes these, store/links.py keeps them. Beside records.py: a link is no part of
a call's own result, and a call is linked again without being judged again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("apology", "repeat", "duplicate", "same_caller")  # the most telling first


@dataclass(frozen=True, slots=True)
class Facts:
    """What linking reads of a call: two of these tell whether the calls belong together."""

    sha256: str
    at: int | None = None  # seconds on the clock of the place, for differences only
    number: str = ""  # the caller's in one writing; "": withheld, or nobody's own
    region: str | None = None
    district: str | None = None
    units: tuple[str, ...] = ()  # departments, the lead first
    topics: tuple[str, ...] = ()  # ids of the profile's topics, the heaviest first
    matter: str = ""  # the lead topic in a word or two: 停水
    places: tuple[str, ...] = ()  # roads, estates, villages, in the order they were named
    sounds: tuple[str, ...] = ()  # of each place: 龙圣路 is also written 龙胜路
    areas: tuple[str, ...] = ()  # townships
    abuse: str = "none"  # level of the caller's own words
    sorry: float = 0.0  # what the rules of apology sum to
    sorry_words: tuple[str, ...] = ()
    terms: frozenset[int] = frozenset()  # the caller's most telling n-grams, by index
    norm: float = 0.0  # length of the vector that `terms` are


@dataclass(frozen=True, slots=True)
class Link:
    """Two calls that belong together, and why."""

    sha256: str  # the later call
    other: str  # the earlier one
    kind: str  # one of KINDS
    score: float  # 0..1; not a probability
    evidence: Mapping[str, Any] = field(default_factory=dict)  # docs/schema.md, `relations`
