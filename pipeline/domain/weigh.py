"""Turns a profile's rules into weighed evidence: which rule met which words of which turn.

The stages intent, scope and department sum what `evidence` returns. Turns are joined into one
passage first: 250 rules over 20 turns are 250 searches this way and not 5,000.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic

from pipeline.domain import match
from pipeline.domain.match import R, compiled
from pipeline.domain.schema import Said
from pipeline.domain.screen import SCREEN
from pipeline.records import Call, Finding, Turn

OTHER_ROLE = 0.35  # words of the other role still count: a mono recording mixes the roles up
BY_SOUND = 0.8  # a homophone is weaker than the characters themselves
FURTHER = 0.5  # other words for the same thing
REPEATED = 0.25  # the same words again
LIMIT = 5  # findings of one rule: a talkative caller is no stronger evidence


@dataclass(frozen=True)
class Passage:
    """Turns joined by line breaks, which no rule's pattern crosses."""

    turns: tuple[tuple[int, Turn], ...]  # index in Call.turns, turn
    starts: tuple[int, ...]  # offset of each turn in the text
    text: str

    def place(self, offset: int) -> tuple[int, Turn, int]:
        """The turn's index, the turn and the offset within it."""
        which = bisect_right(self.starts, offset) - 1
        index, turn = self.turns[which]
        return index, turn, offset - self.starts[which]


def passage(call: Call, *roles: str) -> Passage:
    """The turns of these roles as one text."""
    turns = tuple(call.said(*roles))
    texts = [turn.text for _, turn in turns]
    starts = accumulate([len(text) + 1 for text in texts[:-1]], initial=0)
    return Passage(turns, tuple(starts), "\n".join(texts))


def evidence(
    kind: str, rule: Said, words: Passage, *, value: str = "", normal: str = ""
) -> list[Finding]:
    """One finding a place where the rule holds, heaviest first.

    The score is its share in the decision: other words for the same thing add half, the same
    words again a quarter.
    """
    if not SCREEN.may_hold(rule, words.text):
        return []
    found: list[Finding] = []
    said: set[str] = set()
    for factor, start, end in _weighed(rule, words):
        if len(found) == LIMIT:
            break
        quote = words.text[start:end]
        factor *= 1.0 if not found else REPEATED if quote in said else FURTHER
        said.add(quote)
        index, turn, at = words.place(start)
        seconds = turn.at(at), turn.at(at + end - start)
        score = round(rule.weight * factor, 3)
        found.append(Finding(kind, rule.id, index, quote, *seconds, value, normal, score))
    return found


def _weighed(rule: Said, words: Passage) -> list[tuple[float, int, int]]:
    """Factor, start and end of each place, heaviest first."""
    hits = [(factor, start, end) for start, end, factor in _spans(rule, words.text)]
    if rule.role != "any":
        meant = (rule.role, "unknown")
        shares = {True: 1.0, False: OTHER_ROLE}
        hits = [
            (factor * shares[words.place(start)[1].speaker in meant], start, end)
            for factor, start, end in hits
        ]
    return hits if len(hits) < 2 else sorted(hits, key=lambda hit: (-hit[0], hit[1]))


def spans(rule: Said, words: Passage) -> Sequence[tuple[int, int, float]]:
    """Where the rule holds, not overlapping, with the factor of how it was recognized."""
    return _spans(rule, words.text) if SCREEN.may_hold(rule, words.text) else ()


def _spans(rule: Said, text: str) -> list[tuple[int, int, float]]:
    """The same of a rule that may hold."""
    hits = [(start, end, 1.0) for start, end in _written(rule.any, text)]
    if rule.sounds:
        hits += [(*span, BY_SOUND) for span in SCREEN.sounding(rule.sounds, text)]
    if rule.unless and hits:
        barred = _written(rule.unless, text)
        hits = [h for h in hits if not any(h[0] < to and since < h[1] for since, to in barred)]
    if len(hits) < 2:
        return hits
    found: list[tuple[int, int, float]] = []
    for hit in sorted(hits, key=lambda hit: (hit[0], -hit[2])):
        if not found or hit[0] >= found[-1][1]:
            found.append(hit)
    return found


@dataclass(frozen=True)
class Owned(Generic[R]):
    """Rules of many owners, looked up together."""

    rules: tuple[R, ...]
    owners: tuple[str, ...]  # of each rule

    @classmethod
    def of(cls, rules: Mapping[str, Iterable[R]]) -> "Owned[R]":
        """From the rules of each owner."""
        pairs = [(rule, owner) for owner, own in rules.items() for rule in own]
        return cls(tuple(rule for rule, _ in pairs), tuple(owner for _, owner in pairs))

    def likely(self, words: Passage) -> list[tuple[str, R]]:
        """Those that may hold in the passage, each with its owner."""
        return [(self.owners[n], self.rules[n]) for n in SCREEN.among(self.rules, words.text)]


def likely(rules: tuple[R, ...], words: Passage) -> list[R]:
    """The rules that may hold in the passage: most have no words of it."""
    return match.likely(rules, words.text)


def total(findings: Iterable[Finding]) -> float:
    """The sum of the findings' shares."""
    return sum([finding.score for finding in findings])


def totals(found: Mapping[str, Sequence[Finding]]) -> dict[str, float]:
    """The sum of each: of most, nothing was said."""
    return {name: total(own) if own else 0 for name, own in found.items()}


def signs(kind: str, sums: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """What the rules said for each label, as Call.signs keeps it; nothing said is left out."""
    return tuple((f"{kind}.{name}", round(value, 2)) for name, value in sums.items() if value)


def strongest(findings: Iterable[Finding], limit: int = 6) -> tuple[Finding, ...]:
    """The findings a person reads first: the heaviest, at most `limit`, in spoken order."""
    heavy = sorted(findings, key=lambda f: -f.score)[:limit]
    return tuple(sorted(heavy, key=lambda f: (f.turn, f.start)))


def _written(patterns: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Where one of the patterns matches within a line, as if they were one expression."""
    able = SCREEN.likely(patterns, text)
    if len(able) == 1:  # mostly
        found = [m.span() for m in compiled(able[0]).finditer(text) if m.group()]
    else:
        found = list(_first_of(able, text))
    if "\n" not in text:
        return found
    return [(start, end) for start, end in found if "\n" not in text[start:end]]


def _first_of(patterns: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """The leftmost match of any, of those the first pattern's; then on from its end."""
    ahead = [(*span, n, p) for n, p in enumerate(patterns) if (span := _next(p, text, 0))]
    while ahead:
        start, end, *_ = min(ahead, key=lambda found: (found[0], found[2]))
        yield start, end
        kept = [found for found in ahead if found[0] >= end]
        passed = [(n, p) for begun, _, n, p in ahead if begun < end]
        ahead = kept + [(*span, n, p) for n, p in passed if (span := _next(p, text, end))]


def _next(pattern: str, text: str, at: int) -> tuple[int, int] | None:
    """The pattern's next match of a character or more."""
    for found in compiled(pattern).finditer(text, at):
        if found.end() > found.start():
            return found.span()
    return None
