"""One worker: it loads what the stages need and takes calls through HEAR and JUDGE.

Every executor runs this same class: in a loop, in processes or as Ray actors. It is built
from a Spec, which crosses a process border; the models and the sound never do.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from pipeline.collecting import lasting
from pipeline.config import Config
from pipeline.domain.profile import load_profile
from pipeline.records import Call, CallResult, Recording
from pipeline.stage import Stage, process
from pipeline.tools import Tools

# The threads of one call wait for each other all the time, and where another program has one of
# their cores they would turn in place for it: a call took twice the time beside two.
# OpenMP reads this when torch is loaded, which is later.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

THINNEST = 600  # bytes a second of the thinnest telephone codec (AMR at 4.75 kbit/s)


@dataclass(frozen=True, slots=True)
class Task:
    """A call to work on; one that is `heard` has its turns and is only judged."""

    call: Call
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """What a worker builds itself from; picklable."""

    config: Config
    profile: str = "default"  # name or folder
    plan: str = "pipeline.plan"  # the module that holds HEAR and JUDGE

    @property
    def workers(self) -> int:
        """How many calls are worked on at once; 0 in the configuration is one a core."""
        return self.config.run.at_once

    def limit(self, task: Task) -> float:
        """Seconds that a call may take: a fixed part and one that grows with its length."""
        run = self.config.run
        return run.limit_s + run.limit_realtime * _length(task.call.recording)

    def stages(self) -> tuple[Sequence[Stage], Sequence[Stage]]:
        """HEAR and JUDGE of the plan."""
        plan = import_module(self.plan)
        return plan.HEAR, plan.JUDGE

    def was_heard(self, result: CallResult) -> bool:
        """Whether HEAR came to its end, whatever JUDGE did: the transcript can be kept."""
        if result.failure is None:
            return True
        return result.failure.stage in {step.__name__ for step in self.stages()[1]}


class Worker:
    """Takes one call after another; the models stay loaded between them."""

    @lasting()
    def __init__(self, spec: Spec, tools: Tools | None = None) -> None:
        self.hear, self.judge = spec.stages()
        self.tools = tools or Tools(spec.config, load_profile(spec.profile))

    def __call__(self, task: Task) -> CallResult:
        """The answer to a task; a failure is in it, not raised."""
        return self.judged(task.call) if task.heard else self.hear_and_judge(task.call)

    def several(self, tasks: Sequence[Task]) -> Iterator[CallResult]:
        """The answers to a few tasks as they come: their windows are recognized together."""
        if len(tasks) == 1:
            yield self(tasks[0])
        else:
            yield from self.tools.transcriber.together(self, tasks)

    def hear_and_judge(self, call: Call) -> CallResult:
        """From sound to findings. A call that holds no speech is judged as well."""
        try:
            heard = process(call, self.hear, self.tools)
        finally:
            self.tools.forget_samples(call.recording)
        if heard.failure is not None:
            return heard
        result = self.judged(heard.call)
        return replace(result, stage_seconds=heard.stage_seconds + result.stage_seconds)

    def judged(self, call: Call) -> CallResult:
        """From turns to findings, without the sound."""
        return process(call, self.judge, self.tools)


def _length(recording: Recording) -> float:
    """Seconds of sound; where the file has not been decoded yet, the most it can hold."""
    return recording.seconds or file_size(recording) / THINNEST


def file_size(recording: Recording) -> int:
    """Bytes of the file; 0 where it is gone, or has a name no system accepts."""
    try:
        return os.path.getsize(recording.path)
    except (OSError, ValueError):
        return 0  # `load` will say so
