"""The new classifier against the one in use, on reviewed calls that neither has learnt from.

Both judge whole calls, rules and all, so that what is compared is what people would see. Of a
decision only the calls count on which one is right and the other is not: were both as good,
each side would win half of them, and the sign test says how odd the outcome then is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

from models.calls import CallClassifier
from pipeline.config import load_config
from pipeline.decisions import said
from pipeline.domain.profile import Profile
from pipeline.plan import JUDGE
from pipeline.stage import process
from pipeline.stages.settle import TASKS
from pipeline.tools import Tools
from pipeline.training.coverage import Figure, share
from pipeline.training.reviewed import Reviewed

FEW = 30  # reviewed calls of a decision; with fewer it cannot be found better
# Shared among the decisions that can be found better: of ten new models that are no better,
# one at most is taken.
BETTER = 0.1
# Sooner taken for worse than for better: 3 of 3 lost are enough, 2 of 2 are not.
WORSE = 0.2


@dataclass(frozen=True, slots=True)
class Duel:
    """One decision: how often each was right on held-out reviews, and what follows."""

    task: str
    reviewed: int  # calls, held-out ones among them
    held_out: int
    old: Figure  # share that is right
    new: Figure
    gained: int  # calls that only the new one has right
    lost: int  # calls that only the old one has right
    verdict: str  # better, worse, alike, few


def duels(
    held_out: Sequence[Reviewed],
    counts: Mapping[str, int],
    *,
    old: CallClassifier | None,
    new: CallClassifier,
    profile: Profile,
) -> tuple[Duel, ...]:
    """Compare every decision. counts: task -> reviewed calls. old: None is the rules alone."""
    before, after = (_judged(held_out, model, profile) for model in (old, new))
    able = sum(counts[task] >= FEW for task in TASKS)
    both = list(zip(held_out, before, after, strict=True))
    found = []
    for task in TASKS:
        right = [[one.right(task, made.get(task)) for made in two] for one, *two in both]
        found.append(compared(task, counts[task], right, able))
    return tuple(found)


def taken(found: Sequence[Duel]) -> bool:
    """Whether the new one takes over: better in one decision at least, worse in none."""
    verdicts = {one.verdict for one in found}
    return "better" in verdicts and "worse" not in verdicts


def sign_test(won: int, lost: int) -> float:
    """How probable it is that of won + lost even throws `won` or more are won."""
    throws = won + lost
    return sum(comb(throws, k) for k in range(won, throws + 1)) / 2**throws


def compared(
    task: str, reviewed: int, pairs: Sequence[Sequence[bool | None]], able: int
) -> Duel:
    """One decision. pairs: whether old and new are right on each held-out call; None where
    nobody decided. able: decisions with enough reviews, which share the chance of an error."""
    known = [(bool(b), bool(a)) for b, a in pairs if b is not None]
    gained = sum(a and not b for b, a in known)
    lost = sum(b and not a for b, a in known)
    return Duel(
        task,
        reviewed,
        len(known),
        old=share(sum(b for b, _ in known), len(known)),
        new=share(sum(a for _, a in known), len(known)),
        gained=gained,
        lost=lost,
        verdict=_verdict(reviewed, gained, lost, able),
    )


def _verdict(reviewed: int, gained: int, lost: int, able: int) -> str:
    if lost > gained and sign_test(lost, gained) < WORSE:
        return "worse"
    if reviewed < FEW:
        return "few"
    return "better" if sign_test(gained, lost) < BETTER / able else "alike"


def _judged(
    calls: Sequence[Reviewed], model: CallClassifier | None, profile: Profile
) -> list[dict[str, str]]:
    """What the machine would say of each call with this classifier."""
    tools = Tools(load_config(), profile, calls=model)
    return [said(process(one.call, JUDGE, tools), profile) for one in calls]
