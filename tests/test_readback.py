"""What an agent sums up, told from what he explains."""

from types import SimpleNamespace

import pytest

from pipeline.address import address
from pipeline.clauses import bare_wish, names
from pipeline.draft import caller, draft
from pipeline.readback import confirmed, read_back
from pipeline.stages.entities import entities

TOOLS = SimpleNamespace(profile=SimpleNamespace(places=()))


@pytest.fixture
def said(call_saying):
    """said(*lines): a call with its entities."""
    return lambda *lines: entities(call_saying(*lines), TOOLS)


TOLD = (
    "agent: 您好，请讲",
    "caller: 书店门口的井盖碎成三瓣，一个老太太差点摔进去，晚上谁看得见",
)


def test_a_reading_back_begins_in_many_ways_and_is_told_without_them(said):
    for frame in ("我念一遍：", "康师傅，我记的是：", "报的是", "我给您登记，第一张"):
        call = said(*TOLD, f"agent: {frame}书店门口井盖碎成三瓣，险些伤人，没漏吧？")
        assert [c.text for c in read_back(call)] == ["书店门口井盖碎成三瓣", "险些伤人"]


def test_an_explanation_sums_nothing_up(said):
    explains = "agent: 您看这样行不行，先带身份证去登记处，开一份本人的证明，再打一份征信报告"
    assert read_back(said(*TOLD, explains)) == []


def test_what_another_caller_said_is_kept_out_of_an_order(said):
    leak = "前两天也有人说过，是4单元502的王桂莲反映的"
    told = draft(said(*TOLD, f"agent: 我能查到，{leak}，书店门口井盖碎成三瓣，对吗"))
    assert "王桂莲" not in told.summary + told.title
    assert "井盖碎成三瓣" in told.summary


def test_a_caller_is_not_who_the_call_is_about(said):
    call = said("agent: 老人怎么称呼？您贵姓？", "caller: 我爸叫覃世忠，我叫覃芳。")
    assert caller(call).quote == "覃芳"


@pytest.mark.parametrize(
    ("said_", "wish"),
    [("那个福利院能不能收", "那个福利院能收"), ("能不能再考一次", "再考一次")],
)
def test_a_wish_keeps_its_sentence(said_, wish):
    assert bare_wish(said_) == wish


def test_a_wish_needs_no_word_for_wishing(said):
    call = said("agent: 您好，请讲", "caller: 鸭子死了一片，我就想有个懂行的人来看一眼")
    assert [c.text for c in draft(call).wishes] == ["就想有个懂行的人来看一眼"]


def test_an_address_has_each_part_of_the_house_once(said):
    call = said("caller: 在桂花小区，6号楼", "caller: 就是3单元那家，隔壁5号楼也听得到")
    assert [f.quote for f in address(call)] == ["桂花小区", "6号楼", "3单元"]
    call = said("caller: 4楼西户", "caller: 桂花小区，2号楼", "agent: 记的是2号楼4楼西户，对吗")
    assert [f.quote for f in address(call)] == ["桂花小区", "2号楼4楼西户"]


def test_names_come_in_one_order_whatever_the_process(said):
    call = said("caller: 桂花小区和荷花小区，还有长青路实验小学")
    assert names(call, "place") == sorted(names(call, "place"), key=lambda q: (-len(q), q))


PUT = (
    "agent: 您好，请讲",
    "caller: 他们的车到处走，把我的草场压坏了",
    "agent: 是施工车辆超出了批的路，压到草场上了，对吗？",
)


def test_what_is_put_to_the_caller_counts_where_he_affirms_it(said):
    found = [c.text for c in confirmed(said(*PUT, "caller: 对对，草没了"), ())]
    assert found == ["施工车辆超出了批的路", "压到草场上了"]
    assert confirmed(said(*PUT, "caller: 不是，是他们修路"), ()) == []


@pytest.mark.parametrize(
    "asked",
    [
        "那卫生方面您有想法吗？",
        "草场在哪个苏木，对吧？",
        "您的要求是恢复草场，对吗？",
        "电话是这个吧？",
    ],
)
def test_a_question_puts_nothing_to_the_caller(said, asked):
    assert confirmed(said(*PUT[:2], f"agent: {asked}", "caller: 对"), ()) == []


def test_a_summing_up_is_not_put_twice(said):
    call = said(*PUT, "caller: 对")
    assert confirmed(call, confirmed(call, ())) == []


def test_the_frame_of_a_summing_up_is_no_matter(said):
    told = "agent: 您的意思是井盖碎成三瓣，险些伤人，没有说错吧？"
    assert [c.text for c in read_back(said(*TOLD, told))] == ["井盖碎成三瓣", "险些伤人"]
