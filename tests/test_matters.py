"""Two appeals in one call are two orders; one appeal is never two."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.matters import matters
from pipeline.records import Decision, Finding, Scope
from pipeline.stages.entities import entities
from pipeline.stages.normalize import normalize
from pipeline.stages.ticket import ticket

TWO = (
    "agent: 您好，石城12345热线，请讲。",
    "caller: 你好，我反映两个事，我们桂花小区门口的路灯不亮，有半个月了。",
    "agent: 路灯是哪一段？",
    "caller: 就是东门到学校那一段，晚上黑漆漆的。",
    "agent: 好的，还有呢？",
    "caller: 还有个事，小区的自来水发黄，昨天放出来全是泥。",
    "agent: 水质的问题有多久了？",
    "caller: 三天了，孩子不敢喝。",
    "agent: 我分两张单给您登记，第一张路灯不亮要求维修，第二张自来水发黄要求检测，对吗？",
    "caller: 对，我姓孟。",
)
ONE = (
    "agent: 您好，请讲。",
    "caller: 我们桂花小区门口的路灯不亮，旁边的自来水管也在漏，路面都是湿的。",
    "agent: 我转给城管，请他们同自来水公司一起来看，五个工作日答复您。",
    "caller: 好的，谢谢。",
)


@pytest.fixture
def judged(call_saying, profile):
    """judged(*lines): the call with its entities, sent to two units."""

    def make(*lines):
        tools = SimpleNamespace(profile=profile)
        call = entities(normalize(call_saying(*lines), tools), tools)
        units = (Decision("城管"), Decision("水务"))
        kind = {"request_type": Decision("投诉"), "urgency": Decision("一般")}
        return replace(call, departments=units, scope=Scope("accept_dispatch"), **kind)

    return make


def test_two_announced_appeals_are_two_calls_with_their_own_words(judged, profile):
    lamps, water = matters(judged(*TWO), profile)
    assert lamps.departments[0].value == "城管" and water.departments[0].value == "水务"
    assert "黑漆漆" in lamps.turns[3].text and "黑漆漆" not in water.turns[3].text
    assert "全是泥" in water.turns[5].text and "全是泥" not in lamps.turns[5].text


def test_positions_stay_those_of_the_recording(judged, profile):
    call = judged(*TWO)
    for part in matters(call, profile):
        for turn, whole in zip(part.turns, call.turns, strict=True):
            assert len(turn.text) == len(whole.text)
            assert turn.times == whole.times


def test_caller_and_place_said_once_belong_to_both(judged, profile):
    for part in matters(judged(*TWO), profile):
        kinds = {f.value: f.name for f in part.entities}
        assert kinds["person"] == "姓孟" and "桂花小区" in kinds["place"]


def test_each_appeal_has_an_order_with_a_number_of_its_own(judged, profile):
    call = ticket(judged(*TWO), SimpleNamespace(profile=profile))
    (other,) = call.more_tickets
    assert "路灯" in call.ticket.title and "路灯" not in other.summary
    assert "自来水" in other.title and "自来水" not in call.ticket.summary
    numbers = [order.fields[0].value for order in (call.ticket, other)]
    assert numbers[1] == f"{numbers[0]}-2"


def test_only_the_appeal_with_the_urgent_words_is_urgent(judged, profile):
    call = judged(*TWO)
    words = Finding("urgency", "u", 7, "孩子不敢喝", 0.0, 1.0)
    urgent = Decision("紧急", 0.8, (words,), sure=True)
    parts = matters(replace(call, urgency=urgent), profile)
    assert [part.urgency.value for part in parts] == ["一般", "紧急"]
    untold = Decision("紧急", 0.8)  # by no words: never less urgent by mistake
    parts = matters(replace(call, urgency=untold), profile)
    assert [part.urgency.value for part in parts] == ["紧急", "紧急"]


@pytest.mark.parametrize(
    "lines",
    [
        ONE,  # one matter that two units look at
        (*ONE, "agent: 第一次是没人接，第二次说在修，对吗？"),
        (*ONE, "caller: 这是两回事。"),
        TWO[:2],  # announced, but only one was told
    ],
)
def test_one_appeal_is_not_two(judged, profile, lines):
    call = judged(*lines)
    assert matters(call, profile) == (call,)


def test_one_unit_gets_one_order(judged, profile):
    call = replace(judged(*TWO), departments=(Decision("城管"),))
    assert matters(call, profile) == (call,)
