"""What a stage is, and the only place where an exception becomes data.

A stage is a function `Call, Tools -> Call` with two tuples attached: the fields of Call it
needs and those it adds. tests/test_plan.py walks HEAR + JUDGE and fails where a stage needs
what none before it adds.
"""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from models.base import ModelUnavailable
from pipeline.copies import replace
from pipeline.errors import LingsuError, ModelMissing, StageFailed
from pipeline.records import Call, CallResult, Failure

log = logging.getLogger("lingsu")

Stage = Callable[[Call, Any], Call]


def stage(*, needs: tuple[str, ...], adds: tuple[str, ...]) -> Callable[[Stage], Stage]:
    """Mark a function as a stage that reads `needs` and writes `adds` of a Call."""

    def mark(function: Stage) -> Stage:
        function.needs, function.adds = needs, adds  # type: ignore[attr-defined]
        return function

    return mark


def process(call: Call, stages: Sequence[Stage], tools: Any) -> CallResult:
    """Run the stages in order; a failure keeps what the stages before it had found."""
    return together((call,), stages, tools)[0]


def together(calls: Iterable[Call], stages: Sequence[Stage], tools: Any) -> list[CallResult]:
    """The same of several calls: each stage takes all of them before the next one does."""
    courses = [_Course(call) for call in calls]
    for step in stages:
        for course in courses:
            course.take(step, tools)
    return [course.result() for course in courses]


class _Course:
    """A call on its way through the stages, as far as it comes."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._failure: Failure | None = None
        self._seconds: list[tuple[str, float]] = []

    def take(self, step: Stage, tools: Any) -> None:
        """Run one stage, if none before it has failed."""
        if self._failure:
            return
        begun = time.perf_counter()
        try:
            self._call = step(self._call, tools)
        except LingsuError as error:
            self._fail(step, error, str(error))
        except ModelUnavailable as error:  # weights that not every call needs, or damaged ones
            self._fail(step, ModelMissing(), str(error))
        except Exception as error:  # the one broad except: a defect must not cost other calls
            # The message may hold a caller's words: only the type and the place are kept.
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{type(error).__name__} at {where.name}:{where.lineno}"
            self._fail(step, StageFailed(), message)
        else:
            self._seconds.append((step.__name__, time.perf_counter() - begun))

    def result(self) -> CallResult:
        """How far it came, and why no further."""
        if self._failure:
            status = "failed"
        else:
            status = "no_speech" if self._call.no_speech else "ok"
        seconds = tuple([(name, round(took, 4)) for name, took in self._seconds])
        return CallResult(self._call, status, self._failure, stage_seconds=seconds)

    def _fail(self, step: Stage, error: LingsuError, message: str) -> None:
        short = self._call.recording.sha256[:8]
        log.warning("call=%s stage=%s code=%s", short, step.__name__, error.code)
        self._failure = Failure(step.__name__, error.code, message, error.retryable)
        self._call = replace(self._call, words=())
