"""One recognizer for several calls at once: their windows share its batches.

A call of a minute has five windows, too few to keep the processor's units busy. So a worker
takes a few calls together, each in a thread of its own; only one thread runs at a time, and
one that asks the recognizer waits until all others ask too or have ended. Then whoever came
last has everything recognized in one go. What a call is given does not depend on the others.
"""

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from queue import SimpleQueue
from typing import TypeVar

from models.base import Heard, ModelUnavailable, Samples, Transcriber

# What a recognizer may stumble over, in samples or when it is loaded.
DEFECTS = (
    ModelUnavailable,
    ArithmeticError,
    AssertionError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
M_ARENA_MAX = -8  # malloc.h of glibc
Job = TypeVar("Job")
Answer = TypeVar("Answer")


class Gathering:
    """Transcriber that collects the questions of the threads which `together` runs."""

    def __init__(self, load: Callable[[], Transcriber]) -> None:
        """load: makes the recognizer; called when the first question comes."""
        self._load = load
        self._baton = threading.Condition()
        self._running = 0
        self._asked: dict[int, Sequence[Samples]] = {}  # by thread
        self._answers: dict[int, tuple[Heard, ...]] = {}
        self._alone: set[int] = set()  # threads that have to ask for themselves
        _one_heap()

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        """As the recognizer would; raises what it raises for these windows."""
        me = threading.get_ident()
        if self._running:
            self._asked[me] = windows
            self._answer_if_all_wait()
            while me not in self._answers and me not in self._alone:
                self._baton.wait()  # lets the next thread run
            if me in self._answers:
                return self._answers.pop(me)
            self._alone.remove(me)
        return self._inner.transcribe(windows)

    @cached_property
    def _inner(self) -> Transcriber:
        return self._load()

    def together(self, work: Callable[[Job], Answer], jobs: Sequence[Job]) -> Iterator[Answer]:
        """Do the jobs, which may ask `transcribe`; their answers as they come.

        work: must not raise.
        """
        done: SimpleQueue[Answer] = SimpleQueue()

        def run(job: Job) -> None:
            with self._baton:
                answer = work(job)
                self._running -= 1  # before the last answer is seen: more jobs may follow it
                done.put(answer)
                self._answer_if_all_wait()

        self._running = len(jobs)
        for job in jobs:
            threading.Thread(target=run, args=(job,), daemon=True).start()
        for _ in jobs:
            yield done.get()

    def _answer_if_all_wait(self) -> None:
        if not self._asked or len(self._asked) < self._running:
            return
        asked, self._asked = self._asked, {}
        try:
            heard = self._inner.transcribe([w for windows in asked.values() for w in windows])
            for thread, windows in asked.items():
                self._answers[thread], heard = heard[: len(windows)], heard[len(windows) :]
        except DEFECTS:
            pass  # one call's sound must not cost the others theirs: each asks alone
        finally:
            self._alone |= asked.keys() - self._answers.keys()
            self._baton.notify_all()


def _one_heap() -> None:
    """Have all threads of the process share one heap, since only one of them runs at a time.

    glibc gives each its own, and what one gave back, or left behind, is of no use to another.
    """
    if sys.platform.startswith("linux") and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)
