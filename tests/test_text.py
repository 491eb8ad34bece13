"""Text and the times of its characters stay together through every edit."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import end_with, rewrite, spread, substitute

texts = st.text(alphabet="ab，12", min_size=1, max_size=20)


def clock(text: str) -> tuple[float, ...]:
    return tuple(0.1 * k for k in range(len(text)))


def test_substitute_spreads_the_times_of_the_words_it_replaces():
    text, times = substitute("xaay", (0.0, 1.0, 2.0, 3.0), re.compile("aa"), lambda m: "1234")
    assert (text, times) == ("x1234y", (0.0, 1.0, 1.5, 2.0, 2.5, 3.0))


def test_substitute_leaves_alone_what_the_function_gives_back():
    times = (0.0, 0.3, 0.4)
    assert substitute("aba", times, re.compile("a"), lambda m: "a") == ("aba", times)


def test_a_longer_text_keeps_times_within_the_replaced_span():
    _, times = substitute("ab", (5.0, 6.0), re.compile("b"), lambda m: "xyz")
    assert times == (5.0, 6.0, 6.0, 6.0)


def test_text_without_times_stays_without():
    assert substitute("ab", (), re.compile("a"), lambda m: "cc") == ("ccb", ())
    assert end_with("ab", (), "。", 3.0) == ("ab。", ())


def test_an_insertion_begins_with_the_character_before_it():
    assert spread((1.0, 2.0), 1, 1, 2) == [1.0, 1.0]


def test_end_with_never_lets_time_run_backwards():
    assert end_with("a", (4.0,), "。", 2.0) == ("a。", (4.0, 4.0))
    assert end_with("a", (4.0,), "。", 6.0) == ("a。", (4.0, 6.0))


def test_rewrite_keeps_the_times_of_what_both_texts_share():
    assert rewrite("abcd", (0.0, 1.0, 2.0, 3.0), "abd") == ("abd", (0.0, 1.0, 3.0))


@given(texts, st.sampled_from(["a+", "[12]", "b|，"]), st.sampled_from(["", "x", "yyy"]))
def test_times_stay_one_a_character_and_rising(text, pattern, new):
    text, times = substitute(text, clock(text), re.compile(pattern), lambda m: new)
    assert len(times) == len(text)
    assert list(times) == sorted(times)


@given(texts, texts)
def test_rewriting_keeps_times_one_a_character_and_rising(text, new):
    new, times = rewrite(text, clock(text), new)
    assert len(times) == len(new)
    assert list(times) == sorted(times)
