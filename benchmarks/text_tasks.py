"""What `lingsu train` makes of five public sets of labelled texts, beside a plain baseline.

    OMP_NUM_THREADS=1 python benchmarks/text_tasks.py DATA_FOLDER [--only smp2020_ewect]

DATA_FOLDER holds one folder a set with train.jsonl and dev.jsonl. Both are trained on train and
measured on dev in the same run; prints one JSON line a set. The baseline is a TF-IDF of
character 1- to 4-grams with a LinearSVC, C = 0.5, without probabilities: it gets the same
temperature, thresholds and prediction sets from the same folds. Figures with three numbers are
a value with its 95 % interval. `answered at 5 %` is what the threshold kept with the weights
answers, `at best` what some threshold on these very texts could. `misheard` is the accuracy
where 8 % of the Han characters are replaced by homophones. Sizes: the weights in a compressed
file, the baseline's rounded to float32. Speed: CPU seconds of one thread, best of three.
"""

import argparse
import io
import json
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from models.base import Label
from models.certainty import Certainty
from models.homophones import readings
from pipeline.training.blend import FOLDS, temperature
from pipeline.training.coverage import Figure, learnt
from pipeline.training.figures import Figures, measure
from pipeline.training.fit import fit
from pipeline.training.resume import Steps

MISHEARD = 0.08  # of the Han characters
Answer = Callable[[Sequence[str]], Sequence[tuple[Label, ...]]]


@dataclass(frozen=True)
class Task:
    """A set: its columns, whether its texts show feeling, and what else to train on."""

    text: str = "text"
    label: str = "label"
    marks: bool = False
    extra: str = ""


TASKS = {
    "haikou_12345": Task("text_nohint", "unit_group"),
    "tipdm2020_c_route": Task(extra="train_segmented_extra.jsonl"),
    "cold": Task(marks=True),
    "smp2020_ewect": Task(marks=True),
    "reviews_sentiment": Task(marks=True),
}


@dataclass(frozen=True)
class Model:
    """One of the two classifiers, trained."""

    answer: Answer
    names: Sequence[str]
    certainty: Certainty
    features: int
    size: int  # bytes
    seconds: float  # CPU, to train


def read(path: Path, task: Task) -> tuple[list[str], list[str]]:
    """Texts, each with its title before it where it has one, and labels."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [f"{row.get('title') or ''} {row[task.text]}".strip() for row in rows]
    return texts, [str(row[task.label]) for row in rows]


def ours(texts: Sequence[str], labels: Sequence[str], task: Task) -> Model:
    """What `lingsu train` would write."""
    begun = time.process_time()
    with TemporaryDirectory() as folder:
        steps = Steps(Path(folder), 1, lambda done, total, name: None)
        model = fit(texts, labels, steps, marks=task.marks)
    seconds = time.process_time() - begun
    held = io.BytesIO()
    model.write(held)
    size = len(held.getvalue())
    return Model(model.classify, model.labels, model.certainty, model.features, size, seconds)


def baseline(texts: Sequence[str], labels: Sequence[str], task: Task) -> Model:
    """Character n-grams and a LinearSVC; its probabilities from folds like ours."""
    begun = time.process_time()
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    rows = grams.fit_transform(texts)
    names, wanted = np.unique(np.array(labels), return_inverse=True)
    svm = LinearSVC(C=0.5, random_state=0).fit(rows, wanted)
    seconds = time.process_time() - begun
    unseen = np.empty((len(wanted), len(names)))
    for own, other in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, wanted):
        part = LinearSVC(C=0.5, random_state=0).fit(rows[own], wanted[own])
        unseen[other] = _scores(part, rows[other])
    divisor = temperature(unseen, wanted)

    def answer(asked: Sequence[str]) -> list[tuple[Label, ...]]:
        logits = _scores(svm, grams.transform(asked)) / divisor
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        order = np.argsort(-chances, axis=1)
        return [
            tuple(Label(str(names[i]), float(row[i])) for i in best)
            for row, best in zip(chances, order, strict=True)
        ]

    held = io.BytesIO()
    letters = np.frombuffer("\n".join(grams.vocabulary_).encode(), dtype=np.uint8)
    np.savez_compressed(held, letters=letters, weights=svm.coef_.astype(np.float32))
    certainty = learnt(unseen / divisor, wanted)
    size = len(held.getvalue())
    return Model(answer, [str(n) for n in names], certainty, rows.shape[1], size, seconds)


def _scores(svm: LinearSVC, rows: Any) -> np.ndarray:
    scores = svm.decision_function(rows)
    return np.stack([-scores, scores], axis=1) if scores.ndim == 1 else scores


def misheard(texts: Sequence[str], share: float, seed: int) -> list[str]:
    """The texts with so many of their Han characters replaced by others that are read alike."""
    alike: dict[str, list[str]] = defaultdict(list)
    for character in sorted({character for text in texts for character in text}):
        if spoken := readings(character):
            alike[spoken[0]].append(character)
    others = {one: [x for x in same if x != one] for same in alike.values() for one in same}
    dice = np.random.default_rng(seed)

    def heard(character: str) -> str:
        able = others.get(character)
        return str(dice.choice(able)) if able and dice.random() < share else character

    return ["".join(map(heard, text)) for text in texts]


def speed(model: Model, texts: Sequence[str]) -> float:
    """Texts a second of one core."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        model.answer(texts)
        taken.append(time.process_time() - begun)
    return len(texts) / min(taken)


def told(model: Model, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """Every figure of one classifier."""
    found = _measured(model, texts, labels)
    kept, best, shown = found.at_threshold, found.coverage, found.sets[0.9]
    again = _measured(model, misheard(texts, MISHEARD, 1), labels)
    return {
        "accuracy": _three(found.accuracy),
        "macro_f1": _three(found.macro_f1),
        "top3": found.top3 and _three(found.top3),
        "ece": _three(found.calibration_error),
        "refused": round(found.refused.value, 4),
        "answered at 5 %": kept and [_three(kept.share), _three(kept.error)],
        "at best": _three(best.share),
        "sets of 90 %": {"held": _three(shown.held), "labels": round(shown.labels, 3)},
        "misheard": _three(again.accuracy),
        "features": model.features,
        "kB": round(model.size / 1000),
        "train_s": round(model.seconds, 1),
        "texts_per_s": round(speed(model, texts)),
    }


def _measured(model: Model, texts: Sequence[str], labels: Sequence[str]) -> Figures:
    ranked = model.answer(texts)
    return measure(ranked, labels, error=0.05, names=model.names, certainty=model.certainty)


def _three(figure: Figure) -> list[float]:
    return [round(value, 4) for value in (figure.value, figure.low, figure.high)]


def gain(models: Sequence[Model], texts: Sequence[str], labels: Sequence[str]) -> list[float]:
    """By how much the first is right more often, text by text."""
    given = [[answer[0].name if answer else "" for answer in m.answer(texts)] for m in models]
    right = [np.array(names) == np.array(labels) for names in given]
    apart = right[0].astype(float) - right[1]
    mean, wide = float(apart.mean()), 1.96 * float(apart.std()) / len(apart) ** 0.5
    return [round(value, 4) for value in (mean, mean - wide, mean + wide)]


def main() -> None:
    """Train and measure both on every set, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("data", type=Path)
    options.add_argument("--only", nargs="+", default=list(TASKS), choices=list(TASKS))
    asked = options.parse_args()
    machine = {"cpu": platform.machine(), "cores": os.cpu_count()}
    for name in asked.only:
        task, folder = TASKS[name], asked.data / name
        texts, labels = read(folder / "train.jsonl", task)
        if task.extra:
            more, theirs = read(folder / task.extra, task)
            texts += [text.replace(" ", "") for text in more]  # known in segmented form only
            labels += theirs
        dev, wanted = read(folder / "dev.jsonl", task)
        models = [make(texts, labels, task) for make in (ours, baseline)]
        facts = {"train": len(texts), "dev": len(dev), "labels": len(set(labels))}
        report = {
            key: told(model, dev, wanted)
            for key, model in zip(("lingsu", "baseline"), models, strict=True)
        }
        line = {"benchmark": "text_tasks", "set": name, **facts, **report}
        line |= {"gain": gain(models, dev, wanted), "machine": machine}
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
