"""Several calls share a recognizer: everybody gets their own words, nobody waits for ever."""

import ctypes
import subprocess
import sys
import threading

import numpy as np
import pytest

from models.base import Heard, ModelUnavailable, Token
from models.gathering import Gathering

PATIENCE_S = 10.0  # a deadlock fails instead of hanging


class Echo:
    """Transcriber that hears each window's first sample; `asked` collects what came at once."""

    def __init__(self):
        self.asked = []

    def transcribe(self, windows):
        values = [int(window[0]) for window in windows]
        self.asked.append(values)
        if -1 in values:
            raise ValueError("not a sound")
        return tuple(Heard((Token(0.0, 1.0, str(v), 0.9),), -0.1, 1.0) for v in values)


@pytest.fixture
def echo():
    return Echo()


def sounds(*values):
    return [np.full(10, value, np.int16) for value in values]


def answers(gathering, work, jobs):
    """What `together` gives, by job; fails when it does not come to its end."""
    found, errors = {}, []

    def all_of_them():
        try:
            found.update(gathering.together(lambda job: (job, work(job)), jobs))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=all_of_them, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), "a job waits for ever"
    assert not errors
    return found


def asking(gathering, *rounds):
    """Work that asks for (10 * job + k) in each round; what it was told."""

    def work(job):
        told = []
        for k in rounds or (0,):
            told += [heard.text for heard in gathering.transcribe(sounds(10 * job + k))]
        return told

    return work


def caught(gathering, questions):
    """Work that asks its own question and says what came of it, as a stage would."""

    def work(job):
        try:
            return [heard.text for heard in gathering.transcribe(sounds(*questions[job]))]
        except (ModelUnavailable, ValueError) as error:
            return str(error)

    return work


def test_answers_go_back_to_who_asked(echo):
    gathering = Gathering(lambda: echo)
    found = answers(gathering, asking(gathering), [1, 2, 3, 4])
    assert found == {1: ["10"], 2: ["20"], 3: ["30"], 4: ["40"]}
    assert [sorted(asked) for asked in echo.asked] == [[10, 20, 30, 40]]


def test_jobs_that_ask_for_different_numbers_of_windows_get_as_many(echo):
    gathering = Gathering(lambda: echo)
    questions = {1: [11, 12, 13], 2: [], 3: [31]}
    found = answers(gathering, caught(gathering, questions), [1, 2, 3])
    assert found == {1: ["11", "12", "13"], 2: [], 3: ["31"]}


def test_several_questions_one_after_another_are_gathered_round_by_round(echo):
    gathering = Gathering(lambda: echo)
    found = answers(gathering, asking(gathering, 0, 1, 2), [1, 2])
    assert found == {1: ["10", "11", "12"], 2: ["20", "21", "22"]}
    assert [sorted(asked) for asked in echo.asked] == [[10, 20], [11, 21], [12, 22]]


def test_a_job_that_asks_more_often_than_the_others_goes_on_alone(echo):
    gathering = Gathering(lambda: echo)

    def work(job):
        return asking(gathering, *range(job))(job)

    assert answers(gathering, work, [1, 3]) == {1: ["10"], 3: ["30", "31", "32"]}
    assert [sorted(asked) for asked in echo.asked] == [[10, 30], [31], [32]]


@pytest.mark.parametrize("silent", [[1], [2], [3], [1, 2], [1, 2, 3]])
def test_a_job_that_ends_without_asking_keeps_nobody_waiting(echo, silent):
    gathering = Gathering(lambda: echo)

    def work(job):
        return None if job in silent else asking(gathering)(job)

    expected = {job: None if job in silent else [str(10 * job)] for job in (1, 2, 3)}
    assert answers(gathering, work, [1, 2, 3]) == expected


def test_only_one_job_runs_at_a_time(echo):
    gathering = Gathering(lambda: echo)
    running, most = [], []

    def work(job):
        for _ in range(3):
            running.append(job)
            most.append(len(running))
            threading.Event().wait(0.01)  # another could run now
            running.remove(job)
            gathering.transcribe(sounds(job))

    answers(gathering, work, [1, 2, 3])
    assert max(most) == 1


def test_a_sound_that_the_recognizer_stumbles_over_costs_only_its_own_job(echo):
    gathering = Gathering(lambda: echo)
    questions = {1: [10], 2: [-1, 20], 3: [30]}
    found = answers(gathering, caught(gathering, questions), [1, 2, 3])
    assert found == {1: ["10"], 2: "not a sound", 3: ["30"]}


def test_after_a_stumble_the_next_questions_are_gathered_again(echo):
    gathering = Gathering(lambda: echo)

    def work(job):
        first = caught(gathering, {1: [-1], 2: [20]})(job)
        return [first, caught(gathering, {1: [11], 2: [21]})(job)]

    assert answers(gathering, work, [1, 2]) == {1: ["not a sound", ["11"]], 2: [["20"], ["21"]]}
    assert sorted(echo.asked[-1]) == [11, 21]


@pytest.mark.parametrize("silent", [(), (1,), (3,)])  # who ends may be who has all answered
def test_a_recognizer_that_cannot_be_loaded_is_told_to_every_job(silent):
    def load():
        raise ModelUnavailable("缺少模型 base")

    gathering = Gathering(load)

    def work(job):
        return None if job in silent else caught(gathering, {1: [1], 2: [2], 3: [3]})(job)

    for _ in range(2):  # and again to the next ones
        found = answers(gathering, work, [1, 2, 3])
        assert found == {job: None if job in silent else "缺少模型 base" for job in (1, 2, 3)}


def test_a_recognizer_that_comes_late_answers_each_for_itself(echo):
    """What was asked in vain is forgotten: thread numbers are used again."""
    here = []

    def load():
        if not here:
            raise ModelUnavailable("缺少模型 base")
        return echo

    gathering = Gathering(load)
    questions = {1: [10], 2: [20]}
    assert set(answers(gathering, caught(gathering, questions), [1, 2]).values()) == {
        "缺少模型 base"
    }
    here.append(True)
    assert answers(gathering, asking(gathering, 0, 1), [1, 2]) == {
        1: ["10", "11"],
        2: ["20", "21"],
    }
    assert [sorted(asked) for asked in echo.asked] == [[10, 20], [11, 21]]


def test_the_recognizer_is_loaded_once_and_only_when_asked(echo):
    loaded = []

    def load():
        loaded.append(True)
        return echo

    gathering = Gathering(load)
    answers(gathering, lambda job: None, [1, 2])
    assert loaded == []
    answers(gathering, asking(gathering, 0, 1), [1, 2])
    assert loaded == [True]


def test_without_others_a_question_is_just_passed_on(echo):
    gathering = Gathering(lambda: echo)
    assert [heard.text for heard in gathering.transcribe(sounds(5, 6))] == ["5", "6"]
    with pytest.raises(ValueError, match="not a sound"):
        gathering.transcribe(sounds(-1))


def test_one_group_after_another_and_single_questions_between_do_not_disturb_each_other(echo):
    gathering = Gathering(lambda: echo)
    for size in (3, 1, 2, 4) * 25:
        jobs = list(range(1, size + 1))
        found = answers(gathering, asking(gathering), jobs)
        assert found == {job: [str(10 * job)] for job in jobs}
        (heard,) = gathering.transcribe(sounds(7))
        assert heard.text == "7"


HEAPS = """
import ctypes, sys, threading
from models.gathering import Gathering
if sys.argv[2] == "gathering":
    Gathering(lambda: None)
meet = threading.Barrier(5)
def allocate():
    held = [bytearray(50_000) for _ in range(20)]
    meet.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads: thread.start()
meet.wait()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="not glibc")
def test_all_threads_share_one_heap(tmp_path):
    def heaps(how):
        told = tmp_path / how
        subprocess.run([sys.executable, "-c", HEAPS, str(told), how], check=True)
        return told.read_text().count("<heap nr=")

    assert heaps("gathering") == 1 < heaps("nothing")
