"""Which words are believed, and what is heard a second time."""

import pytest
from hearing import Recognizer, call_of, clock, heard, speech, tools_for

from models.base import Heard
from pipeline.hearing.turns import text_of
from pipeline.records import Span
from pipeline.stages.transcribe import transcribe

FULL = "".join(map(chr, range(0x4E00, 0x4EC8)))  # 200 characters, none twice


@pytest.fixture(autouse=True)
def no_silence_around(monkeypatch):
    """Windows as they were cut, so that a test can name them; test_windows.py widens them."""
    monkeypatch.setattr("pipeline.hearing.windows.LEAD_S", 0.0)
    monkeypatch.setattr("pipeline.hearing.windows.TAIL_S", 0.0)


def said(seconds):
    """Text that leaves no hole."""
    return FULL[: max(1, int(seconds * 2))]


def run(spans, answer, *, seconds=60.0, **hear):
    """The stage on a made-up recording; the call and the windows that were asked for."""
    samples = clock(seconds)
    recognizer = Recognizer(answer)
    call = call_of(samples, spans=spans)
    return transcribe(call, tools_for(samples, hear=hear, transcriber=recognizer)), recognizer


def clear(start, end):
    return heard(end - start, said(end - start))


def test_a_clear_window_is_heard_once_and_its_words_have_the_calls_time():
    call, recognizer = run(speech((5, 9)), clear)
    assert recognizer.asked == [[(5, 9)]]
    assert call.words[0].start == 5 and call.words[-1].end == 9
    assert text_of(call.words) == said(4) and call.no_speech is None


def test_all_windows_go_to_the_recognizer_together():
    _, recognizer = run(speech((0, 20), (30, 50)), clear, window_s=28.0)
    assert recognizer.asked == [[(0, 20), (30, 50)]]


def test_words_that_run_past_their_window_end_with_it():
    call, _ = run(speech((5, 9)), lambda start, end: heard(end - start + 3, said(4)))
    assert call.words[-1].end <= 9


def test_a_doubted_window_is_halved_at_its_pause():
    def answer(start, end):
        sure = end - start < 6
        return heard(end - start, said(end - start), log_probability=-0.3 if sure else -1.5)

    call, recognizer = run(speech((0, 5), (6, 11)), answer)
    assert recognizer.asked == [[(0, 11)], [(0, 5), (6, 11)]]
    assert len(call.words) == 20


def test_a_half_that_is_still_doubted_is_dropped_and_the_other_kept():
    def answer(start, end):
        doubt = start < 6
        return heard(end - start, said(end - start), log_probability=-1.5 if doubt else -0.3)

    call, _ = run(speech((0, 5), (6, 11)), answer)
    assert call.words[0].start == 6


def test_a_window_that_repeats_itself_is_dropped():
    def answer(start, end):
        return heard(end - start, FULL[:60], compression=12.0)

    call, _ = run(speech((0, 8)), answer)
    assert (call.words, call.no_speech) == ((), "no_words")


@pytest.mark.parametrize(("compression", "believed"), [(2.5, True), (2.7, False)])
def test_the_limit_of_repetition_is_the_settings(compression, believed):
    def answer(start, end):
        return heard(end - start, said(end - start), compression=compression)

    assert bool(run(speech((0, 8)), answer, max_compression=2.6)[0].words) == believed


@pytest.mark.parametrize(
    ("seconds", "log_probability", "believed"),
    [(2.9, -0.6, True), (2.9, -0.8, False), (3.1, -0.8, True), (3.1, -1.3, False)],
)
def test_a_window_without_context_is_believed_only_when_clear(
    seconds, log_probability, believed
):
    def answer(start, end):
        return heard(end - start, said(seconds), log_probability=log_probability)

    call, _ = run(speech((3, 3 + seconds)), answer)
    assert bool(call.words) == believed
    assert call.no_speech == (None if believed else "no_words")


def test_a_stricter_setting_holds_for_short_windows_too():
    def answer(start, end):
        return heard(end - start, "好", log_probability=-0.6)

    assert run(speech((3, 4)), answer, min_log_probability=-0.5)[0].no_speech == "no_words"


def test_speech_that_no_word_covers_is_heard_again():
    def answer(start, end):
        return heard(4.0, said(4)) if (start, end) == (0, 12) else clear(start, end)

    call, recognizer = run(speech((0, 12)), answer)
    assert recognizer.asked == [[(0, 12)], [(2, 14)]]
    assert call.words[-1].end == 12 and len(call.words) == 24


def test_a_sentence_leapt_over_is_heard_and_its_words_stand_in_their_place():
    def answer(start, end):
        if (start, end) != (0, 12):
            return heard(end - start, said(end - start)[::-1])
        tokens = heard(3, "前头说的这句").tokens + heard(12, "后来说的另外一句", begin=8).tokens
        return Heard(tokens, -0.3, 1.0)

    call, _ = run(speech((0, 12)), answer)
    assert text_of(call.words) == f"前头说的这句{said(9)[::-1][4:14]}后来说的另外一句"
    starts = [word.start for word in call.words]
    assert starts == sorted(starts)


def test_words_are_sorted_whatever_was_heard_when():
    def answer(start, end):
        doubt = start == 0 and end - start > 6
        return heard(end - start, said(end - start), log_probability=-2 if doubt else -0.3)

    call, recognizer = run(speech((0, 5), (6, 11), (20, 30)), answer)
    assert len(recognizer.asked) == 2
    starts = [word.start for word in call.words]
    assert starts == sorted(starts) and starts[0] == 0


def test_minutes_of_sound_that_give_no_word_are_never_asked_for_in_one_window():
    def answer(start, end):
        return heard(end - start, FULL, compression=9.0)

    call, recognizer = run(speech((0, 150)), answer, seconds=150)
    lengths = [end - start for asked in recognizer.asked for start, end in asked]
    assert max(lengths) <= 28.01
    assert call.no_speech == "no_words"


def test_windows_without_a_word_are_no_speech():
    call, _ = run(speech((0, 8)), lambda start, end: heard(1, ""))
    assert (call.words, call.no_speech) == ((), "no_words")


def test_a_call_without_speech_is_not_heard():
    samples = clock(5)
    call = call_of(samples, no_speech="silence")
    assert transcribe(call, tools_for(samples, transcriber=None)) is call


def test_only_speech_is_heard():
    spans = (*speech((0, 4)), Span(4, 20, "music"))
    _, recognizer = run(spans, clear)
    assert recognizer.asked == [[(0, 4)]]


@pytest.mark.parametrize(("log_probability", "believed"), [(-0.6, True), (-0.8, False)])
def test_what_comes_at_a_second_hearing_is_believed_only_when_clear(log_probability, believed):
    def answer(start, end):
        if (start, end) == (0, 12):
            return heard(4.0, said(4), log_probability=-0.8)
        return heard(end - start, said(end - start), log_probability=log_probability)

    call, _ = run(speech((0, 12)), answer)
    assert (call.words[-1].end == 12) == believed


@pytest.mark.parametrize(
    ("text", "log_probability", "believed"),
    [
        ("啊啊啊啊啊", -0.9, False),
        ("啊啊啊啊啊", -0.5, True),  # somebody may call out
        ("我要反映", -0.9, True),
    ],
)
def test_a_text_of_one_syllable_is_believed_only_when_clear(text, log_probability, believed):
    def answer(start, end):
        return heard(end - start, text, log_probability=log_probability)

    assert bool(run(speech((0, 8)), answer)[0].words) == believed


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("作詞、作曲、編曲", False),
        ("字幕由某某社區提供", False),
        ("请不吝点赞 订阅 转发", False),
        ("谢谢观看", False),
        ("谢谢，那个订单转给谁了", True),
        ("他在楼下唱自己作的曲子", True),
    ],
)
def test_credits_learnt_from_subtitles_are_never_words(text, believed):
    def answer(start, end):
        return heard(end - start, text, log_probability=-0.2)

    assert bool(run(speech((0, 8)), answer)[0].words) == believed
