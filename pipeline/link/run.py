"""Finds the links of calls that were not linked yet and keeps them.

`lingsu run` and `judge` call it at their end over what they were about, `lingsu links` over the
whole store. A call is compared with its neighbours only: its number's calls, and those of its
places and departments, within the windows of links.toml and at most so many of each.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain.linkschema import Links
from pipeline.domain.profile import Profile
from pipeline.link.facts import blocks, facts_of
from pipeline.link.score import DAY, links_between
from pipeline.link.words import Words, load_words
from pipeline.linkrecords import Facts, Link
from pipeline.provenance import key
from pipeline.store import links, queries
from pipeline.store.links import Pending
from pipeline.store.store import Store

LINK_VERSION = 1  # raised by hand when the code changes which links are found
Ends = tuple[str, str, str]  # the later call, the earlier one, and the kind of their link
TOGETHER = 200  # calls a transaction: another run waits no longer than for these


def link_calls(
    store: Store, profile: Profile, shas: Iterable[str] | None = None
) -> dict[str, int]:
    """Link what has no links yet, or other facts by now; how many new links of each kind.

    shas: of these calls alone (they are compared with all others); None: of all.
    Raises ModelMissing, StoreUnusable; what was linked before stays.
    """
    words = load_words(profile)
    linker = Linker(
        profile.links,
        words,
        key("links", LINK_VERSION, profile.links_digest, words.digest)[:16],
    )
    waiting = links.pending(store, linker.key, shas)
    before = {_ends(link) for link in links.of(store, [one.sha256 for one in waiting])}
    found: set[Ends] = set()  # a pair that is linked anew is found from either side
    for first in range(0, len(waiting), TOGETHER):
        found |= _link_some(store, profile, linker, waiting[first : first + TOGETHER])
    return dict(Counter(kind for _, _, kind in found - before))


def _ends(link: Link) -> Ends:
    return link.sha256, link.other, link.kind


def _link_some(
    store: Store, profile: Profile, linker: "Linker", waiting: Sequence[Pending]
) -> set[Ends]:
    found: set[Ends] = set()
    calls = [queries.result(store, one.sha256).call for one in waiting]
    facts = [facts_of(call, profile, linker.words) for call in calls]
    with store.transaction() as db:
        for one, fact in zip(waiting, facts, strict=True):
            if links.renew(db, one.sha256, one.stamp):
                found.update(map(_ends, linker.link(db, fact, one.stamp)))
    return found


@dataclass(frozen=True, slots=True)
class Linker:
    """Compares one call after another with those before it; benchmarks drive it alone."""

    rules: Links
    words: Words
    key: str

    def link(self, db: sqlite3.Connection, facts: Facts, stamp: str) -> list[Link]:
        """Keep the call's links with calls that are there, then the call; the links found."""
        sides = blocks(facts)
        found = [
            link
            for other in self._near(db, facts, sides).values()
            for link in links_between(facts, other, self.rules, self.words)
        ]
        links.put_links(db, found)
        links.put_facts(db, facts, sides, key=self.key, stamp=stamp)
        return found

    def _near(
        self, db: sqlite3.Connection, facts: Facts, sides: Sequence[str]
    ) -> dict[int, Facts]:
        rules = self.rules
        own = (rules.same_caller, rules.repeat, rules.apology)
        days, most = max(kind.days for kind in own), max(kind.most for kind in own)
        same = links.near_number(db, facts, key=self.key, seconds=days * DAY, most=most)
        wide = rules.duplicate
        there = links.near_blocks(
            db, facts, sides, key=self.key, seconds=wide.days * DAY, most=wide.most
        )
        return same | there
