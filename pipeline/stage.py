"""What a stage is, and the only place where an exception becomes data.

A stage is a function `Call, Tools -> Call` with two tuples attached: the fields of Call it
needs and those it adds. tests/test_plan.py walks HEAR + JUDGE and fails where a stage needs
what none before it adds.
"""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from models.base import ModelUnavailable
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
    seconds: list[tuple[str, float]] = []
    for step in stages:
        begun = time.perf_counter()
        try:
            call = step(call, tools)
        except LingsuError as error:
            return _failed(call, step, error, str(error), seconds)
        except ModelUnavailable as error:  # weights that not every call needs, or damaged ones
            return _failed(call, step, ModelMissing(), str(error), seconds)
        except Exception as error:  # the one broad except: a defect must not cost other calls
            # The message may hold a caller's words: only the type and the place are kept.
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{type(error).__name__} at {where.name}:{where.lineno}"
            return _failed(call, step, StageFailed(), message, seconds)
        seconds.append((step.__name__, round(time.perf_counter() - begun, 4)))
    status = "no_speech" if call.no_speech else "ok"
    return CallResult(call, status, stage_seconds=tuple(seconds))


def _failed(
    call: Call, step: Stage, error: LingsuError, message: str, seconds: list[tuple[str, float]]
) -> CallResult:
    short = call.recording.sha256[:8]
    log.warning("call=%s stage=%s code=%s", short, step.__name__, error.code)
    failure = Failure(step.__name__, error.code, message, error.retryable)
    return CallResult(replace(call, words=()), "failed", failure, stage_seconds=tuple(seconds))
