"""What a text must hold for a regular expression to match it: strings, one of which occurs.

Read from the pattern as the standard library parses it; what is not understood is taken to
match anything. screen.py looks these strings up instead of trying every pattern.
"""

import re
from collections.abc import Iterable, Mapping
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Strings = frozenset[str]
NOTHING: Strings = frozenset(("",))  # matches without a character
SPELLED = 200  # strings that a part of a pattern is spelled out to, at most
CHARACTERS = 64  # of a class: a larger one says too little
SPACES = [sign for sign in map(chr, range(0x3001)) if sign.isspace()]
# How often a string of so many characters stands in a text, about: which part says most.
COMMON = (1.0, 0.04, 0.002, 0.0005)
GROUPS = ("SUBPATTERN", "ATOMIC_GROUP")
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
WIDTHLESS = ("AT", "ASSERT_NOT")


_known: dict[str, Strings | None] = {}


def literals(pattern: str) -> Strings | None:
    """Strings one of which stands in every text that the pattern matches; None: unknown."""
    if pattern not in _known:
        _known[pattern] = _read(pattern)
    return _known[pattern]


def remember(needed: Mapping[str, Iterable[str] | None]) -> None:
    """What `literals` found for these patterns before, perhaps in another process."""
    _known.update((p, None if s is None else frozenset(s)) for p, s in needed.items())


def _read(pattern: str) -> Strings | None:
    tree = parser.parse(pattern)
    if tree.state.flags & re.IGNORECASE:
        return None
    spelled, needed = _sequence(tree)
    return _telling([needed, spelled])


def _sequence(nodes: Iterable[Any]) -> tuple[Strings | None, Strings | None]:
    """All that the nodes in a row can be, if it can be spelled out, and what they need.

    Neighbours are spelled together as long as that stays short: 没(?:水|电) is 没水 or 没电.
    """
    run, whole = NOTHING, True
    needs: list[Strings | None] = []
    for spelled, needed in map(_node, nodes):
        needs.append(needed)
        if spelled is not None and len(run) * len(spelled) <= SPELLED:
            run = frozenset(head + tail for head in run for tail in spelled)
            continue
        needs.append(run)
        run, whole = spelled or NOTHING, False
    return (run, _telling(needs)) if whole else (None, _telling([*needs, run]))


def _node(node: tuple[Any, Any]) -> tuple[Strings | None, Strings | None]:
    """The same of one node."""
    kind, value = str(node[0]), node[1]
    if kind == "LITERAL":
        return frozenset((chr(value),)), None
    if kind == "IN":
        return characters(value), None
    if kind in WIDTHLESS:
        return NOTHING, None
    if kind == "ASSERT":  # looks at what stands there; its own characters are not these
        return NOTHING, _telling(_sequence(value[1]))
    if kind in GROUPS:
        return _group(value)
    if kind == "BRANCH":
        return _branches(value[1])
    if kind in REPEATS:
        return _repeat(*value)
    return None, None


def characters(members: list[tuple[Any, Any]]) -> Strings | None:
    """Those of a class as the standard library parses it; None: too many, or not known."""
    found: list[str] = []
    for kind, value in members:
        if str(kind) == "LITERAL":
            found.append(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < CHARACTERS:
            found += map(chr, range(value[0], value[1] + 1))
        elif str(value) == "CATEGORY_SPACE":
            found += SPACES
        else:  # not one of these, or a category like \d
            return None
    return frozenset(found) if len(found) <= CHARACTERS else None


def _group(value: Any) -> tuple[Strings | None, Strings | None]:
    if not isinstance(value, tuple):  # atomic
        return _sequence(value)
    _, flags, _, inner = value
    return (None, None) if flags & re.IGNORECASE else _sequence(inner)


def _branches(branches: Iterable[Any]) -> tuple[Strings | None, Strings | None]:
    parts = [_sequence(branch) for branch in branches]
    spelled = [part for part, _ in parts if part is not None]
    if len(spelled) == len(parts) and sum(map(len, spelled)) <= SPELLED:
        return frozenset().union(*spelled), None
    told = [_telling(part) for part in parts]
    known = [part for part in told if part is not None]
    return None, frozenset().union(*known) if len(known) == len(told) else None


def _repeat(least: int, most: int, inner: Any) -> tuple[Strings | None, Strings | None]:
    spelled, needed = _sequence(inner)
    if least == 0:
        return (spelled | NOTHING if spelled is not None and most == 1 else None), None
    return (spelled, needed) if most == 1 else (None, _telling([spelled, needed]))


def _telling(choices: Iterable[Strings | None]) -> Strings | None:
    """Of several needs the one that the fewest texts meet."""
    known = [choice for choice in choices if choice is not None and "" not in choice]
    return min(known, key=_frequency, default=None)


def _frequency(strings: Strings) -> float:
    return sum(COMMON[min(len(string), len(COMMON) - 1)] for string in strings)
