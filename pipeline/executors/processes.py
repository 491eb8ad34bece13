"""Our own small pool of processes: one pipe a worker, a few short calls at a time.

A library's pool loses neighbours when one worker dies and cannot stop a call that hangs.
Here a hung worker is killed and only its call fails (time_limit); a call whose worker died
is tried once more, alone, and left out if its worker dies again (batch says worker_died).
Calls that shared a worker which hung or died are all tried again alone: one of them did it.
Workers end with the driver, however it ends.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from pipeline.errors import WorkerDied
from pipeline.executors import LOADING_S, LOOK_S, too_slow
from pipeline.records import CallResult
from pipeline.worker import Spec, Task, Worker, file_size

STARTING_S = 120.0  # a worker that has not reported by then will not
STILLBORN = 3  # this many workers that die before they report: it is not the calls' fault
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
READY = "ready"
TOGETHER = 8  # calls a worker takes at once: with five windows each they fill its batches
SHORT_BYTES = 8_000_000  # of them all: 4 min of 16 kHz, or 17 min of a telephone's 8 kB/s
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def run(tasks: Iterable[Task], spec: Spec, stopped: Callable[[], bool]) -> Iterator[CallResult]:
    """Answer the tasks as they finish. Raises WorkerDied when no worker can even start."""
    again: list[Task] = []
    yield from _Pool(spec, spec.workers, stopped).answers(tasks, again)
    for task in again:
        yield from _Pool(spec, 1, stopped).answers([task], [])


class _Slot:
    """A place in the pool: a process, its pipe, what it works on and until when."""

    def __init__(self, spec: Spec, *, threads: int | None) -> None:
        context = _context()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, spec), daemon=True)
        with _threads(threads):
            self.process.start()
        theirs.close()  # else its end would stay open here and never read as EOF
        self.tasks: dict[str, Task] = {}  # handed over and not answered, by recording
        self.ready = False
        self.fresh = True  # has not loaded its models yet
        self.deadline = time.monotonic() + STARTING_S

    def give(self, tasks: Sequence[Task], limit: float) -> bool:
        """Hand calls over; False when the worker is already gone."""
        try:
            self.pipe.send(tasks)
        except OSError:
            return False
        self.tasks = {task.call.recording.sha256: task for task in tasks}
        self.deadline = time.monotonic() + limit + (LOADING_S if self.fresh else 0.0)
        self.fresh = False
        return True

    def take(self) -> CallResult | str | None:
        """What the worker sent; None when it is gone."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """Stop the worker now, whatever it does."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class _Pool:
    """Up to `size` workers, started as there is work for them."""

    def __init__(self, spec: Spec, size: int, stopped: Callable[[], bool]) -> None:
        self.spec, self.size, self.stopped = spec, size, stopped
        self.slots: list[_Slot] = []
        self.stillborn = 0

    def answers(self, tasks: Iterable[Task], again: list[Task]) -> Iterator[CallResult]:
        """Results as they come; tasks whose worker died are put into `again`."""
        waiting = _Peekable(tasks)
        try:
            while not self.stopped():
                self._staff(waiting)
                if not self.slots:
                    return
                yield from self._finished(waiting, again)
            while any(slot.tasks and slot.pipe.poll() for slot in self.slots):
                yield from self._finished(_Peekable(()), again)
        finally:
            for slot in self.slots:
                slot.end()

    def _staff(self, waiting: "_Peekable") -> None:
        """Give ready workers calls, end those with nothing to do, start missing ones."""
        for slot in [s for s in self.slots if s.ready and not s.tasks]:
            # A new worker begins with one: somebody waits for the first result.
            tasks = waiting.few(self.size, 1 if slot.fresh else TOGETHER)
            if not tasks:
                self._drop(slot)
            elif not slot.give(tasks, sum(map(self.spec.limit, tasks))):
                waiting.put_back(tasks)
                self._drop(slot)
        starting = sum(not slot.ready for slot in self.slots)
        while len(self.slots) < self.size and waiting.at_least(starting + 1):
            self.slots.append(_Slot(self.spec, threads=1 if self.size > 1 else None))
            starting += 1

    def _finished(self, waiting: "_Peekable", again: list[Task]) -> Iterator[CallResult]:
        """Wait for news: answers, deaths and deadlines."""
        soonest = min(slot.deadline for slot in self.slots) - time.monotonic()
        ready = wait([slot.pipe for slot in self.slots], max(0.0, min(soonest, LOOK_S)))
        for slot in [s for s in self.slots if s.pipe in ready]:
            news = slot.take()
            if isinstance(news, CallResult):
                del slot.tasks[news.call.recording.sha256]
                yield news
            elif news == READY:
                slot.ready, self.stillborn = True, 0
            else:
                self._died(slot, again)
        now = time.monotonic()
        for slot in [s for s in self.slots if s.deadline < now and not s.pipe.poll()]:
            if len(slot.tasks) == 1:
                (task,) = slot.tasks.values()
                yield too_slow(task, self.spec)
                self._drop(slot)
            elif slot.tasks or not slot.ready:
                self._died(slot, again)

    def _died(self, slot: _Slot, again: list[Task]) -> None:
        again += slot.tasks.values()
        if not slot.ready:
            self.stillborn += 1
        self._drop(slot)
        if self.stillborn >= STILLBORN:
            raise WorkerDied("工作进程无法启动")

    def _drop(self, slot: _Slot) -> None:
        self.slots.remove(slot)
        slot.end()


class _Peekable:
    """An iterator that can be asked how much is left, up to a number, and be given back to."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.source = iter(tasks)
        self.held: list[Task] = []

    def at_least(self, count: int) -> bool:
        while len(self.held) < count:
            task = next(self.source, None)
            if task is None:
                return False
            self.held.append(task)
        return True

    def few(self, workers: int, most: int) -> list[Task]:
        """The next call and those behind it, `most` in all, while together they are short and
        no more than a fair share."""
        self.at_least(TOGETHER * workers)
        fair = min(most, -(-len(self.held) // workers))
        size, taken = 0, 0
        while taken < fair:
            size += file_size(self.held[taken].call.recording)
            if taken and size > SHORT_BYTES:
                break
            taken += 1
        tasks, self.held = self.held[:taken], self.held[taken:]
        return tasks

    def put_back(self, tasks: Sequence[Task]) -> None:
        self.held[:0] = tasks


def _context() -> Any:
    """A copy of this process has all imports and the profile at once, 0.7 s before a new one;
    but of other threads it has only the locks they hold, which nobody opens there."""
    mine = Path("/proc/self/task")  # of Linux; threads of native libraries are among them
    alone = mine.is_dir() and len([*mine.iterdir()]) == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """Let a child that starts within find the number of threads before it imports numpy."""
    if count is None:
        yield
        return
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, str(count)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _work(pipe: Connection, spec: Spec) -> None:
    """The worker's whole life: report, then answer calls until the pipe is closed."""
    _end_with_driver()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the driver decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # the driver's bar is not ours
    worker = Worker(spec)
    try:
        pipe.send(READY)
        while True:
            for result in worker.several(pipe.recv()):
                pipe.send(result)
    except (EOFError, OSError):
        return  # the driver is gone


def _end_with_driver() -> None:
    """Ask Linux to kill us with the driver: native code would not see the closed pipe."""
    if not sys.platform.startswith("linux"):
        return
    driver = multiprocessing.parent_process()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if driver is not None and os.getppid() != driver.pid:
        os._exit(1)  # it died between our start and the line above
