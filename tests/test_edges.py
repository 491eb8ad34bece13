"""How loud it is from step to step, and segments that end where the sound does."""

import numpy as np
import pytest
from hearing import AGENT_HZ, voice
from sounds import RATE, noise

from pipeline.hearing.edges import levels, loud, trimmed
from pipeline.hearing.timeline import Segment

LINE = voice(AGENT_HZ, 10, (2.0, 4.0, ""), (6.0, 9.0, "")) + noise(10.0, amplitude=10)
ABOVE = loud(levels(LINE.astype(np.int16)))


def edges(*segments):
    return [
        (s.start, s.end, s.speaker) for s in trimmed([Segment(*s) for s in segments], ABOVE)
    ]


def test_a_level_is_told_for_every_step_even_the_last_half():
    found = levels(np.full(RATE // 20 * 3 + 7, 16_384, np.int16))
    assert len(found) == 4
    assert found[:3] == pytest.approx(-6.02, abs=0.01)


def test_the_noise_of_the_line_is_not_loud_and_a_voice_is():
    assert ABOVE[41:79].all() and ABOVE[121:179].all()
    assert not ABOVE[:39].any() and not ABOVE[81:119].any()


def test_silence_is_nowhere_loud():
    assert not loud(levels(np.zeros(RATE, np.int16))).any()


def test_a_segment_begins_and_ends_with_the_voice():
    ((start, end, speaker),) = edges((1.8, 4.2, 1))
    assert (start, end) == (pytest.approx(2.0, abs=0.051), pytest.approx(4.0, abs=0.051))
    assert speaker == 1


def test_what_fits_already_stays_as_it_is():
    assert edges((2.5, 3.5, 0)) == [(2.5, 3.5, 0)]


def test_no_edge_moves_further_than_a_detector_is_off():
    """A voice too soft to be loud must not be lost for it."""
    ((start, end, _),) = edges((1.0, 5.0, 0))
    assert (start, end) == (pytest.approx(1.35), pytest.approx(4.65))


def test_a_segment_that_is_nowhere_loud_is_kept():
    assert edges((4.5, 5.5, 0)) == [(4.5, 5.5, 0)]
