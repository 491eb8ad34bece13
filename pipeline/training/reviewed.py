"""Calls that people reviewed, as examples for the classifier of whole calls (calls.py).

A third of them, told by a hash of their identity, is never trained on: by those the new
classifier is held against the old one (duel.py). The same call stays on its side for ever, so
that no later training is measured on what an earlier one learnt.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.decisions import values
from pipeline.domain.profile import Profile
from pipeline.records import Call
from pipeline.stages.settle import NOWHERE, TASKS
from pipeline.store import queries, reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.training.dialogues import Example, scope_label

THIRD = 3  # one call in so many is held out


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A call as it was heard, with what people found right and what they found wrong."""

    call: Call
    labels: Mapping[str, str]  # task -> the right value, accepted or changed
    rejected: Mapping[str, str]  # task -> the machine's value, which is wrong
    who: str  # decided last on it

    @property
    def held_out(self) -> bool:
        """Whether it is for measuring."""
        sha = self.call.recording.sha256
        return hashlib.sha256(sha.encode()).digest()[0] % THIRD == 0

    @property
    def example(self) -> Example:
        """What is learnt of it; as in the dialogues no unit is nothing to learn of units."""
        learnt = {
            task: value
            for task, value in self.labels.items()
            if (task, value) != ("department", NOWHERE)
        }
        return Example(self.call, learnt, self.who)

    def right(self, task: str, value: str | None) -> bool | None:
        """Whether this value is right; None: no person decided. Of a rejected one only itself
        is known to be wrong."""
        if task in self.labels:
            return value == self.labels[task]
        return value != self.rejected[task] if task in self.rejected else None


@dataclass(slots=True)
class Found:
    """What the store has of reviews, and how many could not be used."""

    calls: list[Reviewed] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)  # reason -> decisions or calls

    @property
    def counts(self) -> dict[str, int]:
        """Task -> reviewed calls, rejected ones among them."""
        return {
            task: sum(one.right(task, None) is not None for one in self.calls) for task in TASKS
        }


def reviewed_calls(store: Store, profile: Profile) -> Found:
    """Every reviewed call whose words are known, with the decisions that count."""
    found = Found()
    decided = reviews.counting(store)
    for sha, hear_key in queries.transcripts(store):
        if sha not in decided:
            continue
        call = queries.heard_call(store, sha, hear_key)
        if not any(turn.source == "speech" for turn in call.turns):
            found.left_out["no_words"] += 1
            continue
        if one := _reviewed(call, decided[sha], profile, found.left_out):
            found.calls.append(one)
    return found


def _reviewed(
    call: Call, decided: Mapping[str, Review], profile: Profile, left_out: Counter[str]
) -> Reviewed | None:
    labels, rejected = {}, {}
    for task, review in decided.items():
        if task not in TASKS:
            continue
        if review.what == "reject":
            if review.old:
                rejected[task] = review.old
        elif review.new and review.new in values(task, profile).values():
            labels[task] = _label(task, review.new, profile)
        else:
            left_out["not_understood"] += 1
    if not labels and not rejected:
        return None
    who = list(decided.values())[-1].who
    return Reviewed(call, labels, rejected, who)


def _label(task: str, value: str, profile: Profile) -> str:
    """As the dialogues write it."""
    outcomes: dict[str, str] = {rule.code: rule.outcome for rule in profile.scope}
    if task != "scope" or value not in outcomes:
        return value
    return scope_label(outcomes[value], value)
