"""Smoothing on made-up scores, and both detectors on made-up sound and a sample of ours."""

import wave
from pathlib import Path

import numpy as np
import pytest

from models import silero
from models.base import RATE, Stretch
from models.catalog import locate
from models.silero import SileroDetector
from models.smoothing import stretches
from models.webrtc import WebrtcDetector

SAMPLE = Path(__file__).parent.parent / "audio_samples/20260714_081533_1007_13907750123_in.wav"
DETECTORS = [SileroDetector(0.5), WebrtcDetector(2)]


@pytest.fixture(scope="module")
def call():
    """The first 20 s of a shipped call, both sides mixed: int16, shape (n,), at RATE."""
    with wave.open(str(SAMPLE)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, RATE // 2)
        sides = np.frombuffer(file.readframes(20 * 8000), "<i2").reshape(-1, 2)
    mixed = sides.sum(axis=1, dtype=np.int32).clip(-32768, 32767)
    at = np.arange(2 * len(mixed)) / 2
    return np.interp(at, np.arange(len(mixed)), mixed).astype(np.int16)


def tone(hertz: float, seconds: float) -> np.ndarray:
    """A steady tone at a quarter of full scale."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (8192 * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def spoken(found: tuple[Stretch, ...]) -> float:
    return sum(stretch.end - stretch.start for stretch in found)


# --- smoothing: a score each tenth of a second -----------------------------------------------


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0, 0, 0, 0], []),
        ([0, 0, 9, 9, 9, 0, 0, 0, 0, 0], [(0.1, 0.6)]),  # padded by a tenth on both sides
        ([0, 0, 9, 0, 0, 0, 0, 0], []),  # a click: under a fifth of a second
        ([9, 9, 9, 9], [(0.0, 0.4)]),  # padding stays inside the sound
        ([0, 9, 9, 0, 0, 9, 9, 0, 0, 0], [(0.0, 0.8)]),  # a breath does not end it
        ([9, 9, 0, 0, 0, 0, 0, 9, 9, 0], [(0.0, 0.3), (0.6, 1.0)]),  # a pause does
        ([0, 4, 4, 4, 9, 9, 4, 4, 0, 0, 0, 0], [(0.3, 0.9)]),  # goes on lower than it begins
        ([4, 4, 4, 4, 4], []),  # but never begins that low
    ],
)
def test_scores_become_stretches(scores, expected):
    found = stretches(np.array(scores) / 10, step_s=0.1, length_s=1.2, begin=0.5, go_on=0.35)
    found = [(stretch.start, min(stretch.end, len(scores) / 10)) for stretch in found]
    assert found == [pytest.approx(pair) for pair in expected]


def test_stretches_that_touch_after_padding_are_one():
    scores = np.repeat([0.9, 0.0, 0.9], [10, 4, 10])  # a gap of 0.2 s at 0.05 s a step
    found = stretches(scores, step_s=0.05, length_s=1.2, begin=0.5, go_on=0.35)
    assert found == (Stretch(0.0, 1.2),)


# --- both detectors ------------------------------------------------------------------------


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("samples", [0, 1, 100, 5 * RATE])
def test_silence_of_any_length_is_not_speech(detector, samples):
    assert detector.detect(np.zeros(samples, np.int16)) == ()


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_call_has_speech_and_the_silence_around_it_has_none(detector, call):
    quiet = np.zeros(5 * RATE, np.int16)
    found = detector.detect(np.concatenate([quiet, call, quiet]))
    assert spoken(found) > 10
    assert found[0].start > 4.5 and found[-1].end < 26
    assert all(a.end < b.start for a, b in zip(found, found[1:], strict=False))


def test_silero_does_not_take_a_ring_back_tone_for_speech():
    ring = np.concatenate([tone(450, 1.0), np.zeros(4 * RATE, np.int16)] * 3)
    assert spoken(SileroDetector(0.5).detect(ring)) < 0.5


def test_a_lower_threshold_keeps_no_less(call):
    quiet_call = (call // 30).astype(np.int16)
    low, high = SileroDetector(0.2), SileroDetector(0.8)
    assert spoken(low.detect(quiet_call)) >= spoken(high.detect(quiet_call))


def test_silero_hears_the_same_whatever_the_block(call, monkeypatch):
    whole = SileroDetector().probabilities(call)
    monkeypatch.setattr(silero, "BLOCK", 7)
    assert np.allclose(SileroDetector().probabilities(call), whole, atol=1e-4)


def test_the_sequence_graph_says_what_the_frame_by_frame_graph_says(call):
    import onnxruntime

    graph = str(locate("silero") / "silero_vad.onnx")
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    state, context = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32)
    expected = []
    frames = call[: 150 * silero.FRAME].astype(np.float32).reshape(-1, silero.FRAME) / 32768
    for frame in frames:
        sound = np.concatenate([context, frame])
        asked = {"input": sound[None], "state": state, "sr": np.array(RATE)}
        (value,), state = session.run(None, asked)
        expected.append(value[0])
        context = frame[-64:]
    found = SileroDetector().probabilities(call)[:150]
    assert max(expected) > 0.9 > 0.1 > min(expected)  # the stretch holds both
    assert np.allclose(found, expected, atol=2e-3)


def test_one_webrtc_frame_among_silence_is_outvoted():
    sound = np.zeros(3 * RATE, np.int16)
    sound[RATE : RATE + 480] = tone(300, 0.03)
    assert WebrtcDetector(1).detect(sound) == ()
