"""What a call's links say, as `relations` in the export (docs/schema.md), and hot spots.

Used by whatever writes or shows calls of an open store.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.linkrecords import Facts, Link
from pipeline.store import links
from pipeline.store.store import Store

# kind -> its key in the export; of these two only the earlier calls, of the others both sides
EITHER = {"same_caller": "same_caller", "duplicate": "duplicates_of"}
EARLIER = {"repeat": "repeat_of", "apology": "apologises_for"}
NONE: dict[str, Any] = {
    **{key: [] for key in (*EITHER.values(), *EARLIER.values())},
    "hot_spot": None,
    "links": [],
}


@dataclass(frozen=True, slots=True)
class HotSpot:
    """Calls of different people about one matter at one place within days of each other."""

    name: str  # place and matter: 龙圣路停水
    calls: tuple[Facts, ...]  # by time

    @property
    def callers(self) -> int:
        """How many numbers are known to be behind it."""
        return len({one.number for one in self.calls if one.number})


class Relations:
    """Answers for one call after another; remembers the hot spots it has met."""

    def __init__(self, store: Store, hot_spot_calls: int) -> None:
        """hot_spot_calls: so many calls make one."""
        self.store, self.least = store, hot_spot_calls
        self._spots: dict[str, HotSpot | None] = {}

    def of(self, sha256: str) -> dict[str, Any]:
        """The `relations` of a call, unmasked but for the numbers in the evidence."""
        found = links.of(self.store, [sha256])
        others = {one.other if one.sha256 == sha256 else one.sha256 for one in found}
        ids = {
            sha: call_id(sha, known[0])
            for sha, known in links.named(self.store, others).items()
        }
        spot = self.spot(sha256) if any(one.kind == "duplicate" for one in found) else None
        told = {key: list(value) if value == [] else value for key, value in NONE.items()}
        for one in found:
            earlier = one.sha256 == sha256
            other = one.other if earlier else one.sha256
            told["links"].append(_plain(one, other, ids[other], earlier=earlier))
            if key := EITHER.get(one.kind) or (earlier and EARLIER.get(one.kind)):
                told[key].append(ids[other])
        return told | {"hot_spot": spot.name if spot else None}

    def spot(self, sha256: str) -> HotSpot | None:
        """The hot spot that a call belongs to."""
        if sha256 not in self._spots:
            members = links.group(self.store, sha256)
            calls = links.facts_of(self.store, members) if len(members) >= self.least else []
            made = HotSpot(_named(calls), tuple(calls)) if len(calls) >= self.least else None
            self._spots |= dict.fromkeys(members, made)
        return self._spots[sha256]

    def spots(self, found: Iterable[Link]) -> list[HotSpot]:
        """The hot spots behind these links, the one with most calls first."""
        met = {one.sha256: None for one in found if one.kind == "duplicate"}
        spots = {id(spot): spot for sha in met if (spot := self.spot(sha))}
        return sorted(spots.values(), key=lambda spot: (-len(spot.calls), spot.name))


def call_id(sha256: str, given: str | None) -> str:
    """As the export names a call: the exchange's id, or the first signs of the recording's."""
    return given or sha256[:12]


def _plain(link: Link, sha256: str, name: str, *, earlier: bool) -> dict[str, Any]:
    return {
        "kind": link.kind,
        "call_id": name,
        "sha256": sha256,
        "earlier": earlier,
        "score": link.score,
        "evidence": dict(link.evidence),
    }


def _named(calls: Sequence[Facts]) -> str:
    """The place and the matter that most calls name; among equals the one named first."""
    sounds = Counter(sound for one in calls for sound in one.sounds)
    written = [pair for one in calls for pair in zip(one.sounds, one.places, strict=True)]
    most = sounds.most_common(1)[0][0] if sounds else ""
    places = Counter(place for sound, place in written if sound == most)
    matters = Counter(one.matter for one in calls if one.matter)
    return "".join(name for names in (places, matters) for name, _ in names.most_common(1))
