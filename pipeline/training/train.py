"""Trains a small text classifier on a city's own history: `lingsu train TASK FILE`.

Character n-grams that at least five texts share, TF-IDF, a linear SVM, and a temperature
that makes probabilities of its scores, fitted on held-out folds. Writes model.npz and a card
beside it; the rows themselves are never written anywhere. scikit-learn is needed here only.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.base import TextClassifier
from models.linear import LinearClassifier, ngrams
from pipeline.errors import InputInvalid
from pipeline.training.card import Figures, Trained, write_card
from pipeline.training.dataset import Examples, held_out, read_examples, read_recipe
from pipeline.training.score import wilson

MIN_TEXTS = 5  # an n-gram of fewer texts could repeat one of them
MIN_EXAMPLES = 20  # texts a label; with fewer it is left out
FOLDS = 5
LONGEST = 4  # characters an n-gram


def train(
    task: str,
    data: Path,
    out: Path,
    *,
    dev: Path | None = None,
    recipe: Path | None = None,
    text: str | None = None,
    label: str | None = None,
    cost: float = 0.5,
    seed: int = 0,
) -> Trained:
    """Train on `data`, measure on `dev` (or on 15 % held out), write the folder `out`.

    text, label: column names, over those of the recipe. cost: the SVM's C.
    Raises InputInvalid where there are fewer than two labels with enough texts.
    """
    rule = read_recipe(recipe, text=text, label=label)
    examples = read_examples(data, rule)
    examples, measured = (examples, read_examples(dev, rule)) if dev else held_out(examples)
    examples = _frequent(examples)
    model = fit(examples, cost=cost, seed=seed)
    path = model.save(out)
    figures = measure(LinearClassifier.load(out), examples, measured, seed=seed)
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    trained = Trained(path, examples.counts, model.features, digest, figures)
    write_card(out / "README.md", task, trained, rule)
    return trained


def fit(examples: Examples, *, cost: float, seed: int) -> LinearClassifier:
    """The classifier of these examples; the same examples and seed give the same model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import LinearSVC

    vectorizer = TfidfVectorizer(
        analyzer=lambda text: ngrams(text, LONGEST), min_df=MIN_TEXTS, sublinear_tf=True
    )
    features = vectorizer.fit_transform(examples.texts)
    names, wanted = np.unique(np.array(examples.labels), return_inverse=True)
    # balanced: another city's share of each unit is not this one's
    svm = LinearSVC(C=cost, class_weight="balanced", random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(svm, features, wanted, cv=folds, method="decision_function")
    svm.fit(features, wanted)
    coefficients, intercepts = svm.coef_, svm.intercept_
    if len(names) == 2:  # scikit-learn keeps one score for two classes
        unseen = np.stack([-unseen, unseen], axis=1)
        coefficients = np.concatenate([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    return LinearClassifier(
        names.tolist(),
        vectorizer.get_feature_names_out().tolist(),
        idf=vectorizer.idf_,
        coefficients=coefficients.T,
        intercepts=intercepts,
        temperature=temperature(unseen, wanted),
        longest=LONGEST,
    )


def temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """The divisor of the scores that makes the wanted labels most probable.

    scores: (n, labels), of texts the model was not trained on. wanted: (n,), indices.
    """
    steps = np.geomspace(0.02, 5.0, 120)
    top = scores - scores.max(axis=1, keepdims=True)
    own = top[np.arange(len(wanted)), wanted]
    losses = [np.mean(np.log(np.exp(top / t).sum(axis=1)) - own / t) for t in steps]
    return float(steps[int(np.argmin(losses))])


def measure(model: TextClassifier, train: Examples, dev: Examples, *, seed: int) -> Figures:
    """The model on texts it never saw, and a char 1-4-gram TF-IDF + LinearSVC beside it."""
    known = set(train.labels)  # a label too rare to learn is not asked for
    pairs = [(t, lb) for t, lb in zip(dev.texts, dev.labels, strict=True) if lb in known]
    if not pairs:
        raise InputInvalid("没有可用来测量的文本：请用 --dev 另给一份")
    texts = [text for text, _ in pairs]
    names = sorted(known)
    wanted = np.array([names.index(label) for _, label in pairs])
    ranked = model.classify(texts)
    given = np.array([names.index(labels[0].name) for labels in ranked])
    plain = np.array([names.index(name) for name in _baseline(train, texts, seed)])
    right = given == wanted
    top3 = [names[w] in {x.name for x in r[:3]} for w, r in zip(wanted, ranked, strict=True)]
    dice = np.random.default_rng(seed)
    draws = [dice.integers(0, len(wanted), len(wanted)) for _ in range(200)]
    drawn = [np.nanmean(_f1(wanted[i], given[i], len(names))) for i in draws]
    low, high = np.quantile(drawn, (0.025, 0.975))
    each = _f1(wanted, given, len(names))
    return Figures(
        texts=len(texts),
        accuracy=float(right.mean()),
        accuracy_interval=wilson(int(right.sum()), len(texts)),
        macro_f1=float(np.nanmean(each)),
        macro_f1_interval=(float(low), float(high)),
        top3=float(np.mean(top3)),
        calibration_error=_calibration([r[0].probability for r in ranked], right),
        baseline_accuracy=float((plain == wanted).mean()),
        baseline_macro_f1=float(np.nanmean(_f1(wanted, plain, len(names)))),
        f1={n: float(v) for n, v in zip(names, each, strict=True) if not np.isnan(v)},
    )


def _f1(wanted: np.ndarray, given: np.ndarray, count: int) -> np.ndarray:
    """F1 of each label, shape (count,); nan for a label that is neither wanted nor given."""
    hits = np.bincount(wanted[wanted == given], minlength=count)
    sides = np.bincount(wanted, minlength=count) + np.bincount(given, minlength=count)
    return np.divide(2 * hits, sides, out=np.full(count, np.nan), where=sides > 0)


def _frequent(examples: Examples) -> Examples:
    counts = examples.counts
    kept = [
        (t, lb)
        for t, lb in zip(examples.texts, examples.labels, strict=True)
        if counts[lb] >= MIN_EXAMPLES
    ]
    if len({lb for _, lb in kept}) < 2:
        raise InputInvalid(f"至少要有两类各 {MIN_EXAMPLES} 条文本，现有：{counts}")
    return Examples(tuple(t for t, _ in kept), tuple(lb for _, lb in kept))


def _baseline(train: Examples, texts: Sequence[str], seed: int) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    plain = make_pipeline(grams, LinearSVC(C=0.5, random_state=seed))
    return plain.fit(train.texts, train.labels).predict(texts)


def _calibration(chances: Sequence[float], right: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal width."""
    chance = np.array(chances)
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = [
        (bins == b).sum() * abs(chance[bins == b].mean() - right[bins == b].mean())
        for b in range(10)
        if (bins == b).any()
    ]
    return float(sum(gaps) / len(right))
