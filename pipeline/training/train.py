"""Trains a small text classifier on a city's own history: `lingsu train TASK FILE`.

Reads the rows, lets fit.py make the classifier, measures it on texts that it has not seen
beside a plain baseline, and writes model.npz, a card and two plots; the rows themselves are
never written anywhere.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from models.linear import FILE, LinearClassifier
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.export.files import whole_file
from pipeline.training import blend, features, members
from pipeline.training.card import CARD, PLOT, Baseline, Trained, card, described
from pipeline.training.curve import write_plots
from pipeline.training.dataset import (
    Examples,
    Recipe,
    file_sha256,
    held_out,
    read_examples,
    unseen,
)
from pipeline.training.figures import Figures, f1, measure
from pipeline.training.fit import DEFAULT, Settings, fit
from pipeline.training.resume import Report, Steps
from pipeline.training.tasks import FELT, understood

VERSION = 2  # of what a step makes: raised by hand, so that no older step is gone on with
MIN_EXAMPLES = 20  # texts a label; with fewer it is left out
STEPS = 2 + blend.FOLDS + 3  # read, features, folds, whole, baseline, measure


def train(
    task: str,
    data: Path,
    out: Path,
    *,
    profile: Profile,
    recipe: Recipe,
    dev: Path | None = None,
    settings: Settings = DEFAULT,
    report: Report = lambda done, total, name: None,
) -> Trained:
    """Train on `data`, measure on `dev` (or on 15 % held out), write the folder `out`.

    Stopped and started again, it goes on with the steps that are done. Raises InputInvalid
    where there are fewer than two labels with enough texts, or nothing to measure on.
    """
    steps = Steps(out, STEPS, report)
    steps.tell("read")
    digest = file_sha256(data)
    examples, measured = _parts(task, data, dev, profile=profile, recipe=recipe)
    marks = task in FELT
    steps.resume(_key(examples, measured, marks, settings))
    model = fit(examples.texts, examples.labels, steps, marks=marks, settings=settings)
    plain = steps.do("baseline", lambda: _baseline(examples, measured, settings.seed))
    steps.tell("measure")
    trained = Trained(
        task=task,
        path=out / FILE,
        features=model.features,
        data_sha256=digest,
        training=described(examples),
        measured=described(measured),
        figures=_measured(model, measured, settings),
        baseline=Baseline(*plain.tolist()),
        seed=settings.seed,
        resumed=steps.resumed,
    )
    _write(out, model, trained, recipe)
    steps.clear()
    return trained


def _parts(
    task: str, data: Path, dev: Path | None, *, profile: Profile, recipe: Recipe
) -> tuple[Examples, Examples]:
    """What to train with and what to measure on, which share no text and no rare label."""
    known = understood(task, profile)
    examples = read_examples(data, task, recipe, known)
    if dev:
        measured = unseen(read_examples(dev, task, recipe, known), examples)
    else:
        examples, measured = held_out(examples)
    counts = examples.counts
    often = [counts[label] >= MIN_EXAMPLES for label in examples.labels]
    if len({lb for lb, kept in zip(examples.labels, often, strict=True) if kept}) < 2:
        have = "、".join(f"{label} {number}" for label, number in counts.items()) or "没有"
        raise InputInvalid(f"至少要有两类各 {MIN_EXAMPLES} 条文本（留出的除外），现有：{have}")
    examples = examples.only(often, "rare", named=True)
    learnt = set(examples.labels)
    measured = measured.only([lb in learnt for lb in measured.labels], "not_learnt", named=True)
    if not measured.texts:
        raise InputInvalid("没有可用来测量的文本：请用 --dev 另给一份")
    return examples, measured


def _baseline(train: Examples, dev: Examples, seed: int) -> np.ndarray:
    """Accuracy and macro F1 of a char 1-4-gram TF-IDF + LinearSVC on `dev`, (2,)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    plain = make_pipeline(grams, LinearSVC(C=0.5, random_state=seed))
    names = np.unique(np.array(train.labels))
    plain.fit(train.texts, np.searchsorted(names, np.array(train.labels)))
    given = plain.predict(dev.texts)
    wanted = np.searchsorted(names, np.array(dev.labels))
    return np.array([(given == wanted).mean(), np.nanmean(f1(wanted, given, len(names)))])


def _measured(model: LinearClassifier, dev: Examples, settings: Settings) -> Figures:
    return measure(
        model.classify(dev.texts),
        dev.labels,
        error=settings.error,
        names=model.labels,
        certainty=model.certainty,
        seed=settings.seed,
    )


def _key(train: Examples, dev: Examples, marks: bool, settings: Settings) -> str:
    """Of everything that the kept steps depend on."""
    import sklearn

    how = [
        VERSION,
        sklearn.__version__,
        features.MIN_TEXTS,
        features.LONGEST,
        blend.FOLDS,
        [[member.kind, member.cost] for member in members.MEMBERS],
        marks,
        settings.seed,
    ]
    rows = [train.texts, train.labels, dev.texts, dev.labels]
    return hashlib.sha256(json.dumps([how, rows]).encode()).hexdigest()


def _write(out: Path, model: LinearClassifier, trained: Trained, recipe: Recipe) -> None:
    """The weights first: a card may lag behind them, never run ahead."""
    model.origin = trained.data_sha256
    with whole_file(out / FILE) as file:
        model.write(file)
    with whole_file(out / CARD) as file:
        file.write(card(trained, recipe).encode())
    write_plots(out / PLOT, trained.task, trained.figures)
