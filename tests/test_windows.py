"""How stretches of speech become windows for the recognizer."""

import numpy as np
import pytest
from hearing import speech
from hypothesis import given
from hypothesis import strategies as st
from sounds import RATE, noise

from pipeline.hearing.windows import halves, widened, windows
from pipeline.records import Span

QUIET = np.zeros(60 * RATE, np.int16)


def cut(spans, *, longest_s=28.0, keep_silence_s=4.0, samples=QUIET):
    found = windows(samples, spans, longest_s=longest_s, keep_silence_s=keep_silence_s)
    return [(w.start, w.end) for w in found]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((), []),
        (speech((1, 2)), [(1, 2)]),
        (speech((0, 3), (4, 8)), [(0, 8)]),  # a pause stays inside
        (speech((0, 3), (7, 8)), [(0, 8)]),  # of up to four seconds
        (speech((0, 3), (7.1, 8)), [(0, 3), (7.1, 8)]),  # and no longer
        (speech((0, 20), (21, 28)), [(0, 28)]),
        (speech((0, 20), (21, 28.1)), [(0, 20), (21, 28.1)]),  # too long together
    ],
)
def test_neighbouring_stretches_share_a_window(spans, expected):
    assert cut(spans) == expected


def test_a_long_stretch_is_cut_where_it_is_quietest():
    samples = noise(60).astype(np.int16)
    samples[int(26.4 * RATE) : int(26.5 * RATE)] = 0
    found = cut(speech((0, 40)), samples=samples)
    assert [w[0] for w in found][0] == 0 and found[-1][1] == 40
    assert 26.4 <= found[0][1] <= 26.5
    assert found[1][0] == found[0][1]


def test_a_breath_too_early_to_fill_a_window_is_not_where_it_is_cut():
    samples = noise(60).astype(np.int16)
    samples[10 * RATE : 11 * RATE] = 0
    assert cut(speech((0, 40)), samples=samples)[0][1] > 24


@given(
    st.lists(
        st.tuples(st.floats(0.05, 12), st.one_of(st.floats(0.2, 70), st.just(28.0))),
        max_size=6,
    )
)
def test_windows_hold_all_speech_in_order_and_none_is_too_long(parts):
    at, spans = 0.0, []
    for pause, length in parts:
        spans.append(Span(at + pause, at + pause + length))
        at += pause + length
    samples = np.zeros(int(at * RATE) + 1, np.int16)
    found = cut(spans, samples=samples)
    assert all(0 < end - start <= 28.0 + 1e-6 for start, end in found)
    assert all(a[1] <= b[0] for a, b in zip(found, found[1:], strict=False))
    inside = sum(
        max(0.0, min(s.end, end) - max(s.start, start)) for s in spans for start, end in found
    )
    assert inside == pytest.approx(sum(s.end - s.start for s in spans))


def test_a_window_is_halved_at_its_longest_pause():
    spans = speech((0, 3), (3.4, 6), (7, 9), (30, 40))
    assert halves(Span(0, 9), spans) == (Span(0, 6), Span(7, 9))


@pytest.mark.parametrize("spans", [(), speech((0, 9)), speech((0, 9), (9, 12), (20, 22))])
def test_a_window_without_a_pause_has_no_halves(spans):
    assert halves(Span(0, 9), spans) == ()


def test_a_window_takes_some_of_the_silence_around_and_none_of_its_neighbours():
    cut = (Span(0.5, 10), Span(10.4, 20), Span(40, 50))
    assert widened(cut, 50.1) == (Span(0.0, 10.2), Span(10.0, 20.2), Span(39.2, 50.1))


def test_a_widened_window_is_never_longer_than_the_recognizer_reads():
    (window,) = widened((Span(5.0, 34.8),), 60.0)
    assert window.end - window.start <= 30.0 and window.start <= 5.0 and window.end >= 34.8
