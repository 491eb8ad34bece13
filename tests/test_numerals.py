"""Spoken numbers become digits where people write digits, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.numerals import RULES, parse, written
from pipeline.stages.normalize import PASSES

spoken = st.text(
    alphabet="零幺一二两三四五六七八九十百千万亿点块毛年月号几个半，0123456789路", max_size=24
)


def arabic(text: str) -> str:
    """The text after as many passes as the normalizing stage makes at most."""
    for _ in range(PASSES):
        for pattern, function in RULES:
            text = pattern.sub(function, text)
    return text


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("三千二百", 3200),
        ("三千六", 3600),
        ("四万六", 46000),
        ("一百二十", 120),
        ("两千零八", 2008),
        ("三千零六十", 3060),
        ("十五", 15),
        ("三亿五千万", 350_000_000),
        ("3千2百", 3200),
        ("七八十", None),  # about so many
        ("三四百", None),
    ],
)
def test_parse_reads_counted_numerals_as_speech_shortens_them(said, value):
    assert parse(said) == value


def test_written_keeps_a_final_wan_readable():
    assert [written(n) for n in ("十五万", "四万六千", "三亿五千万")] == [
        "15万",
        "46000",
        "3.5亿",
    ]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("电话幺三七零零幺二，三四五六。", "电话13700123456。"),
        ("幺三七零零嗯，幺二三四，五六", "13700123456"),
        ("幺3七00幺23四5六", "13700123456"),
        ("电话要三七零零要二三四五六", "电话13700123456"),  # 要 is how 幺 is misheard
        ("电话要三八零零要九二六。", "电话138001926。"),  # two digits were lost
        ("电话要打三天才通", "电话要打三天才通"),
        ("有危险先打妖妖灵", "有危险先打110"),
        ("零七七一，五六七八九零幺", "07715678901"),
        ("四五零幺零二幺九八零零幺零幺二三四叉", "45010219800101234X"),
        ("桂A，幺二三四五", "桂A12345"),
    ],
)
def test_phones_and_identity_numbers_become_one_run_of_digits(said, text):
    assert arabic(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("一二三四五热线", "12345热线"),
        ("打幺二零", "打120"),
        ("工号三零幺五", "工号3015"),
        ("工号三零要五", "工号3015"),
        ("编号零五二", "编号052"),
        ("九号楼二单元四零三", "9号楼2单元403"),
        ("四零三一直漏水", "403一直漏水"),
        ("二零一八年", "2018年"),
        ("一九年买的", "19年买的"),
        ("九月二十六号", "9月26号"),
        ("上午九点到十一点半", "上午9点到11点半"),
        ("下午两点", "下午2点"),
        ("八点零五分", "8点05分"),
        ("百分之三十五", "35%"),
        ("百分之二点五", "2.5%"),
        ("一点八万", "1.8万"),
        ("五千四百块钱", "5400块钱"),
        ("两块五一斤", "2块5一斤"),
        ("零下十二度", "零下12度"),
        ("一百多户", "100多户"),
        ("二十路公交", "20路公交"),
        ("一千一个月", "1000一个月"),
        ("电话幺三七零零幺二三四五六八点以后打", "电话13700123456八点以后打"),
        ("编号四零三五月份的单子", "编号403五月份的单子"),
        ("1,200元", "1200元"),
    ],
)
def test_numbers_that_people_write_in_digits_become_digits(said, text):
    assert arabic(said) == text


@pytest.mark.parametrize(
    "words",
    [
        "等一下，一直这样，一个人，两个事，一些",
        "万一停了，十分感谢，三心二意，乱七八糟",
        "三里镇、八塘街道、二道沙河、四十里堡、十三中",
        "第一，第七小学，第十四中学",
        "上周三，星期五，礼拜天",
        "七八个人，三四百块，十几个，几十万，两三点，三五天",
        "一点水都没有，有三点建议",
        "三三两两，七七八八，不管三七二十一",
        "你个二百五",
        "一栋楼，两个小时，三个月，一年级",
        "正月十五，大年三十，三月三",
    ],
)
def test_words_that_only_look_like_numbers_stay(words):
    assert arabic(words) == words


@given(spoken)
def test_a_second_run_changes_nothing(text):
    once = arabic(text)
    assert arabic(once) == once
