"""Exported results beside labels: the table of `lingsu eval`.

Used by `lingsu eval` on a store's results or on what reference.py makes of the labels' own
turns. Objects may be masked: their names and numbers are then compared under the mask.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from pipeline.errors import InputInvalid
from pipeline.redact import mask
from pipeline.training.calibration import (
    Calibration,
    Promise,
    calibrate,
    calibration_rows,
    promises,
)
from pipeline.training.metrics import NAMED, QA, compare
from pipeline.training.related import Pair, related
from pipeline.training.score import Found, Mark, Row, Share, rows

TURN = {"speaker", "start_s", "end_s", "text"}  # what a labelled turn must have


@dataclass(frozen=True, slots=True)
class Report:
    """The table, and each call's mistakes, the call with most of them first."""

    rows: tuple[Row, ...]
    worst: tuple[dict[str, Any], ...]  # file, mistakes, cer, wrong [{metric, wanted, got}]
    calibration: dict[str, Calibration]  # by decision; empty where nothing bears a confidence

    def value(self, metric: str) -> float | None:
        """One number of the table. Raises KeyError for a metric that is not in it."""
        return {row.metric: row.value for row in self.rows}[metric]

    def as_json(self) -> dict[str, Any]:
        """Plain values, for --json and for a history file."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "worst": list(self.worst),
            "calibration": {task: asdict(one) for task, one in self.calibration.items()},
        }


def evaluate(
    labels_path: Path,
    exported: Iterable[dict[str, Any]],
    *,
    error: Callable[[str], float] = lambda task: 0.05,
) -> Report:
    """Compare exported objects with the labels of the same file name.

    error: the share of wrong answers that the profile puts up with, by decision.

    A labelled recording without an answer is counted as missing and not judged; one that
    failed is judged as an empty answer. Raises InputInvalid for a malformed labels file.
    """
    answers = {base_name(one["file"]): one for one in exported}
    marks: list[Mark] = []
    pairs: list[Pair] = []
    promised: list[Promise] = []
    worst, missing, failed = [], 0, 0
    labels = read_labels(labels_path)
    for label in labels:
        name = base_name(label["file"])
        answer = answers.get(name) or answers.get(mask(name))
        if answer is None:
            missing += 1
            continue
        failed += answer.get("status") == "failed"
        pairs.append((label, answer))
        own = list(compare(label, answer))
        marks += own
        promised += promises(label, answer, own)
        worst.append(_mistakes(name, own))
    judged = len(labels) - missing
    counts = (
        Row("labelled", "标注通话", len(labels), len(labels)),
        Row("judged", "参与比较", judged, len(labels)),
        Row("missing", "缺结果", missing, len(labels), "库里没有，不计入各项"),
        Row("failed", "处理失败", failed, len(labels), "按答空计入各项"),
    )
    calibration = calibrate(promised, error)
    compared = _with_means(list(rows([*marks, *related(pairs)], NAMED)))
    table = (*counts, *compared, *calibration_rows(calibration))
    worst.sort(key=lambda one: (-one["mistakes"], one["file"]))
    return Report(table, tuple(worst), calibration)


def read_labels(path: Path) -> list[dict[str, Any]]:
    """The labels, one JSON object a line. Raises InputInvalid naming the line."""
    labels = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputInvalid(f"{path}：{error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
        except ValueError as error:
            raise InputInvalid(f"{path}:{number}：{error}") from error
        if not isinstance(label, dict) or not isinstance(label.get("file"), str):
            raise InputInvalid(f'{path}:{number}：每行须是带 "file" 的 JSON 对象')
        for turn in label.get("turns") or ():
            if absent := TURN - set(turn):
                raise InputInvalid(f"{path}:{number}：话轮缺 {'、'.join(sorted(absent))}")
        labels.append(label)
    if not labels:
        raise InputInvalid(f"{path}：里面没有标注")
    return labels


def base_name(path: str) -> str:
    """The file's own name: labels may stand beside the folder or in it."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _with_means(table: list[Row]) -> Iterator[Row]:
    """The rows, and after the single QA items and entity kinds their macro F1."""
    for i, row in enumerate(table):
        yield row
        family = row.metric.partition(".")[0]
        follows = table[i + 1].metric if i + 1 < len(table) else ""
        if "." in row.metric and not follows.startswith(f"{family}."):
            own = [r for r in table if r.metric.startswith(f"{family}.")]
            values = [r.value for r in own if r.metric.endswith("_f1") and r.value is not None]
            label = {"qa": "质检", "entity": "实体"}[family]
            value = round(mean(values), 4) if values else None
            note = "各项 F1 的平均；标注和结果都没有的项不计"
            yield Row(f"{family}_macro_f1", f"{label} 宏平均 F1", value, len(values), note)


def _mistakes(name: str, marks: list[Mark]) -> dict[str, Any]:
    wrong: list[dict[str, Any]] = []
    cer = None
    for mark in marks:
        if isinstance(mark, Share) and mark.metric == "cer":
            cer = round(mark.hits / mark.of, 4) if mark.of else None
        elif isinstance(mark, Share) and mark.of == 1.0 and mark.hits == 0.0:
            wrong.append({"metric": mark.metric, "wanted": mark.wanted, "got": mark.got})
        elif isinstance(mark, Share) and mark.metric == "ticket_facts" and mark.got:
            wrong.append({"metric": mark.metric, "wanted": mark.got, "got": []})
        elif isinstance(mark, Found) and (mark.missing or mark.extra):
            missing, extra = list(mark.missing), list(mark.extra)
            wrong.append({"metric": mark.metric, "wanted": missing, "got": extra})
        elif isinstance(mark, Found) and mark.metric.removeprefix("qa.") in QA:
            if mark.wanted != mark.given:
                sides = {"wanted": bool(mark.wanted), "got": bool(mark.given)}
                wrong.append({"metric": mark.metric, **sides})
    return {"file": name, "mistakes": len(wrong), "cer": cer, "wrong": wrong}
