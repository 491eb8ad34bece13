"""pipeline/training: text scores, marks and the table, on numbers worked out by hand."""

import json

import pytest

from pipeline.errors import InputInvalid
from pipeline.training.evaluate import evaluate
from pipeline.training.metrics import compare, departments, entities, hearing
from pipeline.training.score import Found, Share, Size, rows, wilson
from pipeline.training.textscore import (
    edits,
    for_cer,
    marks,
    rouge_l,
    same_person,
    same_thing,
    says,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("三千二百块钱", "3,200块钱"),
        ("幺三九，零零五幺", "139 0051"),
        ("四万六", "4.6万"),
        ("三千零二", "3002"),
        ("三千二", "3200"),
        ("百分之六十", "60%"),
        ("八点三十", "8:30"),
        ("一点五万", "15000"),
        ("臺灣線路！", "台湾线路"),
        ("ＡＰＰ打不开", "app打不开"),
        ("十五度", "15度"),
        ("一亿两千万", "1.2亿"),
    ],
)
def test_for_cer_gives_one_form_to_two_ways_of_writing(left, right):
    assert for_cer(left) == for_cer(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("三千零二", "三千二"), ("零零七", "七"), ("3.5", "35"), ("千万别来", "一千万别来")],
)
def test_for_cer_keeps_different_numbers_apart(left, right):
    assert for_cer(left) != for_cer(right)


def test_for_cer_leaves_words_that_only_hold_a_unit():
    assert for_cer("千万别找万家百货") == "千万别找万家百货"


def test_edits_counts_changes_against_the_reference_length():
    assert edits("路灯不亮了。", "路灯部亮") == (2, 5)  # one changed, one left out


@pytest.mark.parametrize(
    ("reference", "hypothesis", "counts"),
    [
        ("路灯坏了，请来修。", "路灯坏了请来修。", (2, 1, 1)),
        ("路灯坏了请来修", "路灯坏了，请来修", (0, 1, 0)),
        ("路灯坏了，请来修。", "路等坏了！请来休。", (1, 1, 1)),  # 修 and 休 are not compared
        ("，。", "路灯。", (0, 0, 0)),
    ],
)
def test_marks_are_compared_behind_what_both_texts_have(reference, hypothesis, counts):
    assert marks(reference, hypothesis) == counts


def test_rouge_l_is_the_f1_of_the_common_subsequence():
    assert rouge_l("路灯不亮", "路灯坏") == pytest.approx(2 * 2 / 7)
    assert rouge_l("", "路灯") == 0.0


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ("上个礼拜三", "上周三", True),
        ("五月十号", "5月10日", True),
        ("九号楼", "9日", False),
        ("两块二", "2.2元", True),
        ("柳林路", "城南区柳林路", True),
        ("林先生", "林", False),
        ("五十", "一百五十", False),
        ("13800000051", "138****0051", True),
        ("13800000051", "138****0052", False),
    ],
)
def test_same_thing_is_loose_containment_with_two_characters_at_least(wanted, got, same):
    assert same_thing(wanted, got) is same


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ("林", "林先生", True),
        ("林女士", "姓林", True),
        ("林晓红", "林晓红女士", True),
        ("林", "林晓红", False),
        ("林", "凌女士", False),
        ("老林", "林先生", False),
    ],
)
def test_a_surname_is_one_person_with_and_without_a_form_of_address(wanted, got, same):
    assert same_person(wanted, got) is same


def turn(speaker, start, end, text="好"):
    return {"speaker": speaker, "start_s": start, "end_s": end, "text": text}


def shares(marks, metric):
    own = [m for m in marks if isinstance(m, Share) and m.metric == metric]
    return sum(m.hits for m in own), sum(m.of for m in own)


def test_roles_are_judged_by_seconds_of_speech():
    wanted = [turn("agent", 0.0, 2.0), turn("caller", 2.0, 6.0)]
    got = [turn("agent", 0.0, 3.0), turn("caller", 3.0, 5.0)]
    marks = list(hearing(wanted, got))
    # agent 2 s right of 2; caller 2 s right of 4, of which 3 are covered
    assert shares(marks, "role_recall") == (400, 600)
    assert shares(marks, "role_accuracy") == (400, 500)


def test_boundaries_are_measured_after_joining_what_one_speaker_said():
    wanted = [turn("agent", 0.0, 2.0), turn("caller", 2.2, 3.0), turn("caller", 3.4, 6.0)]
    got = [turn("agent", 0.1, 2.0), turn("caller", 2.5, 6.4)]
    errors = sorted(round(m.value, 6) for m in hearing(wanted, got) if isinstance(m, Size))
    assert errors == [0.0, 0.1, 0.3, 0.4]


def test_a_call_without_answer_has_no_boundaries_but_loses_its_speech():
    marks = list(hearing([turn("agent", 0.0, 1.0, "您好")], []))
    assert shares(marks, "cer") == (2, 2)
    assert shares(marks, "role_recall") == (0, 100)
    assert shares(marks, "role_accuracy") == (0, 0)
    assert not [m for m in marks if isinstance(m, Size)]


@pytest.mark.parametrize(
    ("wanted", "fine", "got", "lead", "counts"),
    [
        (["城管"], ["住建"], ["城管", "住建"], 1.0, (1, 1, 1, 1)),
        (["城管"], ["住建"], ["住建"], 1.0, (1, 1, 1, 1)),
        (["城管"], [], ["教育", "城管"], 0.0, (1, 1, 2, 1)),
        (["住建", "教育"], [], ["教育"], 1.0, (2, 1, 1, 1)),
        (["城管"], [], [], 0.0, (1, 0, 0, 0)),
    ],
)
def test_an_acceptable_unit_stands_for_a_wanted_one(wanted, fine, got, lead, counts):
    label = {"department": wanted, "department_acceptable": fine}
    top, found = departments(label, {"department": got})
    assert (top.metric, top.hits) == ("department_top1", lead)
    assert (found.wanted, found.recalled, found.given, found.right) == counts


@pytest.mark.parametrize(("got", "right"), [([], 1.0), (["燃气"], 1.0), (["城管"], 0.0)])
def test_a_call_that_needs_no_unit_is_not_in_top1(got, right):
    label = {"department": [], "department_acceptable": ["燃气"]}
    first = next(departments(label, {"department": got}))
    assert (first.metric, first.hits) == ("department_none", right)


def test_one_address_may_cover_two_places():
    wanted = {"place": ["城南区", "柳林路", "三号楼"]}
    (found,) = entities(wanted, {"place": ["城南区柳林路", "老街"]})
    assert (found.wanted, found.recalled, found.given, found.right) == (3, 2, 2, 1)
    assert (found.missing, found.extra) == (("三号楼",), ("老街",))


def test_rows_give_precision_recall_and_f1():
    marks = [Found("abuse", 2, 1, 4, 1)]
    values = {r.metric: r.value for r in rows(marks, {"abuse": ("", "")})}
    assert values == {
        "abuse_precision": 0.25,
        "abuse_recall": 0.5,
        "abuse_f1": pytest.approx(1 / 3, abs=1e-4),
    }


def test_one_of_a_family_has_one_row():
    (row,) = rows([Found("qa.closing", 2, 1, 0, 0)], {"qa.closing": ("", "")})
    assert (row.metric, row.value, row.n) == ("qa.closing_f1", 0.0, 2)
    assert row.note == "精确率 –，召回率 0.50"


@pytest.mark.parametrize(
    ("text", "entity", "named"),
    [
        ("共欠2000元。", "两千块钱", True),
        ("上周三起停水", "上个礼拜三", True),
        ("停水", "停电", False),
    ],
)
def test_says_compares_folded_forms(text, entity, named):
    assert says(text, entity) is named


def test_wilson_interval_of_18_in_24():
    assert wilson(18, 24) == pytest.approx((0.551, 0.880), abs=1e-3)


LABEL = {
    "file": "audio/a.wav",
    "region": "贵港市",
    "district": None,
    "request_type": "投诉",
    "department": ["城管"],
    "department_acceptable": [],
    "scope": {"in_scope": False, "reason": "民间纠纷", "reason_acceptable": ["公序良俗"]},
    "disposition": "解释引导",
    "emotion": {"start": "不满", "end": "平静"},
    "abusive": {"level": "mild", "who": ["caller"], "threat_kind": None, "escalate": False},
    "urgency": "特急",
    "entities": {"place": ["柳林路"], "amount": ["三千二百元"]},
    "qa": {"greeting": True, "closing": False, "empathy": None},
    "ticket": {"title": "柳林路噪音", "summary": "柳林路夜间施工噪音扰民"},
    "turns": [turn("agent", 0.0, 2.0, "您好请讲"), turn("caller", 2.0, 4.0, "太吵了")],
}
RIGHT = {
    **LABEL,
    "file": "a.wav",
    "status": "ok",
    "scope": {"in_scope": False, "reason": "公序良俗"},
    "ticket": {
        **LABEL["ticket"],
        "fields": [
            {"key": "amount", "label": "金额", "value": "3200元", "required": True},
            {"key": "aim", "label": "诉求目的", "value": "未提及", "required": True},
        ],
    },
}


@pytest.fixture
def labels(tmp_path):
    def write(*lines):
        path = tmp_path / "labels.jsonl"
        path.write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), "utf-8")
        return path

    return write


def test_a_right_answer_has_no_mistakes_and_full_marks(labels):
    report = evaluate(labels(LABEL), [RIGHT])
    for metric in ("request_type", "scope_reason", "department_top1", "abuse_f1", "district"):
        assert report.value(metric) == 1.0, metric
    assert report.value("cer") == 0.0
    assert report.value("ticket_fields") == 0.5
    assert report.value("ticket_facts") == 1.0
    assert report.value("qa_macro_f1") == 1.0
    assert report.worst[0]["wrong"] == []


def test_an_undecided_qa_label_is_not_judged():
    metrics = {m.metric for m in compare(LABEL, RIGHT)}
    assert "qa.greeting" in metrics and "qa.empathy" not in metrics


def test_a_failed_call_is_judged_as_an_empty_answer(labels):
    report = evaluate(labels(LABEL), [{"file": "a.wav", "status": "failed"}])
    assert report.value("failed") == 1
    assert report.value("cer") == 1.0
    assert report.value("emergency_recall") == 0.0
    assert report.value("emergency_precision") is None


def test_a_missing_call_is_counted_and_not_judged(labels):
    report = evaluate(labels(LABEL, {**LABEL, "file": "b.wav"}), [RIGHT])
    assert (report.value("missing"), report.value("judged")) == (1, 1)
    assert report.value("request_type") == 1.0


def test_a_masked_object_is_compared_under_its_mask(labels):
    file = "20260714_081533_1007_13800000051_in.wav"
    label = {**LABEL, "file": f"audio/{file}", "entities": {"phone": ["13800000051"]}}
    masked = {"file": file.replace("0000", "****"), "entities": {"phone": ["138****0051"]}}
    masked["ticket"] = {"title": "", "summary": "来电号码138****0051"}
    report = evaluate(labels(label), [masked])
    assert report.value("judged") == 1
    assert report.value("entity.phone_f1") == report.value("ticket_facts") == 1.0


def test_the_call_with_most_mistakes_comes_first(labels):
    other = {**RIGHT, "file": "b.wav", "request_type": "咨询", "region": "包头市"}
    report = evaluate(labels(LABEL, {**LABEL, "file": "b.wav"}), [RIGHT, other])
    first = report.worst[0]
    assert (first["file"], first["mistakes"]) == ("b.wav", 2)
    assert {"metric": "request_type", "wanted": "投诉", "got": "咨询"} in first["wrong"]


def test_a_report_is_plain_json(labels):
    json.dumps(evaluate(labels(LABEL), [RIGHT]).as_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    "text", ["", "{not json", '{"call": 1}', "[1]", '{"file": "a", "turns": [{"text": "好"}]}']
)
def test_a_malformed_labels_file_is_refused_with_its_line(tmp_path, text):
    path = tmp_path / "labels.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputInvalid, match=r"labels\.jsonl"):
        evaluate(path, [])
