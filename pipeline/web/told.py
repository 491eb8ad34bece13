"""What the program says in Chinese, on English pages: why something is flagged, what was wrong.

Such sentences are kept with calls, or raised by what has no language, and are made of words
and values. locale/en/*.po has each with {} in the place of a value, which is told in English
where it is one of our words; what callers said, and what a city named, stays as it is.
"""

import re
from functools import cache
from importlib import resources

from pipeline.errors import LingsuError
from pipeline.labels import WORDS, word
from pipeline.web.words import LANGUAGES

ENGLISH = LANGUAGES[1]


def told(text: str, lang: str) -> str:
    """The sentence in the language of the page."""
    return _english(text) if lang == ENGLISH and text else text


def trouble(error: LingsuError, lang: str) -> str:
    """What is wrong, and what to do about it."""
    remedy = error.remedy if lang != ENGLISH else word(f"remedy.{error.code}", lang)
    return f"{told(str(error), lang)} {remedy}"


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
    return {chinese: english for chinese, english in WORDS.values()} | {
        key: english for key, (_, english) in WORDS.items() if not key.isascii()
    }


@cache
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """Those that say most first: {}、{} fits many a sentence."""
    from babel.messages.pofile import read_po

    folder = resources.files("pipeline.web") / "locale" / ENGLISH
    pairs: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        with entry.open("rb") as file:
            pairs += [(str(one.id), str(one.string)) for one in read_po(file) if one.id]
    pairs.sort(key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(re.compile(re.escape(a).replace(r"\{\}", "(.+?)"), re.S), b) for a, b in pairs]
