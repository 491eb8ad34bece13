"""Sums of money without a unit, and numbers that are none."""

import pytest

from pipeline.amounts import amounts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我算的是42000，加班费都在里头", {"42000": "42000元"}),
        ("一套校服480，两套就是960", {"480": "480元", "960": "960元"}),
        ("还欠下银行十几万", {"十几万": "十几万元"}),
        ("家里四十几块的水费", {"四十几块": ""}),
        ("钥匙在2单元，601，没有电梯", {}),
        ("打12345，又打95598，再打12329公积金专线", {}),
        ("车牌尾数368，24小时都开着", {}),
        ("路中间塌了一块，隔两块田就是", {}),
        ("1平米1块9的物业费", {"1块9": "1.9元"}),
        ("老人90岁了，死了200多只鸭", {"200多只": "约200只"}),
    ],
)
def test_a_bare_number_is_money_only_where_the_talk_is_of_money(text, found):
    assert {text[a.start : a.end]: a.normal for a in amounts(text)} == found
