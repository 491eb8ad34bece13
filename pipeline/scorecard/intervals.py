"""How far a figure that rests on few calls may be off: intervals of a mean and of a share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and where it may lie, with the profile's confidence."""

    value: float
    low: float
    high: float
    n: int


def of_mean(values: Sequence[float], confidence: float) -> Interval | None:
    """Student's t interval of the mean of scores, cut to 0..100; None for fewer than two.

    Chosen over the percentile bootstrap, which is too narrow for the small samples of one
    shift: resampling five calls cannot show what the sixth would have been. With a few calls t
    is wide, as it should be; with 30 and more both agree.
    """
    if len(values) < 2:
        return None
    from scipy.stats import t  # comes with scikit-learn; slow to import

    mean, spread = fmean(values), stdev(values) / sqrt(len(values))
    reach = float(t.ppf((1 + confidence) / 2, len(values) - 1)) * spread
    return Interval(mean, max(0.0, mean - reach), min(100.0, mean + reach), len(values))


def of_share(hits: int, of: int, confidence: float) -> Interval | None:
    """Wilson's interval of a share, 0..1: right for few calls and for shares near 0."""
    if not of:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach), of)
