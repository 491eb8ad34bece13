"""Places become one address: wide to narrow, each once."""

from dataclasses import replace

import pytest

from pipeline.address import address, heard_otherwise, name
from pipeline.records import Call, Decision, Finding, Recording, Turn


def place(kind: str, quote: str, turn: int = 0) -> Finding:
    return Finding("entity", f"entity.place.{kind}", turn, quote, 0.0, 1.0, "place", quote)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            [("named", "桂花小区"), ("road", "长青路"), ("district", "甲区")],
            ["甲区", "长青路", "桂花小区"],
        ),
        (
            [("road", "幸福路"), ("road", "幸福路9号")],
            ["幸福路9号"],
        ),  # a part
        ([("district", "甲区"), ("district", "乙区"), ("road", "长青路")], ["乙区", "长青路"]),
        ([("building", "3号楼"), ("building", "501")], ["3号楼"]),  # 3号楼501 was not said
        ([("named", "桂花小区，东门")], ["桂花小区东门"]),
        ([], []),
    ],
)
def test_places_are_put_together_once_and_in_order(said, told):
    entities = tuple(place(kind, quote, i) for i, (kind, quote) in enumerate(said))
    turns = tuple(Turn(0.0, 1.0, "caller", quote) for _, quote in said)
    call = Call(Recording("0" * 64, "x.wav"), entities=entities, turns=turns)
    call = replace(call, district=Decision("乙区"))
    assert [name(found) for found in address(call)] == told


@pytest.mark.parametrize(
    ("said", "told", "otherwise"),
    [
        ([("caller", "楼圣路"), ("agent", "龙圣路")], ["楼圣路"], {"楼圣路": "龙圣路"}),
        ([("agent", "龙圣路"), ("caller", "楼圣路")], ["龙圣路"], {"龙圣路": "楼圣路"}),
        (
            [("caller", "东环路"), ("caller", "东湖路"), ("agent", "东湖路")],
            None,
            {},
        ),  # a corner
        ([("caller", "解放路"), ("agent", "建设路")], None, {}),
        ([("caller", "长青路"), ("agent", "长青路")], ["长青路"], {}),
    ],
)
def test_a_road_misheard_in_one_place_is_no_second_road(said, told, otherwise):
    entities = tuple(place("road", quote, i) for i, (_, quote) in enumerate(said))
    turns = tuple(Turn(i, i + 1.0, who, quote) for i, (who, quote) in enumerate(said))
    call = Call(Recording("0" * 64, "x.wav"), entities=entities, turns=turns)
    assert {one: name(other) for one, other in heard_otherwise(call).items()} == otherwise
    assert [name(f) for f in address(call)] == (told or [*dict.fromkeys(q for _, q in said)])
