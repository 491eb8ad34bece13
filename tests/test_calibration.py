"""What confidences are worth: promises of single calls, their sums, tables and the picture."""

import json
import xml.etree.ElementTree as ET

import pytest
from typer.testing import CliRunner

import cli
from pipeline.errors import InputInvalid
from pipeline.stages.settle import TASKS
from pipeline.training import reference
from pipeline.training.calibration import Promise, calibrate, calibration_rows, promises
from pipeline.training.curve import curves_svg, write_curves
from pipeline.training.evaluate import evaluate
from pipeline.training.metrics import compare
from pipeline.training.sheet import calibration_tables

LABEL = {
    "file": "a.wav",
    "request_type": "投诉",
    "department": ["城管"],
    "department_acceptable": ["住建"],
    "scope": {"in_scope": True, "reason": None, "outcome": "accept_dispatch", "code": None},
    "disposition": "派单",
    "urgency": "一般",
    "emotion": {"start": "不满", "end": "平静"},
}
ANSWER = {
    **LABEL,
    "status": "ok",
    "department": ["住建", "教育"],
    "confidence": {**dict.fromkeys(TASKS, 0.9), "hearing": 0.8},
    "alternatives": {"department": [{"value": "供电", "confidence": 0.1}]},
    "unsure": ["urgency"],
}


def promised(label, answer):
    found = promises(label, answer, list(compare(label, answer)))
    return {one.task: one for one in found}


def test_every_decision_with_a_confidence_is_a_promise():
    found = promised(LABEL, ANSWER)
    assert set(found) == set(TASKS)  # hearing is not a decision
    assert all(one.right for one in found.values())
    assert [task for task, one in found.items() if not one.sure] == ["urgency"]


def test_what_has_no_confidence_promises_nothing_unless_it_was_doubted():
    bare = {**ANSWER, "confidence": dict.fromkeys(TASKS), "unsure": ["department"]}
    found = promised(LABEL, bare)
    assert set(found) == {"department"}
    assert (found["department"].confidence, found["department"].sure) == (0.0, False)


def test_what_the_label_leaves_open_is_not_judged():
    assert set(promised({"file": "a.wav", "urgency": "一般"}, ANSWER)) == {"urgency"}


def test_a_failed_call_promises_nothing():
    assert promised(LABEL, {"file": "a.wav", "status": "failed"}) == {}


@pytest.mark.parametrize(
    ("wanted", "fine", "lead", "right", "held"),
    [
        (["城管"], ["住建"], "住建", True, True),
        (["供电"], [], "住建", False, True),  # among the alternatives
        (["教育"], [], "住建", False, False),  # the second unit is none of them
        ([], ["住建"], "住建", True, True),
        ([], [], "住建", False, False),  # wanted none: wrong, and no set could be right
    ],
)
def test_units_are_right_where_acceptable_and_held_where_shown(wanted, fine, lead, right, held):
    label = {**LABEL, "department": wanted, "department_acceptable": fine}
    one = promised(label, {**ANSWER, "department": [lead, "教育"]})["department"]
    assert (one.right, one.held) == (right, held)
    assert one.shown == (2 if wanted or fine else 0)


REFUSED = {"in_scope": False, "reason": "封建迷信", "outcome": "decline_explain", "code": "O9"}


@pytest.mark.parametrize(
    ("wanted", "answer", "right"),
    [
        (LABEL["scope"], {"in_scope": True, "outcome": "answer_now", "code": None}, False),
        (REFUSED, {**REFUSED, "outcome": "refer"}, True),  # the code is what is learnt
        (REFUSED, {**REFUSED, "reason": "民间纠纷", "code": "O8"}, False),
        (
            {**REFUSED, "reason_acceptable": ["民间纠纷"]},
            {**REFUSED, "reason": "民间纠纷", "code": "O8"},
            True,
        ),
        (  # a suggestion is one whatever its code
            {"in_scope": True, "outcome": "record_suggestion", "code": "O10"},
            {"in_scope": True, "outcome": "record_suggestion", "code": None},
            True,
        ),
        ({"in_scope": False, "reason": "封建迷信"}, REFUSED, True),  # a label of older form
        ({"in_scope": False, "reason": "民间纠纷"}, REFUSED, False),
        ({"in_scope": True, "reason": None}, REFUSED, False),
    ],
)
def test_scope_is_right_by_code_or_outcome_or_by_what_the_label_has(wanted, answer, right):
    found = promised({**LABEL, "scope": wanted}, {**ANSWER, "scope": answer})
    assert found["scope"].right is right


def test_a_label_without_outcome_is_judged_by_disposition_too():
    label = {**LABEL, "scope": {"in_scope": True, "reason": None}}
    for disposition, right in (("派单", True), ("直接答复", False)):
        answer = {**ANSWER, "disposition": disposition}
        assert promised(label, answer)["scope"].right is right


def rate(error, **more):
    """So many errors are put up with in every decision; in some more."""
    return lambda task: more.get(task, error)


def many(task="scope"):
    """100 promises of 0.95, of which 2 are broken; 100 of 0.55, half of them, all unsure."""
    high = [Promise(task, 0.95, i >= 2, True) for i in range(100)]
    return high + [Promise(task, 0.55, i >= 50, False) for i in range(100)]


def test_figures_of_promises_made_by_hand():
    (found,) = calibrate(many(), rate(0.1)).values()
    assert (found.calls, found.accuracy.value) == (200, 0.74)
    # 0.95 came true in 0.98, 0.55 in 0.5: gaps 0.03 and 0.05
    assert found.calibration_error.value == pytest.approx(0.04)
    assert found.calibration_error.low < 0.04 < found.calibration_error.high
    answered = found.answered
    assert (answered.threshold, answered.share.value) == (0.95, 0.5)
    assert answered.error.value == 0.02
    assert found.coverage.share.value == 0.5 and found.wanted_error == 0.1
    assert [(p.share, p.error) for p in found.curve] == [(0.5, 0.02), (1.0, 0.26)]
    assert found.shown is None


def test_a_decision_that_was_doubted_as_a_whole_is_answered_at_no_probability():
    doubted = [Promise("scope", 0.0, True, False) for _ in range(200)]
    found = calibrate([*many(), *doubted], rate(0.5))["scope"]
    assert found.accuracy.value == pytest.approx((148 + 200) / 400)
    assert found.calibration_error.value == pytest.approx(0.04)  # they promise nothing
    assert found.coverage.share.value == found.curve[-1].share == 0.5
    alone = calibrate(doubted, rate(0.05))["scope"]
    assert (alone.calibration_error, alone.answered.threshold, alone.curve) == (None, None, ())


def test_sets_are_counted_where_a_unit_is_right():
    shown = [(1, True), (3, True), (2, False), (0, False)]
    found = calibrate(
        [Promise("department", 0.9, True, True, *one) for one in shown], rate(0.05)
    )
    sets = found["department"].shown
    assert (sets.texts, sets.labels) == (3, 2.0)
    assert sets.held.value == pytest.approx(2 / 3) and sets.alone.value == pytest.approx(1 / 3)


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(LABEL, ensure_ascii=False), "utf-8")
    return path


def test_the_table_has_a_row_a_decision_and_one_of_the_units_shown(labels):
    found = evaluate(labels, [ANSWER], error=rate(0.1))
    assert found.value("calibration.scope") == pytest.approx(0.1)
    assert found.value("calibration.department_set") == 1.0
    told = json.loads(json.dumps(found.as_json(), ensure_ascii=False))["calibration"]
    assert list(told) == list(TASKS)
    assert told["scope"]["accuracy"]["value"] == 1.0 and told["scope"]["wanted_error"] == 0.1
    assert told["department"]["shown"]["labels"] == 2.0


def test_without_confidences_there_is_no_row_no_table_and_no_picture(labels, tmp_path):
    found = evaluate(labels, [{**ANSWER, "confidence": {}, "unsure": []}])
    assert not [row for row in found.rows if row.metric.startswith("calibration.")]
    assert found.calibration == {} and calibration_tables(found.calibration) == []
    with pytest.raises(InputInvalid, match=r"c\.svg"):
        write_curves(tmp_path / "c.svg", found.calibration)
    assert not (tmp_path / "c.svg").exists()


def test_tables_are_in_chinese_or_english():
    found = calibrate([*many(), Promise("department", 0.9, True, True, 2, True)], rate(0.05))
    chinese, english = (str(calibration_tables(found, lang)) for lang in ("zh", "en"))
    assert all(words in chinese for words in ("受理判断", "拿得准", "校准误差 ECE", "0.740"))
    assert "Units shown" in english and "Scope" in english
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in english)
    assert [row.label for row in calibration_rows(found)][0] == "校准误差 受理判断"


def test_the_picture_has_a_line_a_decision_within_its_frame_and_names_them_twice():
    found = calibrate([one for task in TASKS for one in many(task)], rate(0.05, scope=0.2))
    drawn = ET.fromstring(curves_svg(found))
    space = "{http://www.w3.org/2000/svg}"
    _, _, width, height = map(float, drawn.get("viewBox").split())
    lines = [p for p in drawn.findall(f"{space}path") if p.get("fill") == "none"]
    assert len(lines) == len({line.get("stroke") for line in lines}) == len(TASKS)
    assert len(drawn.findall(f"{space}circle")) == len(TASKS)
    texts = drawn.findall(f"{space}text")
    assert {"受理判断 Scope", "开始情绪 Emotion at start", "≤ 5%", "≤ 20%"} <= {
        t.text for t in texts
    }
    for text in texts:
        assert 0 <= float(text.get("x")) < width and 0 < float(text.get("y")) < height


def test_the_same_promises_give_the_same_bytes(tmp_path):
    found = calibrate(many(), rate(0.05))
    first = write_curves(tmp_path / "c.svg", found).read_bytes()
    assert write_curves(tmp_path / "c.svg", found).read_bytes() == first


def test_eval_prints_the_tables_in_either_language_and_draws(labels, monkeypatch):
    monkeypatch.setattr(reference, "judge_reference", lambda path, tools: [ANSWER])
    drawn = labels.with_name("c.svg")

    def lingsu(*words):
        return CliRunner().invoke(cli.app, ["eval", str(labels), "--reference", *words])

    done = lingsu("--lang", "en", "--curve", str(drawn))
    assert done.exit_code == 0, done.output
    assert "What confidences are worth" in done.stdout and "calibration.scope" in done.stdout
    assert "c.svg" in done.stderr and drawn.read_text("utf-8").startswith("<svg")
    assert "研判的把握" in lingsu().stdout
    assert json.loads(lingsu("--json").stdout)["calibration"]["scope"]["calls"] == 1
