"""How right the classifier of whole calls is, by folds that never split a writer's calls.

What calls.py prints after training, and its card says: each decision as texts are measured
(figures.py), a unit that would do as well counting as right, and the decision to take an
appeal or not, which is made by the sum of all reasons against it (stages/settle.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.calls import Head
from models.linear import ranked
from pipeline.stages.settle import OUTSIDE
from pipeline.training.dialogues import Example
from pipeline.training.figures import measure

REPEAT = "O12"  # a reason, but the appeal is taken: into the order that is being handled
RATES = (0.05, 0.2)  # of errors, at which it is told how many calls are answered


def told(
    task: str, head: Head, logits: np.ndarray, examples: Sequence[Example]
) -> dict[str, Any]:
    """The figures of one decision. logits: (calls, labels), nan where a call has no label."""
    known = [i for i in range(len(examples)) if not np.isnan(logits[i, 0])]
    answers = [ranked(head.labels, logits[i]) for i in known]
    wanted = [
        answer[0].name
        if answer[0].name in examples[i].accepted.get(task, ())
        else examples[i].labels[task]
        for i, answer in zip(known, answers, strict=True)
    ]
    found = measure(
        answers, wanted, error=RATES[0], names=head.labels, certainty=head.certainty
    )
    right = found.accuracy
    return {
        "task": task,
        "calls": len(known),
        "labels": len(head.labels),
        "right": [right.value, right.low, right.high],
        "macro_f1": found.macro_f1.value,
        "calibration_error": found.calibration_error.value,
        "answered_at": {rate: found.rates[rate].share.value for rate in RATES},
    }


def outside(head: Head, logits: np.ndarray, examples: Sequence[Example]) -> Mapping[str, float]:
    """Precision, recall and F1 of not taking an appeal. logits: of scope, as in `told`."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    reasons = [i for i, label in enumerate(head.labels) if _refuses(label)]
    kept = ~np.isnan(logits[:, 0])
    given = (chances[:, reasons].sum(axis=1) > OUTSIDE)[kept]
    wanted = np.array([_refuses(e.labels["scope"]) for e in examples])[kept]
    both = float((given & wanted).sum())
    precision, recall = both / max(1, given.sum()), both / max(1, wanted.sum())
    f1 = 2 * both / max(1, given.sum() + wanted.sum())
    return {"precision": precision, "recall": recall, "f1": f1}


def _refuses(label: str) -> bool:
    """Whether a label of scope is the code of a reason for not taking an appeal."""
    return label[0] in "EO" and label != REPEAT
