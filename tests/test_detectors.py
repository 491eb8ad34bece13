"""Smoothing on made-up scores, and both detectors on made-up sound and a sample of ours."""

import wave
from pathlib import Path

import numpy as np
import pytest

from models import silero, webrtc
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


def tune(seconds: int) -> np.ndarray:
    """Hold music: four plucked notes a second, each with two overtones."""
    at = np.arange(RATE // 4) / RATE
    notes = np.random.default_rng(0).choice([0, 2, 4, 5, 7, 9, 11, 12], 4 * seconds)
    parts = [
        sum(np.sin(2 * np.pi * 220 * 2 ** (note / 12) * h * at) / h for h in (1, 2, 3))
        for note in notes
    ]
    return np.concatenate([3000 * part * np.exp(-4 * at) for part in parts]).astype(np.int16)


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


def test_silero_hears_the_same_whatever_the_block_while_nothing_is_forgotten(call, monkeypatch):
    monkeypatch.setattr(silero, "SPEECH", 0.0)
    whole = SileroDetector().probabilities(call)
    monkeypatch.setattr(silero, "BLOCK", 7)
    assert np.allclose(SileroDetector().probabilities(call), whole, atol=1e-4)


def test_speech_after_a_long_tune_is_heard_as_if_it_came_first(call):
    quiet_call = (call // 10).astype(np.int16)
    after = SileroDetector().detect(np.concatenate([tune(20), quiet_call]))
    assert after[0].start > 19.5  # the tune itself is none
    # 1.8 s are lost where the model remembers all of the tune.
    assert spoken(after) > spoken(SileroDetector().detect(quiet_call)) - 0.5


def test_a_recording_300_times_quieter_loses_no_speech(call):
    faint = (call // 300).astype(np.int16)
    assert spoken(SileroDetector().detect(faint)) > spoken(SileroDetector().detect(call)) - 0.5


@pytest.mark.parametrize("samples", [0, 1, silero.FRAME, RATE // 3])
def test_what_is_shorter_than_half_a_second_is_not_raised(samples):
    assert silero.gain(np.ones(samples, np.int16)) == 1.0


def test_the_hiss_of_an_empty_line_is_not_raised_to_speech():
    hiss = np.random.default_rng(0).integers(-4, 5, 10 * RATE).astype(np.int16)
    assert silero.gain(hiss) == silero.MOST_GAIN
    assert SileroDetector().detect(hiss) == ()


@pytest.mark.parametrize(
    ("loud_s", "gain"),
    [
        (10.0, 1.0),  # loud enough: left as it is
        (0.6, 1.0),  # half a second of speech says how loud the voice is
        (0.3, 10.0),  # a click or a beep does not
        (0.0, 10.0),
    ],
)
def test_the_loudest_half_second_decides_how_far_a_recording_is_raised(loud_s, gain):
    sound = (tone(300, 10.0) * 0.0565).astype(np.int16)  # -40 dBFS
    loud = tone(300, loud_s)
    sound[: len(loud)] = loud
    assert silero.gain(sound) == pytest.approx(gain, rel=0.05)


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


def test_webrtc_hears_the_same_however_much_it_reads_at_a_time(call, monkeypatch):
    whole = WebrtcDetector().shares(call[:-7])
    monkeypatch.setattr(webrtc, "BLOCK", 3 * webrtc.FRAME)
    assert np.array_equal(WebrtcDetector().shares(call[:-7]), whole)
    assert 0.0 < whole.mean() < 1.0


def test_one_webrtc_frame_among_silence_is_outvoted():
    sound = np.zeros(3 * RATE, np.int16)
    sound[RATE : RATE + 480] = tone(300, 0.03)
    assert WebrtcDetector(1).detect(sound) == ()
