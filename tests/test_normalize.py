"""What the recognizer wrote becomes what a person would write, with times kept."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.normalize import clean, normalize

heard = st.text(
    alphabet="一二三零幺十百万点块个号楼电话是多少吗著急裡面，,。.？?! 0159aB…：:", max_size=30
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("您好,請問有什麼可以幫您?", "您好，请问有什么可以帮您？"),
        ("我很著急,看著心裡難受;他很著名", "我很着急，看着心里难受；他很著名"),
        ("好 的 。", "好的。"),
        ("先生您请说 没关系 慢慢讲", "先生您请说，没关系，慢慢讲"),
        ("停水了,,,,一直没来。。", "停水了，一直没来。"),
        ("，，你好", "你好"),
        ("嗯...我想想", "嗯……我想想"),
        ("３.5元，时间7:30，1,200块", "3.5元，时间7:30，1200块"),
        ("(录音)地址:三楼", "（录音）地址：3楼"),
        ("早上7.半出门", "早上7点半出门"),
        ("水管坏\ufffd了", "水管坏了"),
    ],
)
def test_clean_writes_simplified_chinese_with_full_width_marks(raw, text):
    assert clean(raw)[0] == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("路灯坏了", "路灯坏了。"),
        ("您贵姓", "您贵姓？"),
        ("有人来看过，能不能修", "有人来看过，能不能修？"),
        ("我不知道是谁", "我不知道是谁。"),
        ("合同我还没来得及，", "合同我还没来得及，"),  # cut off by the other speaker
        ("好！", "好！"),
        ("", ""),
    ],
)
def test_a_turn_ends_with_a_mark(call_saying, said, text):
    (turn,) = normalize(call_saying(f"caller: {said}"), None).turns
    assert turn.text == text


def test_the_words_as_heard_stay_beside_the_normalized_ones(call_saying):
    (turn,) = normalize(call_saying("caller: 幺幺零的電話"), None).turns
    assert (turn.text, turn.heard) == ("110的电话。", "幺幺零的電話")


def test_digits_take_the_time_of_the_words_they_replace(call_saying):
    call = call_saying("caller: 我的电话幺三七零零幺二三四五六，谢谢")
    (turn,) = normalize(call, None).turns
    assert turn.text == "我的电话13700123456，谢谢。"
    assert turn.at(turn.text.index("谢")) == pytest.approx(call.turns[0].at(16))


def test_times_that_do_not_fit_the_text_are_dropped(call_saying):
    call = call_saying("caller: 三千二百块")
    broken = replace(call, turns=(replace(call.turns[0], times=(1.0,)),))
    (turn,) = normalize(broken, None).turns
    assert (turn.text, turn.times) == ("3200块。", ())


@given(heard)
def test_normalizing_keeps_one_rising_time_a_character_and_can_be_repeated(text):
    times = tuple(0.2 * k for k in range(len(text)))
    once, clock = clean(text, times)
    assert len(clock) == len(once)
    assert list(clock) == sorted(clock)
    assert clean(once, clock) == (once, clock)
