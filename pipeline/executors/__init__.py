"""Ways to run one Worker over many calls; none of them knows what a stage is.

Each module has `run(tasks, spec, stopped)`, which gives answers as they come, in any order.
It may omit an answer and never invents one; once `stopped()` is true it hands out no more
work, gives what is finished and returns.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Protocol

from pipeline.config import RunConfig
from pipeline.errors import TooSlow
from pipeline.records import CallResult, Failure
from pipeline.worker import Spec, Task

LOADING_S = 180.0  # more for a worker's first call: it loads the models (base 3 s, large 60 s)
LOOK_S = 0.5  # how often the driver looks whether it should stop
MODULES = {"inline": "inline", "processes": "processes", "ray": "on_ray"}


class Executor(Protocol):
    """What `run` of each module here looks like."""

    def __call__(
        self, tasks: Iterable[Task], spec: Spec, stopped: Callable[[], bool]
    ) -> Iterator[CallResult]: ...


def too_slow(task: Task, spec: Spec) -> CallResult:
    """The answer to a call whose worker was ended at the call's time limit."""
    message = f"超过单通时限 {spec.limit(task):.0f} 秒"
    failure = Failure("worker", TooSlow.code, message, TooSlow.retryable)
    return CallResult(task.call, "failed", failure)


def executor(config: RunConfig) -> Executor:
    """The `run` that the configuration names; only that module is imported."""
    return import_module(f"{__name__}.{MODULES[config.executor]}").run
