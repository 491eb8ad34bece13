"""The rule language of qa.toml: operators, places, three-valued logic; what is refused."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from pipeline.domain.qaschema import Condition, QualityItem, Told
from pipeline.qa.conditions import View, evaluate
from pipeline.qa.examples import as_call, as_view
from pipeline.records import Choice

LAMP = ("A: 您好，请讲", "C: 新民路的路灯坏了三天", "A: 是哪一盏？", "C: 校门口那盏")


def item(when, **given):
    told = {
        "id": "own",
        "label": "自定",
        "good": False,
        "reason": "见到了",
        "when": when,
        "hit": ("x",),
        "miss": ("y",),
    }
    return QualityItem.model_validate(told | given)


def ask(when, *lines, **told):
    """The answer of one condition in a small dialogue."""
    made = item(when)
    return evaluate(made.when, as_view(made, Told(lines=lines or LAMP, **told)))


@pytest.mark.parametrize(
    ("when", "quotes"),
    [
        ({"words": ["您好", "哪一盏"]}, ["您好", "哪一盏"]),
        ({"words": ["路灯"]}, []),  # the caller's word
        ({"words": ["路灯"], "within": {"role": "caller"}}, ["路灯"]),
        ({"matches": ["哪.盏|请讲"]}, ["请讲", "哪一盏"]),
        ({"like": ["是哪一盏灯"]}, ["是哪一盏"]),
        ({"like": ["是哪一盏灯"], "least": 0.95}, []),
    ],
)
def test_words_patterns_and_like_sentences_are_found_in_the_roles_turns(when, quotes):
    answer = ask(when)
    assert [one.quote for one in answer.findings] == quotes
    assert answer.holds is bool(quotes)


def test_a_sentence_is_alike_in_other_characters_of_the_same_sound():
    assert ask({"like": ["请您消消气"]}, "A: 请您宵宵气").holds


@pytest.mark.parametrize(
    ("within", "turns"),
    [
        ({"at": "start", "turns": 1}, [0]),
        ({"at": "start", "seconds": 4}, [0, 2]),
        ({"at": "end", "turns": 1}, [4]),
        ({"role": "any", "at": "end", "turns": 2}, [3, 4]),
        ({}, [0, 2, 4]),
    ],
)
def test_a_place_is_so_many_turns_or_seconds_from_an_end(within, turns):
    lines = ("A@0: 一", "C@1: 二", "A@2: 三", "C@20: 四", "A@30: 五")
    answer = ask({"matches": ["."], "within": within}, *lines)
    assert [one.turn for one in answer.findings] == turns


@pytest.mark.parametrize(
    ("side", "turns", "holds"),
    [("before", 1, False), ("before", 2, True), ("after", 2, False), ("around", 2, True)],
)
def test_what_stands_beside_a_finding_is_looked_for_there_alone(side, turns, holds):
    beside = {"words": ["稍等"], "within": {"side": side, "turns": turns}}
    lines = ("A: 您稍等", "C: 好", "A: 查到了", "C: 请讲", "A: 再见")
    assert ask({"words": ["查到"], "also": beside}, *lines).holds is holds
    assert ask({"words": ["查到"], "unless": beside}, *lines).holds is not holds


def test_so_many_times_means_so_many_turns():
    lines = ("A: 您好", "C: 嗯", "A: 您请讲")
    assert ask({"words": ["您"], "times": 2}, *lines).holds
    assert not ask({"words": ["您"], "times": 3}, *lines).holds


YES, NO = {"words": ["您好"]}, {"words": ["没有的话"]}
OPEN = {"rate": {"over": 1}}  # less than three seconds of the agent: cannot be told


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"all": [YES, OPEN]}, None),
        ({"all": [NO, OPEN]}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [YES, OPEN]}, True),
        ({"any": [NO, OPEN]}, None),
        ({"not": NO}, True),
        ({"not": YES}, False),
        ({"not": OPEN}, None),
        ({**YES, "unless": OPEN}, None),
    ],
)
def test_answers_join_as_kleenes_logic_does(when, holds):
    assert ask(when, "A: 您好").holds is holds


@pytest.mark.parametrize(
    ("when", "lines", "holds"),
    [
        ({"silence": 20}, ("A@0: 稍等", "C@2: 好", "A@30: 好了"), True),
        ({"silence": 40}, ("A@0: 稍等", "C@2: 好", "A@30: 好了"), False),
        ({"barge_in": 0.5}, ("C@0: 我家的水管已经漏了好几天", "A@1: 哪个区"), True),
        ({"barge_in": 0.5}, ("A@0: 我们会转给水务部门去核实", "C@1: 要快"), False),
        (
            {"barge_in": 0.5, "within": {"role": "caller"}},
            ("A@0: 我们会转给水务部门去核实", "C@1: 要快"),
            True,
        ),
        ({"rate": {"over": 250}}, ("A: 我们会转给水务部门去核实处理并回复您",), True),
        ({"rate": {"under": 250}}, ("A: 我们会转给水务部门去核实处理并回复您",), False),
        ({"repeats": True}, ("A: 是哪条路呢？", "C: 新民路", "A: 您说是哪条路呢？"), True),
        ({"repeats": True}, ("A: 是哪条路呢？", "C: 新民路", "A: 请问您贵姓？"), False),
    ],
)
def test_what_words_do_not_show_is_measured(when, lines, holds):
    assert ask(when, *lines).holds is holds


@pytest.mark.parametrize(
    ("when", "told", "holds"),
    [
        ({"decided": {"urgency": ["特急"]}}, {"decided": {"urgency": "特急"}}, True),
        ({"decided": {"outcome": ["refer"]}}, {"decided": {"outcome": "refer"}}, True),
        ({"decided": {"scope": ["O8"]}}, {"decided": {"scope": "O8"}}, True),
        ({"decided": {"scope": ["O8"]}}, {"decided": {"scope": "O9"}}, False),
        ({"found": ["abuse.severe"]}, {"found": [("abuse.severe", 0)]}, True),
        ({"found": ["abuse.severe"]}, {"found": [("abuse.severe", 1)]}, False),
        ({"found": ["rude"]}, {"found": [("rude", 2)]}, True),
        ({"sums": {"act.decline": 2}}, {"sums": {"act.decline": 2.5}}, True),
        ({"sums": {"act.decline": 2}}, {"sums": {"act.decline": 1.5}}, False),
        ({"raised": ["emergency"]}, {"raised": ["emergency"]}, True),
        ({"raised": ["emergency"]}, {"raised": ["audio"]}, False),
    ],
)
def test_what_the_stages_before_found_can_be_asked_for(when, told, holds):
    assert ask(when, *LAMP, **told).holds is holds


def test_a_decision_that_is_not_sure_is_unknown():
    made = item({"decided": {"urgency": ["特急"]}})
    call = as_call(Told(lines=LAMP, decided={"urgency": "特急"}))
    call = replace(call, urgency=replace(call.urgency, sure=False))
    assert evaluate(made.when, View(call, made)).holds is None


@pytest.mark.parametrize(
    ("task", "label", "other", "wanted", "holds"),
    [
        ("request_type", "投诉", "求助", ["投诉", "求助"], True),
        ("request_type", "投诉", "求助", ["咨询"], False),
        ("request_type", "投诉", "求助", ["投诉"], None),
        ("outcome", "refer", "O9", ["refer", "decline_explain"], True),
        ("outcome", "refer", "answer_now", ["refer", "decline_explain"], None),
    ],
)
def test_an_unsure_decision_is_known_as_far_as_its_likely_values_agree(
    task, label, other, wanted, holds
):
    made = item({"decided": {task: wanted}})
    call = as_call(Told(lines=LAMP, decided={task: label}))
    field = "scope" if task == "outcome" else task
    unsure = replace(getattr(call, field), sure=False, others=(Choice(other, 0.3),))
    view = View(replace(call, **{field: unsure}), made, outcomes={"O9": "decline_explain"})
    assert evaluate(made.when, view).holds is holds


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("A: 您打幺二三四八咨询一下", True),
        ("A: 找社区的人民调解委员会", True),
        ("A: 找社区的人民条解委员会", True),  # as a recognizer may write it
        ("A: 您打12315", False),
    ],
)
def test_the_right_channel_is_named_by_its_number_or_its_name(line, holds):
    answer = ask({"names_referral": True}, line, referral="人民调解委员会；法律服务12348")
    assert answer.holds is holds


def test_without_a_referral_nobody_can_tell_whether_it_was_named():
    assert ask({"names_referral": True}).holds is None


def test_an_item_sees_another_one_whether_it_applies_or_not():
    made, other = item({"sees": ["other"]}), item({"words": ["您好"]}, id="other")
    assert evaluate(made.when, as_view(made, Told(lines=LAMP), (other, made))).holds


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({}, "exactly one"),
        ({"words": ["a"], "matches": ["b"]}, "exactly one"),
        ({"says": ["nowhere"]}, "no rule"),
        ({"matches": ["停水("]}, "停水("),
        ({"words": ["a"], "within": {"turns": 2}}, "at or side"),
        ({"words": ["a"], "within": {"at": "end"}}, "turns or seconds"),
        ({"all": [{"words": ["a"]}], "times": 2}, "times"),
        ({"silence": 20, "within": {"at": "end", "turns": 1}}, "whole call"),
        ({"decided": {"urgency": ["很急"]}}, "很急"),
        ({"decided": {"mood": ["好"]}}, "mood"),
        ({"found": ["abuse.bad"]}, "abuse.bad"),
        ({"rate": {}}, "under or over"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(when, told):
    with pytest.raises(ValidationError, match=told.replace("(", r"\(")):
        item(when)


def test_a_condition_says_by_its_operator_what_it_looks_at():
    assert Condition.model_validate({"not": {"words": ["a"]}}).operator == "not_"
