"""How alike two readings sound: what a telephone and a recognizer make of a name.

A recognizer that does not know a place writes other characters, and often nearly the same
sound: hun du lun for 昆都仑 (kun du lun). Words are aligned syllable by syllable, each with a
cost from phones.py; the gazetteer looks its names up in a whole call with `near`, and `alike`
compares two names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from pypinyin import Style, lazy_pinyin, pinyin

from pipeline.domain.phones import coded, syllable_table

GAP = 0.8  # a syllable too many or too few: rarer than a wrong one
GAPS_FROM = 4  # syllables; in shorter names half of what is left would be any word
SEAM = 0.15  # a name cut in two by a change of speakers: the cut is often a syllable off
BEYOND = 9.0  # past the end of the text
PAUSE = 2.0  # no name goes on behind a comma
READINGS = 2  # of a character, the usual ones first: 圩 is wei or xu
RARE = 0.1  # for a reading that is not the one expected here
SECOND = {"1": "yao", "2": "liang"}  # how digits are read one by one


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch that sounds like a name: `text[start:end]`, and how far off it is."""

    name: str
    start: int
    end: int
    cost: float  # of all syllables together; 0: the same sound


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[str, ...]:
    """One toneless syllable a character, as read in context; the rest stays itself."""
    read: list[str] = lazy_pinyin(text, errors=_apart)
    return tuple(read)


def near(names: tuple[str, ...], text: str, *, limit: float) -> Iterator[Near]:
    """Where the text sounds like one of the names, at most `limit` off for each syllable.

    Of stretches that overlap, each name has only the best. Punctuation ends a name; a line
    break (another speaker) may stand in one, at a price.
    """
    heard, lexicon = _heard(text), _lexicon(names)
    swap = _costs(lexicon.usual, lexicon.others, heard.codes, heard.others)
    for group in lexicon.groups:
        if len(heard.at) < group.size:
            continue
        costs, lengths = _aligned(group, swap, heard.breaks)
        reach = limit * group.size
        for row in np.flatnonzero((costs <= reach).any(axis=1)):
            yield from _best(group.names[row], heard, costs[row], lengths[row], reach)


def alike(one: str, other: str) -> float:
    """How alike two words sound, 0..1; 1: the same sound."""
    swap = _between(one, other)
    before = [GAP * i for i in range(len(other) + 1)]
    for i in range(len(one)):
        row = [GAP * (i + 1)]
        for j in range(len(other)):
            swapped = before[j] + float(swap[i, j])
            row.append(min(swapped, before[j + 1] + GAP, row[j] + GAP))
        before = row
    return max(0.0, 1.0 - before[-1] / max(len(one), len(other), 1))


def syllable_costs(one: str, other: str) -> tuple[float, ...]:
    """What each syllable costs, of words equally long; no more is said of others."""
    if len(one) != len(other):
        return ()
    return tuple(float(cost) for cost in _between(one, other).diagonal())


def _between(one: str, other: str) -> np.ndarray:
    """Cost of each syllable of one word for each of the other: shape (len, len)."""
    heard, lexicon = _heard(other), _lexicon((one,))
    costs = _costs(lexicon.usual, lexicon.others, heard.codes, heard.others)
    return costs[lexicon.groups[0].characters[0]]


@dataclass(frozen=True, slots=True)
class _Heard:
    """The syllables of a text without what is not spoken; arrays of one length."""

    at: np.ndarray  # offset of the character in the text
    codes: np.ndarray  # shape (n, 2): indices of initial and final
    others: np.ndarray  # the same by the character's second reading
    breaks: np.ndarray  # price of going on from the syllable before


@dataclass(frozen=True, slots=True)
class _Group:
    """Names of one number of syllables."""

    names: tuple[str, ...]
    size: int
    characters: np.ndarray  # shape (names, size): rows of the lexicon's characters


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Names by length, and their characters once each: a call is compared with these."""

    groups: tuple[_Group, ...]
    usual: np.ndarray  # shape (characters, 2): codes
    others: np.ndarray  # the same by the character's second reading


@lru_cache(maxsize=256)  # the stages of one call ask for the same words
def _heard(text: str) -> _Heard:
    read = readings(text)
    kept: list[int] = []
    breaks: list[float] = []
    price = 0.0
    for i, character in enumerate(text):
        if character == "\n":
            price = SEAM  # whatever stands before it: the end of a turn gets a full stop
        elif not character.isalnum():
            price = max(price, PAUSE) if price != SEAM else SEAM
        else:
            kept.append(i)
            breaks.append(price)
            price = 0.0
    usual, others = [read[i] for i in kept], [_second(text[i], read[i]) for i in kept]
    prices = np.array(breaks, dtype=np.float32)
    return _Heard(np.array(kept), coded(usual), coded(others), prices)


@lru_cache(maxsize=512)  # `alike` makes one of each word it is asked for
def _lexicon(names: tuple[str, ...]) -> _Lexicon:
    """Characters are kept with their reading in the name: 都 is du in 昆都仑."""
    rows: dict[tuple[str, str], int] = {}
    spelled = {
        name: [
            rows.setdefault(pair, len(rows)) for pair in zip(name, readings(name), strict=True)
        ]
        for name in names
    }
    groups = []
    for size in sorted({len(name) for name in names}):
        sized = tuple(name for name in names if len(name) == size)
        groups.append(_Group(sized, size, np.array([spelled[name] for name in sized])))
    usual, others = [r for _, r in rows], [_second(c, r) for c, r in rows]
    return _Lexicon(tuple(groups), coded(usual), coded(others))


@cache
def _second(character: str, first: str) -> str:
    """The character's other usual reading, or the first again."""
    if character in SECOND:
        return SECOND[character]
    known = pinyin(character, style=Style.NORMAL, heteronym=True, errors=_apart)
    rest = [r for r in (known[0][:READINGS] if known else ()) if r != first]
    return rest[0] if rest else first


def _aligned(
    group: _Group, costs_of: np.ndarray, breaks: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cost and length in syllables of the best stretch that begins at each syllable.

    costs_of: shape (characters of the lexicon, syllables). Both answers are of shape (names,
    syllables); one gap at most, and in long names only.
    """
    size, n = group.size, costs_of.shape[1]
    swap = np.full((len(group.names), size, n + size + 1), BEYOND, dtype=np.float32)
    swap[:, :, :n] = costs_of[group.characters]
    swap[:, 1:, :n] += breaks  # the first syllable may follow a pause
    heads = [np.zeros_like(swap[:, 0, :n])]
    for i in range(size):
        heads.append(heads[-1] + swap[:, i, i : i + n])
    costs, lengths = heads[-1], np.full(heads[-1].shape, size)
    if size < GAPS_FROM:
        return costs, lengths
    for shift, length in ((-1, size - 1), (1, size + 1)):
        tail = np.zeros_like(heads[0])
        for i in range(size - 1, 0, -1):  # the gap is somewhere between first and last
            tail = tail + swap[:, i, i + shift : i + shift + n]
            whole = heads[i - (shift < 0)] + tail + GAP
            lengths = np.where(whole < costs, length, lengths)
            costs = np.minimum(whole, costs)
    return costs, lengths


def _best(
    name: str, heard: _Heard, costs: np.ndarray, lengths: np.ndarray, reach: float
) -> Iterator[Near]:
    """The stretches within reach that no better one of the same name overlaps."""
    taken: list[tuple[int, int]] = []
    candidates = np.flatnonzero(costs <= reach)
    for first in sorted(candidates, key=lambda i: costs[i]):
        last = int(first) + int(lengths[first]) - 1
        if any(first <= b and a <= last for a, b in taken):
            continue
        taken.append((int(first), last))
        start, end = int(heard.at[first]), int(heard.at[last]) + 1
        yield Near(name, start, end, round(float(costs[first]), 3))


def _costs(
    usual: np.ndarray, others: np.ndarray, heard: np.ndarray, heard_others: np.ndarray
) -> np.ndarray:
    """The cheapest of the readings: shape (len(usual), len(heard))."""
    rare = np.float32(RARE)
    either = (
        np.minimum(syllable_table(others, heard), syllable_table(usual, heard_others)) + rare
    )
    return np.minimum(syllable_table(usual, heard), either)


def _apart(rest: str) -> Any:
    return list(rest)
