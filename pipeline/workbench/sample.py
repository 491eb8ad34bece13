"""The QA clerk's sample of a day: at random, stratified by agent, the least certain first.

Drawn by a hash of seed, day and call: whoever asks gets the same calls, in any process, and a
call does not leave the sample because another one was judged again.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain.sampling import Sampling
from pipeline.store.worklists import Judged


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call of the sample."""

    call: Judged
    twice: bool  # a second clerk scores it too


def draw(calls: Iterable[Judged], day: str, plan: Sampling) -> list[Drawn]:
    """The sample of a day's calls, in the order in which to hear them."""
    agents: dict[str | None, list[Judged]] = {}
    for call in calls:
        agents.setdefault(call.agent_id, []).append(call)
    places: list[tuple[int, Judged]] = []
    for own in agents.values():
        own.sort(key=lambda call: _lot(plan.seed, day, call.sha256))
        count = max(plan.least, math.ceil(plan.share * len(own)))
        places += list(enumerate(own[:count]))
    # where there are too many, every agent has a first call before anybody has a second
    places.sort(key=lambda one: (one[0], _lot(plan.seed, day, one[1].sha256)))
    chosen = [call for _, call in places[: plan.most]]
    twice = _twice(chosen, day, plan)
    chosen.sort(key=lambda call: (call.certainty, call.started_at, call.sha256))
    return [Drawn(call, call.sha256 in twice) for call in chosen]


def _twice(chosen: Sequence[Judged], day: str, plan: Sampling) -> set[str]:
    by_lot = sorted(chosen, key=lambda call: _lot(plan.seed, f"{day} second", call.sha256))
    return {call.sha256 for call in by_lot[: math.ceil(plan.second * len(chosen))]}


def _lot(seed: int, day: str, sha256: str) -> str:
    return hashlib.sha256(f"{seed} {day} {sha256}".encode()).hexdigest()
