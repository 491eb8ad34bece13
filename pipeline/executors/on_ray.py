"""The same worker as Ray actors: for a cluster. Needs `pip install lingsu[ray]`.

Actors and not Ray Data: there one exception drops a whole block of calls. Each actor holds
one Worker and gets one call at a time; a node that dies costs its call one more try.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.errors import InputInvalid
from pipeline.executors import LOADING_S, LOOK_S, too_slow
from pipeline.records import CallResult
from pipeline.worker import Spec, Task, Worker

# Ray's default retries a dying call without end (measured: still at it after 57 s).
RESTARTS = {"max_restarts": 2, "max_task_retries": 1}


def run(tasks: Iterable[Task], spec: Spec, stopped: Callable[[], bool]) -> Iterator[CallResult]:
    """Answer the tasks as they finish, on the cluster that RAY_ADDRESS names or locally."""
    try:
        import ray
    except ImportError as error:
        raise InputInvalid('没有安装 ray：请 pip install "lingsu[ray]"') from error
    ours = not ray.is_initialized()
    if ours:
        here = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        ray.init(log_to_driver=False, include_dashboard=False, runtime_env={"env_vars": here})
    try:
        yield from _Crew(ray, spec, stopped).answers(iter(tasks))
    finally:
        if ours:
            ray.shutdown()


class _Crew:
    """As many actors as the configuration asks for, each with at most one call."""

    def __init__(self, ray: Any, spec: Spec, stopped: Callable[[], bool]) -> None:
        self.ray, self.spec, self.stopped = ray, spec, stopped
        self.actor = ray.remote(num_cpus=1, **RESTARTS)(Worker)
        self.busy: dict[Any, tuple[Any, Task, float]] = {}  # answer to come: actor, task, until

    def answers(self, tasks: Iterator[Task]) -> Iterator[CallResult]:
        """Results as they come; a call whose actor died for good is left out."""
        for _ in range(self.spec.workers):
            self._give(self.actor.remote(self.spec), tasks, first=True)
        while self.busy and not self.stopped():
            done, _ = self.ray.wait(list(self.busy), num_returns=1, timeout=LOOK_S)
            for answer in done:
                actor, _, _ = self.busy.pop(answer)
                try:
                    result = self.ray.get(answer)
                except self.ray.exceptions.RayError:
                    self._give(self.actor.remote(self.spec), tasks, first=True)
                    continue
                self._give(actor, tasks)
                yield result
            yield from self._late(tasks)

    def _give(self, actor: Any, tasks: Iterator[Task], *, first: bool = False) -> None:
        task = next(tasks, None)
        if task is None:
            return
        until = time.monotonic() + self.spec.limit(task) + (LOADING_S if first else 0.0)
        self.busy[actor.__call__.remote(task)] = (actor, task, until)

    def _late(self, tasks: Iterator[Task]) -> Iterator[CallResult]:
        """Kill the actors whose call took too long; only that call fails."""
        now = time.monotonic()
        for answer, (actor, task, until) in list(self.busy.items()):
            if until < now:
                del self.busy[answer]
                self.ray.kill(actor)
                self._give(self.actor.remote(self.spec), tasks, first=True)
                yield too_slow(task, self.spec)
