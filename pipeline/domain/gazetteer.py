"""Finds the city and the district of a call: metadata, the greeting, spoken places.

The stage intent calls `locate`. Names are met as written and by their sound; a place of the
other city counts only while the city itself is unknown.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.domain.match import syllables
from pipeline.domain.schema import District, Region, Said
from pipeline.domain.weigh import Passage, any_of, evidence, passage, strongest, total
from pipeline.records import Call, Decision, Finding

FROM_TABLE = 6.0  # the exchange knows which line was dialled
GREETING = 3.0  # 您好，贵港12345
SPOKEN = 3.0  # the district itself
TOWNSHIP = 2.0
SHORT = 1.8  # 桂平, 昆区: may be part of another name
STREET = 0.8  # 富强路, after which a sub-district is named
NEARLY = 1.2  # 魂都伦区 for 昆都仑区: one syllable misheard, of which half is right
NEARLY_TOWNSHIP = 0.8
# What a recognizer writes for the last character of a name: 平满线 for 平南县.
ENDINGS = {"区": "区", "县": "[县现线]", "旗": "[旗期齐]", "市": "市", "镇": "镇", "乡": "乡"}
# A short name followed by these is a street, an estate or a river, not the district.
NOT_HERE = "(?!路|街|大道|大街|大桥|桥|花园|花苑|苑|小区|饭店|酒店|宾馆|超市|公园|家园|商场|河)"


def locate(call: Call, regions: Sequence[Region]) -> tuple[Decision, Decision]:
    """Region and district, each with its findings; None where nothing tells."""
    words = passage(call, "caller", "agent", "unknown")
    spoken = {
        region.name: {d.name: _spoken(d, words) for d in region.districts} for region in regions
    }
    region = _region(call, regions, spoken)
    known = next((r.districts for r in regions if r.name == region.value), ())
    districts = spoken.get(region.value or "", {})
    if not any(districts.values()):
        districts = {d.name: list(_nearly(d, words)) for d in known}
    best = max(districts, key=lambda name: total(districts[name]), default=None)
    if best is None or not districts[best]:
        return region, Decision()
    return region, Decision(best, findings=strongest(districts[best]))


def _region(
    call: Call, regions: Sequence[Region], spoken: dict[str, dict[str, list[Finding]]]
) -> Decision:
    lines = passage(call, "ivr", "agent", "caller", "unknown")
    found = {
        region.name: [*_told(call, region), *_greeted(region, lines)] for region in regions
    }
    for name, districts in spoken.items():
        heaviest = max(districts.values(), key=total, default=[])
        found[name] += heaviest[:2]
    best = max(found, key=lambda name: total(found[name]), default=None)
    if best is None or not found[best]:
        return Decision()
    return Decision(best, findings=strongest(found[best]))


def _told(call: Call, region: Region) -> Iterator[Finding]:
    """What the table or the caller's number says, without a turn."""
    metadata = call.recording.metadata
    if metadata.region == region.name:
        yield _unspoken("metadata.region", metadata.region, region.name, FROM_TABLE)
    if (metadata.caller_number or "").startswith(region.area_code):
        yield _unspoken("metadata.caller_number", region.area_code, region.name, 1.0)


def _unspoken(rule: str, quote: str, value: str, score: float) -> Finding:
    return Finding("region", rule, -1, quote, 0.0, 0.0, value=value, score=score)


def _greeted(region: Region, lines: Passage) -> list[Finding]:
    return evidence("region", _hotline(region.hotline, region.name), lines, value=region.name)


def _spoken(district: District, words: Passage) -> list[Finding]:
    found = []
    for rule in _rules(district):
        found += evidence("district", rule, words, value=district.name)
    return found


def _nearly(district: District, words: Passage) -> Iterator[Finding]:
    """Names of three syllables and more that were misheard in one of them."""
    heard = syllables(words.text)
    for name, score in _names(district):
        wanted = syllables(name)
        for end in (m.end() for m in any_of((ENDINGS[name[-1]],)).finditer(words.text)):
            start = end - len(wanted)
            if start >= 0 and _alike(wanted[:-1], heard[start : end - 1]):
                index, turn, at = words.place(start)
                seconds = turn.at(at), turn.at(at + len(wanted))
                quote = words.text[start:end]
                rule = f"place.{name}.nearly"
                yield Finding(
                    "district", rule, index, quote, *seconds, value=district.name, score=score
                )


def _alike(wanted: Sequence[str], heard: Sequence[str]) -> bool:
    """All but one syllable the same, and that one with the same beginning or ending."""
    odd = [(w, h) for w, h in zip(wanted, heard, strict=True) if w != h]
    if len(odd) != 1:
        return False
    (one, other), (rest, ending) = map(_halves, odd[0])
    return bool(one) and one == rest or other == ending


@cache
def _halves(syllable: str) -> tuple[str, str]:
    vowel = next((i for i, letter in enumerate(syllable) if letter in "aeiouv"), 0)
    return syllable[:vowel], syllable[vowel:]


@cache
def _names(district: District) -> tuple[tuple[str, float], ...]:
    """The names long enough to be told from a misheard one."""
    full = (district.name, *district.aliases)
    names = [(name, NEARLY) for name in full if len(name) > 2 and name[-1] in "区县旗市"]
    names += [(p, NEARLY_TOWNSHIP) for p in district.places if len(p) > 2 and p[-1] in "镇乡"]
    return tuple(names)


@cache
def _hotline(names: tuple[str, ...], region: str) -> Said:
    return _rule(f"{region}.hotline", GREETING, names, sounds=names)


@cache
def _rules(district: District) -> tuple[Said, ...]:
    """The district's name, short names, townships, and the streets that name sub-districts."""
    full = tuple(n for n in (district.name, *district.aliases) if n[-1] in "区县旗市")
    short = tuple(f"{n}{NOT_HERE}" for n in district.aliases if n not in full)
    streets = tuple(p.removesuffix("街道") for p in district.places if p.endswith("路街道"))
    return (
        _rule(f"{district.name}", SPOKEN, full, sounds=tuple(n for n in full if len(n) > 2)),
        _rule(f"{district.name}.short", SHORT, short),
        _rule(
            f"{district.name}.place",
            TOWNSHIP,
            district.places,
            sounds=tuple(p for p in district.places if len(p) > 2),
        ),
        _rule(f"{district.name}.street", STREET, streets),
    )


def _rule(
    name: str, weight: float, patterns: tuple[str, ...], *, sounds: tuple[str, ...] = ()
) -> Said:
    """A rule made of names: it needs no examples of its own."""
    return Said.model_construct(
        id=f"place.{name}", any=patterns, sounds=sounds, unless=(), weight=weight, role="any"
    )
