"""Where the caller's own number is pointed at instead of said."""

import pytest

from pipeline.callback import pointed, reaching


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("就打我这个手机，24小时开着", False),
        ("电话还是这个？", False),
        ("您怎么称呼，打您现在这个号码方便吗", False),
        ("打这个可以，我耳朵背", True),
        ("就这个。", True),
        ("叫我小邹就行，电话就这个", True),
    ],
)
def test_the_callers_number_is_pointed_at(text, asked):
    assert list(pointed(text, asked=asked))


@pytest.mark.parametrize(
    "text",
    [
        "我都不知道该不该打这个电话",
        "那我打这个电话，人家不就知道是我了",
        "这个电话是给有困难的人用的",
        "老给我打骚扰电话的就是这个人，我这手机一天响十次",
        "就是这个意思",
        "请您检查一下手机，有需要再来电，再见",
    ],
)
def test_what_only_sounds_like_it_is_not(text):
    assert not list(pointed(text, asked=False))


def test_an_agent_who_asks_how_to_reach_the_caller_makes_this_sure():
    assert reaching("怎么联系您？") and reaching("您姓名电话？")
    assert not reaching("请问是哪条路？")
    assert list(pointed("这个就行", asked=True)) and not list(pointed("这个就行", asked=False))
