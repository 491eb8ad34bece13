"""The places of a call put together to one address, from wide to narrow.

Used by the work order's title, summary and address line, which so never differ.
"""

from pipeline.records import Call, Finding

# The third part of the rule that found a place: what kind it is of.
ORDER = ("district", "township", "area", "road", "named", "site", "estate", "building")
ONE = ("district", "building")  # of these a place has one: side by side they make no address


def level(found: Finding) -> str:
    """Which of ORDER the place is."""
    return found.rule.split(".")[2]


def name(found: Finding) -> str:
    """Its usual name, without the mark within 蓝天花园，东门."""
    return (found.normal or found.quote).replace("，", "")


def address(call: Call) -> list[Finding]:
    """The places in order, each said once: one district (the call's own where it is known),
    one building, and none whose name is part of another's."""
    places = [f for f in call.entities if f.value == "place"]
    own = [f for f in places if level(f) == "district" and name(f) == call.district.value]
    kept: list[Finding] = []
    for found in sorted([*own, *places], key=lambda f: ORDER.index(level(f))):
        taken = {level(one) for one in kept}
        if level(found) in ONE and level(found) in taken:
            continue
        if not any(name(found) in name(one) for one in places if name(one) != name(found)):
            if name(found) not in map(name, kept):
                kept.append(found)
    return kept
