"""Clips beside a table: evidence alone, linked relative to it, and why there are none."""

import csv
import io
import re
import stat
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from shiftcalls import told
from sounds import tone, write

from pipeline.errors import InputInvalid
from pipeline.export import export
from pipeline.records import Abuse, Decision, Finding, Flag, Ticket, TicketField

NUMBER = "13907750123"
HYPERLINK = re.compile(r'=HYPERLINK\("([^"]+)","([^"]+)"\)')


def found(turn: int, quote: str, value: str = "") -> Finding:
    return Finding("k", "r", turn, quote, 8.0 * turn, 8.0 * turn + 1, value)


@pytest.fixture
def result(tmp_path):
    """A call of half a minute with evidence in three places, of which one is only good news."""
    path = write(tmp_path / "call.wav", tone(300, 30))
    made = told(1, "agent: 您好", "caller: 路灯坏了", "agent: 好", f"caller: 我是{NUMBER}")
    line = TicketField("contact_phone", "联系电话", NUMBER, findings=(found(3, NUMBER),))
    whole = TicketField("content", "主要内容", "路灯坏了", findings=(found(2, "好"),))
    call = replace(
        made.call,
        recording=replace(made.call.recording, path=path),
        departments=(Decision("城管", 0.9, (found(1, "路灯", "城管"),)),),
        entities=(),
        flags=(Flag("greeting", "pass", findings=(found(0, "您好"),)),),
        abuse=Abuse("mild", ("caller",), findings=(found(1, "路灯", "mild"),)),
        ticket=Ticket("路灯不亮", "来电人反映：路灯坏了。", (line, whole)),
    )
    metadata = replace(call.recording.metadata, caller_number=NUMBER)
    return replace(
        made, call=replace(call, recording=replace(call.recording, metadata=metadata))
    )


def sheets(out):
    return load_workbook(out)


def test_the_workbook_links_to_its_clips_and_lists_them(result, profile, tmp_path):
    out, folder = tmp_path / "away" / "calls.xlsx", tmp_path / "clips"
    export([result], "xlsx", profile, out=out, clips=folder)
    book = sheets(out)
    assert book.sheetnames == ["通话", "片段"]
    assert [cell.value for cell in book["通话"][1]][:3] == ["通话编号", "片段", "录音文件"]
    first = HYPERLINK.fullmatch(book["通话"]["B2"].value)
    assert first and (out.parent / first[1]).resolve().parent == folder
    assert first[2] == "听（2 段）"
    rows = list(book["片段"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["C1", "C1"]
    assert all(
        (out.parent / HYPERLINK.fullmatch(row[1])[1]).stat().st_size > 500 for row in rows
    )
    assert [row[2:5] for row in rows] == [
        (6.0, 11.0, "承办单位、辱骂"),
        (22.0, 27.0, "联系电话"),
    ]
    assert [row[5] for row in rows] == ["路灯", "139****0123"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_both_sheets_have_frozen_heads_filters_and_readable_widths(result, profile, tmp_path):
    export([result], "xlsx", profile, out=tmp_path / "x.xlsx", clips=tmp_path / "clips")
    for sheet in sheets(tmp_path / "x.xlsx"):
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith(
            str(sheet.max_row)
        )
        assert sheet["A1"].font.bold and sheet["A1"].alignment.wrap_text
    calls = sheets(tmp_path / "x.xlsx")["通话"]
    wide = {c.value: calls.column_dimensions[c.column_letter].width for c in calls[1]}
    assert wide["主要内容"] == 60 and wide["片段"] == 16 and wide["状态"] == 12
    summary = next(c for c in calls[2] if c.value == "来电人反映：路灯坏了。")
    assert summary.alignment.wrap_text and summary.alignment.vertical == "top"


def test_the_csv_tells_where_the_first_clip_lies(result, profile, tmp_path):
    out = tmp_path / "calls.csv"
    export([result], "csv", profile, out=out, clips=tmp_path / "clips")
    (row,) = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    assert row["片段"].startswith("clips/") and (tmp_path / row["片段"]).is_file()


def test_a_recording_that_is_gone_says_so_and_the_others_are_cut(result, profile, tmp_path):
    gone = replace(
        result,
        call=replace(
            result.call,
            recording=replace(result.call.recording, path="/no/where.wav", sha256="f" * 64),
        ),
    )
    (tmp_path / "bad.wav").write_bytes(b"RIFF nothing")
    bad = replace(
        gone,
        call=replace(
            gone.call,
            recording=replace(
                gone.call.recording, path=str(tmp_path / "bad.wav"), sha256="e" * 64
            ),
        ),
    )
    out = tmp_path / "x.xlsx"
    export([gone, bad, result], "xlsx", profile, out=out, clips=tmp_path / "clips")
    cells = [row[1].value for row in sheets(out)["通话"].iter_rows(min_row=2)]
    assert cells[:2] == ["录音已不在原处", "录音读不了（audio_unreadable）"]
    assert HYPERLINK.fullmatch(cells[2])


def test_without_clips_the_table_is_as_it_was_and_no_sound_is_read(result, profile, tmp_path):
    gone = replace(
        result,
        call=replace(result.call, recording=replace(result.call.recording, path="/no/x.wav")),
    )
    export([gone], "xlsx", profile, out=tmp_path / "x.xlsx")
    assert sheets(tmp_path / "x.xlsx").sheetnames == ["通话"]


def test_clips_go_with_tables_alone_and_into_a_folder_that_can_be_written(
    result, profile, tmp_path
):
    with pytest.raises(InputInvalid, match="--clips"):
        export([result], "jsonl", profile, out=tmp_path / "x.jsonl", clips=tmp_path / "clips")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputInvalid, match="写不"):
        export(
            [result], "xlsx", profile, out=tmp_path / "x.xlsx", clips=tmp_path / "file" / "c"
        )


def test_an_empty_table_still_has_its_head(profile, tmp_path):
    export([], "xlsx", profile, out=tmp_path / "x.xlsx", clips=tmp_path / "clips")
    export([], "csv", profile, out=tmp_path / "x.csv")
    assert sheets(tmp_path / "x.xlsx")["通话"]["A1"].value == "通话编号"
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").startswith("通话编号,")
