"""Finds the city and the district of a call: metadata, the greeting, spoken places.

The stage intent calls `locate`. Names are met as written and by their sound; a place of the
other city counts only while the city itself is unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipeline.domain.misheard import Misheard, misheard
from pipeline.domain.schema import District, Region, Said
from pipeline.domain.weigh import Owned, Passage, evidence, passage, strongest, total
from pipeline.records import Call, Decision, Finding

FROM_TABLE = 6.0  # the exchange knows which line was dialled
GREETING = 3.0  # 您好，贵港12345
SPOKEN = 3.0  # the district itself
TOWNSHIP = 2.0
SHORT = 1.8  # 桂平, 昆区: may be part of another name
STREET = 0.8  # 富强路, after which a sub-district is named
MISHEARD = 2.4  # 魂都伦区 for 昆都仑区, less by what it is off
MISHEARD_PLACE = 1.6
# A short name followed by these is a street, an estate or a river, not the district.
NOT_HERE = "(?!路|街|大道|大街|大桥|桥|花园|花苑|苑|小区|饭店|酒店|宾馆|超市|公园|家园|商场|河)"


def locate(call: Call, words: Passage, regions: Sequence[Region]) -> tuple[Decision, Decision]:
    """Region and district, each with its findings; None where nothing tells. words: both
    sides'."""
    spoken = {region.name: _spoken(region, words) for region in regions}
    named = _named(call, regions)
    own = _most_named(named, regions)
    for near, finding in _misheard((own,) if own else tuple(regions), words):
        spoken[near][finding.value].append(finding)
    region = _region(named, spoken)
    districts = _told_of(spoken.get(region.value or "", {}))
    best = max(districts, key=lambda name: total(districts[name]), default=None)
    if best is None:
        return region, Decision()
    return region, Decision(best, findings=strongest(districts[best]))


def _told_of(found: dict[str, list[Finding]]) -> dict[str, list[Finding]]:
    """Those of which something was said."""
    return {name: findings for name, findings in found.items() if findings}


def _region(
    found: dict[str, list[Finding]], spoken: dict[str, dict[str, list[Finding]]]
) -> Decision:
    for name, districts in spoken.items():
        heaviest = max(_told_of(districts).values(), key=total, default=[])
        found[name] += heaviest[:2]
    found = _told_of(found)
    best = max(found, key=lambda name: total(found[name]), default=None)
    if best is None:
        return Decision()
    return Decision(best, findings=strongest(found[best]))


def _named(call: Call, regions: Sequence[Region]) -> dict[str, list[Finding]]:
    """What the table, the caller's number and the greeting say for each region."""
    found = {region.name: [*_told(call, region)] for region in regions}
    lines = passage(call, "ivr", "agent", "caller", "unknown")
    for name, rule in _hotlines(tuple(regions)).likely(lines):
        found[name] += evidence("region", rule, lines, value=name)
    return found


def _told(call: Call, region: Region) -> Iterator[Finding]:
    """What the table or the caller's number says, without a turn."""
    metadata = call.recording.metadata
    if metadata.region == region.name:
        yield _unspoken("metadata.region", metadata.region, region.name, FROM_TABLE)
    if (metadata.caller_number or "").startswith(region.area_code):
        yield _unspoken("metadata.caller_number", region.area_code, region.name, 1.0)


def _unspoken(rule: str, quote: str, value: str, score: float) -> Finding:
    return Finding("region", rule, -1, quote, 0.0, 0.0, value=value, score=score)


def _spoken(region: Region, words: Passage) -> dict[str, list[Finding]]:
    """What was said of each district."""
    found: dict[str, list[Finding]] = {district.name: [] for district in region.districts}
    for name, rule in _owned(region).likely(words):
        found[name] += evidence("district", rule, words, value=name)
    return found


def _misheard(regions: tuple[Region, ...], words: Passage) -> Iterator[tuple[str, Finding]]:
    """Region, and a name of it in other characters; the quote is what stands in the turn
    where the name ends."""
    for index, start, end, met in misheard_in(words, regions):
        turn = next(turn for i, turn in words.turns if i == index)
        rule, seconds = f"place.{met.name}.{met.how}", (turn.at(start), turn.at(end))
        score = round((MISHEARD if met.wide else MISHEARD_PLACE) * met.share, 3)
        said = index, turn.text[start:end], *seconds
        yield met.region, Finding("district", rule, *said, met.district, met.name, score)


def misheard_in(
    words: Passage, regions: tuple[Region, ...]
) -> Iterator[tuple[int, int, int, Misheard]]:
    """Names in other characters: turn, start and end in it (of a name over two, its end)."""
    for met in misheard(words.text, regions):
        start = max(met.start, words.text.rfind("\n", 0, met.end) + 1)
        index, _, at = words.place(start)
        yield index, at, at + met.end - start, met


def home(call: Call, regions: Sequence[Region]) -> Region | None:
    """The city that the exchange's table or the greeting names; None where neither does."""
    return _most_named(_named(call, regions), regions)


def _most_named(named: Mapping[str, list[Finding]], regions: Sequence[Region]) -> Region | None:
    best = max(regions, key=lambda region: total(named[region.name]), default=None)
    return best if best and total(named[best.name]) else None


@cache
def _hotlines(regions: tuple[Region, ...]) -> Owned[Said]:
    """How each is called in a greeting."""
    return Owned.of({region.name: (_hotline(region),) for region in regions})


def _hotline(region: Region) -> Said:
    return _rule(f"{region.name}.hotline", GREETING, region.hotline, sounds=region.hotline)


@cache
def _owned(region: Region) -> Owned[Said]:
    return Owned.of({district.name: _rules(district) for district in region.districts})


@cache
def _rules(district: District) -> tuple[Said, ...]:
    """The district's name, short names, townships, and the streets that name sub-districts."""
    full = tuple(n for n in (district.name, *district.aliases) if n[-1] in "区县旗市")
    short = tuple(f"{n}{NOT_HERE}" for n in district.aliases if n not in full)
    streets = tuple(p.removesuffix("街道") for p in district.places if p.endswith("路街道"))
    return (
        _rule(f"{district.name}", SPOKEN, full),
        _rule(f"{district.name}.short", SHORT, short),
        _rule(f"{district.name}.place", TOWNSHIP, district.places),
        _rule(f"{district.name}.street", STREET, streets),
    )


def _rule(
    name: str, weight: float, patterns: tuple[str, ...], *, sounds: tuple[str, ...] = ()
) -> Said:
    """A rule made of names: it needs no examples of its own."""
    return Said.model_construct(
        id=f"place.{name}", any=patterns, sounds=sounds, unless=(), weight=weight, role="any"
    )
