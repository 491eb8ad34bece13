"""Which rules a text may satisfy, found in one pass over the text.

Most rules have nothing to do with most texts. Each pattern needs one of a few strings
(literals.py); strings are looked up by their first three characters, words by their first two
syllables, and match.py and weigh.py try only what is left. What might match is never left out.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.grams import stretches
from pipeline.domain.literals import literals
from pipeline.domain.reading import folded
from pipeline.domain.schema import Rule

# patterns that may match, and words that the text sounds like, with where it does
Met = tuple[frozenset[str], Mapping[str, Sequence[int]]]
START = 3  # characters; by two this takes twice the time, by four 1.1 times
TEXTS = 1024  # as many as a long call has turns


@dataclass(frozen=True, slots=True)
class Possible:
    """What a text may hold of all that is known."""

    rules: frozenset[int]  # by id()
    patterns: frozenset[str]
    heard: Mapping[str, Sequence[int]]  # word -> where the text sounds like it
    places: Mapping[int, Sequence[int]]  # of the rules in each tuple of them, by its id()


class Screen:
    """The rules asked for so far, by what a text must hold for them."""

    def __init__(self) -> None:
        self._rules: dict[int, Rule] = {}  # kept, so that an id stays theirs
        self._tuples: dict[int, tuple[Rule, ...]] = {}  # likewise
        self._places: dict[int, list[tuple[int, int]]] = {}  # rule -> tuple, place in it
        self._users: dict[str, list[int]] = {}  # pattern or word -> rules
        self._always: list[str] = []  # patterns of which nothing is known
        self._written: dict[str, dict[str, list[str]]] = {}  # start -> string -> patterns
        self._spoken: dict[Sequence[str], list[tuple[str, tuple[str, ...]]]] = {}
        self._sizes: set[int] = set()  # of the starts in it
        self._patterns: set[str] = set()
        self._words: set[str] = set()
        self._possible = lru_cache(maxsize=TEXTS)(self._search)

    def may_hold(self, rule: Rule, text: str) -> bool:
        """Whether the rule may hold somewhere in the text."""
        if id(rule) not in self._rules:
            self._learn(rule)
        return id(rule) in self._possible(text).rules

    def among(self, rules: tuple[Rule, ...], text: str) -> Sequence[int]:
        """The places of those rules that may hold somewhere in the text, in order.

        rules: a tuple that is asked for again and again; it is remembered.
        """
        if id(rules) not in self._tuples:
            self._arrange(rules)
        return self._possible(text).places.get(id(rules), ())

    def likely(self, patterns: tuple[str, ...], text: str) -> list[str]:
        """Those of a known rule's patterns that may match in the text, in their order."""
        found = self._possible(text).patterns
        return [pattern for pattern in patterns if pattern in found]

    def sounding(self, words: tuple[str, ...], text: str) -> list[tuple[int, int]]:
        """Where the text sounds like one of a known rule's words, a character a syllable."""
        heard = self._possible(text).heard
        return [(at, at + len(word)) for word in words for at in heard.get(word, ())]

    def _arrange(self, rules: tuple[Rule, ...]) -> None:
        self._tuples[id(rules)] = rules
        for place, rule in enumerate(rules):
            if id(rule) not in self._rules:
                self._learn(rule)
            self._places.setdefault(id(rule), []).append((id(rules), place))
        self._possible.cache_clear()

    def _learn(self, rule: Rule) -> None:
        self._rules[id(rule)] = rule
        for pattern in {*rule.any, *rule.unless} - self._patterns:
            self._patterns.add(pattern)
            self._learn_pattern(pattern)
        for word in set(rule.sounds) - self._words:
            self._words.add(word)
            spoken = folded(word)
            self._spoken.setdefault(spoken[:2], []).append((word, spoken))
            self._sizes.add(len(spoken[:2]))
        for needed in {*rule.any, *rule.sounds}:
            self._users.setdefault(needed, []).append(id(rule))
        self._possible.cache_clear()

    def _learn_pattern(self, pattern: str) -> None:
        needed = literals(pattern) or frozenset()
        if not needed or any("\n" in string for string in needed):  # lines are read one by one
            self._always.append(pattern)
        for string in needed:
            self._written.setdefault(string[:START], {}).setdefault(string, []).append(pattern)

    def _search(self, text: str) -> Possible:
        if "\n" in text:  # turns of a passage, each of which is asked for by itself as well
            patterns, heard = _joined([(li, self._possible(li)) for li in text.split("\n")])
        else:
            patterns, heard = frozenset(self._read(text)), self._listen(text)
        rules = {user for met in (*patterns, *heard) for user in self._users.get(met, ())}
        places: dict[int, list[int]] = {}
        for rule in rules:
            for those, place in self._places.get(rule, ()):
                insort(places.setdefault(those, []), place)
        return Possible(frozenset(rules), patterns, heard, places)

    def _read(self, text: str) -> Iterable[str]:
        """The patterns that may match in the text."""
        found = set(self._always)
        for starting in filter(None, map(self._written.get, stretches(text, START))):
            for string, patterns in starting.items():
                if len(string) <= START or string in text:
                    found.update(patterns)
        return found

    def _listen(self, text: str) -> Mapping[str, Sequence[int]]:
        """The words that the text sounds like, with the places."""
        spoken = folded(text)
        found: dict[str, list[int]] = {}
        for size in self._sizes:
            places: dict[Sequence[str], list[int]] = {}
            for at, met in enumerate(zip(*(spoken[i:] for i in range(size)), strict=False)):
                if met in self._spoken:
                    places.setdefault(met, []).append(at)
            for start, starting in places.items():
                for word, wanted in self._spoken[start]:
                    said = [at for at in starting if spoken[at : at + len(wanted)] == wanted]
                    if said:
                        found[word] = said
        return found


def _joined(lines: Sequence[tuple[str, Possible]]) -> Met:
    """What lines may hold together: what a pattern needs has no line break in it."""
    heard: dict[str, list[int]] = {}
    begun = 0
    for line, possible in lines:
        for word, places in possible.heard.items():
            heard.setdefault(word, []).extend(begun + at for at in places)
        begun += len(line) + 1
    return frozenset[str]().union(*(possible.patterns for _, possible in lines)), heard


SCREEN = Screen()
