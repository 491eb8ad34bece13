"""What linking reads of a judged call, once; afterwards the call itself is not needed.

Used by run.py. A call without words still has a number and a time.
"""

import re
from calendar import timegm
from collections.abc import Iterable
from datetime import datetime

from pipeline.domain import match
from pipeline.domain.linkschema import LinkPlaces
from pipeline.domain.profile import Profile
from pipeline.domain.reading import folded
from pipeline.link.numbers import one_number
from pipeline.link.words import Words
from pipeline.linkrecords import Facts
from pipeline.records import Call

LEVELS = ("none", "mild", "severe", "threat")
SPEAKERS = ("caller", "unknown")
SHORT = re.compile(
    "[\u4e00-\u9fff]{2,5}"
)  # words of the caller that name a matter by themselves
PLACE = "entity.place."


def facts_of(call: Call, profile: Profile, words: Words) -> Facts:
    """The facts of one call."""
    rules, said = profile.links, call.recording.metadata
    sites = [found for found in call.entities if found.rule.startswith(PLACE)]
    terms = words.telling(_told(call, {one.quote for one in sites}), rules.alike.terms)
    places = _places(((one.rule, one.normal or one.quote) for one in sites), rules.places)
    sorry, sorry_words = _sorry(call, profile)
    region = call.region.value or said.region
    return Facts(
        call.recording.sha256,
        _seconds(said.started_at),
        one_number(said.caller_number, region, profile.places, rules.nobody),
        region=region,
        district=call.district.value,
        units=_units(call, profile),
        topics=tuple(dict.fromkeys(found.rule for found in call.domain.findings)),
        matter=_matter(call),
        places=tuple(places.values()),
        sounds=tuple(places),
        areas=tuple(one.name for one in sites if one.rule.startswith(f"{PLACE}township")),
        abuse=_abuse(call),
        sorry=sorry,
        sorry_words=sorry_words,
        terms=terms,
        norm=round(words.norm(terms), 4),
    )


def blocks(facts: Facts) -> list[str]:
    """Calls that share none of these are never compared as duplicates."""
    return [f"{place}|{unit}" for place in facts.sounds for unit in facts.units]


def _seconds(started_at: str | None) -> int | None:
    return (
        None if started_at is None else timegm(datetime.fromisoformat(started_at).timetuple())
    )


def _told(call: Call, sites: Iterable[str]) -> str:
    """The caller's words without the places, which are compared by themselves."""
    text = "。".join(turn.text for _, turn in call.said(*SPEAKERS))
    for site in sorted(sites, key=len, reverse=True):
        text = text.replace(site, "，")
    return text


def _units(call: Call, profile: Profile) -> tuple[str, ...]:
    """The departments, then those of the topics: an appeal that is declined has only these."""
    of_topic = {topic.id: unit.id for unit in profile.departments for topic in unit.topics}
    named = [made.value for made in call.departments if made.value]
    meant = [of_topic[one.rule] for one in call.domain.findings if one.rule in of_topic]
    return tuple(dict.fromkeys([*named, *meant]))


def _matter(call: Call) -> str:
    lead = next(iter(call.domain.findings), None)
    if lead is None:
        return ""
    return lead.quote if SHORT.fullmatch(lead.quote) else lead.normal


def _places(found: Iterable[tuple[str, str]], rules: LinkPlaces) -> dict[str, str]:
    """Sound -> name: a recognizer writes the same name in other characters."""
    kept: dict[str, str] = {}
    for rule, name in found:
        kind = rule.removeprefix(PLACE).partition(".")[0]
        name = rules.cut.sub("", name)
        if kind in rules.kinds and not rules.coarse.fullmatch(name):
            kept.setdefault(" ".join(folded(name)), name)
    return dict(list(kept.items())[: rules.most])


def _abuse(call: Call) -> str:
    """The worst that the caller said; what the agent said is another matter."""
    own = [
        one.value
        for one in call.abuse.findings
        if 0 <= one.turn < len(call.turns) and call.turns[one.turn].speaker in SPEAKERS
    ]
    return max(own, key=LEVELS.index, default="none")


def _sorry(call: Call, profile: Profile) -> tuple[float, tuple[str, ...]]:
    """What the rules sum to, each rule once, and the words that met them."""
    met: dict[str, tuple[float, str]] = {}
    for _, turn in call.said(*SPEAKERS):
        for rule in profile.links.rules:
            for found in match.find(rule, turn.text):
                met.setdefault(rule.id, (rule.weight, found.quote))
    return sum(weight for weight, _ in met.values()), tuple(quote for _, quote in met.values())
