"""What the caller wants, how urgent it is, and where: rules, order, near misses, places."""

from dataclasses import replace

import pytest

from pipeline.config import load_config
from pipeline.records import Call, Decision, Finding, Metadata
from pipeline.stages.intent import intent
from pipeline.tools import Tools


@pytest.fixture
def tools(profile):
    return Tools(load_config(), profile, classifier=lambda task: None)


def dialled(call: Call, **metadata) -> Call:
    return replace(call, recording=replace(call.recording, metadata=Metadata(**metadata)))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("我要举报楼上那家开赌场，天天有人赌钱", "举报"),
        ("后山有人偷挖石头，没有证，你们快去查", "举报"),
        ("我要投诉门岗保安，见人就吼", "投诉"),
        ("我想反应一下楼下饭店油烟的问题，反映好几次没人管", "投诉"),
        ("垃圾堆了半个月了，臭得要死，你们管不管", "投诉"),
        ("想问下门前的路咋又挖了，始终没人修，太不像话了", "投诉"),
        ("求求你们帮帮我，工钱要不回来，实在没办法了", "求助"),
        ("我的手机落在出租车上了，能不能帮我找一下", "求助"),
        ("我提个建议，公园里能不能多装几个座椅", "建议"),
        ("希望公交公司能增加早上的班次", "建议"),
        ("想咨询老年证怎么办理", "咨询"),
        ("请问落户要带什么材料", "咨询"),
        ("你好，孩子的医保在哪里交，要多少钱", "咨询"),
        ("我要表扬社区的小刘，帮了我大忙", "表扬"),
        ("啊不好意思，打错了", "无效"),
    ],
)
def test_the_callers_words_give_the_request_type(call_saying, tools, said, wanted):
    call = intent(call_saying("agent: 您好，请讲", f"caller: {said}"), tools)
    assert call.request_type.value == wanted


def test_the_agents_greeting_is_no_inquiry(call_saying, tools):
    said = "agent: 您好，您要咨询哪一方面", "caller: 我家楼上漏水，物业不管"
    assert intent(call_saying(*said), tools).request_type.value == "投诉"


def test_a_complaint_said_outright_never_becomes_an_inquiry(call_saying, tools):
    said = (
        "caller: 我要投诉物业乱收费",
        "caller: 我想问一下怎么申请退费",
        "caller: 要带什么材料，在哪里办，多少钱",
    )
    assert intent(call_saying(*said), tools).request_type.value == "投诉"


def test_anger_at_the_agent_does_not_turn_an_inquiry_into_a_complaint(call_saying, tools):
    said = (
        "caller: 我想咨询居住证怎么办理，要什么材料",
        "agent: 不知道",
        "caller: 信不信我去投诉你",
    )
    assert intent(call_saying(*said), tools).request_type.value == "咨询"


def test_an_angry_opening_leans_to_a_complaint(call_saying, tools):
    call = call_saying("caller: 又停水了，麻烦看看")
    anger = Finding("sentiment", "x", 0, "又", 0.0, 1.0, value="愤怒")
    angry = replace(call, emotion_start=Decision("愤怒", findings=(anger,)))
    assert intent(angry, tools).request_type.value == "投诉"


def test_an_appeal_in_writing_is_never_invalid(call_saying, tools):
    call = call_saying("caller: 户口的事")
    written = replace(call, turns=(replace(call.turns[0], source="text"),))
    assert intent(written, tools).request_type.value != "无效"


def test_every_type_rests_on_words_that_were_said(call_saying, tools):
    call = intent(call_saying("caller: 我要投诉楼下烧烤店"), tools)
    finding = call.request_type.findings[0]
    assert (finding.turn, finding.value) == (0, "投诉") and finding.quote in call.turns[0].text
    assert 0.0 <= finding.start < finding.end


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("我家停水一天了，老人没水喝", "紧急"),
        ("暖气一点不热，屋里只有十三度", "紧急"),
        ("我们十几个工人的工资拖欠半年了", "紧急"),
        ("昨天电梯把孩子关在里面十几分钟才出来", "紧急"),
        ("路中间的井盖不见了，好大一个洞", "紧急"),
        ("厨房煤气漏了，味道很重", "特急"),
        ("对面楼着火了", "特急"),
        ("她说不想活了，人在楼顶", "特急"),
        ("这条街的路灯不亮", "一般"),
        ("停水通知贴在哪里", "一般"),
        ("生意不好，店都快活不下去了", "一般"),
        ("最低工资标准是多少", "一般"),
        ("手机没电了刚才断了", "一般"),
        ("电动车在楼道充电，怕哪天起火", "一般"),
    ],
)
def test_urgency_follows_the_danger_that_is_present(call_saying, tools, said, level):
    assert intent(call_saying(f"caller: {said}"), tools).urgency.value == level


def test_advice_for_the_next_time_is_no_emergency(call_saying, tools):
    said = "caller: 他昨天骂我", "agent: 如果再有人威胁您，请您马上拨打110"
    assert intent(call_saying(*said), tools).urgency.value == "一般"


@pytest.mark.parametrize(
    ("said", "region", "district"),
    [
        ("我是桂平市的", "贵港市", "桂平市"),
        ("我住木乐镇街上", "贵港市", "桂平市"),
        ("在港南区这边", "贵港市", "港南区"),
        ("我们昆区这里", "包头市", "昆都仑区"),
        ("美岱召镇的村民", "包头市", "土默特右旗"),
        ("达茂旗百灵庙", "包头市", "达尔罕茂明安联合旗"),
        ("在岗南区这边", "贵港市", "港南区"),  # by sound
        ("在昆嘟仑区这边", "包头市", "昆都仑区"),
        ("东河路那家店", None, None),  # a street, not the district
    ],
)
def test_a_spoken_place_tells_city_and_district(call_saying, tools, said, region, district):
    call = intent(call_saying(f"caller: {said}"), tools)
    assert (call.region.value, call.district.value) == (region, district)


def test_the_greeting_names_the_city(call_saying, tools):
    call = intent(call_saying("agent: 您好，包头12345热线", "caller: 路灯不亮"), tools)
    assert (call.region.value, call.district.value) == ("包头市", None)


def test_the_table_outweighs_a_place_of_the_other_city(call_saying, tools):
    call = dialled(call_saying("caller: 我以前住青山区，现在住覃塘区"), region="贵港市")
    judged = intent(call, tools)
    assert (judged.region.value, judged.district.value) == ("贵港市", "覃塘区")


def test_one_misheard_syllable_still_finds_the_district(call_saying, tools):
    call = dialled(call_saying("caller: 我在魂都仑区这边"), region="包头市")
    assert intent(call, tools).district.value == "昆都仑区"


def test_a_district_of_another_name_is_not_forced(call_saying, tools):
    call = dialled(call_saying("caller: 我在城西区这边"), region="贵港市")
    assert intent(call, tools).district.value is None
