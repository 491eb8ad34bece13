"""考核调节: what callers pressed after the call, and what of it their demands explain.

Who is sent more unreasonable demands and more abuse than others is given worse marks for it.
The raw figure is always shown first; the formula and its parameters are in scorecard.toml.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from pipeline.domain.qaschema import Load, Satisfaction, Scorecard
from pipeline.scorecard.intervals import Interval, of_share
from pipeline.store.facts import Facts

DECLINED = ("decline_explain", "refer")


@dataclass(frozen=True, slots=True)
class Rated:
    """Satisfaction over some calls, as pressed and as adjusted."""

    raw: float | None  # mean; None: nobody pressed anything
    adjusted: float | None
    answers: int
    unread: int  # entries that the profile cannot read
    out_of_scope: Interval | None  # shares of the calls that were judged
    abusive: Interval | None  # by the caller


def rated(calls: Iterable[Facts], card: Scorecard) -> Rated:
    """Satisfaction of these calls beside the shares of what the agent cannot help."""
    known = list(calls)
    pressed = [one.metadata.satisfaction for one in known if one.metadata.satisfaction]
    marks = [mark for text in pressed if (mark := read(text, card.satisfaction)) is not None]
    raw = fmean(marks) if marks else None
    judged = [one for one in known if one.status == "ok"]
    shares = {
        name: of_share(sum(is_load(one, name) for one in judged), len(judged),
                       card.agents.confidence)
        for name in ("out_of_scope", "abusive")
    }  # fmt: skip
    return Rated(
        raw=raw,
        adjusted=None if raw is None else adjusted(raw, shares, card),
        answers=len(marks),
        unread=len(pressed) - len(marks),
        out_of_scope=shares["out_of_scope"],
        abusive=shares["abusive"],
    )


def adjusted(raw: float, shares: dict[str, Interval | None], card: Scorecard) -> float:
    """raw + min(most, sum of weight x (share - normal) where above it), within the scale."""
    added = sum(_explained(load, shares.get(load.of)) for load in card.adjustment.loads)
    return min(card.satisfaction.highest, raw + min(card.adjustment.most, added))


def read(text: str, scale: Satisfaction) -> float | None:
    """What a caller pressed, as points; None where the profile cannot tell."""
    value = scale.values.get(text.strip())
    if value is None:
        try:
            value = float(text)
        except ValueError:
            return None
    return value if scale.lowest <= value <= scale.highest else None


def is_load(one: Facts, name: str) -> bool:
    """Whether a call is of this kind: not taken, or abusive by its caller."""
    if name == "out_of_scope":
        return one.outcome in DECLINED
    return one.abuse != "none" and "caller" in one.abusers


def _explained(load: Load, share: Interval | None) -> float:
    return load.weight * max(0.0, share.value - load.normal) if share else 0.0
