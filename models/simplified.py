"""Traditional characters as simplified ones: OpenCC, whose tables take 0.1 s to load, once.

Hardly any text of ours has something to convert, and OpenCC takes a millisecond to say so.
"""

import re
from functools import cache
from typing import Any

# Taiwan writes 著 for 着 as well. OpenCC's t2s leaves it; these words keep it.
_ZHE = re.compile("(?<![名显原专土编卓昭论巨译拙执])著(?![名作称者书述录])")


def simplified(text: str) -> str:
    """The text in simplified characters."""
    characters, phrases = _converted()
    if not characters.isdisjoint(text) or phrases.search(text):
        text = _converter().convert(text)
    return _ZHE.sub("着", text) if "著" in text else text


@cache
def _converted() -> tuple[frozenset[str], re.Pattern[str]]:
    """The characters that are converted, and the phrases of others that are."""
    tables = [table for _, _, table in _converter().dict_cache.values()]
    changed = {
        key for table in tables for key, value in table.items() if value.split(" ")[0] != key
    }
    characters = frozenset(key for key in changed if len(key) == 1)
    phrases = sorted(key for key in changed if characters.isdisjoint(key))
    return characters, re.compile("|".join(map(re.escape, phrases)) or "(?!)")


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
