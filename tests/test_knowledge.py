"""Inquiries are answered from the knowledge base; an answer that says otherwise is flagged."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from pipeline.contradiction import contradicting
from pipeline.domain.schema import Answer, Checked
from pipeline.lookup import SHOWN, lookup
from pipeline.records import Decision, Metadata, Scope
from pipeline.stages.knowledge import ITEM, knowledge

RULES = "领取图书证要交押金100元，自申请之日起15日内发放。图书不能带出本市。外地读者不收押金。"
CARD = Answer(
    id="card",
    question="图书证怎么领取？",
    also=("领图书证要多少押金",),
    answer=RULES,
    source="馆规",
)
QUESTIONS = ("路灯不亮找哪个部门？", "公园几点关门？", "停车位怎么申请？", "校车线路怎么查？")
OTHERS = tuple(
    Answer(id=f"o{n}", question=words, answer="以公告为准。", source="公告")
    for n, words in enumerate(QUESTIONS)
)


@pytest.fixture
def asked(call_saying, profile):
    """asked(*lines, kind=..., **entry): the call after the stage, on 9 March 2026."""

    def make(*lines, kind="咨询", outcome="answer_now", **entry):
        call = call_saying(*lines)
        known = Metadata(started_at="2026-03-09T09:30:00")
        call = replace(
            call,
            recording=replace(call.recording, metadata=known),
            request_type=Decision(kind),
            scope=Scope(outcome),
        )
        entries = (CARD.model_copy(update=entry), *OTHERS)
        tools = SimpleNamespace(profile=replace(profile, knowledge=entries))
        return knowledge(call, tools)

    return make


ASKING = "caller: 你好，我想问一下领取图书证怎么办，押金多少？"


def test_the_nearest_entry_comes_first_with_the_turn_that_asked(asked):
    call = asked("agent: 您好。", ASKING)
    (best,) = call.answers
    assert (best.id, best.source, best.expired) == ("card", "馆规", False)
    assert best.score >= 0.5 and best.findings[0].turn == 1


@pytest.mark.parametrize("words", ["我想问一下怎么办？", "图书馆在哪里？", "喂，你好。"])
def test_words_of_asking_alone_find_nothing(asked, words):
    assert asked(f"caller: {words}").answers == ()


def test_only_inquiries_and_what_was_answered_at_once_are_looked_up(asked):
    assert asked(ASKING, kind="投诉", outcome="accept_dispatch").answers == ()
    assert asked(ASKING, kind="求助").answers


def test_an_entry_that_no_longer_holds_is_marked_and_held_against_nobody(asked):
    lines = (ASKING, "agent: 图书可以带出本市。")
    days = (date(2026, 3, 8), date(2026, 3, 9))
    over, last = (asked(*lines, valid_until=day) for day in days)
    assert over.answers[0].expired and not last.answers[0].expired
    assert not over.flags and last.flags


@pytest.mark.parametrize(
    ("checked", "day"),
    [(None, None), (Checked(day=date(2026, 3, 1), text="馆刊"), "2026-03-01")],
)
def test_what_nobody_compared_with_a_published_text_says_so(asked, checked, day):
    call = asked(ASKING, "agent: 图书可以带出本市。", checked=checked)
    assert call.answers[0].checked == day
    assert ("待核实" in call.flags[0].reason) == (day is None)


def test_no_more_entries_are_shown_than_are_read():
    assert len(lookup("".join(QUESTIONS), (CARD, *OTHERS))) == SHOWN < len(QUESTIONS)


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("领取图书证押金是200元。", "押金是200元"),
        ("自申请之日起30日内发放。", "自申请之日起30日内发放"),
        ("图书可以带出本市。", "图书可以带出本市"),
        ("外地读者要收押金的。", "外地读者要收押金的"),
    ],
)
def test_another_number_or_the_opposite_contradicts(asked, said, clause):
    call = asked(ASKING, f"agent: {said}")
    (flag,) = [f for f in call.flags if f.item == ITEM]
    assert flag.severity == "review" and "馆规" in flag.reason
    assert clause in flag.findings[0].quote or flag.findings[0].quote in said


@pytest.mark.parametrize(
    "said",
    [
        "领取图书证押金是100元。",
        "自申请之日起15日内发放。",
        "图书不能带出本市。",
        "图书能不能带出本市我帮您问。",  # a question
        "一年有200元的补贴。",  # of something else
        "押金可能200元，不对，领取图书证押金是100元。",  # set right at once
        "办理需要30分钟。",  # another unit
    ],
)
def test_the_same_a_question_or_another_matter_does_not_contradict(said):
    assert list(contradicting(RULES, [said])) == []


def test_every_entry_of_the_default_profile_is_found_by_its_own_question(profile):
    for entry in profile.knowledge:
        for words in (entry.question, *entry.also):
            found = [one.id for one, _ in lookup(words, profile.knowledge)]
            assert not found or entry.id in found, words
        assert lookup(entry.question, profile.knowledge)[0][0].id == entry.id
