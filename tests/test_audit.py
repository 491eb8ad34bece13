"""`lingsu show --audit` and the export: what a person listens to, without hidden numbers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.auditsheet import show, to_listen
from pipeline.export.rows import row
from pipeline.records import CallResult, Correction, Dropped, Recording, Span
from pipeline.redact import veil

NUMBER = "13907750123"
DB = Path("lingsu.db")


@pytest.fixture
def result(call_saying) -> CallResult:
    """A number from second 5.75, a loop that was dropped, and a tune."""
    call = call_saying("agent: 您好", f"caller: 手机是{NUMBER}，在港北区")
    call = replace(
        call,
        recording=Recording("ab" * 32, "/c/x.wav", 60.0, 1),
        spans=(Span(0, 20), Span(20, 24, "silence"), Span(24, 40, "music")),
        corrections=(
            Correction(6.5, 7.0, "零起七五", "0775", "language:1.8"),
            Correction(8.6, 8.8, "刚", "港", "language:0.4"),
        ),
        dropped=(Dropped(12.25, 16.0, "repeats", f"电话{NUMBER}"),),
    )
    return CallResult(call, "ok")


def lines(result, profile, lang="zh", **more):
    changed, gone = show(row(result, profile, **more), lang)
    return changed.rows, gone.rows


def test_a_change_is_told_with_what_was_heard_and_why(result, profile):
    changed, _ = lines(result, profile)
    assert changed[1] == ("00:08", "8.60–8.80", "刚", "港", "语言模型，听感相差 0.4")


def test_what_gave_no_words_is_told_with_its_reason_in_order(result, profile):
    _, gone = lines(result, profile)
    assert gone[0] == ("00:12", "12.25–16.00", "反复写同一句", "电话139****0123")
    assert gone[1:] == (("00:24", "24.00–40.00", "不是人声：音乐", ""),)  # and no silence


def test_the_audit_speaks_english_when_asked(result, profile):
    changed, gone = lines(result, profile, lang="en")
    assert changed[1][-1] == "language model, against 0.4 nats of the sound"
    assert gone[0][2] == "Repeats itself"


def test_a_call_without_either_says_so(result, profile):
    bare = replace(result, call=replace(result.call, corrections=(), dropped=(), spans=()))
    assert lines(bare, profile) == ((("无", "", "", "", ""),), (("无", "", "", ""),))
    assert to_listen(row(bare, profile), DB) == ""


def test_what_to_type_names_the_call_the_seconds_and_the_store(result, profile):
    plain = row(result, profile)
    assert "lingsu clip abababab --start 6.50 --end 7.00\n" in to_listen(plain, DB)
    assert "abababab --db b.db --start" in to_listen(plain, Path("b.db"), "en")


def test_a_change_of_no_length_can_be_cut_too(result, profile):
    call = replace(result.call, corrections=(Correction(3.0, 3.0, "刚", "港", "language:1"),))
    told = to_listen(row(replace(result, call=call), profile), DB)
    assert "--start 3.00 --end 3.01" in told


def test_a_piece_of_a_hidden_number_is_hidden_where_it_was_changed(result, profile):
    plain = row(result, profile)
    assert plain["turns"][1]["text"] == "手机是139****0123，在港北区"
    assert (plain["corrections"][0]["heard"], plain["corrections"][0]["text"]) == ("****",) * 2
    assert plain["corrections"][0]["why"] == "language:1.8"


def test_a_number_that_is_not_hidden_is_told_as_it_is(result, profile):
    other = Correction(16.0, 16.4, "二十三号", "二十四号", "language:1.0")
    call = replace(result.call, corrections=(other,))
    assert row(replace(result, call=call), profile)["corrections"][0]["text"] == "二十四号"


def test_nothing_is_hidden_when_asked_so(result, profile):
    plain = row(result, profile, unmasked=True)
    assert plain["corrections"][0]["heard"] == "零起七五"
    assert plain["dropped"][0]["text"] == f"电话{NUMBER}"
    assert NUMBER not in json.dumps(row(result, profile), ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "told"), [("幺三9０路", "*****"), ("桂R12，", "****，"), ("路 灯", "* *")]
)
def test_a_veil_hides_all_but_punctuation(text, told):
    assert veil(text) == told
