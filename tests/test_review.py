"""What people decide: checked against the profile, kept beside the machine's, off the queue."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from faking import answer
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

import cli
from pipeline import callsheet
from pipeline.errors import InputInvalid
from pipeline.export import export
from pipeline.records import Abuse, Decision, Flag, Scope
from pipeline.reviewing import Verdict, decide, waiting
from pipeline.store import erase, queries, reviews
from pipeline.store.store import Store

NUMBER = "13907750123"
SCHEMA = json.loads(Path("docs/schema.json").read_text(encoding="utf-8"))


def lingsu(*words: str):
    return CliRunner().invoke(cli.app, list(words))


def judged(number=1, *flags: str, **changes):
    """A call that the machine sends to 城管 as an ordinary complaint."""
    made = answer(number, "agent: 您好", "caller: 楼下路灯坏了", caller_number=NUMBER)
    decided = {
        "request_type": Decision("投诉", 0.9),
        "urgency": Decision("一般"),
        "scope": Scope("accept_dispatch"),
        "departments": (Decision("城管", 0.6),),
        "flags": tuple(
            Flag(name, "fail", "review", f"请看{name}") for name in flags or ("greeting",)
        ),
    }
    return replace(made, call=replace(made.call, **decided | changes))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


@pytest.fixture
def decided(store, profile):
    """decided("change", "department", "供电"): what is kept of it, on call 1."""
    store.save(judged(), heard=True)

    def make(what, item=None, to=None, reason=None, who="张三"):
        result = queries.result(store, "1")
        return decide(store, result, Verdict(what, item, to, reason), profile=profile, who=who)

    return make


@pytest.mark.parametrize(
    ("item", "typed", "kept"),
    [
        ("department", "供电", ("department", "城管", "供电")),
        ("承办单位", "无", ("department", "城管", "-")),
        ("scope", "O9", ("scope", "accept_dispatch", "O9")),
        ("受理判断", "诉讼仲裁", ("scope", "accept_dispatch", "O1")),
        ("scope", "O1 诉讼仲裁", ("scope", "accept_dispatch", "O1")),  # as lists show it
        ("scope", "直接解答", ("scope", "accept_dispatch", "answer_now")),
        ("scope", "紧急转接", ("scope", "accept_dispatch", "E1")),  # its only code
        ("urgency", "特急", ("urgency", "一般", "特急")),
        ("开始情绪", "愤怒", ("emotion_start", None, "愤怒")),
        ("abuse", "轻微不文明", ("abuse", "none", "mild")),
        ("qa.greeting", "通过", ("qa.greeting", "fail", "pass")),
    ],
)
def test_a_change_is_kept_as_judging_writes_it(decided, item, typed, kept):
    (one,) = decided("change", item, typed)
    assert (one.item, one.old, one.new) == kept


def test_departments_go_by_their_names_and_aliases(decided, profile):
    unit = next(unit for unit in profile.departments if unit.id == "供电")
    for typed in (unit.name, *unit.aliases):
        assert decided("change", "department", typed)[0].new == "供电"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("change", "department", "外星人"), "承办单位不能是.*可选：无承办单位、城管、"),
        (("change", "scope", "O99"), "受理判断不能是"),
        (("change", "天气", "晴"), "没有 '天气' 这一项"),
        (("change", "urgency", "一般"), "请用 accept"),  # that is what the machine said
        (("change", "urgency"), "--to"),
        (("change", None, "特急"), "--item"),
        (("accept", "urgency", "特急"), "--to"),
        (("reject", "urgency"), "--reason"),
        (("reject", "urgency", None, " "), "--reason"),
        (("reject", None, None, "不对"), "--item"),
        (("accept", "emotion_start"), "机器没有给出结论"),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_kept(decided, store, typed, why):
    with pytest.raises(InputInvalid, match=why):
        decided(*typed)
    assert reviews.of(store, queries.full_id(store, "1")) == []


def test_a_call_accepted_as_a_whole_leaves_what_somebody_changed(decided, store):
    decided("change", "department", "供电")
    kept = decided("accept", who="李四")
    assert {one.item for one in kept} == {
        *("request_type", "urgency", "scope", "abuse", ""),
    }
    counting = reviews.counting(store)[queries.full_id(store, "1")]
    assert (counting["department"].new, counting["department"].who) == ("供电", "张三")
    assert counting["urgency"].new == "一般"


def test_the_latest_decision_of_an_item_counts(decided, store):
    decided("change", "department", "供电")
    decided("accept", "department", who="李四")
    sha = queries.full_id(store, "1")
    assert [one.new for one in reviews.of(store, sha)] == ["供电", "城管"]
    assert reviews.counting(store, sha)[sha]["department"].who == "李四"


def test_no_later_judgement_touches_it(decided, store):
    decided("change", "department", "供电")
    store.save(replace(judged(departments=(Decision("水务"),)), judge_key="new"), heard=True)
    sha = queries.full_id(store, "1")
    assert queries.result(store, "1").call.departments[0].value == "水务"
    assert reviews.counting(store)[sha]["department"].old == "城管"
    assert reviews.counting(store)[sha]["department"].new == "供电"


def test_a_failed_call_can_only_be_changed(store, profile):
    store.save(answer(1, status="failed"), heard=True)
    failed = queries.result(store, "1")
    with pytest.raises(InputInvalid, match="没有给出结论"):
        decide(store, failed, Verdict("accept"), profile=profile, who="张三")
    kept = decide(
        store, failed, Verdict("change", "urgency", "紧急"), profile=profile, who="李"
    )
    assert (kept[0].old, kept[0].new) == (None, "紧急")


def test_what_was_forgotten_counts_no_more_even_when_the_call_comes_back(decided, store):
    decided("change", "department", "供电", "市民说的是电线")
    decided("accept")
    erase.forget(store, "1", who="王")
    assert reviews.counting(store) == {}
    store.remember([(judged().call.recording, ())])
    store.save(judged(), heard=True)
    assert reviews.counting(store) == {}
    assert len(list(waiting(store))) == 1


def test_the_queue_is_in_order_and_shortens_as_people_decide(store, profile):
    threat = Abuse("threat", ("caller",), "violence")
    store.save(judged(1, "unsure_department", "nature_altered"), heard=True)
    store.save(judged(2, "violence", abuse=threat), heard=True)
    store.save(judged(3, "unheard"), heard=True)

    def queue():
        return [
            (result.call.recording.sha256[0], [flag.item for flag in flags])
            for result, flags in waiting(store)
        ]

    def one(number, *typed):
        result = queries.result(store, number)
        decide(store, result, Verdict(*typed), profile=profile, who="张三")

    assert queue()[0] == ("2", ["violence"]) and len(queue()) == 3
    one("2", "accept", "abuse")
    one("1", "reject", "department", None, "不是这个单位")
    assert queue()[0] == ("1", ["unsure_department", "nature_altered"])  # still unknown
    one("1", "change", "department", "供电")
    assert queue()[0] == ("1", ["nature_altered"])
    one("3", "accept")  # nothing but the whole call says that somebody listened
    assert [number for number, _ in queue()] == ["1"]


def test_show_and_exports_have_the_persons_answer_beside_the_machines(decided, store, profile):
    decided("change", "department", "供电", f"打了{NUMBER}问过")
    decided("reject", "urgency", None, "看录音")
    decided("change", "qa.greeting", "通过")
    decided("accept")
    result = queries.result(store, "1")
    people = list(reviews.counting(store)[result.call.recording.sha256].values())
    tables = callsheet.show(result, profile, reviewed=people)
    flat = ["|".join(line) for table in tables for line in table.rows]
    at = next(i for i, line in enumerate(flat) if line.startswith("承办单位|城管 60%"))
    assert flat[at + 1].startswith("  人工复核|改为 供电|2") and "张三" in flat[at + 1]
    assert "139****0123" in flat[at + 1] and NUMBER not in "".join(flat)
    assert any(line.startswith("  人工复核|不对|") for line in flat)
    assert any(line.startswith("人工复核|确认 · 张三") for line in flat)
    assert any(line.startswith("    人工复核||改为 通过") for line in flat)


@pytest.mark.parametrize("unmasked", [False, True])
def test_the_export_keeps_to_its_schema_and_hides_numbers_in_reasons(
    decided, store, profile, unmasked
):
    decided("change", "department", "供电", f"打了{NUMBER}问过")
    decided("accept")
    written = io.StringIO()
    counting = reviews.counting(store)
    results = queries.results(store)
    export(results, "jsonl", profile, stream=written, reviewed=counting, unmasked=unmasked)
    plain = json.loads(written.getvalue())
    assert not list(Draft202012Validator(SCHEMA).iter_errors(plain))
    one = plain["reviewed"][0]
    assert (one["what"], one["old"], one["new"]) == ("change", "城管", "供电")
    assert plain["department"] == ["城管"]  # what the machine said stays
    assert (NUMBER in one["reason"]) == unmasked


def test_tables_have_a_column_of_what_people_decided(decided, store, profile):
    decided("change", "department", "供电")
    written = io.StringIO()
    counting = reviews.counting(store)
    export(queries.results(store), "csv", profile, stream=written, reviewed=counting)
    (line,) = csv.DictReader(io.StringIO(written.getvalue().lstrip("\ufeff")))
    assert line["人工复核"] == "承办单位 改为 供电（张三）"


def test_the_command_keeps_lists_and_queues(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "lingsu.db") as store:
        store.save(judged(1, "unsure_department"), heard=True)
    asked = ("change", "--item", "department", "--to", "供电", "--by", "张三")
    done = lingsu("review", "1", *asked, "--reason", f"回拨{NUMBER}")
    assert done.exit_code == 0 and "承办单位：城管 → 改为 供电 · 张三" in done.stderr
    listed = lingsu("review", "1")
    assert "改为 供电" in listed.stdout and "139****0123" in listed.stdout
    assert "Changed to" in lingsu("review", "1", "--lang", "en").stdout
    assert json.loads(lingsu("review", "1", "--json").stdout)[0]["who"] == "张三"
    assert json.loads(lingsu("review", "--queue", "--json").stdout) == []
    assert "改为 供电" in lingsu("show", "1").stdout
    assert json.loads(lingsu("export").stdout)["reviewed"][0]["new"] == "供电"
    assert json.loads(lingsu("show", "1", "--json").stdout)["reviewed"][0]["old"] == "城管"


def test_the_queue_is_printed_with_its_reason(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "lingsu.db") as store:
        for number in range(1, 24):
            store.save(judged(number, "unsure_department", "unheard"), heard=True)
    printed = lingsu("review", "--queue").stdout
    assert "请看unsure_department（另有 1 项）" in printed and "另有 3 通" in printed
    assert len(json.loads(lingsu("review", "--queue", "--json").stdout)) == 23


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("1", "--queue"),
        ("1", "--item", "department"),
        ("1", "maybe"),
        ("ff", "accept"),
        ("1", "reject", "--item", "urgency"),
    ],
)
def test_what_cannot_be_done_is_status_two(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "lingsu.db") as store:
        store.save(judged(), heard=True)
    assert lingsu("review", *words).exit_code == 2
