"""Regular expressions that are tried only where a match can begin.

`re` looks ahead for the first characters of plain words and of a choice of plain words; of
anything else it tries every place of a text. `searched` tells it the characters.
"""

import re
from collections.abc import Iterable
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from pipeline.domain.literals import GROUPS, REPEATS, WIDTHLESS, characters

Signs = frozenset[str]
# What may be the first character, and whether there may be none; None: not known.
Begun = tuple[Signs, bool] | None


def searched(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled; it matches where and what it would."""
    tree = parser.parse(pattern)
    told = _is_told(tree) or tree.state.flags != re.UNICODE
    looked = "" if told else _ahead(tree)
    return re.compile(f"{looked}(?:{pattern})" if looked else pattern)


def ahead(pattern: str) -> str:
    """A look ahead at what the pattern may begin with; "" where that may be anything. For a
    choice of many words inside another pattern, which is tried at every place."""
    return _ahead(parser.parse(pattern))


def _ahead(tree: Any) -> str:
    begun = _sequence(tree)
    if begun is None or begun[1]:
        return ""
    return f"(?=[{re.escape(''.join(sorted(begun[0])))}])"


def _is_told(tree: Any) -> bool:
    """Whether `re` itself knows how a match begins."""
    flags = tree.state.flags
    prefix, *_ = compiler._get_literal_prefix(tree, flags)
    return bool(prefix or compiler._get_charset_prefix(tree, flags))


def _sequence(nodes: Iterable[Any]) -> Begun:
    signs: Signs = frozenset()
    for node in nodes:
        begun = _node(*node)
        if begun is None:
            return None
        signs |= begun[0]
        if not begun[1]:
            return signs, False
    return signs, True


def _node(kind: Any, value: Any) -> Begun:
    name = str(kind)
    if name in WIDTHLESS or name == "ASSERT":
        return frozenset(), True
    if name == "LITERAL":
        return frozenset(chr(value)), False
    if name == "IN":
        signs = characters(value)
        return None if signs is None else (signs, False)
    if name == "BRANCH":
        return _either(map(_sequence, value[1]))
    if name in REPEATS:
        least, _, inner = value
        begun = _sequence(inner)
        return begun and (begun[0], begun[1] or not least)
    if name in GROUPS and isinstance(value, tuple):
        _, flags, _, inner = value
        return None if flags & re.IGNORECASE else _sequence(inner)
    return _sequence(value) if name in GROUPS else None


def _either(branches: Iterable[Begun]) -> Begun:
    known = list(branches)
    signs = [begun[0] for begun in known if begun is not None]
    if len(signs) < len(known):
        return None
    return frozenset().union(*signs), any(begun[1] for begun in known if begun)
