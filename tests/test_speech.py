"""What a recording without speech is said to hold, and how spans cover a recording."""

import numpy as np
import pytest
from hearing import Deaf, LevelDetector, call_of, tools_for
from lines import SILENCE, SOUNDS, cadence, chords
from sounds import RATE, pcm, syllables, tone

from models.base import Stretch
from models.silero import SileroDetector
from pipeline.stages.speech import speech


def told(samples, detector=None, **hear):
    return speech(call_of(samples), tools_for(samples, hear=hear, detector=detector or Deaf()))


@pytest.mark.parametrize("name", SOUNDS)
def test_a_recording_without_speech_says_what_it_holds(name):
    reason, samples = SOUNDS[name]
    assert told(samples).no_speech == reason


@pytest.mark.parametrize("name", SOUNDS)
def test_silero_takes_no_sound_of_a_telephone_line_for_a_call(name):
    reason, samples = SOUNDS[name]
    assert told(samples, SileroDetector(0.5)).no_speech == reason


@pytest.mark.parametrize("samples", [SILENCE[: 3 * RATE], cadence(450, 0.35, 0.35, 3.0)])
def test_three_seconds_without_speech_are_a_hang_up(samples):
    assert told(samples).no_speech == "hang_up"


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.5, 1.0])
def test_almost_no_sound_at_all_is_a_hang_up(seconds):
    assert told(SILENCE[: int(seconds * RATE)]).no_speech == "hang_up"


@pytest.mark.parametrize("samples", [one for _, one in SOUNDS.values()])
@pytest.mark.parametrize("detector", [Deaf(), LevelDetector(-30.0)])
def test_spans_cover_the_whole_recording_in_order(samples, detector):
    spans = told(samples, detector).spans
    assert spans[0].start == 0
    assert spans[-1].end == pytest.approx(len(samples) / RATE)
    assert all(a.end == pytest.approx(b.start) for a, b in zip(spans, spans[1:], strict=False))
    assert all(span.start < span.end for span in spans)


class Found:
    """SpeechDetector with a fixed answer."""

    def __init__(self, *pairs):
        self.pairs = pairs

    def detect(self, samples):
        return tuple(Stretch(*pair) for pair in self.pairs)


def test_what_lies_between_stretches_of_speech_is_described():
    parts = [SILENCE[: 3 * RATE], tone(450, 3), chords(4), SILENCE[: 4 * RATE]]
    call = told(np.concatenate(parts), Found((1.0, 3.0), (12.0, 12.6)))
    kinds = [span.kind for span in call.spans]
    assert kinds == ["silence", "speech", "tone", "music", "silence", "speech", "silence"]
    assert call.no_speech is None


@pytest.mark.parametrize(("seconds", "reason"), [(0.3, "silence"), (0.4, None)])
def test_less_speech_than_a_word_is_no_speech(seconds, reason):
    assert told(SILENCE, Found((1.0, 1.0 + seconds)), min_speech_s=0.35).no_speech == reason


def test_a_short_recording_with_a_word_in_it_is_no_hang_up():
    assert told(SILENCE[: 3 * RATE], Found((1.0, 1.5))).no_speech is None


def test_where_somebody_speaks_the_sound_is_graded():
    voice = np.concatenate([SILENCE[:RATE], pcm(syllables(4))[0], SILENCE[:RATE]])
    assert told(voice, Found((1.0, 5.0))).sound.grade == "good"
    assert told(voice, Deaf()).sound.grade is None


def test_short_pauses_are_plain_silence():
    spans = told(tone(450, 3), Found((0.0, 1.0), (1.9, 3.0))).spans
    assert [span.kind for span in spans] == ["speech", "silence", "speech"]
