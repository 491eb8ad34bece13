"""Places become one address: wide to narrow, each once."""

from dataclasses import replace

import pytest

from pipeline.address import address, name
from pipeline.records import Call, Decision, Finding, Recording


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
    call = Call(Recording("0" * 64, "x.wav"), entities=entities)
    call = replace(call, district=Decision("乙区"))
    assert [name(found) for found in address(call)] == told
