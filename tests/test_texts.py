"""Appeals as text: whatever table they come in, one caller's turn each."""

import json
from datetime import datetime

import pytest
from faking import spec
from openpyxl import Workbook

from pipeline.errors import InputInvalid
from pipeline.texts import judge_texts, read_texts

ROWS = [("A1", "路灯不亮"), ("A2", "水管爆了，\n没人来修")]


def jsonl(rows):
    return "\n".join(json.dumps({"id": i, "text": t}, ensure_ascii=False) for i, t in rows)


def table(rows, delimiter=","):
    return f"编号{delimiter}内容\r\n" + "".join(f'{i}{delimiter}"{t}"\r\n' for i, t in rows)


@pytest.mark.parametrize(
    "data",
    [
        jsonl(ROWS).encode(),
        jsonl(ROWS).encode("utf-8-sig"),
        json.dumps([{"text": t, "id": i} for i, t in ROWS]).encode(),
        table(ROWS).encode(),
        table(ROWS).encode("gb18030"),
        table(ROWS, "\t").encode("utf-16"),
    ],
    ids=["jsonl", "bom", "array", "csv", "gb18030", "utf-16 tabs"],
)
def test_appeals_are_read_from_what_offices_export(tmp_path, data):
    (tmp_path / "in").write_bytes(data)
    calls = read_texts(tmp_path / "in")
    texts = [call.turns[0].text.replace("\r\n", "\n") for call in calls]
    assert [c.recording.metadata.call_id for c in calls] == ["A1", "A2"]
    assert texts == [text for _, text in ROWS]
    assert {(t.speaker, t.source) for c in calls for t in c.turns} == {("caller", "text")}


def test_a_workbook_is_read_as_it_is(tmp_path):
    book = Workbook()
    for line in (("编号", "内容", "时间"), ("A1", "路灯不亮", datetime(2026, 7, 14, 8, 15))):
        book.active.append(line)
    book.save(tmp_path / "in.xlsx")
    (call,) = read_texts(tmp_path / "in.xlsx")
    assert call.turns[0].text == "路灯不亮"
    assert call.recording.metadata.started_at == "2026-07-14 08:15:00"


def test_a_title_is_put_before_the_text_unless_the_text_says_it(tmp_path):
    rows = [{"标题": "路灯", "内容": "坏了"}, {"标题": "路灯", "内容": "路灯坏了"}]
    (tmp_path / "in").write_text(json.dumps(rows), encoding="utf-8")
    assert [c.turns[0].text for c in read_texts(tmp_path / "in")] == ["路灯。坏了", "路灯坏了"]


def test_what_is_not_mapped_is_kept(tmp_path):
    (tmp_path / "in").write_text('{"text": "您好", "渠道": "网站", "n": [1]}', encoding="utf-8")
    (call,) = read_texts(tmp_path / "in")
    assert call.recording.metadata.extra == (("渠道", "网站"), ("n", "[1]"))
    assert call.recording.metadata.call_id == "1"


@pytest.mark.parametrize("text", ["", "  ", "\\u0000"])
def test_a_row_without_words_has_no_turn(tmp_path, text):
    (tmp_path / "in").write_text(f'{{"id": 1, "text": "{text}"}}', encoding="utf-8")
    (call,) = read_texts(tmp_path / "in")
    assert call.turns == () and call.no_speech == "empty_text"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "没有内容"),
        (b'{"id": 1}', "正文列.*id"),
        (b"a,b\n1,2\n", "正文列.*a、b"),
        (b'{"text": "a"}\n{"text": ', "第 2 行"),
        (b'[{"text": "a"},\n 3]', "应是对象"),
        (b"PK\x03\x04", "Excel"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, data, why):
    (tmp_path / "in").write_bytes(data)
    with pytest.raises(InputInvalid, match=why):
        read_texts(tmp_path / "in")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputInvalid, match="打不开"):
        read_texts(tmp_path / "none")


def test_half_a_surrogate_pair_harms_nobody(tmp_path):
    (tmp_path / "in").write_text('{"text": "您好\\ud83d"}', encoding="utf-8")
    (call,) = read_texts(tmp_path / "in")
    assert call.turns[0].text == "您好?"


def test_texts_are_judged_like_calls(tmp_path, monkeypatch):
    monkeypatch.setattr("fake_plan.HEAR", ())
    (tmp_path / "in").write_text(jsonl(ROWS), encoding="utf-8")
    results = list(judge_texts(read_texts(tmp_path / "in"), spec(tmp_path)))
    assert [r.call.scope.outcome for r in results] == ["accept_dispatch"] * 2
    assert all(r.judge_key and r.made_with for r in results)


@pytest.mark.parametrize(
    ("written", "iso"),
    [("2026-07-14 08:15", "2026-07-14T08:15:00"), ("不详", None), ("", None)],
)
def test_times_are_told_as_those_of_calls_or_not_at_all(tmp_path, monkeypatch, written, iso):
    monkeypatch.setattr("fake_plan.HEAR", ())
    row = {"text": "路灯不亮", "时间": written}
    (tmp_path / "in").write_text(json.dumps(row), encoding="utf-8")
    (result,) = judge_texts(read_texts(tmp_path / "in"), spec(tmp_path))
    said = result.call.recording.metadata
    assert said.started_at == iso
    assert said.extra == ((("started_at", written),) if written and not iso else ())
