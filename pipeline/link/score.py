"""Two calls side by side: in which ways they belong together, how much, and why.

Used by run.py on the few candidates that it found. Nothing here asks the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.domain.linkschema import Alike, LinkKind, Links
from pipeline.link.words import Words
from pipeline.linkrecords import Facts, Link
from pipeline.redact import mask

DAY = 86_400  # seconds
SHOWN = 5  # words in the evidence


@dataclass(frozen=True, slots=True)
class Matter:
    """How far two calls are about one thing: 0..1, and what they share."""

    score: float
    topics: tuple[str, ...]  # topics, or departments where no topic is shared
    places: tuple[str, ...]  # places, or townships where no place is shared
    sited: bool  # a place is shared, not only a township
    terms: frozenset[int]


def links_between(one: Facts, other: Facts, rules: Links, words: Words) -> Iterator[Link]:
    """Every link of a pair of calls whose times are known."""
    earlier, later = sorted((one, other), key=lambda facts: (facts.at or 0, facts.sha256))
    apart = (later.at or 0) - (earlier.at or 0)
    matter = _matter(earlier, later, rules.alike, words)

    def link(kind: str, score: float, **why: Any) -> Link:
        known = {"hours": round(apart / 3600, 1), "numbers": _numbers(earlier, later)}
        return Link(later.sha256, earlier.sha256, kind, round(score, 3), {**known, **why})

    if earlier.number and earlier.number == later.number:
        if apart <= rules.same_caller.days * DAY:
            yield link("same_caller", 1.0)
        if _holds(rules.repeat, apart, matter.score) and _same_district(earlier, later):
            yield link("repeat", matter.score, **_shared(matter, words))
        if _holds(rules.apology, apart, min(later.sorry, 1.0)) and (
            earlier.abuse in rules.apology.after
        ):
            score = min(later.sorry, 1.0)
            yield link("apology", score, sorry=list(later.sorry_words), abuse=earlier.abuse)
    elif (
        _holds(rules.duplicate, apart, matter.score)
        and matter.sited
        and _same_district(earlier, later)
    ):
        yield link("duplicate", matter.score, **_shared(matter, words))


def _holds(kind: LinkKind, apart: float, score: float) -> bool:
    return apart <= kind.days * DAY and score >= kind.score


def _same_district(one: Facts, other: Facts) -> bool:
    """Not known to be of two cities or districts: each has its 人民路."""
    pairs = ((one.region, other.region), (one.district, other.district))
    return all(a == b or not (a and b) for a, b in pairs)


def _matter(one: Facts, other: Facts, alike: Alike, words: Words) -> Matter:
    """Mean of the three parts by their weights."""
    topics, topic = _common(one.topics, other.topics), 1.0
    if not topics:
        topics, topic = _common(one.units, other.units), alike.unit
    places, place = _same_places(one, other), 1.0
    sited = bool(places)
    if not places and not (one.places and other.places):
        places, place = _common(one.areas, other.areas), alike.area
    terms = one.terms & other.terms
    whole = one.norm * other.norm
    cosine = sum(words.idf[i] ** 2 for i in terms) / whole if whole else 0.0
    placed = bool(places) or bool(one.places and other.places)
    parts = (
        (alike.topic, topic if topics else 0.0),
        (alike.place, (place if places else 0.0) if placed else alike.unknown),
        (alike.words, min(1.0, cosine / alike.full) if whole else alike.unknown),
    )
    score = sum(weight * share for weight, share in parts) / sum(weight for weight, _ in parts)
    return Matter(score, topics, places, sited, terms)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in one if name in other)


def _same_places(one: Facts, other: Facts) -> tuple[str, ...]:
    """Places that sound alike; both names where they are written otherwise."""
    known = dict(zip(other.sounds, other.places, strict=True))
    pairs = ((name, known.get(s)) for name, s in zip(one.places, one.sounds, strict=True))
    return tuple(name if name == met else f"{name}≈{met}" for name, met in pairs if met)


def _shared(matter: Matter, words: Words) -> dict[str, Any]:
    return {
        "matter": list(matter.topics),
        "places": list(matter.places),
        "words": words.shared(matter.terms, SHOWN),
    }


def _numbers(earlier: Facts, later: Facts) -> list[str]:
    """Both callers' numbers, masked for good; one where it is the same."""
    numbers = dict.fromkeys(facts.number for facts in (later, earlier) if facts.number)
    return [_masked(number) for number in numbers]


@lru_cache(maxsize=4096)  # the links of a call all tell its number
def _masked(number: str) -> str:
    return mask(number, [number])
