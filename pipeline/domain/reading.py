"""How a text is read aloud: one toneless syllable a character, plain or folded.

pypinyin reads by phrases, so what it made of a phrase is kept; what is left to do for a text
is to cut it. `folded` leaves out what southern and northern speakers do not keep apart.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT, RE_HANS
from pypinyin.style import convert

HAN = re.compile(f"({RE_HANS.pattern.strip('^$')})")  # a run of what pypinyin can read
READINGS = 2  # of a character, the usual ones first: 圩 is wei or xu
DIGITS = {"1": "yao", "2": "liang"}  # how digits are read one by one


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[str, ...]:
    """One toneless syllable a character, as read in context; the rest stays itself."""
    read: list[str] = []
    if "\n" in text:  # turns of a passage, each of which is asked for by itself as well
        for line in text.split("\n"):
            read += (*readings(line), "\n")
        return tuple(read[:-1])
    sizes = _sizes()
    for n, run in enumerate(HAN.split(text)):
        if n % 2 == 0:
            read += run
            continue
        at, end = 0, len(run)
        while at < end:
            for size in sizes.get(run[at : at + 2], ()):
                if size == 2 or run[at : at + size] in PHRASES_DICT:
                    break
            else:
                size = 1
            read += _PHRASES[run[at : at + size]]
            at += size
    return tuple(read)


@lru_cache(maxsize=4096)
def folded(text: str) -> tuple[str, ...]:
    """The same without the distinctions zh/z, ch/c, sh/s, ang/an, eng/en, ing/in."""
    return tuple(map(_FOLDS.__getitem__, readings(text)))


@cache
def second(character: str, first: str) -> str:
    """The character's other usual reading, or the first again."""
    if character in DIGITS:
        return DIGITS[character]
    known = pinyin(character, style=Style.NORMAL, heteronym=True, errors=_apart)
    rest = [r for r in (known[0][:READINGS] if known else ()) if r != first]
    return rest[0] if rest else first


class _Folds(dict[str, str]):
    """Syllables without those distinctions."""

    def __missing__(self, syllable: str) -> str:
        plain = re.sub(r"^([zcs])h", r"\1", syllable)
        self[syllable] = re.sub(r"^([^iu]*)([aei])ng$", r"\1\2n", plain)
        return self[syllable]


_FOLDS = _Folds()


@cache
def _sizes() -> Mapping[str, Sequence[int]]:
    """How long the phrases are that pypinyin knows, by their first two characters, the longest
    first: it takes the longest that stands there."""
    found: dict[str, int] = {}  # a bit for each size
    for phrase in PHRASES_DICT:
        start = phrase[:2]
        found[start] = found.get(start, 0) | 1 << len(phrase)
    sizes = {
        bits: tuple(size for size in range(bits.bit_length(), 0, -1) if bits >> size & 1)
        for bits in set(found.values())
    }
    return {start: sizes[bits] for start, bits in found.items()}


class _Phrases(dict[str, tuple[str, ...]]):
    """Of the phrases and characters that pypinyin knows, those that were met, as it reads them
    (of a phrase from its table, in a twentieth of the time)."""

    def __missing__(self, phrase: str) -> tuple[str, ...]:
        if phrase in PHRASES_DICT:
            read = tuple(_toneless(syllable) for syllable, *_ in PHRASES_DICT[phrase])
        else:
            read = tuple(lazy_pinyin(phrase, errors=_apart))
        self[phrase] = read
        return read


_PHRASES = _Phrases()


@cache
def _toneless(syllable: str) -> str:
    return str(convert(syllable, Style.NORMAL, strict=True))


def _apart(rest: str) -> Any:
    return list(rest)
