"""Numbers that lead to a person are hidden; amounts, years, addresses and hotlines are not."""

import random
import time

import pytest

from pipeline.redact import mask, may_hold_number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的手机是13907750123。", "我的手机是139****0123。"),
        ("139 0775 0123", "139 **** 0123"),
        ("139-0775-0123", "139-****-0123"),
        ("+8613907750123", "+86139****0123"),
        ("013907750123", "0139****0123"),
        ("１３９０７７５０１２３", "１３９****０１２３"),
        ("幺三九零七七五零幺二三", "幺三九****零幺二三"),
        ("幺三九，零七七五，嗯，零幺二三，对", "幺三九，****，嗯，零幺二三，对"),
        ("一 三 九 零 七 七 五 零 一 二 三", "一 三 九 * * * * 零 一 二 三"),
        ("13907750123、18077500145都行", "139****0123、180****0145都行"),
        ("打13907750123或者5号楼找我", "打139****0123或者5号楼找我"),
        ("电话打到一半是1390775", "电话打到一半是139****"),
        ("女士1390775100123今天上午", "女士139******0123今天上午"),  # 10 was heard too often
        ("座机0775-4567890", "座机0775-****890"),
        ("010 62345678", "010 ****5678"),
        ("家里电话是4567890", "家里电话是****890"),
        ("零七七五，四五六七八九零", "零七七五，****八九零"),
        ("身份证450802199003071234", "身份证4508************34"),
        ("身份证45080219900307123X", "身份证4508************3X"),
        ("四五零八零二一九九零零三零七一二三叉", "四五零八************三叉"),
        ("卡号6222021234567890123", "卡号6222***********0123"),
        ("6222 0212 3456 7890", "6222 **** **** 7890"),
        ("车牌桂R12345", "车牌桂R***45"),
        ("蒙B·A1C23那辆", "蒙B·***23那辆"),
        ("桂r一二三四五", "桂r***四五"),
        ("新能源桂AD12345", "新能源桂A****45"),
    ],
)
def test_mask_hides_the_middle_of_personal_numbers(text, shown):
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "您好，这里是12345热线",
        "请拨打12348或者110、119、120",
        "一二三四五热线，幺幺零",
        "客服400-820-8820",
        "四零零八二零八八二零",
        "欠了13907750123元",
        "一共1,500,000元，2000块",
        "工程款三千二百五十万",
        "1998-2003年的事",
        "2026-07-14 08:15:33",
        "20260714_081533_1007",
        "20260714081533-1007",
        "二零二六年七月十四号",
        "生于19900307",
        "工单号GG20260714000123",
        "订单号13907750123456",
        "工单编号：13907750",
        "12号楼3单元501",
        "建设路1208弄1500号",
        "第一二三四栋",
        "十五，三千，二十万",
        "港北区A区B12栋",
        "K12教育",
        "9f3a13907750123b5566778899aabbcc",
    ],
)
def test_mask_leaves_what_leads_to_nobody(text):
    assert mask(text) == text


def test_a_file_name_keeps_all_but_the_callers_number():
    name = "20260714_081533_1007_13907750123_in.wav"
    assert mask(name) == "20260714_081533_1007_139****0123_in.wav"


def test_masking_twice_changes_nothing_more():
    once = mask("手机13907750123，座机0775-4567890，桂R12345，450802199003071234")
    assert mask(once) == once


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13907750123", "139****0123"), ("4567890", "****890"), ("12345", "12345"), ("", "")],
)
def test_a_callers_number_is_hidden_in_any_form(number, shown):
    assert mask(number, known=(number,)) == shown


def test_a_known_number_is_hidden_where_it_looks_like_nothing():
    assert mask("20260714_081533_1007_4567890_in.wav") == "20260714_081533_1007_4567890_in.wav"
    assert mask("1007_4567890_in.wav", known=["4567890"]) == "1007_****890_in.wav"


def test_a_part_of_a_known_number_is_hidden():
    assert mask("后面是零七七五零幺", known=["13907750123"]) == "后面是****零幺"
    assert mask("尾号0123", known=["13907750123"]) == "尾号0123"  # shown in the mask anyway


@pytest.mark.parametrize(
    ("text", "shown"),
    [("是3907751123吗", "是390****123吗"), ("尾号对，907750023", "尾号对，907****23")],
)
def test_a_known_number_is_hidden_where_digits_of_it_were_misheard(text, shown):
    assert mask(text) == text
    assert mask(text, known=["13907750123"]) == shown


@pytest.mark.parametrize("text", ["1," * 9_000, "1" * 40_000, "一，" * 9_000, "京A1" * 4_000])
def test_a_wall_of_digits_takes_no_time(text):
    begun = time.perf_counter()
    mask(text, known=["13907750123"])
    assert time.perf_counter() - begun < 5  # seconds; quadratic would be minutes


def test_what_is_passed_over_would_not_have_been_masked(monkeypatch):
    chance = random.Random(7)
    signs = [*"0123456789", *"〇一幺二五九", *"ABCx京桂", *"，。- ·的路", "电话", "１"]
    texts = ["".join(chance.choices(signs, k=chance.randrange(4, 14))) for _ in range(4000)]
    passed = [text for text in texts if not may_hold_number(text)]
    assert 200 < len(passed) < 3800
    monkeypatch.setattr("pipeline.redact.may_hold_number", lambda text: True)
    assert [mask(text, ["2345678"]) for text in passed] == passed
