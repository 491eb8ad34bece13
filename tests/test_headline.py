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
