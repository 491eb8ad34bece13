"""The places of a call put together to one address, from wide to narrow.

Used by the work order's title, summary and address line, which so never differ.
"""

import re

from pipeline.domain.sound import are_alike
from pipeline.records import Call, Finding

# The third part of the rule that found a place: what kind it is of.
ORDER = ("district", "township", "area", "road", "named", "site", "estate", "building")
ONE = "district"  # of which a place has one: side by side they make no address
# Kinds that a caller names and an agent reads back; in unlike words one of them was misheard.
READ_BACK = ("area", "road", "named", "site", "estate")
ALIKE = 0.75  # of such a pair; 楼圣路 and 龙圣路 have .89
PARTED, NONE = "building", frozenset[str]()
# Of a building each part once: 6号楼 and 3单元 go together, 3栋 and 5栋 do not.
PARTS = re.compile("号楼|[栋幢]|单元|[楼层]|[室房窗铺档]|巷|院|号")
SAME = {
    **dict.fromkeys("栋幢", "号楼"),
    **dict.fromkeys("房窗铺档", "室"),
    "层": "楼",
    "院": "号",
}


def level(found: Finding) -> str:
    """Which of ORDER the place is."""
    return found.rule.split(".")[2]


def name(found: Finding) -> str:
    """Its usual name, without the mark within 蓝天花园，东门."""
    return (found.normal or found.quote).replace("，", "")


def address(call: Call) -> list[Finding]:
    """The places in order, each said once: one district (the call's own where it is known),
    one building, told by its parts, and none whose name is part of another's."""
    places = [f for f in call.entities if f.value == "place"]
    own = [f for f in places if level(f) == "district" and name(f) == call.district.value]
    names = {name(f) for f in places}
    others = {name(other) for other in heard_otherwise(call).values()}
    kept: dict[str, Finding] = {}  # by name
    parts: set[str] = set()
    told = [(level(f), name(f), f) for f in (*own, *places)]
    parted = [
        (kind, _parts(said) if kind == PARTED else NONE, said, f) for kind, said, f in told
    ]
    parted.sort(key=lambda one: (ORDER.index(one[0]), -len(one[1])))
    for kind, own_parts, said, found in parted:
        if kind == ONE and ONE in map(level, kept.values()):
            continue
        if said in others:
            continue
        if kind == PARTED and (parts & own_parts or not own_parts):
            continue
        parts |= own_parts
        if not any(said in other for other in names if other != said):
            kept.setdefault(said, found)
    return list(kept.values())


def heard_otherwise(call: Call) -> dict[str, Finding]:
    """By the name of a place as one side said it first: the same as the other side said it, in
    other words of like sound. Only where each named one place of its kind."""
    found = {}
    places = [f for f in call.entities if f.value == "place"]
    for kind in READ_BACK:
        sides: dict[bool, dict[str, Finding]] = {True: {}, False: {}}
        for one in places:
            if level(one) == kind:
                agent = call.turns[one.turn].speaker == "agent"
                sides[agent].setdefault(name(one), one)
        if len(sides[True]) == len(sides[False]) == 1:
            both = sorted((*sides[True].values(), *sides[False].values()), key=lambda f: f.turn)
            first, other = map(name, both)
            if first != other and len(first) == len(other) and are_alike(first, other, ALIKE):
                found[first] = both[1]
    return found


def _parts(building: str) -> frozenset[str]:
    """Which parts of a building its name says."""
    return frozenset(SAME.get(part, part) for part in PARTS.findall(building))
