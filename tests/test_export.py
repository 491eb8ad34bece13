"""What leaves Lingsu: objects that keep to the schema, tables that open, whole files only."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipeline.errors import InputInvalid
from pipeline.export import export
from pipeline.export.rows import row
from pipeline.export.tables import columns
from pipeline.link.relations import NONE
from pipeline.records import (
    UNSAID,
    Abuse,
    CallResult,
    Correction,
    Decision,
    Dropped,
    Failure,
    Finding,
    Flag,
    KnownAnswer,
    Metadata,
    Overlap,
    Recording,
    Scope,
    Sound,
    Span,
    Talk,
    Ticket,
    TicketField,
    Voice,
)
from pipeline.store.reviews import Review
from pipeline.ticketsheet import answers

SCHEMA = json.loads(Path("docs/schema.json").read_text(encoding="utf-8"))
NUMBER = "13907750123"
FILE = f"20260714_081533_1007_{NUMBER}_in.wav"


def said(turn: int, quote: str, value: str = "", **more) -> Finding:
    return Finding("k", "rule-1", turn, quote, 5.0 * turn, 5.0 * turn + 1, value, **more)


@pytest.fixture
def result(call_saying, profile) -> CallResult:
    """A judged call in which each kind of decision has evidence."""
    call = call_saying(
        "agent: 您好，这里是12345热线",
        "caller: 你这个笨蛋，路灯坏了，我的手机是13907750123",
        "agent: 好的，再见",
    )
    metadata = Metadata(
        "20260714081533-1007", "2026-07-14T08:15:33", "1007", NUMBER, "in", shift="早班"
    )
    recording = Recording("ab" * 32, f"/calls/{FILE}", 15.004, 2, 8000, "pcm_alaw", metadata)
    address = TicketField("address", "事发地址", UNSAID, required=True)
    phone = TicketField("phone", "来电号码", NUMBER, findings=(said(1, NUMBER),))
    rude = said(1, "笨蛋", "mild")
    call = replace(
        call,
        recording=recording,
        sound=Sound("stereo", 1, snr_db=8.5, grade="poor", reasons=("noisy", "dropouts")),
        talk=Talk(
            Voice(8.0, 0.667, 195.0),
            Voice(4.0, 0.333),
            (Overlap(9.0, 9.5, "agent", 2, 1),),
            (Span(15.0, 40.0, "music"),),
        ),
        spans=(Span(0.0, 15.0), Span(15.0, 40.0, "music")),
        corrections=(Correction(6.0, 6.4, "录灯", "路灯", "language:1.8"),),
        dropped=(Dropped(10.5, 12.0, "repeats", "坏了坏了坏了"),),
        emotion_start=Decision("愤怒", 0.7, (said(1, "笨蛋"),)),
        emotion_end=Decision("平静"),
        abuse=Abuse("mild", ("caller",), findings=(rude,)),
        entities=(said(1, "幺三九零七七五零幺二三", "phone", normal=NUMBER),),
        request_type=Decision("投诉", 0.9, (said(1, "路灯坏了"),)),
        urgency=Decision("一般"),
        scope=Scope("accept_dispatch", findings=(said(1, "路灯坏了"),)),
        domain=Decision("城市管理"),
        departments=(Decision("城管", 0.8, (said(1, "路灯"),)), Decision("供电")),
        flags=(
            Flag("greeting", "pass", findings=(said(0, "您好"),)),
            Flag("forbidden_phrase", "pass"),
            Flag("abuse", "fail", "alert", "来电人辱骂", (rude,)),
        ),
        answers=(
            KnownAnswer("k", "问", "答", "出处", "2026-01-01", True, 0.7, (said(1, "坏"),)),
        ),
        ticket=Ticket(
            "路灯不亮", f"来电人（{NUMBER}）反映路灯坏了", (phone, address), ("事发地址",)
        ),
    )
    return CallResult(call, "ok", hear_key="h1", judge_key="j1")


def failed(result: CallResult) -> CallResult:
    bare = replace(result.call, ticket=None, scope=Scope(), turns=(), flags=())
    return CallResult(bare, "failed", Failure("load", "audio_unreadable", "bad", False))


def text(result: CallResult) -> CallResult:
    bare = Recording("0" * 64, "appeals.csv")
    call = replace(result.call, recording=bare, sound=Sound(), talk=None)
    return replace(result, call=call)


@pytest.mark.parametrize(
    "change", [lambda r: r, failed, text], ids=["judged", "failed", "text"]
)
@pytest.mark.parametrize("unmasked", [False, True])
def test_every_object_keeps_to_the_published_schema(result, profile, change, unmasked):
    plain = json.loads(json.dumps(row(change(result), profile, unmasked=unmasked)))
    errors = list(Draft202012Validator(SCHEMA).iter_errors(plain))
    assert [error.message for error in errors] == []
    assert list(plain) == SCHEMA["required"]  # one order, so that two exports can be compared


def test_the_schema_itself_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


def test_names_and_values_are_those_of_the_labelled_calls(result, profile):
    plain = row(result, profile, unmasked=True)
    assert plain["pbx_call_id"] == "20260714081533-1007"
    assert plain["started_at"] == "2026-07-14 08:15:33"
    assert plain["audio"]["layout"] == "agent_right"
    assert plain["audio"]["format"] == "alaw"
    assert plain["department"] == ["城管", "供电"]
    assert plain["audio"]["grade"] == "poor" and plain["audio"]["snr_db"] == 8.5
    assert plain["talk"]["agent"] == {"seconds": 8.0, "share": 0.667, "chars_per_minute": 195.0}
    assert plain["talk"]["overlaps"] == [
        {"start_s": 9.0, "end_s": 9.5, "who": "agent", "turn": 2}
    ]
    assert plain["talk"]["gaps"] == [{"start_s": 15.0, "end_s": 40.0, "kind": "music"}]
    assert plain["corrections"] == [
        {"start_s": 6.0, "end_s": 6.4, "heard": "录灯", "text": "路灯", "why": "language:1.8"}
    ]
    assert [gone["reason"] for gone in plain["dropped"]] == ["repeats", "music"]
    assert plain["disposition"] == "派单"
    assert plain["scope"]["in_scope"] is True
    assert plain["abusive"]["turns"] == [1]
    assert plain["turns"][1]["abuse"] == "mild"
    assert plain["entities"]["phone"] == [NUMBER]
    assert plain["ticket"]["missing"] == ["事发地址"]
    assert {
        "claim": "department:城管",
        "rule": "rule-1",
        "turn": 1,
        "quote": "路灯",
    }.items() <= next(
        e for e in plain["evidence"] if e["claim"].startswith("department")
    ).items()


@pytest.mark.parametrize(
    ("good", "verdict", "there"),
    [
        (True, "pass", True),
        (True, "fail", False),
        (False, "pass", False),  # passed because the bad thing was not done
        (False, "fail", True),
        (True, "not_applicable", None),
        (False, "insufficient_evidence", None),
    ],
)
def test_a_qa_item_says_whether_the_thing_was_there(result, profile, good, verdict, there):
    item = profile.qa[0].model_copy(update={"good": good})
    call = replace(result.call, flags=(Flag(item.id, verdict),))
    plain = row(replace(result, call=call), replace(profile, qa=(item,)))
    assert plain["qa"] == {item.id: there}


def test_numbers_are_masked_everywhere_unless_asked(result, profile):
    assert NUMBER not in json.dumps(row(result, profile), ensure_ascii=False)
    assert row(result, profile)["caller_number"] == "139****0123"
    assert row(result, profile)["file"] == "20260714_081533_1007_139****0123_in.wav"
    assert row(result, profile, unmasked=True)["caller_number"] == NUMBER


def test_hashes_are_never_masked(result, profile):
    digits = "1390775012345678" * 4
    recording = replace(result.call.recording, sha256=digits)
    result = replace(result, call=replace(result.call, recording=recording))
    assert row(result, profile)["sha256"] == digits


def test_a_failed_call_claims_nothing_that_no_stage_decided(result, profile):
    plain = row(failed(result), profile)
    assert plain["disposition"] is None
    assert plain["scope"]["outcome"] is None
    assert plain["needs_review"] is True
    assert plain["failure"]["code"] == "audio_unreadable"
    assert plain["abusive"]["level"] == "mild"  # found before the crash, so it stays


def test_a_call_that_failed_late_keeps_what_was_decided_before(result, profile):
    call = replace(result.call, ticket=None, departments=())
    late = CallResult(call, "failed", Failure("department", "stage_failed", "x", False))
    plain = row(late, profile)
    assert plain["disposition"] == "派单" and plain["ticket"] is None


def test_a_turn_tells_its_mood_where_one_was_judged(result, profile):
    call = replace(result.call, emotions=(said(1, "笨蛋", "愤怒"),))
    turns = row(replace(result, call=call), profile)["turns"]
    assert [turn["emotion"] for turn in turns] == [None, "愤怒", None]


def test_csv_opens_in_chinese_with_one_line_a_call(result, profile, tmp_path):
    out = tmp_path / "calls.csv"
    assert export([result, failed(result)], "csv", profile, out=out) == 2
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert table[0]["主办单位"] == "城管"
    assert table[0][profile.qa[0].label] == "是"
    assert table[0]["事发地址"] == UNSAID
    assert table[0]["音质"] == "差（噪声大、丢包）"
    assert (table[0]["话务员说话占比"], table[0]["话务员语速（字/分）"]) == ("0.667", "195.0")
    assert table[0]["来电人语速（字/分）"] == ""
    assert table[1]["失败原因"] == "audio_unreadable"


def test_xlsx_has_a_frozen_header_filters_and_real_times(result, profile, tmp_path):
    from openpyxl import load_workbook

    out = tmp_path / "calls.xlsx"
    export([result, failed(result)], "xlsx", profile, out=out)
    sheet = load_workbook(out).active
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith("3")
    assert [c.value for c in sheet[1]] == list(columns(profile))
    assert sheet["C2"].value.year == 2026


def test_the_table_has_a_column_for_every_qa_item_of_a_city(profile):
    own = profile.qa[0].model_copy(update={"id": "own", "label": "本市自定的一项"})
    assert "本市自定的一项" in columns(replace(profile, qa=(*profile.qa, own)))
    assert "本市自定的一项" not in columns(profile)


def test_srt_has_roles_and_times(result, profile):
    stream = io.StringIO()
    export([result], "srt", profile, stream=stream)
    assert stream.getvalue().startswith(
        "1\n00:00:00,000 --> 00:00:04,000\n话务员：您好，这里是12345热线\n\n2\n"
    )


def test_txt_is_a_dialogue_with_minutes(result, profile):
    stream = io.StringIO()
    export([result, failed(result)], "txt", profile, stream=stream)
    assert "[00:05] 来电人：你这个笨蛋，路灯坏了，我的手机是139****0123\n" in stream.getvalue()
    assert "处理失败：audio_unreadable" in stream.getvalue()


def test_dialogues_of_several_calls_become_a_folder_of_files(result, profile, tmp_path):
    other = replace(result, call=replace(result.call, recording=Recording("cd" * 32, FILE)))
    export([result, other], "srt", profile, out=tmp_path)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert len(names) == 2 and not any(NUMBER in name for name in names)
    with pytest.raises(InputInvalid):
        export([result, other], "srt", profile, stream=io.StringIO())


def test_tickets_are_flat_work_orders_without_failed_calls(result, profile):
    stream = io.StringIO()
    export([result, failed(result)], "tickets", profile, stream=stream)
    (order,) = map(json.loads, stream.getvalue().splitlines())
    assert order["标题"] == "路灯不亮"
    assert order["事发地址"] == UNSAID
    assert order["来电号码"] == "139****0123"
    assert order["要素缺失清单"] == "事发地址"


def test_every_appeal_of_a_call_leaves_as_an_order_of_its_own(result, profile):
    other = Ticket("电梯困人", "来电人反映电梯困人")
    both = replace(result, call=replace(result.call, more_tickets=(other,)))
    stream = io.StringIO()
    export([both], "tickets", profile, stream=stream)
    orders = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [order["标题"] for order in orders] == ["路灯不亮", "电梯困人"]
    assert row(both, profile)["more_tickets"][0]["title"] == "电梯困人"


@pytest.mark.parametrize(
    ("sure", "reviewed", "state"),
    [
        (True, (), "sure"),
        (False, (), "unsure"),
        (None, (), "unmeasured"),
        (False, ("request_type",), "accept"),
        (False, ("scope",), "unsure"),  # of another line
    ],
)
def test_a_line_says_whether_a_person_has_looked_at_it(result, profile, sure, reviewed, state):
    line = TicketField("request_type", "诉求类型", "投诉", decision="request_type", sure=sure)
    call = replace(result.call, ticket=Ticket("题", "文", (line,)))
    people = [Review("ab" * 32, "甲", "accept", item) for item in reviewed]
    plain = row(replace(result, call=call), profile, reviewed=people)
    assert plain["ticket"]["fields"][0]["review"] == state


def test_an_answer_that_is_no_longer_valid_says_so_in_the_export(result, profile):
    (known,) = row(result, profile)["answers"]
    assert (known["id"], known["expired"], known["turns"]) == ("k", True, [1])


@pytest.mark.parametrize(("day", "doubt"), [(None, True), ("2026-01-01", False)])
def test_an_answer_that_nobody_checked_is_shown_with_a_doubt(result, profile, day, doubt):
    (known,) = (replace(one, checked=day) for one in result.call.answers)
    plain = row(replace(result, call=replace(result.call, answers=(known,))), profile)
    assert plain["answers"][0]["checked"] == day
    assert ("待核实" in str(answers(plain, "zh"))) == doubt


def test_the_line_of_related_orders_is_filled_from_the_links(result, profile):
    line = TicketField("related", "关联工单")
    call = replace(result.call, ticket=Ticket("题", "文", (line,)))
    relations = {**NONE, "repeat_of": ["7-1"], "duplicates_of": ["7-2"]}
    for known, value in ((relations, "7-1、7-2"), (NONE, UNSAID)):
        plain = row(replace(result, call=call), profile, relations=known)
        assert plain["ticket"]["fields"][0]["value"] == value


def test_a_target_that_cannot_be_written_is_said_and_not_raised_raw(result, profile, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputInvalid, match="写不了"):
        export([result], "jsonl", profile, out=tmp_path / "file" / "x.jsonl")
    with pytest.raises(InputInvalid, match="格式"):
        export([result], "docx", profile, out=tmp_path / "x.docx")
    with pytest.raises(InputInvalid, match="--out"):
        export([result], "xlsx", profile)


def test_names_with_invalid_bytes_survive_in_every_text_format(result, profile, tmp_path):
    broken = Recording("ef" * 32, "-\udcff\n=路灯.wav", 1.0, 1)
    result = replace(result, call=replace(result.call, recording=broken))
    for format in ("jsonl", "csv", "tickets"):
        assert export([result], format, profile, out=tmp_path / f"x.{format}") == 1
    assert export([result], "xlsx", profile, out=tmp_path / "x.xlsx") == 1
    assert export([result], "txt", profile, out=tmp_path / "txt") == 1
    assert json.loads((tmp_path / "x.jsonl").read_text(encoding="utf-8"))["file"] == broken.name
