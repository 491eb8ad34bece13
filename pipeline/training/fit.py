"""Texts and labels become a classifier: features, members, their sum, and its certainty.

Used by train.py for a city and by benchmarks/text_tasks.py; knows no file and no task.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.linear import LinearClassifier, quantized
from pipeline.training.blend import blend, summed
from pipeline.training.coverage import learnt
from pipeline.training.features import LONGEST, features
from pipeline.training.members import weights
from pipeline.training.noise import misheard
from pipeline.training.resume import Steps

# The share of n-grams known below which a text is unlike all that was learnt: what one in a
# thousand of the training texts falls below, the other texts being asked.
STRANGE = 0.001


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen beside the data."""

    error: float = 0.05  # the share of wrong answers that is reported on
    noise: float = 0.0  # share of characters misheard in a second copy of each text; 0: none
    seed: int = 0


DEFAULT = Settings()


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    steps: Steps,
    *,
    marks: bool = False,
    settings: Settings = DEFAULT,
) -> LinearClassifier:
    """The classifier of these texts; the same texts and settings give the same model.

    labels: one a text, of two kinds at least. marks: whether signs of feeling count. Rounded
    as its file is. Raises InputInvalid where no n-gram stands in enough texts.
    """
    steps.tell("features")
    copies = misheard(texts, settings.noise, settings.seed) if settings.noise else []
    held = features(texts, copies=copies, marks=marks)
    names, wanted = np.unique(np.array(labels), return_inverse=True)
    found = blend(held.rows, wanted, steps, settings.seed)
    told = np.tile(wanted, 2) if copies else wanted
    whole = steps.do(
        "whole",
        lambda: summed(
            [weights(member, held.rows, told, settings.seed) for member in found.members],
            found.divisors,
        ),
    )
    matrix, scale = quantized(whole[:-1])
    return LinearClassifier(
        names.tolist(),
        held.vocabulary,
        idf=held.idf.astype(np.float32).astype(np.float16),  # as its file gives it back
        weights=matrix,
        scale=scale,
        intercepts=whole[-1],
        longest=LONGEST,
        marks=marks,
        least_known=float(np.quantile(held.known, STRANGE)),
        certainty=learnt(found.logits, wanted),
    )
