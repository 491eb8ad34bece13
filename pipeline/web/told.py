"""What the program says in Chinese, on English pages: why something is flagged, what was wrong.

Such sentences are kept with calls, or raised by what has no language, and are made of words
and values. locale/en/*.po has each with {} in the place of a value, which is told in English
where it is one of our words; what callers said, and what a city named, stays as it is.
"""

import re
from functools import cache

from pipeline.catalogues import LANGUAGES, entries
from pipeline.errors import LingsuError
from pipeline.labels import WORDS, word
from pipeline.web.words import PACKAGE

ENGLISH = LANGUAGES[1]


def told(text: str, lang: str) -> str:
    """The sentence in the language of the page."""
    return _english(text) if lang == ENGLISH and text else text


def trouble(error: LingsuError, lang: str) -> str:
    """What is wrong, and what to do about it."""
    return f"{told(str(error), lang)} {word(error.remedy, lang)}"


def _english(text: str) -> str:
    known = _words()
    if text in known:
        return known[text]
    for pattern, english in _sentences():
        if match := pattern.fullmatch(text):
            return english.format(*map(_english, match.groups()))
    return text


@cache
def _words() -> dict[str, str]:
    """Chinese -> English of what has a name, as tables show it."""
    named = entries(ENGLISH)
    return {word(key): english for key, english in WORDS.items()} | {
        str(one.id): str(one.string) for one in named if one.id
    }


@cache
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """Those that say most first: {}、{} fits many a sentence."""
    pairs = [(str(one.id), str(one.string)) for one in entries(ENGLISH, PACKAGE) if one.id]
    pairs.sort(key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(re.compile(re.escape(a).replace(r"\{\}", "(.+?)"), re.S), b) for a, b in pairs]
