"""Turns that mean harm or insult without a word for it: they count where the classifier is all
but sure; where it only suspects harm a person is asked."""

import json
from pathlib import Path

import pytest
from faking import answer

from pipeline.config import load_config
from pipeline.domain.profile import load_profile
from pipeline.plan import JUDGE
from pipeline.stage import process
from pipeline.stages.unsaid import SURE
from pipeline.tools import Tools
from pipeline.training.dialogues import read_blocks
from pipeline.training.turns import read_turns

DIALOGUES = Path("models/dialogues")


@pytest.fixture(scope="module")
def tools():
    return Tools(load_config(), load_profile())


def asked(tools, *lines):
    judged = process(answer(1, *lines).call, JUDGE, tools)
    assert judged.failure is None
    return [flag for flag in judged.call.flags if flag.item == "possible_danger"]


VEILED = {
    "self_harm": "存折和钥匙我都留在抽屉里了，以后家里有事你们找我弟弟吧，我太累了不想再撑了",
    "violence": "你们几个住哪栋楼我都摸清楚了，明天我就在楼下等着，看看谁先躺着出去",
}
DOUBTFUL = "再不解决，我就坐到你们大厅里不走了，看谁狠"


@pytest.mark.parametrize("kind", VEILED)
def test_a_veiled_threat_is_one_with_its_turn(kind, tools):
    said = answer(1, "agent: 您好，请讲", f"caller: {VEILED[kind]}").call
    judged = process(said, JUDGE, tools)
    found = judged.call.abuse
    assert (found.level, found.threat_kind, found.who) == ("threat", kind, ("caller",))
    assert [(one.turn, one.rule) for one in found.findings] == [(1, "model:turns")]
    assert found.findings[0].name == VEILED[kind]  # what people are shown
    assert len(set(judged.call.scope.findings)) == len(judged.call.scope.findings)
    (flag,) = [flag for flag in judged.call.flags if flag.item == kind]
    assert (flag.severity, flag.findings) == ("alert", found.findings)
    assert "没有明说" in flag.reason
    assert not [flag for flag in judged.call.flags if flag.item == "possible_danger"]
    urgent = (judged.call.urgency.value, judged.call.scope.outcome)
    assert (urgent == ("特急", "emergency_transfer")) == (kind == "self_harm")


def test_of_a_doubtful_turn_a_person_is_asked(tools):
    (flag,) = asked(tools, "agent: 您好，请讲", f"caller: {DOUBTFUL}")
    assert [found.turn for found in flag.findings] == [1]
    assert flag.findings[0].value == "violence"
    assert heard(tools, f"caller: {DOUBTFUL}").level == "none"


@pytest.mark.parametrize(
    "words",
    [
        "我们小区路灯坏了三天了，麻烦派人来修一下",
        "医保报销要带什么材料，去哪个窗口办",
        "谢谢你啊，辛苦了",
        "我。",
    ],
)
def test_ordinary_turns_ask_nobody(words, tools):
    assert not asked(tools, "agent: 您好，请讲", f"caller: {words}")
    assert heard(tools, f"caller: {words}").level == "none"


def heard(tools, *lines):
    return process(answer(1, *lines).call, JUDGE, tools).call.abuse


def test_an_insult_without_a_swear_word_is_a_mild_one_with_its_words(tools):
    words = "路灯坏了三天了，我家鹦鹉都比你会说话，你们单位就招这样的"
    found = heard(tools, "agent: 您好，请讲", f"caller: {words}")
    assert (found.level, found.who) == ("mild", ("caller",))
    (said,) = found.findings
    assert (said.turn, said.rule) == (1, "model:turns")
    assert said.quote == "我家鹦鹉都比你会说话"
    assert said.score >= SURE


@pytest.mark.parametrize(
    "words",
    [
        "你们办事太慢了，我等了三个月，再没人来我就找市长",
        "他当着一屋子人骂我，说他家鹦鹉都比我会说话",
        "隔壁猪场臭得窗户都不敢开，一窝老鼠满院子跑",
        "我脑子笨，没文化，你慢点说",
    ],
)
def test_anger_without_an_insult_is_none(words, tools):
    assert heard(tools, "agent: 您好，请讲", f"caller: {words}").level == "none"


def test_what_an_agent_says_is_left_to_the_rules(tools):
    assert heard(tools, "agent: 我家鹦鹉都比你会说话", "caller: 路灯坏了").level == "none"


@pytest.mark.parametrize("words", VEILED.values())
def test_agents_threaten_nobody(words, tools):
    assert heard(tools, f"agent: {words}", "caller: 路灯坏了").level == "none"


def test_agents_are_not_asked_about(tools):
    assert not asked(tools, f"agent: {DOUBTFUL}", "caller: 路灯坏了")


def test_a_threat_that_rules_know_is_not_told_twice(tools):
    open_words = "caller: 你们不管我就从楼上跳下去，我不想活了"
    assert not asked(tools, "agent: 您好", open_words, f"caller: {DOUBTFUL}")


def test_of_a_call_with_a_threat_only_its_turns_are_learnt(tmp_path):
    told = {"threat": "violence", "abuse_turns": [2]}
    lines = [
        f"# {json.dumps(told)}",
        "A:您好请讲",
        "C:我要问个事情",
        "C:我明天带刀过来",
        "A:请冷静",
    ]
    (tmp_path / "one.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "danger.jsonl").write_text('{"text": "气死我了", "label": "none"}\n', "utf-8")
    (tmp_path / "insults.jsonl").write_text("", "utf-8")
    assert read_turns(tmp_path) == [("气死我了", "none"), ("我明天带刀过来", "violence")]


def test_turns_that_insult_are_the_callers_own(tmp_path):
    for name in ("danger.jsonl", "insults.jsonl"):
        (tmp_path / name).write_text("", "utf-8")
    for who, kinds in (["caller"], ["none", "insult"]), (["agent"], ["none"]):
        told = {"threat": None, "abuse_turns": [1], "who": who}
        lines = [f"# {json.dumps(told)}", "C:我要问个事情", "C:你们都是木头", "A:请讲"]
        (tmp_path / "one.txt").write_text("\n".join(lines), encoding="utf-8")
        assert [label for _, label in read_turns(tmp_path)] == kinds


def test_the_held_dialogues_are_not_learnt_from():
    files = sorted((DIALOGUES / "held").glob("*.txt"))
    held = {turn.text for path in files for _, turns in read_blocks(path) for turn in turns}
    assert len(files) == 15
    learnt = {text for text, _ in read_turns(DIALOGUES)}
    assert not {text for text in held & learnt if len(text) > 12}
