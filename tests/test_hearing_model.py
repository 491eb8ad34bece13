"""HEAR with the real weights: texts that do not depend on company, silence that stays silent,
and the shipped recordings from the command line to the table of `lingsu eval`."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hearing import call_of
from lines import SOUNDS, cadence
from sounds import RATE, noise, write

from models.base import Stretch
from pipeline import audio
from pipeline.config import load_config
from pipeline.domain import match
from pipeline.domain.profile import load_profile
from pipeline.hearing.windows import windows
from pipeline.plan import HEAR
from pipeline.records import Call, Recording, Span
from pipeline.stage import process
from pipeline.stages.normalize import clean
from pipeline.stages.speech import speech
from pipeline.stages.transcribe import transcribe
from pipeline.tools import Tools

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "audio_samples"
pytestmark = pytest.mark.model
# openai-whisper opens its vocabulary and leaves the file to the garbage collector.
unclosed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def tools():
    """The default configuration with the real models."""
    return Tools(load_config(), load_profile())


@pytest.fixture(scope="module")
def sample():
    """A shipped call, both sides mixed: int16, (n,)."""
    path = min(SAMPLES.glob("*.wav"))
    sides = audio.decode(str(path), max_hours=1)
    return (sides // len(sides)).sum(axis=0).astype(np.int16)


@pytest.fixture(scope="module")
def cuts(tools, sample):
    """Windows of several lengths out of that call."""
    found = [Span(s.start, s.end) for s in tools.detector.detect(sample)]
    parts = [
        sample[int(w.start * RATE) : int(w.end * RATE)]
        for longest_s in (5.0, 9.0)
        for w in windows(sample, found, longest_s=longest_s, keep_silence_s=0.6)
    ]
    long = sample[: 20 * RATE]  # of another padded length than the rest
    return [*parts[:2], parts[-1], long]


def texts(tools, parts):
    return [heard.text for heard in tools.transcriber.transcribe(parts)]


def test_the_company_a_window_is_heard_in_does_not_change_its_text(tools, cuts):
    alone = [texts(tools, [part])[0] for part in cuts]
    assert texts(tools, cuts) == alone
    assert texts(tools, cuts[::-1])[::-1] == alone
    assert sum(map(len, alone)) > 50


def test_hearing_twice_gives_the_same_words(tools, cuts):
    assert tools.transcriber.transcribe(cuts[:2]) == tools.transcriber.transcribe(cuts[:2])


@unclosed
@pytest.mark.parametrize("recognizer", ["torch", "ctranslate2", "openai-whisper"])
def test_all_recognizers_hear_the_hotlines_name(recognizer, sample):
    tools = Tools(load_config(hear={"recognizer": recognizer, "beam_size": 1}), load_profile())
    (heard,) = tools.transcriber.transcribe([sample[: 20 * RATE]])
    text, _ = clean(heard.text)
    assert "12345" in text or any(match.by_sound("热线", text))
    assert len(text) > 15  # it may end early: coverage.py hears the rest


# --- nothing is said -------------------------------------------------------------------------

HUNG_UP = np.concatenate([noise(0.8, amplitude=60), cadence(450, 0.35, 0.35, 2.2)])
NOTHING = {**SOUNDS, "hang-up with a busy tone": ("hang_up", HUNG_UP.astype(np.int16))}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_mulaw"])
def test_where_nobody_speaks_not_one_word_is_heard(tools, tmp_path, name, codec):
    reason, samples = NOTHING[name]
    path = write(tmp_path / "a.wav", samples, codec=codec)
    result = process(Call(Recording("0" * 64, path)), HEAR, tools)
    tools.forget_samples(result.call.recording)
    assert (result.failure, result.status, result.call.turns) == (None, "no_speech", ())
    assert result.call.no_speech == reason


class Everything:
    """SpeechDetector that takes every sound for speech: the worst that can happen."""

    def detect(self, samples):
        return (Stretch(0.0, len(samples) / RATE),)


@pytest.mark.parametrize("name", NOTHING)
def test_what_the_detector_lets_through_the_recognizer_is_not_believed_on(tools, name):
    _, samples = NOTHING[name]
    fooled = Tools(
        tools.config,
        tools.profile,
        detector=Everything(),
        transcriber=tools.transcriber,
        samples=lambda recording: samples[None],
    )
    call = transcribe(speech(call_of(samples), fooled), fooled)
    assert (call.words, call.no_speech) == ((), "no_words")


# --- the shipped recordings, from the command line -------------------------------------------


@pytest.fixture(scope="module")
def lingsu(tmp_path_factory):
    """Run the command on one store; what it printed on stdout."""
    db = str(tmp_path_factory.mktemp("store") / "calls.db")

    def run(command: str, what: Path, *more: str) -> str:
        asked = [sys.executable, str(ROOT / "cli.py"), command, str(what), "--db", db, *more]
        done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def first(lingsu):
    """What the first run says of itself."""
    return json.loads(lingsu("run", SAMPLES, "--json"))


def test_every_shipped_recording_is_heard(first):
    assert (first["known"], first["new"], first["failed"]) == (0, 8, 0)


def test_a_second_run_has_nothing_to_do(first, lingsu):
    assert "此前已处理 8 通，本次新增 0 通" in lingsu("run", SAMPLES)


def test_what_was_heard_and_judged_is_near_the_labels(first, lingsu):
    told = json.loads(lingsu("eval", SAMPLES / "labels.jsonl", "--json"))
    value = {row["metric"]: row["value"] for row in told["rows"]}
    assert (value["judged"], value["missing"]) == (8, 0)
    assert value["cer"] < 0.25
    assert value["role_accuracy"] > 0.85
    assert value["disposition"] >= 7 / 8
