"""One worker: both tuples in order, failures as data, sound let go of after each call."""

import os
import subprocess
import sys

import pytest
from faking import item, spec

from models.gathering import Gathering
from pipeline import audio
from pipeline.config import load_config
from pipeline.records import Call
from pipeline.tools import Tools
from pipeline.worker import Task, Worker


class Sound:
    """Stands for Tools: notes whose sound it was told to let go of."""

    def __init__(self):
        self.forgotten = []
        self.transcriber = Gathering(lambda: None)

    def forget_samples(self, recording):
        self.forgotten.append(recording.name)


@pytest.fixture
def worker(tmp_path):
    return Worker(spec(tmp_path), Sound())


def call(folder, name):
    return Call(item(folder, name).recording)


def test_a_call_is_heard_and_judged(worker, tmp_path):
    result = worker(Task(call(tmp_path, "a")))
    assert result.status == "ok" and result.call.scope.outcome == "accept_dispatch"
    assert [name for name, _ in result.stage_seconds] == ["listen", "weigh"]


def test_a_heard_call_is_only_judged(worker, tmp_path):
    heard = worker(Task(call(tmp_path, "a"))).call
    result = worker(Task(heard, heard=True))
    assert [name for name, _ in result.stage_seconds] == ["weigh"]
    assert result.call.turns == heard.turns


def test_a_call_without_speech_is_judged_as_well(worker, tmp_path):
    result = worker(Task(call(tmp_path, "silent")))
    assert result.status == "no_speech"
    assert [name for name, _ in result.stage_seconds] == ["listen", "weigh"]


def test_several_calls_are_answered_each_for_itself(worker, tmp_path):
    names = ["a", "broken", "silent", "unjudged"]
    results = list(worker.several([Task(call(tmp_path, name)) for name in names]))
    found = {r.call.recording.name: r.failure.code if r.failure else r.status for r in results}
    assert found == {
        "a": "ok",
        "broken": "audio_unreadable",
        "silent": "no_speech",
        "unjudged": "stage_failed",
    }
    assert sorted(worker.tools.forgotten) == sorted(names)


def test_one_call_alone_needs_no_thread(worker, tmp_path):
    worker.tools.transcriber = None
    (result,) = worker.several([Task(call(tmp_path, "a"))])
    assert result.status == "ok"


def test_weights_that_are_missed_on_the_way_are_named_and_no_defect(worker, tmp_path):
    failure = worker(Task(call(tmp_path, "weightless"))).failure
    assert (failure.code, failure.retryable) == ("model_missing", False)
    assert "resemblyzer" in failure.message


@pytest.mark.parametrize("name", ["a", "broken", "silent"])
def test_the_sound_is_let_go_of_whatever_happens(worker, tmp_path, name):
    worker(Task(call(tmp_path, name)))
    assert worker.tools.forgotten == [name]


def test_letting_go_of_one_calls_sound_keeps_the_others(tmp_path, monkeypatch):
    decoded = []
    monkeypatch.setattr(audio, "read", lambda path, max_hours: decoded.append(path) or path)
    tools = Tools(load_config(), None)
    a, b = (call(tmp_path, name).recording for name in "ab")
    for recording in (a, b, a):
        assert tools.samples(recording) == recording.path
    tools.forget_samples(a)
    tools.forget_samples(a)  # once more does no harm
    tools.samples(b), tools.samples(a)
    assert decoded == [a.path, b.path, a.path]


@pytest.mark.parametrize(
    ("name", "heard"), [("a", True), ("silent", True), ("unjudged", True), ("broken", False)]
)
def test_a_transcript_is_kept_when_hearing_came_to_its_end(worker, tmp_path, name, heard):
    result = worker(Task(call(tmp_path, name)))
    assert spec(tmp_path).was_heard(result) is heard


def test_the_time_limit_grows_with_the_length(tmp_path):
    made = spec(tmp_path, limit_s=100.0, limit_realtime=2.0)
    long = call(tmp_path, "a")
    long = type(long)(type(long.recording)("0" * 64, "a", seconds=60.0))
    assert made.limit(Task(long)) == 220.0


def test_a_file_of_unknown_length_gets_the_time_its_bytes_could_need(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 6000)  # at most 10 s of the thinnest codec
    made = spec(tmp_path, limit_s=100.0, limit_realtime=2.0)
    assert made.limit(Task(call(tmp_path, "a"))) == 120.0
    assert made.limit(Task(call(tmp_path, "gone"))) == 100.0


def test_the_cores_are_shared_out_among_the_calls(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.config.CORES", 8)
    threads = [spec(tmp_path, workers=n).config.run.threads for n in (0, 1, 3, 16)]
    assert threads == [1, 8, 2, 1]


def test_workers_are_one_a_core_unless_told(tmp_path):
    assert spec(tmp_path, workers=0).workers >= 1
    assert spec(tmp_path, workers=3).workers == 3


@pytest.mark.slow
def test_threads_that_wait_for_each_other_leave_the_cores_to_other_programs():
    asked = os.environ | {"OMP_DISPLAY_ENV": "VERBOSE"}
    asked.pop("GOMP_SPINCOUNT", None)
    code = "import pipeline.worker, torch"
    found = subprocess.run(
        [sys.executable, "-c", code], env=asked, capture_output=True, text=True
    )
    assert "GOMP_SPINCOUNT = '1000'" in found.stderr
