"""Trains a small text classifier on a city's own history: `lingsu train TASK FILE`.

Character n-grams that at least five texts share, TF-IDF, a linear SVM, and a temperature
that makes probabilities of its scores, fitted on held-out folds. Writes model.npz, a card and
a plot; the rows themselves are never written anywhere. scikit-learn is needed here only.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.linear import FILE, LinearClassifier, ngrams
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.export.files import whole_file
from pipeline.training.card import CARD, PLOT, Baseline, Trained, card, described
from pipeline.training.dataset import (
    Examples,
    Recipe,
    file_sha256,
    held_out,
    read_examples,
    unseen,
)
from pipeline.training.figures import Figures, f1, measure
from pipeline.training.reliability import write_plot
from pipeline.training.resume import Report, Steps
from pipeline.training.tasks import understood

VERSION = 1  # of what a step makes: raised by hand, so that no older step is gone on with
MIN_TEXTS = 5  # an n-gram of fewer texts could repeat one of them
MIN_EXAMPLES = 20  # texts a label; with fewer it is left out
FOLDS = 5
LONGEST = 4  # characters an n-gram
STEPS = 2 + FOLDS + 3  # read, features, folds, whole, baseline, measure


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen beside the data."""

    cost: float = 0.5  # the SVM's C
    error: float = 0.05  # the share of wrong answers at which the threshold is set
    seed: int = 0


DEFAULT = Settings()


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
    steps.resume(_key(examples, measured, settings))
    model = fit(examples, steps, settings)
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


def fit(examples: Examples, steps: Steps, settings: Settings) -> LinearClassifier:
    """The classifier of these examples; the same examples and seed give the same model.

    Rounded as its file is. Raises InputInvalid where no n-gram stands in enough texts.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    steps.tell("features")
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: ngrams(text, LONGEST), min_df=MIN_TEXTS, sublinear_tf=True
    )
    try:
        features = vectorizer.fit_transform(examples.texts)
    except ValueError as error:  # no terms remain
        raise InputInvalid(
            f"没有一个词在 {MIN_TEXTS} 条文本里都出现：请检查正文列是不是中文诉求"
        ) from error
    names, wanted = np.unique(np.array(examples.labels), return_inverse=True)
    unseen_scores = _by_fold(features, wanted, steps, settings)
    whole = steps.do("whole", lambda: _weights(features, wanted, settings))
    return LinearClassifier(
        names.tolist(),
        vectorizer.get_feature_names_out().tolist(),
        idf=_rounded(vectorizer.idf_),
        coefficients=_rounded(whole[:-1]),
        intercepts=whole[-1],
        temperature=float(np.float32(temperature(unseen_scores, wanted))),
        longest=LONGEST,
    )


def _rounded(array: np.ndarray) -> np.ndarray:
    """As the file gives it back, so that what is measured is what is used."""
    return array.astype(np.float32).astype(np.float16)


def temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """The divisor of the scores that makes the wanted labels most probable.

    scores: (n, labels), of texts the model was not trained on. wanted: (n,), indices.
    """
    steps = np.geomspace(0.02, 5.0, 120)
    top = scores - scores.max(axis=1, keepdims=True)
    own = top[np.arange(len(wanted)), wanted]
    losses = [np.mean(np.log(np.exp(top / t).sum(axis=1)) - own / t) for t in steps]
    return float(steps[int(np.argmin(losses))])


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


def _by_fold(
    features: np.ndarray, wanted: np.ndarray, steps: Steps, settings: Settings
) -> np.ndarray:
    """Scores of each text by a model that was trained without its fold, (texts, labels)."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.empty((len(wanted), int(wanted.max()) + 1))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=settings.seed)
    for number, (own, other) in enumerate(folds.split(features, wanted), 1):

        def one(own: np.ndarray = own, other: np.ndarray = other) -> np.ndarray:
            weights = _weights(features[own], wanted[own], settings)
            return np.asarray(features[other] @ weights[:-1] + weights[-1])

        scores[other] = steps.do(f"fold-{number}", one)
    return scores


def _weights(features: np.ndarray, wanted: np.ndarray, settings: Settings) -> np.ndarray:
    """Coefficients with the intercepts as the last row, (features + 1, labels)."""
    from sklearn.svm import LinearSVC

    # balanced: another city's share of each unit is not this one's
    svm = LinearSVC(C=settings.cost, class_weight="balanced", random_state=settings.seed)
    svm.fit(features, wanted)
    held = np.concatenate([svm.coef_.T, svm.intercept_[None]])
    # scikit-learn keeps one score for two classes
    return np.concatenate([-held, held], axis=1) if held.shape[1] == 1 else held


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
    ranked = model.classify(dev.texts)
    return measure(ranked, dev.labels, error=settings.error, seed=settings.seed)


def _key(train: Examples, dev: Examples, settings: Settings) -> str:
    """Of everything that the kept steps depend on."""
    import sklearn

    how = [
        VERSION,
        sklearn.__version__,
        MIN_TEXTS,
        FOLDS,
        LONGEST,
        settings.cost,
        settings.seed,
    ]
    rows = [train.texts, train.labels, dev.texts, dev.labels]
    return hashlib.sha256(json.dumps([how, rows]).encode()).hexdigest()


def _write(out: Path, model: LinearClassifier, trained: Trained, recipe: Recipe) -> None:
    """The weights first: a card may lag behind them, never run ahead."""
    model.threshold = trained.figures.coverage.threshold
    model.origin = trained.data_sha256
    with whole_file(out / FILE) as file:
        model.write(file)
    with whole_file(out / CARD) as file:
        file.write(card(trained, recipe).encode())
    write_plot(out / PLOT, trained.task, trained.figures)
