"""What the confidences of a call's decisions are worth, beside the labels: `lingsu eval`.

evaluate.py collects a promise for each decision that bears a confidence, and each that was
doubted without one; `calibrate` sums them with the figures of text classifiers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.labels import decision
from pipeline.stages.settle import TASKS
from pipeline.training.coverage import (
    Coverage,
    Figure,
    Point,
    Sets,
    among,
    curve,
    set_figures,
    share,
    widest,
)
from pipeline.training.dialogues import scope_label
from pipeline.training.figures import calibrated
from pipeline.training.score import Mark, Row, Share

# What metrics.py compares of a scope whose label has neither outcome nor code
SCOPE = ("scope", "scope_reason", "disposition")


@dataclass(frozen=True, slots=True)
class Promise:
    """One decision on one call: what it promised, and what came of it."""

    task: str  # of TASKS
    confidence: float  # 0: it has none, and nobody vouches for it
    right: bool
    sure: bool
    shown: int = 0  # units that a person sees; 0: no set is shown, or no unit is right
    held: bool = False  # whether a right one is among them


@dataclass(frozen=True, slots=True)
class Calibration:
    """The promises of one decision; a doubted one counts as not answered."""

    calls: int
    accuracy: Figure
    calibration_error: Figure | None  # None: no call has a confidence
    answered: Coverage  # what was not doubted, from its lowest confidence on
    wanted_error: float
    coverage: Coverage  # the most that can be answered with `wanted_error` on these calls
    shown: Sets | None  # units only: the sets that a person sees
    curve: tuple[Point, ...]  # from few answers to all


def promises(
    label: Mapping[str, Any], got: Mapping[str, Any], marks: Iterable[Mark]
) -> Iterator[Promise]:
    """Those of one call. marks: what metrics.py made of the same two."""
    confidences, doubted = got.get("confidence") or {}, got.get("unsure") or ()
    hits = {mark.metric: mark.hits == mark.of for mark in marks if isinstance(mark, Share)}
    for task in TASKS:
        chance, sure = confidences.get(task), task not in doubted
        if chance is None and sure:
            continue
        right = _right(task, label, got, hits)
        if right is not None:
            sets = _shown(label, got) if task == "department" else {}
            yield Promise(task, chance or 0.0, right, sure, **sets)


def calibrate(
    found: Iterable[Promise], error: Callable[[str], float]
) -> dict[str, Calibration]:
    """By decision, without those of which there is no promise. error: see evaluate.py."""
    every = list(found)
    own = {task: [one for one in every if one.task == task] for task in TASKS}
    return {task: _summed(some, error(task)) for task, some in own.items() if some}


def calibration_rows(found: Mapping[str, Calibration]) -> Iterator[Row]:
    """One line of the table a decision, and one of the sets of units; sheet.py has the rest."""
    for task, one in found.items():
        label = decision(task)
        error = round(one.calibration_error.value, 4) if one.calibration_error else None
        note = "概率与准确率之差（ECE），越低越好；只看带概率的通话"
        yield Row(f"calibration.{task}", f"校准误差 {label}", error, one.calls, note)
        if one.shown:
            held = round(one.shown.held.value, 4)
            note = f"结论和候选里有正确单位；平均列出 {one.shown.labels:.2f} 个"
            yield Row(f"calibration.{task}_set", f"候选 {label}", held, one.shown.texts, note)


def _right(
    task: str, label: Mapping[str, Any], got: Mapping[str, Any], hits: Mapping[str, bool]
) -> bool | None:
    """Whether the decision is right; None where the label leaves it open."""
    if label.get(task) is None:
        return hits.get(task)
    if task == "department":  # the lead; any is wrong where the label wants none
        return not _fine(label).isdisjoint(got["department"][:1])
    return _scope(label["scope"], got, hits) if task == "scope" else hits.get(task)


def _scope(wanted: Mapping[str, Any], got: Mapping[str, Any], hits: Mapping[str, bool]) -> bool:
    """By code or outcome where the label has one; an acceptable reason is right as well."""
    told = scope_label(wanted.get("outcome") or "", wanted.get("code"))
    if not told:
        return all(hits.get(metric, True) for metric in SCOPE)
    answer, fine = got.get("scope") or {}, wanted.get("reason_acceptable") or ()
    return told in (answer.get("code"), answer.get("outcome")) or answer.get("reason") in fine


def _fine(label: Mapping[str, Any]) -> set[str]:
    """The units that the label wants or accepts."""
    return {*label["department"], *label.get("department_acceptable", ())}


def _shown(label: Mapping[str, Any], got: Mapping[str, Any]) -> dict[str, Any]:
    """The lead unit and the other units that it may be, where the label has a right one."""
    others = (got.get("alternatives") or {}).get("department") or ()
    units = {*got["department"][:1], *(one["value"] for one in others)}
    fine = _fine(label)
    return {"shown": len(units), "held": bool(units & fine)} if fine else {}


def _summed(some: list[Promise], error: float) -> Calibration:
    chance = np.array([one.confidence for one in some])
    right = np.array([one.right for one in some])
    sure = np.array([one.sure for one in some])
    told = chance > 0
    sets = [one for one in some if one.shown]
    return Calibration(
        calls=len(some),
        accuracy=share(int(right.sum()), len(some)),
        calibration_error=calibrated(chance[told], right[told]) if told.any() else None,
        answered=among(sure, right, float(chance[sure].min()) if sure.any() else None),
        wanted_error=error,
        coverage=widest(chance, right, error),
        shown=set_figures([s.held for s in sets], [s.shown for s in sets]) if sets else None,
        curve=curve(chance, right) if told.any() else (),
    )
