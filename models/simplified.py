"""Traditional characters as simplified ones: OpenCC, whose tables take 0.1 s to load, once.

Hardly any text of ours has something to convert, and OpenCC takes a millisecond to say so.
"""

import re
from functools import cache
from typing import Any


def simplified(text: str) -> str:
    """The text in simplified characters."""
    characters, phrases = _converted()
    if characters.isdisjoint(text) and not phrases.search(text):
        return text
    converted: str = _converter().convert(text)
    return converted


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
