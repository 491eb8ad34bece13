"""Trains a small text classifier on a city's own history: `lingsu train TASK FILE`.

Reads the rows, lets fit.py make the classifier, measures it on texts that it has not seen
beside a plain baseline, and writes model.npz, a card and two plots; the rows themselves are
never written anywhere.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.certainty import SureClassifier
from models.combined import FILE as COMBINED
from models.combined import CombinedClassifier, withdraw
from models.linear import FILE, LinearClassifier
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid, cause
from pipeline.export.files import whole_file
from pipeline.training import blend, features, members
from pipeline.training.card import (
    CARD,
    PLOT,
    Baseline,
    Beside,
    Encoded,
    Trained,
    card,
    described,
)
from pipeline.training.combine import Tuning, combined
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
from pipeline.training.fit import DEFAULT, Settings, fitted
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
    tunings: Sequence[Tuning] = (),
    report: Report = lambda done, total, name: None,
) -> Trained:
    """Train on `data`, measure on `dev` (or on 15 % held out), write the folder `out`.

    tunings: encoders to fine-tune beside the n-grams. Stopped and started again, it goes on
    with the steps that are done. Raises InputInvalid where there are fewer than two labels
    with enough texts, or nothing to measure on.
    """
    steps = Steps(out, STEPS + sum(one.epochs + 1 for one in tunings), report)
    steps.tell("read")
    digest = file_sha256(data)
    examples, measured = _parts(task, data, dev, profile=profile, recipe=recipe)
    marks = task in FELT
    steps.resume(_key(examples, measured, marks, settings, tunings))
    made = fitted(examples.texts, examples.labels, steps, marks=marks, settings=settings)
    whole = combined(made, examples, steps, tunings, settings.seed) if tunings else None
    plain = steps.do("baseline", lambda: _baseline(examples, measured, settings.seed))
    steps.tell("measure")
    trained = Trained(
        task=task,
        path=out / FILE,
        features=made.model.features,
        data_sha256=digest,
        training=described(examples),
        measured=described(measured),
        figures=_measured(whole or made.model, measured, settings),
        encoded=_encoded(whole, measured, settings) if whole else None,
        baseline=Baseline(*plain.tolist()),
        seed=settings.seed,
        resumed=steps.resumed,
    )
    _write(out, made.model, whole, trained, recipe)
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


def _encoded(whole: CombinedClassifier, dev: Examples, settings: Settings) -> Encoded:
    """What the card says of the encoders, and how well the n-grams alone would do."""
    alone = _measured(whole.linear, dev, settings)
    plain = Baseline(alone.accuracy.value, alone.macro_f1.value)
    joined = [Beside(one.source, one.licence, one.divisor) for one in whole.joined]
    return Encoded(tuple(joined), whole.divisor, plain)


def _measured(model: SureClassifier, dev: Examples, settings: Settings) -> Figures:
    return measure(
        model.classify(dev.texts),
        dev.labels,
        error=settings.error,
        names=model.labels,
        certainty=model.certainty,
        seed=settings.seed,
    )


def _key(
    train: Examples,
    dev: Examples,
    marks: bool,
    settings: Settings,
    tunings: Sequence[Tuning],
) -> str:
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
        *(one.key for one in tunings),
    ]
    rows = [train.texts, train.labels, dev.texts, dev.labels]
    return hashlib.sha256(json.dumps([how, rows]).encode()).hexdigest()


def _write(
    out: Path,
    model: LinearClassifier,
    whole: CombinedClassifier | None,
    trained: Trained,
    recipe: Recipe,
) -> None:
    """The weights first: a card may lag behind them, never run ahead. At every moment the
    folder holds a whole classifier: what joins the n-grams goes first and comes last."""
    model.origin = trained.data_sha256
    withdraw(out)
    with whole_file(out / FILE) as file:
        model.write(file)
    if whole:
        try:
            whole.save(out)
        except OSError as error:
            raise InputInvalid(f"写不了 {out}：{cause(error)}") from error
        with whole_file(out / COMBINED) as file:
            whole.write(file, out)
    with whole_file(out / CARD) as file:
        file.write(card(trained, recipe).encode())
    write_plots(out / PLOT, trained.task, trained.figures)
