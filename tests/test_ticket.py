"""The draft work order: filled from the call, empty where nobody said anything."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.domain.formschema import FormField
from pipeline.draft import FRAMES
from pipeline.headline import TITLE_LENGTH
from pipeline.records import UNSAID, Abuse, Decision, Finding, Metadata, Scope
from pipeline.stages.entities import entities
from pipeline.stages.normalize import normalize
from pipeline.stages.ticket import ticket
from pipeline.supported import unsupported
from pipeline.ticket_fields import sources

LAMPS = (
    "agent: 您好，石城一二三四五热线，工号三零幺五，请讲。",
    "caller: 你好，我们长青路上的井盖丢了三个，晚上太危险了。",
    "agent: 是哪一段呢？",
    "caller: 实验小学门口，上周五就丢了，你们能不能尽快补上？",
    "agent: 请问您贵姓？",
    "caller: 姓孟，电话就这个号码。",
    "agent: 好的孟女士，给您登记的是，长青路实验小学门口丢了三个井盖，要求尽快补上，对吗？",
    "caller: 对。",
    "agent: 我们转给城管部门核实，感谢来电，再见。",
)
FEES = (
    "agent: 您好，请讲。",
    "caller: 我想问一下，灵活就业的医保怎么交费？",
    "agent: 您是本市户口吗？",
    "caller: 是的，我去年在外地交过两年。",
    "agent: 您可以带上身份证到政务服务中心办理，也可以在手机上申请。",
    "caller: 好，谢谢。",
)
NOISE = (
    "caller: 楼下的烧烤店天天吵到半夜，油烟往我家里灌，孩子都睡不着。",
    "caller: 我找过店里，老板说爱告哪告哪，请你们派人来管一管。",
)
POEM = ("caller: 啊，嗯，那个。", "agent: 您说。", "caller: 喂。")


@pytest.fixture
def filled(call_saying, profile):
    """filled(*lines, kind=..., outcome=..., ...): the call with its ticket."""

    def make(
        *lines, kind="投诉", outcome="accept_dispatch", started="2026-03-09T09:30:00", **more
    ):
        call = call_saying(*lines)
        known = Metadata(started_at=started, caller_number="13700000001")
        call = replace(call, recording=replace(call.recording, metadata=known))
        tools = SimpleNamespace(profile=profile)
        call = entities(normalize(call, tools), tools)
        judged = {
            "request_type": Decision(kind),
            "urgency": Decision("一般"),
            "domain": Decision("城市管理"),
            "scope": Scope(outcome),
            "departments": (Decision("城管"),),
        }
        call = replace(call, **judged | more)
        return ticket(call, tools)

    return make


def values(call) -> dict[str, str]:
    return {line.key: line.value for line in call.ticket.fields}


CALLS = [(LAMPS, "投诉"), (FEES, "咨询"), (NOISE, "举报"), (POEM, "求助"), (LAMPS, "建议")]


@pytest.mark.parametrize(("lines", "kind"), CALLS)
@pytest.mark.parametrize("outcome", ["accept_dispatch", "answer_now", "decline_explain"])
def test_title_and_summary_say_nothing_that_was_not_said(filled, lines, kind, outcome):
    call = filled(*lines, kind=kind, outcome=outcome)
    written = f"{call.ticket.title}；{call.ticket.summary}"
    known = [name for f in call.entities for name in (f.name, f.normal)]
    assert unsupported(written, [turn.text for turn in call.turns], (*known, *FRAMES)) == ()


@pytest.mark.parametrize(("lines", "kind"), CALLS)
def test_titles_fit_the_list_of_orders(filled, lines, kind):
    assert 0 < len(filled(*lines, kind=kind).ticket.title) <= TITLE_LENGTH


def test_the_read_back_is_what_the_summary_begins_with(filled):
    call = filled(*LAMPS)
    assert call.ticket.summary.startswith("来电人孟女士反映：长青路实验小学门口丢了三个井盖")
    assert "；希望尽快补上；" in call.ticket.summary
    assert "话务员答复：转给城管部门核实" in call.ticket.summary


def test_the_form_is_filled_with_what_was_said(filled):
    got = values(filled(*LAMPS))
    assert got["caller"] == "孟女士"
    assert got["phone"] == got["contact_phone"] == "13700000001"
    assert got["address"] == "长青路实验小学"
    assert got["happened_at"] == "上周五（2026-03-06）"
    assert got["purpose"] == "要求尽快补上"
    assert got["agent_id"] == "3015"
    assert got["handling"] == "转办"
    assert got["dispatch_by"] == "24小时内（2026-03-10 09:30前）"
    assert got["contact_by"] == "1个工作日内（截至2026-03-10）"
    assert got["finish_by"].startswith(
        "7个工作日内（截至2026-03-18）；疑难事项经批准15个工作日内"
    )


def test_what_nobody_said_is_unsaid_and_required_lines_are_listed_as_missing(filled):
    call = filled(*NOISE, departments=())
    got = values(call)
    assert got["caller"] == got["object"] == got["repeated"] == UNSAID
    assert call.ticket.missing == ("受理员工号", "二级领域", "事发地址", "主办单位")
    assert "哪条路或哪个小区" in call.ticket.asks[2]


@pytest.mark.parametrize("outcome", ["answer_now", "decline_explain"])
def test_an_address_is_a_must_only_where_somebody_has_to_go_there(filled, outcome):
    assert "事发地址" in filled(*NOISE).ticket.missing
    assert "事发地址" not in filled(*NOISE, outcome=outcome).ticket.missing
    assert "事发地址" not in filled(*NOISE, kind="咨询").ticket.missing


def test_a_misheard_place_stands_in_the_ticket_by_its_name(filled):
    call = filled(
        "agent: 您好，包头12345热线，请讲。",
        "caller: 我在石怪区，门口的井盖丢了三个。",
        "agent: 好的，给您登记的是，石怪区门口丢了三个井盖，要求尽快补上，对吗？",
        "caller: 对。",
    )
    assert values(call)["address"].startswith("石拐区")
    assert "石拐区" in call.ticket.summary and "石怪区" not in call.ticket.summary


def test_an_inquiry_answered_at_once_is_not_dispatched(filled):
    call = filled(*FEES, kind="咨询", outcome="answer_now", departments=())
    got = values(call)
    assert (got["handling"], got["finish_by"], got["lead_unit"]) == (
        "直接办结",
        "当场办结",
        "无需派单",
    )
    assert "可以带上身份证到政务服务中心办理" in call.ticket.summary


def test_a_declined_appeal_names_its_reason_and_clause(filled):
    scope = Scope("decline_explain", "封建迷信", "O9", basis="不予受理清单")
    got = values(filled(*NOISE, scope=scope))
    assert (got["handling"], got["basis"]) == ("不予受理（封建迷信）", "不予受理清单")


def test_a_call_without_an_appeal_has_no_ticket(filled):
    assert filled(*POEM, outcome="no_request").ticket is None


def test_insults_are_flagged_and_kept_out_of_the_summary(filled):
    lines = (*NOISE, "caller: 你们这帮饭桶，垃圾堆在门口都不管。")
    insult = Finding("abuse", "a", 2, "饭桶", 10.0, 11.0, "mild")
    call = filled(*lines, abuse=Abuse("mild", ("caller",), None, (insult,)))
    assert "饭桶" not in call.ticket.summary
    assert values(call)["abusive"] == "轻度不文明（来电人）"


def test_a_threat_to_oneself_is_a_risk(filled):
    found = Finding("abuse", "a", 0, "不想活", 0.0, 1.0, "threat")
    abuse = Abuse("threat", ("caller",), "self_harm", (found,))
    call = filled("caller: 我不想活了，家里房子漏水没人管。", abuse=abuse)
    (line,) = [f for f in call.ticket.fields if f.key == "risks"]
    assert (line.value, line.findings) == ("自伤风险", (found,))


def test_every_line_but_those_of_the_machine_points_at_words(filled):
    call = filled(*LAMPS)
    for line in call.ticket.fields:
        for finding in line.findings:
            if finding.turn >= 0:
                assert finding.quote in call.turns[finding.turn].text
                assert finding.end >= finding.start >= call.turns[finding.turn].start


def test_a_text_appeal_gets_a_ticket_too(filled):
    call = filled(
        "caller: 桂花小区三号楼的电梯坏了五天，老人下不了楼，希望物业尽快维修。", started=None
    )
    got = values(call)
    assert got["address"] == "桂花小区3号楼"
    assert got["purpose"] == "希望物业尽快维修"
    assert got["accepted_at"] == UNSAID
    assert got["dispatch_by"] == "24小时内"


def test_the_forms_lines_name_fillers_that_exist(profile):
    assert {line.source for line in profile.ticket} <= set(sources())


@pytest.mark.parametrize(
    "words",
    ["有没有补偿标准", "是不是停水通知", "到底能不能补交", "退费通知没收到", "噪音让人受不了"],
)
def test_a_title_is_not_cut_to_another_meaning(filled, words):
    assert words in filled(f"caller: {words}。", kind="咨询").ticket.title


def test_a_long_text_does_not_slow_the_draft_down(filled):
    begun = time.process_time()
    filled("caller: " + "桂花小区的路灯坏了三个月，物业公司说下个月修，电话打了二十几次。" * 60)
    assert time.process_time() - begun < 2  # 2,000 characters take some 0.1 s


def test_a_line_that_states_a_decision_has_its_probability(filled):
    call = filled(*LAMPS, request_type=Decision("投诉", 0.83, sure=False))
    line = next(line for line in call.ticket.fields if line.key == "request_type")
    assert (line.decision, line.confidence, line.sure) == ("request_type", 0.83, False)


def test_a_line_made_of_words_tells_how_surely_the_least_clear_was_heard(filled, profile):
    call = filled(*LAMPS)
    turns = tuple(replace(t, confidence=0.9 - i / 20) for i, t in enumerate(call.turns))
    again = ticket(replace(call, turns=turns), SimpleNamespace(profile=profile)).ticket
    lines = {line.key: line for line in again.fields}
    places = {found.turn for found in lines["address"].findings}
    assert len(places) > 1 and lines["address"].confidence == turns[max(places)].confidence
    assert lines["plates"].value == UNSAID and lines["plates"].confidence is None
    assert lines["ticket_id"].confidence is None  # no words
    assert lines["lead_unit"].confidence is None  # a decision, and none of a classifier


@pytest.mark.parametrize(
    ("words", "key", "value"),
    [
        ("我的姓名要保密。", "confidential", "是"),
        ("这个不用保密。", "confidential", UNSAID),
        ("这个事我之前投诉过一次。", "repeated", "是"),
        ("以前从来没反映过。", "repeated", UNSAID),
        ("再不修我就发到抖音上去。", "risks", "舆情"),
        ("家里有个80多岁的老人。", "risks", "老弱病残孕"),
        ("我在网上查过了。", "risks", "无"),
    ],
)
def test_lines_with_lists_take_the_value_whose_words_were_said(filled, words, key, value):
    assert values(filled("caller: 小区的路灯坏了。", f"caller: {words}"))[key] == value


@pytest.mark.parametrize(
    ("words", "kind", "whom"),
    [
        ("桂花小学强制收校服钱。", "投诉", "桂花小学"),
        ("桂花小学门口的路灯坏了。", "投诉", UNSAID),
        ("桂花小学什么时候报名？", "咨询", UNSAID),
        ("桂花小学旁边的长青物业不修电梯。", "投诉", "长青物业"),
    ],
)
def test_a_school_is_who_is_complained_of_where_nobody_else_is_named(filled, words, kind, whom):
    assert values(filled(f"caller: {words}", kind=kind))["object"] == whom


def test_a_required_line_must_say_what_to_ask():
    with pytest.raises(ValueError, match="ask"):
        FormField(key="x", label="甲", source="title", required=True)


def test_a_wish_is_told_apart_where_the_recognizer_left_out_the_mark(filled):
    call = filled(
        "agent: 您好，请讲。",
        "caller: 长青路的井盖丢了三个。",
        "agent: 给您登记的是长青路井盖丢了三个要求尽快补上对吗？",
        "caller: 对。",
    )
    assert values(call)["purpose"] == "要求尽快补上"
    assert "；希望尽快补上" in call.ticket.summary and "对吗" not in call.ticket.summary


def test_a_suggestion_is_recorded_as_one(filled):
    call = filled(
        "caller: 我建议公园晚上多开两个小时的灯。", kind="建议", outcome="record_suggestion"
    )
    assert values(call)["handling"] == "转办（记录为建议）"
    assert call.ticket.summary.startswith("来电人建议")


def test_a_declined_appeal_has_the_words_to_say_and_who_can_help(filled):
    scope = Scope(
        "refer", "诉讼仲裁", "O1", "条文", "法律援助12348", "您反映的事项已进入诉讼。"
    )
    got = values(filled(*NOISE, scope=scope, departments=()))
    assert got["handling"] == "不予受理（诉讼仲裁）"
    assert (got["referral"], got["basis"]) == ("法律援助12348", "条文")
    assert got["script"] == "您反映的事项已进入诉讼。"
    assert got["lead_unit"] == got["dispatch_by"] == got["contact_by"] == "无需派单"


def test_what_is_answered_at_once_has_the_answer_in_a_line_of_its_own(filled):
    got = values(filled(*FEES, kind="咨询", outcome="answer_now", departments=()))
    assert got["answer"].startswith("其可以带上身份证到政务服务中心办理")


@pytest.mark.parametrize(
    ("wish", "kept"),
    [("要求好好好", False), ("要求支付其", False), ("要求尽快支付工资", True)],
)
def test_a_wish_that_says_nothing_is_none(filled, wish, kept):
    call = filled(
        "agent: 您好，石城12345，请讲。",
        "caller: 远帆装饰公司拖欠我们十个人的工资，老板电话也不接。",
        f"agent: 给您登记的是，远帆装饰公司拖欠工资，{wish}，您看对不对？",
        "caller: 没错没错。",
    )
    assert (wish.removeprefix("要求") in call.ticket.summary) is kept
    assert "没错" not in call.ticket.title + call.ticket.summary
