"""Who calls very often, or again and again with abuse: counts and calls for a person to weigh.

Nothing follows from a dossier by itself: no caller is blocked, answered later or reported by
Lingsu (docs/privacy.md). A number is a line, not a person.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.domain.linkschema import Links, Often
from pipeline.link.score import DAY
from pipeline.linkrecords import Facts
from pipeline.store import links
from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class Dossier:
    """One number, over a window that ends with its last call among those asked about."""

    number: str
    reasons: tuple[str, ...]  # frequent, abusive
    frequent: tuple[Facts, ...]  # calls in the window of frequent callers, by time
    abusive: tuple[Facts, ...]  # calls with abuse in the window of abusive ones, by time

    @property
    def levels(self) -> dict[str, int]:
        """Abuse level -> calls."""
        return dict(Counter(one.abuse for one in self.abusive))

    @property
    def calls(self) -> tuple[Facts, ...]:
        """The evidence: all calls that were counted, by time."""
        return tuple(sorted({*self.frequent, *self.abusive}, key=_when))


def dossiers(store: Store, shas: Iterable[str], rules: Links) -> list[Dossier]:
    """Of the callers of these calls; those with most abuse first, then with most calls."""
    last: dict[str, int] = {}
    for one in links.facts_of(store, shas):
        if one.number and one.at is not None:
            last[one.number] = max(one.at, last.get(one.number, one.at))
    made = (_dossier(store, number, at, rules) for number, at in last.items())
    found = [one for one in made if one.reasons]
    return sorted(found, key=lambda one: (-len(one.abusive), -len(one.frequent), one.number))


def _dossier(store: Store, number: str, last: int, rules: Links) -> Dossier:
    days = max(rules.frequent.days, rules.abusive.days)
    calls = links.calls_from(store, number, last - days * DAY, last)
    frequent = _within(calls, last, rules.frequent)
    abusive = tuple(one for one in _within(calls, last, rules.abusive) if one.abuse != "none")
    asked = (("abusive", abusive, rules.abusive), ("frequent", frequent, rules.frequent))
    reasons = tuple(name for name, own, rule in asked if len(own) >= rule.calls)
    return Dossier(number, reasons, frequent, abusive)


def _within(calls: Iterable[Facts], last: int, rule: Often) -> tuple[Facts, ...]:
    return tuple(one for one in calls if (one.at or 0) >= last - rule.days * DAY)


def _when(one: Facts) -> tuple[int, str]:
    return one.at or 0, one.sha256
