"""Texts as TF-IDF of the n-grams that at least five of them share.

Counts the same n-grams as models/linear.py and weighs them alike, for all texts at once.
Used by fit.py; scikit-learn is needed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.grams import foreign, ngrams
from pipeline.errors import InputInvalid

MIN_TEXTS = 5  # an n-gram of fewer texts could repeat one of them
LONGEST = 4  # characters an n-gram


@dataclass(frozen=True, slots=True)
class Features:
    """The n-grams that are kept, and what the texts hold of them."""

    vocabulary: list[str]
    idf: np.ndarray  # (features,)
    rows: Any  # scipy CSR, (texts, features): TF-IDF, each row of unit length
    known: np.ndarray  # (texts,): the share of each one's n-grams that the other texts keep


def features(texts: Sequence[str], *, longest: int = LONGEST, marks: bool = False) -> Features:
    """Count and weigh n-grams of 1 to `longest` characters. marks: signs of feeling too.

    Raises InputInvalid where no n-gram stands in enough texts.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    counter = CountVectorizer(analyzer=lambda text: ngrams(text, longest, marks=marks))
    try:
        counts = counter.fit_transform(texts)
    except ValueError as error:  # no words at all
        raise InputInvalid(_NOTHING) from error
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(held >= MIN_TEXTS)
    if not kept.size:
        raise InputInvalid(_NOTHING)
    # a text does not vouch for its own n-grams: enough others must have them
    others = counts @ (held > MIN_TEXTS).astype(np.int64)
    weigher = TfidfTransformer(sublinear_tf=True)
    rows = weigher.fit_transform(counts[:, kept])
    total = np.asarray(counts.sum(axis=1)).ravel() + [foreign(text) for text in texts]
    names = counter.get_feature_names_out()[kept].tolist()
    return Features(names, weigher.idf_, rows, others / np.maximum(total, 1))


_NOTHING = f"没有一个词在 {MIN_TEXTS} 条文本里都出现：请检查正文列是不是中文诉求"
