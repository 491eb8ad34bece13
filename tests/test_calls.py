"""The classifier of whole calls, the dialogues it learns from, and settling."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bag import Bag
from models.base import ModelUnavailable
from models.calls import WHOLE, CallClassifier, Head, Reader, levelled
from models.certainty import Certainty
from models.linear import FILE, quantized
from pipeline import whysheet
from pipeline.config import load_config
from pipeline.plan import JUDGE
from pipeline.records import Abuse, Call, Decision, Finding, Recording, Scope, Turn
from pipeline.stage import process
from pipeline.stages.alerts import alerts
from pipeline.stages.settle import TASKS, settle, told, weighed
from pipeline.tools import Tools
from pipeline.training import calls as training
from pipeline.training.dialogues import read_dialogues
from pipeline.training.resume import Steps

WORDS = ("路灯", "不亮", "谢谢", "法院")
SAID_BY_CALLER = ("caller:法院",)
LABELS = {
    "request_type": ("投诉", "表扬"),
    "urgency": ("一般", "特急"),
    "emotion_start": ("不满", "平静"),
    "emotion_end": ("不满", "感谢"),
    "scope": ("accept_dispatch", "O1"),
    "department": ("-", "供电"),
}


def head(labels, rows, *, thresholds=None):
    """rows: n-gram or sign -> what it adds to the logit of each label."""
    names = [*WORDS, *SAID_BY_CALLER, "type.投诉"]
    matrix = np.array([rows.get(name, (0.0, 0.0)) for name in names])
    weights, scale = quantized(matrix)
    certainty = Certainty(thresholds or {0.05: 0.9, 0.2: 0.8}, {0.9: 0.2})
    return Head(labels, weights, scale, np.zeros(2, dtype=np.float32), certainty)


def model(**rows):
    """A classifier in which every head leans to its first label but for what `rows` say."""
    heads = {
        task: head(labels, {"路灯": (4.0, 0.0), **rows.get(task, {})})
        for task, labels in LABELS.items()
    }
    bag = Bag(WORDS, np.ones(len(WORDS)), longest=2)
    views = {WHOLE: np.arange(len(WORDS)), "caller": np.array([WORDS.index("法院")])}
    return CallClassifier(Reader(bag, views, ["type.投诉"], least_known=0.1), heads)


def tools(**rows):
    return Tools(load_config(), _profile(), calls=model(**rows))


def _profile():
    from pipeline.domain.profile import load_profile

    return load_profile()


def call(text="路灯不亮", **known):
    turn = Turn(1.0, 3.0, "caller", text, text, times=tuple(1.0 + i for i in range(len(text))))
    return replace(Call(Recording("ab" * 32, "a.wav"), turns=(turn,)), **known)


def test_a_file_gives_back_the_same_answers(tmp_path):
    made = model(scope={"法院": (0.0, 9.0)})
    with (tmp_path / FILE).open("wb") as file:
        made.write(file)
    back = CallClassifier.load(tmp_path)
    for one in (made, back):
        read = one.read({WHOLE: "路灯不亮，法院"}, {"type.投诉": 2.0})
        assert one.answer("scope", read)[0].name == "O1"
    assert back.heads["scope"].certainty == made.heads["scope"].certainty
    again = io.BytesIO()
    back.write(again)
    assert again.getvalue() == (tmp_path / FILE).read_bytes()


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"PK nothing")
    with pytest.raises(ModelUnavailable, match=str(tmp_path)):
        CallClassifier.load(tmp_path)


def test_a_sign_weighs_like_a_word_and_no_more_than_its_limit():
    made = model(scope={"type.投诉": (0.0, 60.0)})
    plain = made.answer("scope", made.read({WHOLE: "路灯"}, {}))
    swayed = made.answer("scope", made.read({WHOLE: "路灯"}, {"type.投诉": 6.0}))
    assert (plain[0].name, swayed[0].name) == ("accept_dispatch", "O1")
    assert levelled({"x": 6.0}) == levelled({"x": 600.0})


def test_why_names_words_and_signs_that_spoke_for_the_label():
    made = model(scope={"法院": (0.0, 9.0), "type.投诉": (0.0, 60.0)})
    why = made.why("scope", made.read({WHOLE: "路灯，法院"}, {"type.投诉": 3.0}), "O1")
    assert {one.words for one in why} == {"法院", "[type.投诉]"}


def test_a_word_weighs_by_whose_it_is():
    made = model(scope={"caller:法院": (0.0, 9.0)})
    court = {WHOLE: "路灯，法院", "caller": "路灯，法院"}
    unsaid = {WHOLE: "路灯，法院", "caller": "路灯"}
    first = [made.answer("scope", made.read(told, {}))[0].name for told in (court, unsaid)]
    assert first == ["O1", "accept_dispatch"]
    assert made.why("scope", made.read(court, {}), "O1")[0].words == "法院"


def test_views_are_of_each_side_and_of_the_callers_edges():
    sides = (
        ("agent", "您好"),
        ("caller", "一"),
        ("ivr", "请按一"),
        ("unknown", "二"),
        ("caller", "三"),
    )
    turns = tuple(Turn(0.0, 1.0, speaker, text, text) for speaker, text in sides)
    assert told(replace(call(), turns=turns)) == {
        "whole": "您好。一。二。三",
        "agent": "您好",
        "caller": "一。二。三",
        "opening": "一。二",
        "ending": "二。三",
    }


def test_the_model_decides_and_shows_the_words_it_went_by():
    decided = settle(call("法院的路灯不亮"), tools(scope={"法院": (0.0, 20.0)}))
    assert (decided.scope.code, decided.scope.outcome) == ("O1", "refer")
    assert decided.scope.referral and decided.scope.confidence > 0.9
    said = [f for f in decided.scope.findings if f.normal == "法院"]
    assert (said[0].turn, said[0].start, said[0].rule) == (0, 1.0, "model:calls")
    assert decided.departments == ()


def test_a_scope_that_the_rules_share_shows_the_words_as_well():
    decided = settle(call(scope=Scope("accept_dispatch")), tools())
    assert [f.quote for f in decided.scope.findings] == ["路灯不亮"]


def test_an_appeal_that_is_taken_goes_to_a_unit_and_its_domain():
    decided = settle(call(), tools(department={"路灯": (0.0, 8.0)}))
    assert [unit.value for unit in decided.departments] == ["供电"]
    assert decided.domain.value == next(
        unit.domain for unit in _profile().departments if unit.id == "供电"
    )


def test_the_rules_second_unit_stays_beside_the_lead():
    two = (Decision("城管"), Decision("住建"))
    decided = settle(call(departments=two), tools(department={"路灯": (0.0, 8.0)}))
    assert [unit.value for unit in decided.departments] == ["供电", "城管"]


def test_a_danger_to_life_is_taken_for_one_below_an_even_chance():
    decided = settle(call("路灯"), tools(urgency={"路灯": (1.0, 0.5)}))
    assert decided.urgency.value == "特急" and decided.urgency.confidence < 0.5


def test_a_life_in_danger_stays_an_emergency_whatever_the_words():
    hurting = Abuse("threat", ("caller",), "self_harm")
    ruled = Scope("emergency_transfer", code="E1", reason="警务紧急")
    decided = settle(call(abuse=hurting, scope=ruled), tools())
    assert decided.scope.outcome == "emergency_transfer" and decided.urgency.value == "特急"


def test_an_answer_below_the_threshold_asks_a_person_with_both_answers():
    made = tools(request_type={"路灯": (1.0, 0.0)})
    decided = settle(call("路灯"), made)
    assert decided.request_type.sure is False
    assert decided.request_type.others[0].value == "表扬"
    flag = next(f for f in alerts(decided, made) if f.item == "unsure_request_type")
    assert flag.severity == "review" and "投诉" in flag.reason and "表扬" in flag.reason


def test_a_sure_answer_asks_nobody():
    made = tools(department={"路灯": (0.0, 8.0)})
    assert not [f for f in alerts(settle(call("路灯"), made), made) if "unsure" in f.item]


@pytest.mark.parametrize("text", ["hello, can you hear me at all", "龘靐齉爩鱻麤龗灪"])
def test_what_is_unlike_every_call_is_refused_and_left_to_a_person(text):
    decided = settle(call(text, request_type=Decision("求助")), tools())
    assert decided.request_type == Decision("求助", sure=False)


def test_a_written_appeal_keeps_what_the_rules_decided():
    written = call(request_type=Decision("咨询"))
    turns = tuple(replace(turn, source="text") for turn in written.turns)
    written = replace(written, turns=turns)
    assert settle(written, tools()) == written


def test_where_only_the_agent_is_heard_the_rules_stand():
    silent = call()
    silent = replace(silent, turns=tuple(replace(t, speaker="agent") for t in silent.turns))
    assert settle(silent, tools()) == silent


def test_without_weights_nothing_changes():
    bare = Tools(load_config(), _profile(), calls=None)
    assert settle(call(), bare) == call()


def test_why_is_printed_with_probability_words_and_rules():
    made = tools(scope={"法院": (0.0, 20.0)})
    decided = settle(call("法院的路灯不亮", signs=(("scope.O1", 2.5),)), made)
    printed = whysheet.show(decided, _profile())
    flat = ["|".join(row) for row in printed.rows]
    assert any(line.startswith("受理判断|诉讼仲裁") for line in flat)
    assert any("|法院（法院的路灯不亮）|#0" in line for line in flat)
    assert any("规则合计：诉讼仲裁" in line and "2.5" in line for line in flat)


def test_numbers_are_masked_in_why():
    found = Finding("request_type", "x", 0, "打13907751234", 0.0, 1.0)
    shown = call(request_type=Decision("投诉", findings=(found,)))
    assert "13907751234" not in str(whysheet.show(shown, _profile()).rows)
    assert "13907751234" in str(whysheet.show(shown, _profile(), unmasked=True).rows)


DIALOGUE = """\
# {"type":"%s","outcome":"%s","code":null,"dept":["%s"],"also":[],"urgency":"一般",\
"start":"不满","end":"%s","abuse":"none","who":[],"threat":null,"abuse_turns":[],"quoted_turns":[],"qa":[]}
A:您好，请问有什么可以帮您？
C:%s，%s
A:好的，给您登记。
"""


def written(folder: Path, name: str, kinds: int = 12) -> None:
    blocks = []
    for i in range(kinds):
        more = "从第" + "一二三四五六七八九十百千"[i % 12] + "天起"
        blocks.append(
            DIALOGUE % ("投诉", "accept_dispatch", "城管", "不满", "路灯不亮太黑了", more)
        )
        blocks.append(
            DIALOGUE % ("表扬", "answer_now", "供电", "感谢", "来电表扬师傅修得快", more)
        )
    (folder / f"{name}.txt").write_text("\n".join(blocks), encoding="utf-8")


def test_dialogues_are_read_with_roles_times_and_labels(tmp_path):
    written(tmp_path, "one", 1)
    first = read_dialogues(tmp_path)[0]
    assert [turn.speaker for turn in first.call.turns] == ["agent", "caller", "agent"]
    assert first.call.turns[1].start > first.call.turns[0].end
    assert first.labels["scope"] == "accept_dispatch" and first.group == "one"


def test_a_damaged_dialogue_is_named(tmp_path):
    (tmp_path / "x.txt").write_text('# {"type": 1}\nA:您好\n\nB', encoding="utf-8")
    with pytest.raises(ModelUnavailable, match=r"x\.txt 第 0 段"):
        read_dialogues(tmp_path)


def test_training_learns_what_the_labels_say_and_is_repeatable(tmp_path):
    for name in ("one", "two", "three"):
        written(tmp_path, name)
    examples = read_dialogues(tmp_path)
    bare = Tools(load_config(), _profile(), calls=None)
    made = [
        training.fit(examples, bare, Steps(tmp_path / str(n), 40, lambda *_: None))
        for n in range(2)
    ]
    files = [io.BytesIO(), io.BytesIO()]
    for one, file in zip(made, files, strict=True):
        one.model.write(file)
    assert files[0].getvalue() == files[1].getvalue()
    model = made[0].model
    judged = process(examples[1].call, training.RULES, bare).call
    read = model.read(told(judged), weighed(judged))
    assert model.answer("request_type", read)[0].name == "表扬"
    assert set(model.heads) == set(TASKS) - {"urgency", "emotion_start"}  # of one label only


def test_settling_comes_before_the_scorecard_reads_its_answers():
    names = [stage.__name__ for stage in JUDGE]
    assert names.index("department") < names.index("settle") < names.index("quality")
