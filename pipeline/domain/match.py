"""How a profile's rule meets a text: regular expressions, and words by their sound.

A recognizer writes what it heard, often in other characters of the same sound (城馆 for
城管). `sounds` are therefore compared as toneless pinyin with the distinctions folded that
southern and northern speakers do not make (zh/z, ch/c, sh/s, an/ang, en/eng, in/ing).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.domain.schema import Rule
from pipeline.domain.sound import readings


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
    spans = [(m.start(), m.end(), False) for p in rule.any for m in compiled(p).finditer(text)]
    spans += [(*span, True) for word in rule.sounds for span in by_sound(word, text)]
    if not spans:
        return
    barred = [m.span() for p in rule.unless for m in compiled(p).finditer(text)]
    last = -1
    for start, end, sound in sorted(spans):
        if end <= start or start < last:  # empty, or inside the one before it
            continue
        if any(start < b_end and b_start < end for b_start, b_end in barred):
            continue
        last = end
        yield Match(rule, start, end, text[start:end], sound)


def holds(rule: Rule, text: str) -> bool:
    """Whether the rule holds anywhere in the text."""
    return next(find(rule, text), None) is not None


def by_sound(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Spans of the text that sound like the word, one character a syllable."""
    wanted, heard = " ".join(syllables(word)), syllables(text)
    joined = " ".join(heard)
    if f" {wanted} " not in f" {joined} ":
        return
    length = len(word)
    for start in range(len(heard) - length + 1):
        if " ".join(heard[start : start + length]) == wanted:
            yield start, start + length


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """One folded toneless syllable a character; what is not Chinese stays itself."""
    return tuple(_fold(syllable) for syllable in readings(text))


@cache
def _fold(syllable: str) -> str:
    folded = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"^([^iu]*)([aei])ng$", r"\1\2n", folded)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once in the life of the process."""
    return re.compile(pattern)
