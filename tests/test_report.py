"""What people read on a screen: figures first, evidence with its second, numbers hidden."""

import re
from dataclasses import replace

import pytest

from pipeline.callsheet import show
from pipeline.errors import AudioEmpty
from pipeline.export.rows import row
from pipeline.grids import SHOWN, listed
from pipeline.ingest import Skipped
from pipeline.pbx import Defect
from pipeline.records import (
    Abuse,
    CallResult,
    Decision,
    Finding,
    Flag,
    Metadata,
    Overlap,
    Recording,
    Scope,
    Sound,
    Span,
    Talk,
    Voice,
)
from pipeline.report import farewell, known_line, summary_object, summary_tables
from pipeline.summary import Problem, Summary

NUMBER = "13907750123"


@pytest.fixture
def summary() -> Summary:
    return Summary(
        calls=8,
        seconds=395.0,
        known=8,
        new=0,
        judged=0,
        failed=0,
        elsewhere=0,
        forgotten=0,
        interrupted=False,
        elapsed=0.2,
        done_seconds=0.0,
        statuses={"ok": 7, "failed": 1},
        outcomes={"accept_dispatch": 6, "no_request": 1},
        abuse={"none": 6, "severe": 1},
        review=2,
        failures=(
            Problem(
                "a" * 64,
                f"x_{NUMBER}.wav",
                "load",
                AudioEmpty.code,
                "m",
                AudioEmpty.remedy,
                False,
            ),
        ),
        skipped=(Skipped("/calls/y.wav", "growing", "仍在写入"),),
        defects=(Defect("missing_row", f"z_{NUMBER}.wav", "表里没有"),),
    )


@pytest.fixture
def result(call_saying) -> CallResult:
    call = call_saying("agent: 您好", "caller: 你这个笨蛋")
    rude = Finding("abuse", "笨蛋", 1, "笨蛋", 75.0, 76.0, "mild")
    recording = Recording("ab" * 32, f"/c/{NUMBER}.wav", 80.0, 1, metadata=Metadata("C7"))
    call = replace(
        call,
        recording=recording,
        abuse=Abuse("mild", ("caller",), findings=(rude,)),
        request_type=Decision("投诉", 0.91),
        scope=Scope("refer", "民间纠纷", "O8", "条款"),
        flags=(Flag("abuse", "fail", "alert", "来电人辱骂", (rude,)),),
    )
    return CallResult(call, "ok", hear_key="h", stage_seconds=(("abuse", 0.002),))


def words(tables) -> str:
    return "\n".join(
        " ".join((table.title, *table.columns, *(cell for line in table.rows for cell in line)))
        for table in tables
    )


@pytest.mark.parametrize(
    ("lang", "line"), [("zh", "此前已处理 8 通，本次新增 0 通"), ("en", "8 known, 0 new")]
)
def test_known_and_new_are_told_in_the_language_of_the_summary(summary, lang, line):
    assert known_line(summary, lang) == line
    assert line in words(summary_tables(summary, lang=lang))


def test_a_chinese_summary_holds_no_english_word(summary):
    told = words(summary_tables(replace(summary, failures=(), skipped=(), defects=())))
    assert not re.findall(r"[A-Za-z]{2,}|[0-9] s\b", told)


def test_the_summary_counts_outcomes_and_tells_what_to_do(summary):
    told = words(summary_tables(summary))
    for part in ("06:35", "受理转办 6", "辱骂或威胁 1", "重新导出", "growing", "表里没有"):
        assert part in told


def test_the_summary_speaks_english_when_asked(summary, result, profile):
    told = words(summary_tables(summary, [row(result, profile)], lang="en"))
    assert "Accept and dispatch 6" in told and "export it anew" in told
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", told) == []


def test_numbers_in_file_names_are_hidden(summary):
    assert NUMBER not in words(summary_tables(summary))
    assert NUMBER not in str(summary_object(summary))


def test_who_is_to_be_heard_first_is_named_with_the_second(summary, result, profile):
    told = words(summary_tables(summary, [row(result, profile)]))
    assert "abababababab C7" in told and "01:15 立即 来电人辱骂" in told


def test_a_long_list_is_cut_and_counted():
    table = listed("defects", ("file",), [(str(i),) for i in range(SHOWN + 7)], "zh")
    assert len(table.rows) == SHOWN + 1
    assert table.rows[-1][0] == "另有 7 项"


def test_the_farewell_says_where_everything_lies(summary, tmp_path):
    assert str(tmp_path / "x.db") in farewell(summary, tmp_path / "x.db")
    stopped = replace(summary, interrupted=True)
    assert "下次运行会继续" in farewell(stopped, tmp_path / "x.db")


def test_show_puts_the_evidence_under_each_decision(result, profile):
    told = words(show(result, profile))
    assert "辱骂 轻微不文明 来电人" in told
    assert "#1 01:15 笨蛋 笨蛋" in told
    assert "受理判断 引导转介 O8 民间纠纷" in told
    assert "投诉 91%" in told
    assert "abuse=0.002s" in told


def test_show_tells_who_asks_for_a_look_and_how_urgently(result, profile):
    told = words(show(result, profile))
    assert "请人工复核 级别 时间 项目 原因 立即 01:15 辱骂 来电人辱骂" in told


def spoken(result: CallResult) -> CallResult:
    """The call on a noisy line, with a hold and with one who breaks in."""
    talk = Talk(
        Voice(8.0, 0.667, 195.4),
        Voice(4.0, 0.333),
        (Overlap(9.0, 9.5, "agent", 1, 0),),
        (Span(15.0, 40.0, "music"),),
    )
    sound = Sound(
        snr_db=8.4,
        grade="poor",
        reasons=("noisy", "dropouts"),
        remarks=("narrowband",),
        dropouts=3,
        lost=0.06,
    )
    return replace(result, call=replace(result.call, sound=sound, talk=talk))


def test_show_tells_how_good_the_sound_is_and_why(result, profile):
    told = words(show(spoken(result), profile))
    assert "音质 差（噪声大、丢包；电话频带）" in told
    assert "信噪比 8 dB" in told and "丢包 3 · 6.0%" in told
    english = words(show(spoken(result), profile, lang="en"))
    assert "Audio Poor (Noisy, Packet loss; Telephone band)" in english
    assert "音质" not in words(show(result, profile))


def test_show_tells_how_the_two_talk_the_longest_gap_first(result, profile):
    told = words(show(spoken(result), profile))
    assert "话务员 67% · 195字/分 8.0 s" in told and "来电人 33% 4.0 s" in told
    gap, overlap = "无人说话 等待音乐 25.0 s 00:15", "同时说话，后开口的是 话务员 0.5 s 00:09"
    assert told.index(gap) < told.index(overlap)
    assert "通话节奏" not in words(show(result, profile))


def test_show_hides_numbers_unless_asked(result, profile):
    names = (f"/a/{NUMBER}.wav", f"/b/{NUMBER}.wav")
    assert NUMBER not in words(show(result, profile, names=names))
    assert f"/b/{NUMBER}.wav" in words(show(result, profile, names=names, unmasked=True))


def test_show_speaks_english_when_asked(result, profile):
    told = words(show(result, profile, lang="en"))
    assert "Request type Complaint 91%" in told
    assert "Scope Refer O8" in told
