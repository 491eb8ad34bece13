"""How a profile's rule meets a text: regular expressions, and words by their sound.

A recognizer writes what it heard, often in other characters of the same sound (城馆 for
城管). `sounds` are therefore compared as toneless pinyin with the distinctions folded that
southern and northern speakers do not make (zh/z, ch/c, sh/s, an/ang, en/eng, in/ing).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pypinyin.constants import PHRASES_DICT

from pipeline.domain.beginnings import searched
from pipeline.domain.reading import folded
from pipeline.domain.schema import Rule
from pipeline.domain.screen import SCREEN

COMMON = frozenset("是的了不我你他她这那有在就也都要会说没人一个上下去来到和大")
PHRASE = 4  # characters of the longest phrase looked for; nearly all have no more
R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule met a text: `text[start:end]`."""

    rule: Rule
    start: int
    end: int
    quote: str
    by_sound: bool = False


def find(rule: Rule, text: str) -> Iterator[Match]:
    """Every place where the rule holds, none overlapped by one of its `unless` patterns."""
    if not SCREEN.may_hold(rule, text):
        return
    spans = [(start, end, False) for start, end in _written(rule.any, text)]
    if rule.sounds:
        spans += [(*span, True) for span in SCREEN.sounding(rule.sounds, text)]
    if not spans:
        return
    barred = _written(rule.unless, text) if rule.unless else ()
    last = -1
    for start, end, sound in sorted(spans):
        if end <= start or start < last:  # empty, or inside the one before it
            continue
        if any(start < b_end and b_start < end for b_start, b_end in barred):
            continue
        last = end
        yield Match(rule, start, end, text[start:end], sound)


def likely(rules: tuple[R, ...], text: str) -> list[R]:
    """The rules that may hold in the text: most have no words of it."""
    return [rules[n] for n in SCREEN.among(rules, text)]


def holds(rule: Rule, text: str) -> bool:
    """Whether the rule holds anywhere in the text."""
    return next(find(rule, text), None) is not None


def believed(match: Match, text: str) -> bool:
    """Whether a match is more than ordinary words of the same sound.

    What is written in other characters than the rule's word must not be one of the commonest
    (证是你 is not 整死你), nor be, or be part of, a phrase of the dictionary (大厦比, 反正).
    """
    if not match.by_sound or match.quote in match.rule.sounds:
        return True
    heard = folded(text)[match.start : match.end]
    meant = [word for word in match.rule.sounds if folded(word) == heard]
    strange = any(
        all(
            here == there or here not in COMMON
            for here, there in zip(match.quote, word, strict=True)
        )
        for word in meant
    )
    return strange and not _phrased(text, match.start, match.end)


def _phrased(text: str, start: int, end: int) -> bool:
    """Whether a phrase of the dictionary has characters in text[start:end]."""
    return any(
        text[at : at + size] in PHRASES_DICT
        for size in range(2, PHRASE + 1)
        for at in range(max(start - size + 1, 0), end)
    )


def _written(patterns: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    able = SCREEN.likely(patterns, text)
    return [m.span() for pattern in able for m in compiled(pattern).finditer(text)]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once in the life of the process."""
    return searched(pattern)


class Patterns:
    """Compiled patterns of the code, without flags, screened as those of rules are."""

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        self._patterns = patterns
        self._rules = tuple(
            Rule.model_construct(id=one.pattern, any=(one.pattern,), sounds=(), unless=())
            for one in patterns
        )

    def likely(self, text: str) -> list[re.Pattern[str]]:
        """Those that may match in the text, in their order. text: a turn's, or its like, of
        which other rules are asked as well."""
        return [self._patterns[n] for n in SCREEN.among(self._rules, text)]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Where they match, one pattern after another."""
        for pattern in self.likely(text):
            yield from pattern.finditer(text)
