"""Where one matter was told of more than once: place x matter over the period.

Counts what the calls themselves hold. A recognizer writes a street that it does not know in
other characters each time, so names that sound the same are one place here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain.profile import Profile
from pipeline.domain.sound import readings
from pipeline.export.rows import Row

LEAST = 2  # calls


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A matter at a place, with the calls that told of it."""

    place: str  # as most of the calls have it
    also: tuple[str, ...]  # other spellings and names that the same calls give
    domain: str
    callers: int  # different numbers; those unknown count as one each
    first: str
    last: str
    calls: tuple[str, ...]  # call_id, in their order


@dataclass(frozen=True, slots=True)
class Linked:
    """Calls that were linked: the same caller, the same matter."""

    kind: str
    calls: tuple[str, ...]


class Sites:
    """Says of places what they are counted as; remembers those it has met."""

    def __init__(self, profile: Profile) -> None:
        self._broad = _broad(profile)
        self._met: dict[str, tuple[str, tuple[str, ...]] | None] = {}

    def __call__(self, place: str) -> tuple[str, tuple[str, ...]] | None:
        """The name without city and district, and its sound; None: nothing is left."""
        if place not in self._met:
            name = _without(place, self._broad)
            self._met[place] = (name, readings(name)) if len(name) >= 2 else None
        return self._met[place]


def hot_spots(rows: Iterable[Row], profile: Profile) -> list[HotSpot]:
    """Places with at least LEAST calls on one matter, the most frequent first."""
    told: dict[tuple[tuple[str, ...], str], list[tuple[str, Row]]] = defaultdict(list)
    site = Sites(profile)
    for row in rows:
        for place in row["entities"]["place"] if row["domain"] else ():
            if sited := site(place):
                told[sited[1], row["domain"]].append((sited[0], row))
    merged: dict[tuple[str, tuple[str, ...]], list[tuple[str, Row]]] = defaultdict(list)
    for (_, domain), found in told.items():
        calls = tuple(dict.fromkeys(row["sha256"] for _, row in found))
        if len(calls) >= LEAST:
            merged[domain, calls] += found
    spots = [_spot(domain, found) for (domain, _), found in merged.items()]
    return sorted(spots, key=lambda spot: (-len(spot.calls), -spot.callers, spot.place))


def districts(rows: Iterable[Row]) -> list[tuple[str, str, int]]:
    """District, matter and how many calls, the most frequent first."""
    known = Counter(
        (row["district"], row["domain"]) for row in rows if row["district"] and row["domain"]
    )
    return [(*key, count) for key, count in sorted(known.items(), key=lambda p: (-p[1], p[0]))]


def linked(pairs: Iterable[tuple[str, str, str]], ids: dict[str, str]) -> list[Linked]:
    """Groups of calls that are linked in one way, directly or through others.

    pairs: two SHA-256 and the kind of the link. ids: SHA-256 -> call_id.
    """
    groups: dict[tuple[str, str], set[str]] = {}
    for one, other, kind in pairs:
        both = groups.get((kind, one), {one}) | groups.get((kind, other), {other})
        groups.update({(kind, sha): both for sha in both})
    unique = {
        (kind, tuple(sha for sha in ids if sha in all_)) for (kind, _), all_ in groups.items()
    }
    found = [Linked(kind, tuple(ids[sha] for sha in shas)) for kind, shas in unique]
    return sorted(found, key=lambda group: (-len(group.calls), group.kind, group.calls))


def _spot(domain: str, found: Sequence[tuple[str, Row]]) -> HotSpot:
    names = [name for name, _ in Counter(name for name, _ in found).most_common()]
    rows = {row["sha256"]: row for _, row in found}
    times = [row["started_at"] for row in rows.values() if row["started_at"]]
    callers = {row["caller_number"] or row["sha256"] for row in rows.values()}
    return HotSpot(
        place=names[0],
        also=tuple(names[1:]),
        domain=domain,
        callers=len(callers),
        first=min(times, default=""),
        last=max(times, default=""),
        calls=tuple(row["call_id"] for row in rows.values()),
    )


def _broad(profile: Profile) -> tuple[str, ...]:
    """Names of cities and districts, the longest first: alone they are no hot spot."""
    names = {region.name for region in profile.places}
    for region in profile.places:
        for district in region.districts:
            names |= {district.name, *district.aliases}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _without(place: str, broad: tuple[str, ...]) -> str:
    """The place without the city and the district before it."""
    while place.startswith(broad):
        place = place[next(len(name) for name in broad if place.startswith(name)) :]
    return place
