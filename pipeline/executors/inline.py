"""One call after another in this process: for tests, texts and debugging; no time limit."""

from collections.abc import Callable, Iterable, Iterator

from pipeline.records import CallResult
from pipeline.worker import Spec, Task, Worker


def run(tasks: Iterable[Task], spec: Spec, stopped: Callable[[], bool]) -> Iterator[CallResult]:
    """Answer each task in order."""
    worker = Worker(spec)
    for task in tasks:
        yield worker(task)
        if stopped():
            return
