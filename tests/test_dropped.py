"""What gave no words is listed with its seconds and the reason; what was heard again is not."""

import pytest
from hearing import Recognizer, call_of, clock, heard, speech, tools_for, words

from models.base import Heard
from pipeline.hearing.believed import doubt
from pipeline.hearing.dropped import dropped, wordless
from pipeline.records import Dropped, Span
from pipeline.stages.transcribe import transcribe

FULL = "".join(map(chr, range(0x4E00, 0x4EC8)))  # 200 characters, none twice


@pytest.fixture(autouse=True)
def no_silence_around(monkeypatch):
    monkeypatch.setattr("pipeline.hearing.windows.LEAD_S", 0.0)
    monkeypatch.setattr("pipeline.hearing.windows.TAIL_S", 0.0)


def said(start, end, **more):
    return heard(end - start, FULL[: max(1, int((end - start) * 2))], **more)


def run(spans, answer, **hear):
    samples = clock(60.0)
    call = call_of(samples, spans=spans)
    return transcribe(call, tools_for(samples, hear=hear, transcriber=Recognizer(answer)))


@pytest.mark.parametrize(
    ("seconds", "text", "log_probability", "compression", "reason"),
    [
        (8, "我要反映路灯", -1.3, 1.0, "unlikely"),
        (8, "我要反映路灯", -1.1, 1.0, ""),
        (8, "我要我要我要我要", -0.2, 2.7, "repeats"),
        (8, "我要我要我要我要", -0.2, 2.5, ""),
        (8, "星期六，星期六，星期六。", -0.2, 1.0, "repeats"),
        (8, "星期六，星期六，我都说了两遍了", -0.2, 1.0, ""),
        (8, "我昨天打电话，他们说星期六星期六星期六，每个礼拜都说", -0.2, 1.0, ""),
        (8, "不是不是不是", -0.2, 1.0, ""),
        (8, "轰轰轰轰轰轰轰轰", -0.2, 1.0, "repeats"),
        (8, "突突突突突突，吵得人睡不着", -0.2, 1.0, ""),
        (8, "突突突突突突", -0.2, 1.0, ""),
        (8, "这里是轰轰轰轰轰轰轰嗡嗡嗡嗡嗡嗡嗡", -0.2, 1.0, "repeats"),
        (8, "字幕由某某提供", -0.2, 1.0, "credits"),
        (8, "谢谢，那个订单转给谁了", -0.2, 1.0, ""),
        (2, "我要反映", -0.8, 1.0, "too_little"),
        (8, "啊啊啊", -0.8, 1.0, "too_little"),
        (2, "我要反映", -0.6, 1.0, ""),
        (2, "我要反映", -1.3, 1.0, "unlikely"),
    ],
)
def test_each_doubt_has_its_reason(seconds, text, log_probability, compression, reason):
    text_heard = heard(seconds, text, log_probability=log_probability, compression=compression)
    hear = tools_for(clock(1)).config.hear
    assert doubt(Span(0, seconds), text_heard, hear.min_log_probability, hear) == reason


def test_at_a_second_hearing_a_text_must_be_clear():
    hear = tools_for(clock(1)).config.hear
    text = heard(8, "我要反映路灯", log_probability=-0.8)
    assert doubt(Span(0, 8), text, -0.7, hear) == "unlikely"


def test_a_call_that_is_heard_clearly_drops_nothing():
    assert run(speech((0, 5), (6, 11)), said).dropped == ()


def test_a_loop_that_stays_one_is_dropped_with_its_text():
    def answer(start, end):
        return said(start, end, compression=9.0)

    call = run(speech((2, 6)), answer)
    assert call.no_speech == "no_words"
    assert call.dropped == (Dropped(2, 6, "repeats", FULL[:8]),)


def test_a_loop_that_is_broken_by_halving_is_not_dropped():
    def answer(start, end):
        return said(start, end, compression=9.0 if end - start > 6 else 1.0)

    call = run(speech((0, 5), (6, 11)), answer)
    assert call.words and call.dropped == ()


def test_only_the_half_that_stays_doubted_is_dropped():
    def answer(start, end):
        return said(start, end, log_probability=-1.5 if start < 6 else -0.3)

    call = run(speech((0, 5), (6, 11)), answer)
    assert [(d.start, d.end, d.reason) for d in call.dropped] == [(0, 5, "unlikely")]


def test_a_short_sound_that_is_not_believed_is_listed_too():
    def answer(start, end):
        return heard(end - start, "嗯", log_probability=-0.9 if start == 20 else -0.2)

    call = run(speech((3, 3.6), (20, 20.5)), answer)
    assert call.dropped == (Dropped(20, 20.5, "too_little", "嗯"),)


def test_speech_without_any_text_is_inaudible():
    def answer(start, end):
        return said(0, 4) if (start, end) == (0, 12) else Heard((), -0.3, 0.0)

    call = run(speech((0, 12)), answer)
    assert call.dropped == (Dropped(4, 12, "inaudible", ""),)


def test_holes_are_heard_once_with_the_sound_around_them_and_once_without():
    asked = []

    def answer(start, end):
        asked.append((start, end))
        first = said(0, 4) if (start, end) == (0, 24) else Heard((), -0.3, 0.0)
        return said(0, 8) if (start, end) == (2, 26) else first

    call = run(speech((0, 24)), answer, window_s=28.0)
    assert asked == [(0, 24), (2, 26), (10, 24)]  # and no third time
    assert call.dropped == (Dropped(10, 24, "inaudible", ""),)


@pytest.mark.parametrize(("end", "count"), [(5.0, 1), (4.8, 0)])
def test_less_than_a_hole_is_a_hesitation(end, count):
    assert len(dropped(speech((0, end)), words((0, 4, "好" * 8)), ())) == count


def test_the_last_of_several_doubts_gives_the_reason():
    doubts = (Dropped(0, 9, "repeats", "我我我"), Dropped(4, 9, "unlikely", "路"))
    assert dropped(speech((0, 9)), (), doubts) == (
        Dropped(0, 4, "repeats", "我我我"),
        Dropped(4, 9, "unlikely", "路"),
    )


def test_a_doubt_without_a_text_says_less_than_one_before_it():
    doubts = (Dropped(0, 9, "repeats", "我我我"), Dropped(0, 9, "too_little", ""))
    assert dropped(speech((0, 9)), (), doubts) == doubts[:1]


def test_the_pauses_of_a_dropped_window_do_not_part_it():
    spans = speech((0, 2), (5, 7))
    doubt_of_both = Dropped(0, 7, "unlikely", "路灯")
    assert dropped(spans, (), [doubt_of_both]) == (doubt_of_both,)
    between = words((3, 4, "好好"))
    assert len(dropped(spans, between, [doubt_of_both])) == 2


def test_stretches_on_both_sides_of_a_word_are_two():
    assert wordless(speech((0, 5)), words((2, 2.4, "好"))) == [Span(0, 2), Span(2.4, 5)]
