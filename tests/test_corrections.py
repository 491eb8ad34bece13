"""What a language model changed is told with seconds and margin; other spellings are not."""

from dataclasses import replace

import pytest
from hearing import Recognizer, call_of, clock, speech, tools_for

from models.base import Heard, Token
from pipeline.hearing.corrections import corrections
from pipeline.records import Correction, Word
from pipeline.stages.normalize import clean
from pipeline.stages.transcribe import transcribe


def said(*pairs, gap=0.0):
    """Words of 0.2 s: "路" as it was heard, "录=路" where 录 was heard and 路 is written."""
    made = []
    for i, pair in enumerate(pairs):
        heard, _, text = pair.rpartition("=")
        at = i * (0.2 + gap)
        margin = 0.5 + i if heard else 0.0
        made.append(Word(round(at, 2), round(at + 0.2, 2), text, 0.9, heard, margin))
    return tuple(made)


def found(words):
    return corrections(words, lambda text: clean(text)[0])


def test_a_changed_word_is_told_with_its_seconds_and_the_margin():
    assert found(said("刚=港", "北", "区")) == (
        Correction(0.0, 0.2, "刚", "港", "language:0.5"),
    )


def test_what_is_told_is_in_the_script_of_the_turns():
    assert found(said("紀=辦")) == (Correction(0.0, 0.2, "纪", "办", "language:0.5"),)


def test_neighbouring_changes_are_one_with_the_largest_margin():
    (one,) = found(said("在", "刚=港", "被=北", "区"))
    assert (one.start, one.end, one.heard, one.text) == (0.2, 0.6, "刚被", "港北")
    assert one.why == "language:2.5"


def test_what_was_written_as_elsewhere_in_the_call_says_so():
    first, second = said("刚=港", "被=北")
    (one,) = found((replace(first, why="echo"), second))
    assert one.why == "echo:1.5"


@pytest.mark.parametrize(("gap", "count"), [(0.05, 1), (0.06, 2)])
def test_a_pause_parts_two_changes(gap, count):
    assert len(found(said("刚=港", "被=北", gap=gap))) == count


def test_a_word_left_as_heard_parts_two_changes():
    assert [c.text for c in found(said("刚=港", "北", "去=区"))] == ["港", "区"]


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("裏=里",), False),  # traditional
        (("里=裏",), False),
        (("理=里",), True),
        (("著=着",), False),  # Taiwan's spelling
        (("我們=我", "们"), False),  # one token of the sound is two of the model
        (("我們=我", "的"), True),
        (("我=我们",), False),
        (("，=我",), False),  # a mark is no word
        (("我=，", "我"), False),
        (("我=，", "你"), True),
        (("一百=100",), False),  # the same number in digits
        (("一百=200",), True),
        (("路", "灯"), False),
    ],
)
def test_another_spelling_of_the_same_words_is_no_correction(words, changed):
    assert bool(found(said(*words))) == changed


def test_the_stage_keeps_what_the_recognizer_says_of_its_words():
    tokens = (
        Token(1.0, 1.4, "港", 0.9, "刚", 1.84),
        Token(1.4, 1.8, "北区", 0.9),
        Token(1.8, 2.2, "路灯不亮", 0.9),
    )
    samples = clock(10)
    call = call_of(samples, spans=speech((4, 6.2)))
    recognizer = Recognizer(lambda start, end: Heard(tokens, -0.3, 1.0))
    call = transcribe(call, tools_for(samples, transcriber=recognizer))
    begin = recognizer.asked[0][0][0]
    (one,) = call.corrections
    assert (one.heard, one.text, one.why) == ("刚", "港", "language:1.8")
    assert one.start == pytest.approx(begin + 1.0) == call.words[0].start
