"""How far the answers of a trained classifier can be trusted: what is kept with its weights.

All of it stems from texts that the scoring model had not seen (pipeline/training/coverage.py):
from which probability on answers err so rarely, and which labels to show to a person so that
the right one is among them so often.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.base import Label

ERRORS = (0.01, 0.02, 0.05, 0.1, 0.2)  # shares of wrong answers that a profile may choose
COVERAGES = (0.8, 0.9, 0.95)  # how often the right label lies in a prediction set


@dataclass(frozen=True, slots=True)
class Certainty:
    """Probabilities to compare an answer's own with.

    thresholds: share of wrong answers, of ERRORS -> the best label's probability from which
    answers erred no more often; rates that no probability reaches are not in it.
    levels: coverage, of COVERAGES -> the probability down to which labels belong to the set.
    """

    thresholds: Mapping[float, float] = field(default_factory=dict)
    levels: Mapping[float, float] = field(default_factory=dict)

    def threshold(self, error: float) -> float | None:
        """The probability from which at most `error` of the answers are wrong; None: never.

        error: 0..1; between two of ERRORS the stricter one counts.
        """
        rate = max((rate for rate in ERRORS if rate <= error), default=None)
        return None if rate is None else self.thresholds.get(rate)

    def prediction_set(self, labels: Sequence[Label], coverage: float) -> tuple[Label, ...]:
        """The labels among which the right one lies in `coverage` of such texts, best first.

        labels: an answer, best first; of an empty one, a refusal, the set is empty as well.
        Raises KeyError for a coverage that is not in `levels`.
        """
        level = self.levels[coverage]
        return tuple(x for i, x in enumerate(labels) if i == 0 or x.probability >= level)
