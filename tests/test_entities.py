"""What a call names: found with its words, its second and its normal form, or not at all."""

import random
import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from pipeline.dates import _BEGINS, _DATE, dates
from pipeline.domain.schema import District, Region
from pipeline.people import people
from pipeline.places import places
from pipeline.records import Metadata
from pipeline.stages.entities import entities

REGION = Region(
    name="石城市",
    hotline=("石城",),
    area_code="0999",
    shifts=(),
    districts=(District(name="青岚区", places=("柳叶镇",)), District(name="河东县")),
)
TOOLS = SimpleNamespace(profile=SimpleNamespace(places=(REGION,)))
MONDAY = date(2026, 3, 9)


@pytest.fixture
def found(call_saying):
    """found("place", *lines): quotes of one kind, on Monday 9 March 2026."""

    def find(kind: str, *lines: str, normal: bool = False) -> list[str]:
        call = call_saying(*lines)
        metadata = Metadata(started_at="2026-03-09T09:30:00", caller_number="13700000001")
        call = replace(call, recording=replace(call.recording, metadata=metadata))
        these = [f for f in entities(call, TOOLS).entities if f.value == kind]
        return [f.normal if normal else f.quote for f in these]

    return find


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我在青岚区柳叶镇的桂花小区", ["青岚区", "柳叶镇", "桂花小区"]),
        ("长青路实验小学门口有个坑", ["长青路", "实验小学"]),
        ("住在6号楼2单元301", ["6号楼2单元301"]),
        ("青岚区，望江府，3栋", ["青岚区", "望江府", "3栋"]),
        ("这条马路修了半年，我们小区都出不去", []),
        ("学校和医院都去过了，菜市场也去了", []),
        ("走路要十分钟，一路都是坑", []),
        ("在青岚区柳叶，陆村那边", ["青岚区", "柳叶", "陆村"]),
        ("青岚区柳叶镇的，陆村，47号", ["青岚区", "柳叶镇", "陆村", "47号"]),
        ("我到柳叶镇汽车站坐车", ["柳叶镇", "汽车站"]),
        ("和平路五巷18号，4楼西户", ["和平路", "五巷18号", "4楼西户"]),
        ("押金由医院定，老板跑路了，村长讲归镇里管，随时可以带路", []),
    ],
)
def test_places_are_names_and_not_kinds_of_place(text, names):
    assert [text[p.start : p.end] for p in places(text, (REGION,))] == names


GREETED = "agent: 您好，石城12345，请讲"


def test_a_place_heard_in_other_characters_gets_its_real_name(found):
    words = (GREETED, "caller: 我在清兰区那边")
    assert found("place", *words) == ["清兰区"]
    assert found("place", *words, normal=True) == ["青岚区"]


def test_a_misheard_place_is_exported_by_its_name_and_its_rule_says_so(call_saying):
    (place,) = entities(call_saying(GREETED, "caller: 在清蓝区这边"), TOOLS).entities
    assert (place.quote, place.name, place.rule) == (
        "清蓝区",
        "青岚区",
        "entity.place.district.sound",
    )


def test_a_place_of_an_unknown_city_is_not_guessed_by_sound(found):
    assert found("place", "agent: 您好，请讲", "caller: 我在清兰区那边") == []


def test_one_place_in_two_spellings_is_one_place(found):
    lines = ("caller: 桂花小区的路灯不亮", "agent: 好的，贵花小区路灯不亮，对吗")
    assert found("place", *lines) == ["桂花小区"]


def test_two_places_that_sound_apart_stay_two(found):
    lines = ("caller: 桂花小区的路灯不亮", "agent: 好的，荷花小区路灯不亮，对吗")
    assert found("place", *lines) == ["桂花小区", "荷花小区"]


def test_phones_are_digits_and_hotlines_are_not_phones(found):
    assert found("phone", "caller: 打13700123456，或者12345，再打110") == ["13700123456"]


@pytest.mark.parametrize(
    "words", ["电话就这个号码", "打这个电话就行，能联系上", "联系电话就用本机号码"]
)
def test_this_number_is_the_number_the_exchange_shows(found, words):
    assert found("phone", f"caller: {words}", normal=True) == ["13700000001"]


@pytest.mark.parametrize(
    "words", ["这个号码牌丢了", "你们这个电话真难打", "骚扰我的是这个号码"]
)
def test_a_number_that_is_not_the_callers_is_not_guessed(found, words):
    assert found("phone", f"caller: {words}") == []


def test_an_answer_to_the_question_for_a_name_is_a_person(found):
    assert found("person", "agent: 请问您贵姓？", "caller: 周文秀，文化的文。") == ["周文秀"]
    assert found("person", "agent: 在哪里？", "caller: 高新广场。") == []


def test_a_surname_is_told_with_the_title_the_agent_gives_it(found):
    lines = ("caller: 我姓孟。", "agent: 好的孟女士，给您登记。")
    assert found("person", *lines, normal=True) == ["孟女士"]


def test_a_misheard_surname_is_the_one_the_caller_said(found):
    lines = ("caller: 我姓孙。", "agent: 好的顺女士，给您登记。")
    assert found("person", *lines, normal=True) == ["孙女士"]


def test_a_misheard_surname_that_no_one_said_is_the_common_one_of_its_sound(found):
    assert found("person", "agent: 好的张先生，为您登记。") == ["张先生"]
    assert found("person", "agent: 好的兆先生，为您登记。", normal=True) == ["赵先生"]


def test_the_surnames_of_the_city_decide_between_two_of_one_sound():
    heard = "好的未先生"
    assert [p.surname for p in people(heard, answering=False)] == ["魏"]
    assert [p.surname for p in people(heard, answering=False, surnames="韦")] == ["韦"]


@pytest.mark.parametrize("text", ["好的先生", "风水先生说了", "这位先生", "一千块钱老板没给"])
def test_a_form_of_address_without_a_name_is_nobody(found, text):
    assert found("person", f"agent: {text}") == []


def test_a_full_name_makes_the_form_of_address_superfluous(found):
    lines = ("caller: 我叫孟小安。", "agent: 好的孟女士，给您登记。")
    assert found("person", *lines, normal=True) == ["孟小安"]


def test_a_place_is_nobody(found):
    assert found("person", "agent: 您贵姓？", "caller: 石塘村，石大明。") == ["石大明"]


@pytest.mark.parametrize("text", ["老师傅说了", "应该没问题", "没有，谢谢", "那里的先生"])
def test_words_that_begin_like_a_name_are_nobody(text):
    assert not list(people(text, answering=False))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("上周五开始的", "2026-03-06"),
        ("上个礼拜天", "2026-03-08"),
        ("昨天晚上8点停的", "2026-03-08T20:00"),
        ("前天下午3点半", "2026-03-07T15:30"),
        ("上个月就报了", "2026-02"),
        ("去年12月", "2025-12"),
        ("今年1月20号", "2026-01-20"),
        ("11月5号", "2025-11-05"),  # half a year ahead would be too far for a complaint
        ("2019年", "2019"),
        ("早上7点到9点", "07:00/09:00"),
        ("晚上11点多", ""),  # of which day?
        ("2月30号", ""),
        ("连续五天", ""),
        ("昨儿后晌", "2026-03-08"),
        ("前日中午", "2026-03-07"),
        ("15号应该到的", ""),
        ("七九年", ""),
        ("每个月第二个星期四", ""),
        ("20号停了半天", ""),
        ("公示到26号。", ""),
        ("去年冬天去问过", "2025"),
        ("10月初六交的", ""),
        ("年底之前办可以吗", ""),
        ("说好8月15给", ""),  # of the moon, or not
        ("7月二十几号买的", "2026-07"),
        ("国庆前就有了", ""),
    ],
)
def test_dates_are_resolved_where_it_is_safe(text, normal):
    assert [m.normal for m in dates(text, MONDAY)] == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "今天",
        "16号窗",
        "几天了",
        "五六年",
        "明日报",
        "3号楼",
        "孩子五个月大",
        "天天这样",
        "七上八下",
        "20号楼停电",
        "半年底下都是水",
    ],
)
def test_what_is_no_date_of_the_matter_is_left_out(text):
    assert not list(dates(text, MONDAY))


def test_dates_without_the_day_of_the_call_are_not_resolved():
    assert [m.normal for m in dates("昨天", None)] == [""]


@pytest.mark.parametrize(
    ("text", "quotes", "normal"),
    [
        ("收了2680块钱", ["2680块钱"], ["2680元"]),
        ("每吨涨到3块8", ["3块8"], ["3.8元"]),
        ("一共8万块左右", ["8万块左右"], ["约8万元"]),
        ("只报55%", ["55%"], ["55%"]),
        ("停水的有200多户", ["200多户"], ["约200户"]),
        ("离我家15米", ["15米"], ["15米"]),
        ("等一下，六七个人", [], []),
        ("押金3600，后来退了1200", ["3600", "1200"], ["3600元", "1200元"]),
        ("工资46000一直没发", ["46000"], ["46000元"]),
        ("楼里十几户都没水", ["十几户"], [""]),
        ("来了30多个工人", ["30多个工人"], ["约30个工人"]),
        ("罚了3天，交了2年，欠费电话95598", [], []),
        ("停了七八十辆", ["七八十辆"], [""]),
        ("死了170只，还有43头牛", ["170只", "43头"], ["170只", "43头"]),
        ("楼下来了100多号人，砌过来30公分", ["100多号人", "30公分"], ["约100号人", "30公分"]),
        ("小的两块，收我5块。", ["两块", "5块"], ["2元", "5元"]),
        ("塌了两块，隔了五块田，两只手，两头跑", [], []),
        ("她说4000一个月", ["4000"], ["4000元"]),
        ("5月20号办的，3280，没开门", ["3280"], ["3280元"]),
        ("房号3280，没开门", [], []),
        ("量了15度六，走1公里多", ["15度六", "1公里多"], ["15度六", "约1公里"]),
        ("1亩多少钱", ["1亩"], ["1亩"]),
    ],
)
def test_amounts_have_a_number_and_a_unit(found, text, quotes, normal):
    assert found("amount", f"caller: {text}") == quotes
    assert found("amount", f"caller: {text}", normal=True) == normal


@pytest.mark.parametrize(
    ("text", "quotes", "normal"),
    [
        ("五一那天停的水", ["五一那天"], ["2025-05-01"]),
        ("去年国庆节就报过", ["去年国庆节"], ["2025-10-01"]),
        ("国庆节前一天", ["国庆节前一天"], [""]),  # which of the days off is not said
        ("正月十五晚上放炮", ["正月十五晚上"], [""]),  # no calendar of the moon here
        ("中秋节充的卡", ["中秋节"], [""]),
    ],
)
def test_days_with_a_name_are_dates(found, text, quotes, normal):
    assert found("date", f"caller: {text}") == quotes
    assert found("date", f"caller: {text}", normal=True) == normal


def test_a_hospital_of_the_people_is_the_one_of_the_place_before_it(found):
    assert found("place", "caller: 中山路人民医院收费太贵") == ["中山路", "人民医院"]
    assert found("place", "caller: 人民医院收费太贵") == []


def test_identity_numbers_and_plates_are_kinds_of_their_own(found):
    text = "caller: 身份证11010119900101123X，车牌京A8K231"
    assert found("id_number", text) == ["11010119900101123X"]
    assert found("plate", text) == ["京A8K231"]


def test_a_thing_said_twice_is_found_once_in_the_callers_words(call_saying):
    call = call_saying("agent: 是桂花小区吗？", "caller: 对，桂花小区。")
    (place,) = entities(call, TOOLS).entities
    assert (place.turn, place.quote, place.rule) == (1, "桂花小区", "entity.place.named")
    assert place.start == call.turns[1].at(2)


def test_the_exchange_and_the_agents_promises_name_nothing(found):
    assert found("phone", "ivr: 请拨打13700123456") == []
    assert found("amount", "agent: 一般15分钟处理完。") == []


def test_the_digits_of_a_date_make_no_phone_whole(found):
    assert found("phone", "agent: 记的是13700012395月20日办的卡，对吗") == []


def test_no_date_is_lost_where_none_is_looked_for():
    """_BEGINS spares the search at most characters; without it the same is found."""
    plain = re.compile(_DATE.pattern.removeprefix(_BEGINS))
    chance = random.Random(8)
    signs = (
        "每天晚周月年0127今去前明的份上旬中底初号日下这本个星期礼拜一末大昨后早夜"
        "凌晨清傍深半点刻分钟到至:楼"
    )
    for _ in range(400):
        text = "".join(chance.choices(signs, k=25))
        found = [[m.span() for m in p.finditer(text) if m[0]] for p in (plain, _DATE)]
        assert found[0] == found[1]
