"""Names of the gazetteer that a recognizer wrote in other characters: 刚北区 for 港北区.

A gazetteer is a short, closed list, so that a stretch which sounds nearly like one of its
names may be believed: when the word for its kind (区, 镇) is there too, when the place is
where places are spoken of, and when no other name is as near. gazetteer.py asks this for the
district of a call, stages/entities.py for the places it names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from models.base import LOT
from pipeline.domain.schema import Region
from pipeline.domain.sound import Near, near, syllable_costs

SHORTEST = 2  # syllables; so short a name must sound the same behind 在, 到, 是 ...
SAME = 0.03  # a syllable: n for ng, z for zh; what speakers themselves do not keep apart
CLEAR = 0.1  # a syllable that costs more is another one
# Highest cost a syllable. Measured on 2,000 written appeals each of two other provinces,
# where every name believed is a false one: in 0.0-0.1 % of them for the places of one city,
# in 0.5-0.9 % for those of the other, nearly all of them real towns that do sound alike.
PLAIN = 0.08  # the word for its kind is written, nothing else speaks for a place
PLACED = 0.12  # ... and it stands where a place is expected
KIND_MISHEARD = 0.085  # the word for its kind only sounds right, where a place is expected
BARE = 0.04  # a name without such a word
MARGIN = 0.07  # in all: nearer than the second best name by this
ROUNDING = 1e-6
LONGER = 0.02  # a syllable more agrees: 昆都仑区 before 昆都仑

KIND = re.compile("(?:街道|社区|小区|苏木|[区县市旗镇乡村路])$")
# Words that end like a district and are none: 到校区, 我们小区, 各乡镇.
COMMON = re.compile(
    "(?:[小校社地市城园景辖片全本各厂学街灾库矿山老新两]区|[城乡集全本各两回到去在]镇|[全本外各邻市]县"
    "|[城超本全我门夜上股]市|[马公铁修道走半一]路|[家下故老还]乡|[农本全各]村)$"
)
# Characters of nearly every sentence and of hardly any name, also not of a misheard one.
SENTENCE = re.compile("[的了我你您他她它们吗呢吧啊这那有没不就个什么怎谁哪请很还给把被能会说]")
# What the word for a kind begins, misheard or not: 政府, 现在, 热线, 乡镇 are themselves.
GOES_ON = re.compile(
    "政[府策务法]|现[在金场]|正[在常好]|证[明件据]|去[年的了过]|线[路上下]|先生|乡[镇村]|区[别域分]|市场"
)
DISTRICT = "区县市旗街道"
LEADS = re.compile("(?:[在到是从住去回往至转送给对成]|来自|登记|我们|咱们?)$")
WITHIN = re.compile("(?:[在到是从住去回往至]|来自|我们|咱们?)$")
# Where a name may begin; elsewhere the stretch may be the end of a longer one.
LED = re.compile(
    r"(?:^|[\s，。？！、：]|[在到是从住去回往至转送给对成位来区县市旗现线]|反映|来自|登记|我们|咱|关于|一下|就是|投诉|举报|位于)$"
)
ADDRESS = re.compile(
    "[^，。？！\n]{0,6}?(?:[镇乡村路街巷道]|小区|社区|花园|大道|[一-龥]苑|号楼)"
)
ASKS = re.compile(
    "哪[个条一]?(?:地方|小?区|位置|路|街|里|儿|镇|乡|村)|什么(?:位置|地方|小区)|在哪|地址|位置"
    "|具体地点|小区叫|小区名"
)


@dataclass(frozen=True, slots=True)
class Misheard:
    """A name in other characters: `text[start:end]`."""

    name: str  # as the gazetteer has it
    region: str
    district: str
    start: int
    end: int
    cost: float  # see sound.Near
    share: float  # of the evidence of the written name, 0..1

    @property
    def wide(self) -> bool:
        """Whether it is the district itself."""
        return self.name == self.district

    @property
    def how(self) -> str:
        """ "sound" where it sounds the same, "near" where it nearly does: ends rule ids."""
        return "sound" if self.cost <= SAME * len(self.name) else "near"


@lru_cache(maxsize=LOT)  # two stages ask for the same call
def misheard(text: str, regions: tuple[Region, ...]) -> tuple[Misheard, ...]:
    """The names of each region that the text has in other characters, from left to right.

    text: turns joined by line breaks; a name may run over one, since the cut between two
    speakers is often a syllable off.
    """
    everywhere = tuple(near(_names_of(regions), text, limit=PLACED))
    found: list[Misheard] = []
    for region in regions if everywhere else ():
        names = _names(region)
        written = (name for name in _written(region) if name in text)
        taken = [m.span() for name in written for m in re.finditer(re.escape(name), text)]
        heard = [
            one
            for one in everywhere
            if one.name in names
            and not any(one.start < end and start < one.end for start, end in taken)
        ]
        found += sorted(_clear(heard, text, region), key=lambda met: met.start)
    return tuple(found)


def _allowed(found: Near, text: str) -> float:
    """The highest cost a syllable at which this stretch is believed; negative: never."""
    heard = re.sub(r"[\W_]", "", text[found.start : found.end])
    ends, same = KIND.search(heard), COMMON.search(heard)
    if same and not found.name.endswith(same.group()):
        return -1.0
    if SENTENCE.search(heard) and not (found.cost == 0 and ends):
        return -1.0
    led = LEADS.search(text[: found.start][-4:])
    if len(found.name) == SHORTEST:
        price = re.search(r"\d", heard)  # 涨到9元 is not 九原
        return SAME if not price and WITHIN.search(text[: found.start][-4:]) else -1.0
    kind = KIND.search(found.name)
    proper = len(found.name) - len(kind.group() if kind else "")
    if _wrong(found.name, heard) > proper // 2:
        return -1.0
    if GOES_ON.match(text, found.end - 1):
        return -1.0
    begins, placed = LED.search(text[: found.start][-4:]), _placed(found, text)
    if kind is None:
        return BARE * (1 + placed)
    if ends and ends.group() == kind.group():
        if kind.group() == "路" or not begins and not placed:  # a longer name has the same end
            return SAME if kind.group() in DISTRICT or begins else -1.0
        return PLACED if placed else PLAIN
    return KIND_MISHEARD if led and kind.group() in "区县旗镇" else -1.0


def _wrong(name: str, heard: str) -> int:
    """How many syllables are clearly others; one where one is missing or too many."""
    return sum(cost > CLEAR for cost in syllable_costs(name, heard)) or len(name) != len(heard)


def _placed(found: Near, text: str) -> bool:
    """Whether a place is expected here: asked for just now, or going on as an address."""
    line = text.rfind("\n", 0, found.start)
    before = text.rfind("\n", 0, max(line, 0))
    earlier = text.rfind("\n", 0, max(before, 0))
    asked = ASKS.search(text[earlier + 1 : found.start])
    led = LED.search(text[: found.start][-4:])
    return bool(asked or led and ADDRESS.match(text, found.end))


def _clear(heard: Sequence[Near], text: str, region: Region) -> Iterator[Misheard]:
    """The best of those believed that overlap, where no other name is nearly as good."""
    names = _names(region)
    believed = [f for f in heard if f.cost <= _allowed(f, text) * len(f.name) + ROUNDING]
    done: list[Near] = []
    for found in sorted(believed, key=lambda f: f.cost / len(f.name) - LONGER * len(f.name)):
        rivals = [f for f in heard if f.start < found.end and found.start < f.end]
        if any(f in done for f in rivals):
            continue
        done.append(found)
        name, district = names[found.name]
        close = [names[f.name] for f in rivals if f.cost < found.cost + MARGIN]
        if any(d != district or found.cost > 0 and n != name for n, d in close):
            continue
        share = round(1.0 - found.cost / (PLACED * len(found.name)) / 2, 2)
        yield Misheard(name, region.name, district, found.start, found.end, found.cost, share)


@cache
def _names_of(regions: tuple[Region, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for region in regions for name in _names(region)))


@cache
def _names(region: Region) -> dict[str, tuple[str, str]]:
    """What may be said -> what it is called, and the district it tells."""
    names: dict[str, tuple[str, str]] = {}
    for district in region.districts:
        for place in district.places:
            names[place] = (place, district.name)
            if place.endswith("路街道"):  # named after the road that it lies on
                names[place.removesuffix("街道")] = (place.removesuffix("街道"), district.name)
        for name in (district.name, *district.aliases):
            names[name] = (district.name, district.name)
    return {name: what for name, what in names.items() if len(name) >= SHORTEST}


@cache
def _written(region: Region) -> tuple[str, ...]:
    return (*_names(region), *(a for d in region.districts for a in d.aliases))
