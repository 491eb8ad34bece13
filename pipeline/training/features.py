"""Texts as TF-IDF of the n-grams that at least five of them share.

Counts the same n-grams as models/linear.py and weighs them alike, for all texts at once.
Used by fit.py; scikit-learn is needed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.grams import ngrams
from pipeline.errors import InputInvalid

MIN_TEXTS = 5  # an n-gram of fewer texts could repeat one of them
LONGEST = 4  # characters an n-gram


@dataclass(frozen=True, slots=True)
class Features:
    """The n-grams that are kept, and what the texts hold of them."""

    vocabulary: list[str]
    idf: np.ndarray  # (features,)
    rows: Any  # scipy CSR, (texts and copies, features): TF-IDF, each row of unit length
    known: np.ndarray  # (texts,): the share of each one's n-grams that the other texts keep


def features(
    texts: Sequence[str], *, copies: Sequence[str] = (), marks: bool = False
) -> Features:
    """Count and weigh.

    copies: none, or the texts again with some characters changed; text and copy are one text
    where those that hold an n-gram are counted. marks: signs of feeling too (grams.py).
    Raises InputInvalid where no n-gram stands in enough texts.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    counter = CountVectorizer(analyzer=lambda text: ngrams(text, LONGEST, marks=marks))
    try:
        counts = counter.fit_transform([*texts, *copies])
    except ValueError as error:  # no words at all
        raise InputInvalid(_NOTHING) from error
    own = counts[: len(texts)]
    either = own + counts[len(texts) :] if copies else own
    held = np.bincount(either.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(held >= MIN_TEXTS)
    if not kept.size:
        raise InputInvalid(_NOTHING)
    # a text does not vouch for its own n-grams: enough others must have them
    others = own @ (held > MIN_TEXTS).astype(np.int64)
    weigher = TfidfTransformer(sublinear_tf=True)
    rows = weigher.fit_transform(counts[:, kept])
    total = np.maximum(np.asarray(own.sum(axis=1)).ravel(), 1)
    names = counter.get_feature_names_out()[kept].tolist()
    return Features(names, weigher.idf_, rows, others / total)


_NOTHING = f"没有一个词在 {MIN_TEXTS} 条文本里都出现：请检查正文列是不是中文诉求"
