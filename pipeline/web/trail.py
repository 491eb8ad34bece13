"""Where a reviewer is in a list of calls, so that the next one opens by itself.

Written into addresses as `abuse.3` or `day.2026-07-14.0`. A call that is decided leaves its
list, so that the same place then holds the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.domain.profile import Profile
from pipeline.store import worklists
from pipeline.store.store import Store
from pipeline.workbench import queue, scoring
from pipeline.workbench.sample import Drawn, draw

DAY = "day"


@dataclass(frozen=True, slots=True)
class Trail:
    """A place in a list."""

    kind: str  # one of queue.LISTS, or DAY
    place: int = 0
    day: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.kind, self.day, str(self.place)) if part)

    @property
    def home(self) -> str:
        """The page of the list."""
        return f"/sample?day={self.day}" if self.kind == DAY else f"/review?show={self.kind}"

    @property
    def skipped(self) -> "Trail":
        """The place behind this one."""
        return replace(self, place=self.place + 1)


def read(text: str) -> Trail | None:
    """None for what is no trail."""
    kind, _, rest = text.partition(".")
    day, _, place = rest.rpartition(".")
    if not place.isdecimal() or len(place) > 6:
        return None
    if kind == DAY and len(day) == 10 and day.replace("-", "").isdecimal():
        return Trail(kind, int(place), day)
    return Trail(kind, int(place)) if kind in queue.LISTS and not day else None


def following(
    store: Store, trail: Trail, profile: Profile, *, who: str, taken: set[str]
) -> tuple[Trail, str] | None:
    """The next call at or behind a place that nobody else has open; None: the list ends."""
    for i, sha in islice(enumerate(_listed(store, trail, profile, who)), trail.place, None):
        if sha not in taken:
            return replace(trail, place=i), sha
    return None


def to_score(store: Store, drawn: list[Drawn], who: str) -> list[Drawn]:
    """Those of a sample that wait for this person's scorecard."""
    state = scoring.scored(store, [one.call.sha256 for one in drawn])
    return [one for one in drawn if scoring.waits(state[one.call.sha256], one.twice, who)]


def _listed(store: Store, trail: Trail, profile: Profile, who: str) -> Iterator[str]:
    if trail.kind == DAY:
        drawn = draw(worklists.calls_of(store, trail.day), trail.day, profile.sampling)
        yield from (one.call.sha256 for one in to_score(store, drawn, who))
    else:
        yield from (one.sha256 for one in queue.each(store, trail.kind))
