"""models/punctuation.py, its stage and its training: missing marks are found, no word moves."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from models.base import ModelUnavailable
from models.bothsides import END, FILE, Signs, save
from models.classifiers import SHIPPED
from models.punctuation import Punctuation, PunctuationNetwork
from pipeline.records import Call, Recording, Turn
from pipeline.stages.normalize import MARKS, normalize
from pipeline.stages.punctuate import punctuate
from pipeline.text import insert
from pipeline.training import punctuation as training
from pipeline.training import spelling
from pipeline.training.punctuation import NOT_ASKED, marked, measured, trained
from pipeline.training.spelling import Noise

TURNS = ("小区停水了，什么时候来水？", "路灯坏了，请尽快来修。")


@pytest.fixture(scope="module")
def shipped():
    return Punctuation(SHIPPED / "punctuation")


def within(marks, text):
    """The marks that are missing before the end."""
    return [one for one in marks.missing(text) if one[0] < len(text)]


def written(marks, text):
    return insert(text, (), within(marks, text))[0]


@pytest.mark.parametrize(
    "text",
    [
        "楼上天天半夜拉琴，我们根本睡不着",
        "昨天晚上就停水了，到现在还没来",
        "好的，请问您贵姓",
        "您反映的情况我记下来了，会尽快转给相关部门处理",
    ],
)
def test_the_shipped_network_finds_marks_that_are_missing(shipped, text):
    assert written(shipped, text.replace("，", "")).replace("。", "，") == text


@pytest.mark.parametrize("text", ["", "喂", "12345", "ABC", "，。", "一三八零零一三八零零零"])
def test_where_no_clause_can_end_there_is_no_mark(shipped, text):
    assert within(shipped, text) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("您好，请问您要反映什么问题", "？"),
        ("我知道是谁干的", "。"),
        ("您是学生吗，还是家长", "？"),
        ("好的", "。"),
        ("对，就这个号码。", ""),
        ("打12345", ""),
        ("", ""),
    ],
)
def test_a_turn_that_asks_ends_in_a_question_mark(shipped, text, end):
    assert "".join(m for i, m in shipped.missing(text) if i == len(text)) == end


@pytest.mark.parametrize(
    ("before", "number", "behind"),
    [
        ("我的电话是", "一三九七八五零一二三四", "你记一下"),
        ("一共欠了", "四万六千三百", "块钱还没给"),
    ],
)
def test_a_number_stays_whole(shipped, before, number, behind):
    assert number in written(shipped, before + number + behind)


def test_a_mark_stands_beside_no_other(shipped):
    text = "小区停水了，什么时候来水？路灯也坏了。请你们来修"
    spots = {index for index, _ in shipped.missing(text)}
    beside = {i + step for i, sign in enumerate(text) if sign in MARKS for step in (0, 1)}
    assert not spots & beside


def test_a_long_text_has_the_marks_of_its_pieces(shipped, monkeypatch):
    text = "您好这里是市民热线请问有什么可以帮您" * 9
    whole = shipped.missing(text)
    monkeypatch.setattr("models.bothsides.PIECE", 50)
    assert shipped.missing(text) == whole != []


def test_marks_are_inserted_with_the_time_of_what_they_follow():
    assert insert("停水了谁管", (1.0, 1.2, 1.4, 2.0, 2.2), [(3, "，")]) == (
        "停水了，谁管",
        (1.0, 1.2, 1.4, 1.4, 2.0, 2.2),
    )
    assert insert("停水了", (), [(1, "，"), (2, "。")]) == ("停，水。了", ())


def call_of(text):
    times = tuple(i / 5 for i in range(len(text)))
    turn = Turn(0.0, len(text) / 5, "caller", text, times=times)
    return Call(Recording("a" * 64, "a.wav"), turns=(turn,))


def test_the_stage_sets_marks_and_keeps_the_words_as_heard(shipped):
    text = "昨天晚上就停水了到现在还没来我们三十户人家都没法做饭"
    call = normalize(punctuate(call_of(text), SimpleNamespace(punctuation=shipped)), None)
    (turn,) = call.turns
    assert turn.heard == text
    assert turn.text == "昨天晚上就停水了，到现在还没来，我们30户人家都没法做饭。"
    assert len(turn.times) == len(turn.text)
    assert list(turn.times) == sorted(turn.times)
    assert turn.times[-1] == turn.end  # what is quoted to the end is heard to the end


def test_where_marks_are_not_wanted_the_stage_does_nothing():
    call = call_of("昨天晚上就停水了到现在还没来")
    assert punctuate(call, SimpleNamespace(punctuation=None)) is call


def test_a_call_is_read_without_its_marks():
    call = marked(["停水了，“谁”管？", "好。"])
    assert call.text == "^停水了谁管^好^"
    nobody = NOT_ASKED
    assert call.marks.tolist() == [nobody, 0, 0, 1, 0, 3, nobody, 2, nobody]
    assert marked(["停水了，"]).marks.tolist() == [nobody, 0, 0, nobody, nobody]  # cut off


def test_a_network_learns_where_marks_stood(monkeypatch):
    monkeypatch.setattr(training, "LENGTH", 32)
    monkeypatch.setattr(training, "BATCH", 4)
    monkeypatch.setattr(spelling, "WARM", 5)
    signs = Signs("".join(sorted(set("".join(TURNS)) - set(MARKS))))
    noise = Noise(signs, Counter("".join(TURNS)))
    calls = [marked(TURNS)] * 12
    found = measured(trained(calls, signs, noise, 12), calls, signs, noise)
    assert found["f1"] > 0.9
    assert found["questions_f1"] > 0.9
    torch.manual_seed(1)
    untaught = measured(PunctuationNetwork(signs).eval(), calls, signs, noise)
    assert untaught["f1"] < 0.5


def test_a_kept_mark_ends_a_clause_and_is_not_asked_about():
    signs = Signs("停水了谁管")
    call = marked(["停水了，谁管"])
    shown, marks = training._some_kept(
        signs.read(call.text)[1], call.marks, np.random.default_rng(0), 1.0
    )
    assert shown.tolist()[4] == END
    assert marks.tolist()[3:5] == [NOT_ASKED, NOT_ASKED]


def test_what_is_no_network_is_refused_with_its_name(tmp_path):
    signs = Signs("停水")
    assert save(tmp_path, signs, PunctuationNetwork(signs)).name == FILE
    Punctuation(tmp_path)
    (tmp_path / FILE).write_bytes(b"PK")
    with pytest.raises(ModelUnavailable, match=FILE):
        Punctuation(tmp_path)
