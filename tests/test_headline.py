"""The title says where and what, fits the list, and says first what cannot wait."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.draft import caller, draft
from pipeline.headline import TITLE_LENGTH, URGENT
from pipeline.records import Decision, Finding, Scope
from pipeline.stages.entities import entities
from pipeline.stages.normalize import normalize


@pytest.fixture
def drafted(call_saying, profile):
    """drafted(*lines, kind=..., outcome=..., topic=...): the call's draft."""

    def make(*lines, kind="投诉", outcome="accept_dispatch", urgency="一般", topic=""):
        tools = SimpleNamespace(profile=profile)
        call = entities(normalize(call_saying(*lines), tools), tools)
        found = [
            Finding("domain", "t", i, topic, turn.at(turn.text.find(topic)), turn.end, "", "类")
            for i, turn in enumerate(call.turns)
            if topic and topic in turn.text
        ]
        call = replace(
            call,
            request_type=Decision(kind),
            urgency=Decision(urgency),
            scope=Scope(outcome),
            domain=Decision("领域", findings=tuple(found)),
        )
        return draft(call)

    return make


def test_what_cannot_wait_is_said_first_in_title_and_summary(drafted):
    lines = ("caller: 桂花小区的楼道里有煤气味，快来人。",)
    made = drafted(*lines, outcome="emergency_transfer", kind="求助")
    assert made.title.startswith(URGENT) and made.summary.startswith(URGENT)
    assert URGENT not in drafted(*lines, kind="求助").summary


def test_what_is_not_taken_says_so_at_the_end_of_the_title(drafted):
    made = drafted("caller: 邻居家的树挡了我家的风水。", outcome="decline_explain")
    assert made.title.endswith("（不予受理）") and len(made.title) <= TITLE_LENGTH


def test_an_inquiry_names_its_subject_before_the_question(drafted):
    lines = ("caller: 我的人事档案还在外地，想问一下，能不能自己带回来？",)
    made = drafted(*lines, kind="咨询", outcome="answer_now", topic="档案")
    assert made.title == "咨询档案，能不能自己带回来"


def test_an_inquiry_that_comes_to_it_slowly_is_headed_by_matter_and_procedure(drafted):
    lines = (
        "caller: 我那个驾照快到期了，人在外地上班，一时回不去。",
        "agent: 到期前90天就可以办期满换证，手机上点期满换证。",
        "caller: 驾照在外地也能弄？",
    )
    made = drafted(*lines, kind="咨询", outcome="answer_now", topic="驾照")
    assert made.title == "咨询驾照期满换证"


def test_what_is_done_to_a_thing_is_said_with_it_after_a_breath(drafted):
    made = drafted("caller: 建议把路口那些临时停车位，这个给取消了。", kind="建议")
    assert made.title == "建议把路口那些临时停车位给取消"
    assert "停车位给取消" in made.summary


def test_a_procedure_that_was_named_once_may_have_been_said_in_passing(drafted):
    lines = ("caller: 想问一下驾照，能不能在外地补考？", "agent: 可以，期满换证也可以。")
    made = drafted(*lines, kind="咨询", outcome="answer_now", topic="驾照")
    assert "换证" not in made.title


def test_what_the_danger_was_called_is_the_title_where_no_clause_says_it(call_saying):
    call = call_saying(
        "caller: 我头都晕了，我妈还在屋里。", "agent: 您先下楼，燃气泄漏不能开灯。"
    )
    danger = Finding("urgency", "danger", 1, "燃气泄漏", 0.5, 1.0)
    call = replace(
        call,
        request_type=Decision("求助"),
        urgency=Decision("特急", findings=(danger,)),
        scope=Scope("emergency_transfer"),
    )
    assert draft(call).title == f"{URGENT}燃气泄漏"


def test_a_bare_address_is_no_title(drafted):
    made = drafted("caller: 我在桂花小区，楼下的路灯坏了。")
    assert "路灯坏" in made.title


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("agent: 您贵姓？", "caller: 姓孟。", "agent: 好的孟女士。"), "孟女士"),
        (("caller: 我叫林晓红。",), "林晓红"),
        (("caller: 那个张医生态度不好。",), ""),  # somebody else
        (("agent: 您贵姓？", "caller: 不方便说。"), ""),
        (("agent: 老人叫什么？", "caller: 白银生，银子的银。我叫白海。"), "白海"),
        (("agent: 老人叫什么？", "caller: 白银生，银子的银。"), ""),
        (("caller: 我姓周。", "agent: 周老师，您请讲。"), "周老师"),
        (("caller: 他不在。", "agent: 您找周老师，他管这个。"), ""),
    ],
)
def test_only_who_calls_is_named_as_the_caller(call_saying, profile, lines, name):
    tools = SimpleNamespace(profile=profile)
    found = caller(entities(normalize(call_saying(*lines), tools), tools))
    assert (found.normal if found else "") == name


def test_a_wish_that_goes_on_after_a_breath_is_told_whole(drafted):
    made = drafted("caller: 孩子没考好，能不能给这些孩子，再组织一次考试？", kind="求助")
    assert "希望给这些孩子，再组织一次考试" in made.summary


def test_questions_about_the_talk_are_not_told_of_a_complaint(drafted):
    made = drafted("caller: 楼下的垃圾堆了三天没人清，你们几点下班？")
    assert "几点下班" not in made.summary and "垃圾" in made.summary


def test_what_the_caller_affirmed_is_the_title_where_nothing_was_summed_up(drafted):
    lines = (
        "agent: 您好，请讲。",
        "caller: 那个打针的本本，娃娃的，丢了咋办？",
        "agent: 是预防接种证丢了，对吗？",
        "caller: 对对对，接种证。",
    )
    assert drafted(*lines, kind="咨询", outcome="answer_now").title == "咨询预防接种证丢"


def test_a_noise_that_somebody_imitates_is_no_part_of_the_title(drafted):
    made = drafted("caller: 你好，楼下工地半夜还在打桩，轰轰轰轰的", "agent: 您说")
    assert "打桩" in made.title and "轰轰" not in made.title


def test_the_district_stays_where_places_have_to_go(drafted):
    lines = ("caller: 港北区金港大道荷悦幼儿园，门口的人行道堆满了车，走路过不去。",)
    title = drafted(*lines).title
    assert title.startswith("港北区") and len(title) <= TITLE_LENGTH


def test_what_is_not_taken_was_asked_for(drafted):
    made = drafted("caller: 能不能再组织一次高考？", kind="求助", outcome="decline_explain")
    assert made.title == "要求再组织一次高考（不予受理）"
    assert "要求" not in drafted("caller: 能不能再组织一次高考？", kind="求助").title


@pytest.mark.parametrize(
    ("kind", "opening"),
    [("表扬", "来电人表扬："), ("举报", "来电人举报："), ("投诉", "来电人反映：")],
)
def test_the_summary_opens_with_what_the_caller_does(drafted, kind, opening):
    lines = ("caller: 五路车的司机捡到包还给了我，拾金不昧，一分钱没动。",)
    assert drafted(*lines, kind=kind).summary.startswith(opening)
