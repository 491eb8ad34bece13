"""Executors: the same answers however they run; who hangs or kills costs only itself."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faking import item, spec

from pipeline import executors
from pipeline.config import load_config
from pipeline.errors import WorkerDied
from pipeline.executors import inline, processes
from pipeline.records import Call
from pipeline.worker import Task


def tasks(folder, *names):
    return [Task(Call(item(folder, name).recording)) for name in names]


def statuses(results):
    """File name -> status or the failure's code."""
    return {r.call.recording.name: r.failure.code if r.failure else r.status for r in results}


def never():
    return False


@pytest.mark.parametrize("name", ["inline", "processes"])
def test_the_configuration_names_the_executor(name):
    run = executors.executor(load_config(run={"executor": name}).run)
    assert run.__module__ == f"pipeline.executors.{name}"


def test_inline_answers_in_order(tmp_path):
    answers = inline.run(tasks(tmp_path, "a", "broken", "silent"), spec(tmp_path), never)
    assert statuses(answers) == {"a": "ok", "broken": "audio_unreadable", "silent": "no_speech"}


def test_inline_stops_when_asked(tmp_path):
    assert len(list(inline.run(tasks(tmp_path, *"abc"), spec(tmp_path), lambda: True))) == 1


def test_processes_lose_no_neighbour_of_a_call_that_hangs_or_kills(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOADING_S", 0.5)
    names = ["a", "hang", "b", "die", "c", "once", "broken", "d"]
    two = spec(tmp_path, executor="processes", workers=2, limit_s=0.5, limit_realtime=0)
    found = statuses(processes.run(tasks(tmp_path, *names), two, never))
    assert found == {
        **dict.fromkeys(("a", "b", "c", "d"), "ok"),
        "once": "ok",  # its worker died: tried once more, alone
        "hang": "time_limit",
        "broken": "audio_unreadable",
    }  # and no answer for "die", whose worker died twice


def long(task):
    """The same task with a file that no worker takes others beside (it has holes for bytes)."""
    with open(task.call.recording.path, "wb") as file:
        file.truncate(processes.SHORT_BYTES + 1)
    return task


@pytest.mark.parametrize(
    ("length", "answered"), [(long, 1), (lambda task: task, processes.TOGETHER)]
)
def test_processes_give_no_more_work_once_stopped(tmp_path, length, answered):
    asked = []

    def source():
        for task in tasks(tmp_path, *"abcdefghijkl"):
            asked.append(length(task))
            yield task

    one = spec(tmp_path, executor="processes", workers=1)
    answers = []
    for answer in processes.run(source(), one, lambda: bool(answers)):
        answers.append(answer)
    assert 1 <= len(answers) <= answered and len(asked) <= processes.TOGETHER


@pytest.mark.parametrize(
    ("count", "workers", "taken"),
    [(20, 1, 8), (8, 1, 8), (8, 2, 4), (3, 2, 2), (1, 2, 1), (0, 1, 0)],
)
def test_short_calls_go_to_a_worker_together_in_fair_shares(tmp_path, count, workers, taken):
    names = [f"call{i}" for i in range(count)]
    given = processes._Peekable(tasks(tmp_path, *names)).few(workers, 8)
    assert [task.call.recording.name for task in given] == names[:taken]


@pytest.mark.parametrize(
    ("sizes", "taken"),
    [
        ((0.3, 0.3, 0.3, 0.3), 3),  # the fourth would be too much
        ((0.5, 0.5, 0.1), 2),
        ((0.5, 0.51, 0.1), 1),  # a byte's worth too long, and those behind it wait too
        ((3.0, 0.1, 0.1), 1),  # a long one alone
        ((0.1, 3.0, 0.1), 1),
    ],
)
def test_calls_go_together_while_they_are_short_as_a_whole(tmp_path, sizes, taken):
    waiting = processes._Peekable(tasks(tmp_path, *"abcd"[: len(sizes)]))
    for name, size in zip("abcd", sizes, strict=False):
        with open(tmp_path / name, "wb") as file:
            file.truncate(int(size * processes.SHORT_BYTES))
    first = waiting.few(1, 8)
    assert [task.call.recording.name for task in first] == list("abcd"[:taken])
    waiting.put_back(first)
    assert waiting.few(1, 8) == first  # given back, they are the next again


def test_a_new_worker_begins_with_one_call_and_goes_on_with_several(tmp_path, monkeypatch):
    taken, give = [], processes._Slot.give
    monkeypatch.setattr(
        processes._Slot,
        "give",
        lambda slot, t, limit: taken.append(len(t)) or give(slot, t, limit),
    )
    one = spec(tmp_path, executor="processes", workers=1)
    assert len(list(processes.run(tasks(tmp_path, *"abcde"), one, never))) == 5
    assert taken == [1, 4]


@pytest.mark.parametrize(
    ("names", "answers"),
    [
        (["a", "hang", "b"], {"a": "ok", "hang": "time_limit", "b": "ok"}),
        (["a", "die", "broken"], {"a": "ok", "broken": "audio_unreadable"}),
        (["once", "a"], {"once": "ok", "a": "ok"}),
    ],
)
def test_who_hangs_or_kills_among_calls_taken_together_costs_only_itself(
    tmp_path, monkeypatch, names, answers
):
    monkeypatch.setattr(processes, "LOADING_S", 0.5)
    one = spec(tmp_path, executor="processes", workers=1, limit_s=0.5, limit_realtime=0)
    results = list(processes.run(tasks(tmp_path, *names), one, never))
    assert statuses(results) == answers and len(results) == len(answers)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_answers_however_it_is_started(tmp_path, monkeypatch, method):
    context = multiprocessing.get_context(method)
    monkeypatch.setattr(processes, "_context", lambda: context)
    one = spec(tmp_path, executor="processes", workers=1)
    found = statuses(processes.run(tasks(tmp_path, "a", "once"), one, never))
    assert found == {"a": "ok", "once": "ok"}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="elsewhere workers are new processes")
def test_workers_are_copies_of_a_driver_that_has_only_one_thread():
    code = """if True:
        import threading
        from pipeline import asked, console
        asked.spec(None, "default", None)
        from pipeline.executors.processes import _context
        with console.progress():
            method = _context().get_start_method()
        print(method)
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        print(_context().get_start_method())
    """
    env = {**os.environ, "FORCE_COLOR": "1"}  # as in a terminal: the bar is drawn
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True
    )
    assert found.stdout.split() == ["fork", "spawn"], found.stderr


@pytest.mark.slow
def test_workers_that_cannot_even_start_end_the_run(tmp_path):
    wrong = spec(tmp_path, executor="processes", workers=2, limit_s=5, limit_realtime=0)
    wrong = type(wrong)(wrong.config, wrong.profile, "no_such_plan")
    with pytest.raises(WorkerDied):
        list(processes.run(tasks(tmp_path, *"ab"), wrong, never))


def test_one_worker_of_many_uses_one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with processes._threads(1):
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7" and "MKL_NUM_THREADS" not in os.environ


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_workers_end_with_a_driver_that_is_killed(tmp_path):
    driver = subprocess.Popen(
        [sys.executable, "faking.py", str(tmp_path), "8", "2"],
        cwd=Path(__file__).parent,
        env={**os.environ, "FAKE_HEAR_S": "60", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    children = _until(lambda: _children(driver.pid), at_least=2)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    _until(lambda: [True] if not any(map(_lives, children)) else [], at_least=1)


def _children(pid):
    """Worker processes of the driver (its resource tracker is none)."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"resource_tracker" not in command:
            found.append(int(child))
    return found


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _until(look, *, at_least, seconds=30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if len(found) >= at_least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing of the kind within {seconds:.0f} s")


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
def test_ray_answers_all_but_the_call_that_kills_its_actor(tmp_path):
    from pipeline.executors import on_ray

    two = spec(tmp_path, executor="ray", workers=2)
    found = statuses(on_ray.run(tasks(tmp_path, "a", "die", "b", "broken", "c"), two, never))
    assert found == {"a": "ok", "b": "ok", "c": "ok", "broken": "audio_unreadable"}
