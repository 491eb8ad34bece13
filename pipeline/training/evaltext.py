"""Measures a trained classifier on labelled texts: `lingsu eval-text TASK DATA`.

The weights are those that judging under the profile would use. Answers are compared with
labels by figures.py; this file brings the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models import classifiers
from models.base import Label, ModelUnavailable, TextClassifier
from models.certainty import SureClassifier
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.tools import classifier_folders
from pipeline.training.dataset import LeftOut, Recipe, file_sha256, read_examples
from pipeline.training.figures import Figures, measure
from pipeline.training.resume import Report
from pipeline.training.tasks import understood

BATCH = 500  # texts between two reports of progress


@dataclass(frozen=True, slots=True)
class TextReport:
    """The figures, and on what they were taken."""

    task: str
    weights: Path
    data_sha256: str
    columns: tuple[str, str]  # headers of text and label
    left_out: tuple[LeftOut, ...]
    same_data: bool  # whether this is the file that the weights were trained on
    figures: Figures


def evaluate_texts(
    task: str,
    data: Path,
    *,
    profile: Profile,
    recipe: Recipe,
    weights: Path | None = None,
    error: float = 0.05,
    seed: int = 0,
    report: Report = lambda done, total, name: None,
) -> TextReport:
    """Classify every labelled text of `data` and compare. weights: None for what judging uses.

    Texts whose label was never learnt are left out and counted. Raises InputInvalid where
    there are no weights that can be read, or nothing to compare.
    """
    folder, model = _weights(task, profile, weights)
    examples = read_examples(data, task, recipe, understood(task, profile))
    learnt = set(model.labels)
    examples = examples.only([lb in learnt for lb in examples.labels], "not_learnt", named=True)
    if not examples.texts:
        raise InputInvalid(f"{data}：没有一条的标签是模型学过的（{'、'.join(sorted(learnt))}）")
    own = model if isinstance(model, SureClassifier) else None
    digest = file_sha256(data)
    return TextReport(
        task=task,
        weights=folder,
        data_sha256=digest,
        columns=examples.columns,
        left_out=examples.left_out,
        same_data=own is not None and own.origin == digest,
        figures=measure(
            _answers(model, examples.texts, report),
            examples.labels,
            error=error,
            names=model.labels,
            certainty=own.certainty if own else None,
            seed=seed,
        ),
    )


def _weights(task: str, profile: Profile, given: Path | None) -> tuple[Path, TextClassifier]:
    folder = given or classifier_folders(profile).get(task)
    if folder is None:
        raise InputInvalid(
            f"{profile.name} 没有 {task} 的权重：请先 lingsu train {task} 历史数据 "
            "--profile 城市配置"
        )
    try:
        return folder, classifiers.load(folder)
    except ModelUnavailable as error:
        raise InputInvalid(f"{error}；请重新 lingsu train {task}") from error


def _answers(
    model: TextClassifier, texts: Sequence[str], report: Report
) -> list[tuple[Label, ...]]:
    answers: list[tuple[Label, ...]] = []
    for start in range(0, len(texts), BATCH):
        report(start, len(texts), "measure")
        answers += model.classify(texts[start : start + BATCH])
    return answers
