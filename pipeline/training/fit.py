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
from pipeline.training.resume import Steps

# A text is refused where a lesser share of its n-grams is known than SLACK times what all but
# LOW of the training texts reach, the other texts being asked, and never for more than MOST.
# Without both the speech of callers would be refused: 0.43 of it is known where 0.64 of the
# written orders is, and a history of set phrases is known whole. (Random characters: 0.29.)
LOW, SLACK, MOST = 0.005, 0.8, 0.35


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen beside the data."""

    error: float = 0.05  # the share of wrong answers that is reported on
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
    held = features(texts, marks=marks)
    names, wanted = np.unique(np.array(labels), return_inverse=True)
    found = blend(held.rows, wanted, steps, settings.seed)
    whole = steps.do(
        "whole",
        lambda: summed(
            [weights(member, held.rows, wanted, settings.seed) for member in found.members],
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
        least_known=min(SLACK * float(np.quantile(held.known, LOW)), MOST),
        certainty=learnt(found.logits, wanted),
    )
