"""How alike two readings sound: what a telephone and a recognizer make of a name.

A recognizer that does not know a place writes other characters, and often nearly the same
sound: hun du lun for 昆都仑 (kun du lun). Words are aligned syllable by syllable, each with a
cost from phones.py; the gazetteer looks its names up in a whole call with `near`, and `alike`
compares two names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

import numpy as np

from pipeline.domain.phones import code, every_syllable, syllable_table
from pipeline.domain.reading import readings, second
from pipeline.domain.sieve import Code, Heard, Names, Sieve

GAP = 0.8  # a syllable too many or too few: rarer than a wrong one
GAPS_FROM = 4  # syllables; in shorter names half of what is left would be any word
SEAM = 0.15  # a name cut in two by a change of speakers: the cut is often a syllable off
BEYOND = 9.0  # past the end of the text
PRUNED = 2  # syllables after the first, after each of which names too dear are left out
ROUNDING = 1e-3  # of a bound that is summed in another order
PAUSE = 2.0  # no name goes on behind a comma
RARE = 0.1  # for a reading that is not the one expected here


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch that sounds like a name: `text[start:end]`, and how far off it is."""

    name: str
    start: int
    end: int
    cost: float  # of all syllables together; 0: the same sound


def near(names: tuple[str, ...], text: str, *, limit: float) -> Iterator[Near]:
    """Where the text sounds like one of the names, at most `limit` off for each syllable.

    Of stretches that overlap, each name has only the best. Punctuation ends a name; a line
    break (another speaker) may stand in one, at a price.
    """
    sieve, spoken = _sieve(names, limit)
    pairs = zip(text, readings(text), strict=True)
    rows = np.array(sieve.able([*filter(None, map(spoken.__getitem__, pairs))]), dtype=np.intp)
    if not len(rows):
        return
    heard, lexicon = _heard(text), _lexicon(names)
    sounds = _against(names, heard)
    gapped = _may_gap(lexicon.sizes[rows], limit)
    yield from _in_order(lexicon, rows[~gapped], heard, sounds, limit)
    for row in rows[gapped].tolist():
        yield from _with_gap(lexicon, row, heard, sounds, limit)


@lru_cache(maxsize=4096)  # the same kinds of companies, call after call
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


def are_alike(one: str, other: str, least: float) -> bool:
    """Whether `alike` says `least` or more; often their lengths alone tell."""
    apart = GAP * abs(len(one) - len(other)) / max(len(one), len(other), 1)
    return 1.0 - apart >= least - ROUNDING and alike(one, other) >= least


def syllable_costs(one: str, other: str) -> tuple[float, ...]:
    """What each syllable costs, of words equally long; no more is said of others."""
    if len(one) != len(other):
        return ()
    return tuple(float(cost) for cost in _between(one, other).diagonal())


def _between(one: str, other: str) -> np.ndarray:
    """Cost of each syllable of one word for each of the other: shape (len, len)."""
    heard, lexicon = _heard(other), _lexicon((one,))
    return _costs(lexicon.codes[lexicon.spelled[0]], heard.codes)


@dataclass(frozen=True, slots=True)
class _Heard:
    """The syllables of a text without what is not spoken; arrays of one length."""

    at: np.ndarray  # offset of the character in the text
    codes: np.ndarray  # shape (n, 4): see _codes
    breaks: np.ndarray  # price of going on from the syllable before


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Names, short ones first, and their characters once each."""

    names: tuple[str, ...]
    sizes: np.ndarray  # of the names
    spelled: np.ndarray  # shape (names, longest): rows of the characters, -1 behind the last
    codes: np.ndarray  # of the characters, shape (n, 4)


@lru_cache(maxsize=256)  # the stages of one call ask for the same words
def _heard(text: str) -> _Heard:
    read = readings(text)
    kept = [i for i, character in enumerate(text) if character.isalnum()]
    codes = chain.from_iterable(_codes(text[i], read[i]) for i in kept)
    flat = np.fromiter(codes, dtype=np.intp, count=4 * len(kept))
    breaks = np.zeros(len(kept), dtype=np.float32)
    for n, (before, i) in enumerate(zip([-1, *kept], kept, strict=False)):
        if i - before > 1:  # a full stop does not count where the speaker changes
            breaks[n] = SEAM if "\n" in text[before + 1 : i] else PAUSE
    return _Heard(np.array(kept), flat.reshape(-1, 4), breaks)


@lru_cache(maxsize=512)  # `alike` makes one of each word it is asked for
def _lexicon(names: tuple[str, ...]) -> _Lexicon:
    """Characters are kept with their reading in the name: 都 is du in 昆都仑."""
    rows: dict[tuple[str, str], int] = {}
    ordered = tuple(sorted(names, key=len))
    sizes = np.array([len(name) for name in ordered], dtype=np.intp)
    spelled = np.full((len(names), sizes.max(initial=0)), -1, dtype=np.intp)
    for row, name in enumerate(ordered):
        pairs = zip(name, readings(name), strict=True)
        spelled[row, : len(name)] = [rows.setdefault(pair, len(rows)) for pair in pairs]
    codes = np.array([_codes(*pair) for pair in rows], dtype=np.intp).reshape(-1, 4)
    return _Lexicon(ordered, sizes, spelled, codes)


@cache
def _codes(character: str, read: str) -> Code:
    """Initial and final of how it is read here, and of its other usual reading."""
    return *code(read), *code(second(character, read))


class _Spoken(dict[tuple[str, str], Heard | None]):
    """Characters as they are read, by what a sieve makes of them; None: not spoken."""

    def __init__(self, sieve: Sieve) -> None:
        super().__init__()
        self._sieve = sieve

    def __missing__(self, pair: tuple[str, str]) -> Heard | None:
        self[pair] = self._sieve.heard(_codes(*pair)) if pair[0].isalnum() else None
        return self[pair]


def _against(names: tuple[str, ...], heard: _Heard) -> np.ndarray:
    """What each character of the names costs for each syllable that was heard.

    Shape (syllables, characters).
    """
    usual, rare = _tables(names)
    i, f, j, g = heard.codes.T
    return np.minimum(usual[i, f], rare[j, g])


@lru_cache(maxsize=16)
def _tables(names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The same for every syllable there is, as first and as second reading of what is heard.

    Both of shape (initials, finals, characters).
    """
    codes, every = _lexicon(names).codes, every_syllable()
    syllables = every.reshape(-1, 2)
    plain = syllable_table(codes[:, :2], syllables)
    rare = np.float32(RARE)
    usual = np.minimum(plain, syllable_table(codes[:, 2:], syllables) + rare)
    shape = (*every.shape[:2], -1)
    return (
        np.ascontiguousarray(usual.T).reshape(shape),
        np.ascontiguousarray((plain + rare).T).reshape(shape),
    )


@lru_cache(maxsize=16)
def _sieve(names: tuple[str, ...], limit: float) -> tuple[Sieve, _Spoken]:
    lexicon = _lexicon(names)
    reach = limit * lexicon.sizes
    spare = np.where(_may_gap(lexicon.sizes, limit), reach - GAP, -1.0)
    rows = zip(lexicon.spelled.tolist(), lexicon.sizes.tolist(), strict=True)
    spelled = [row[:size] for row, size in rows]
    sieve = Sieve(Names(spelled, reach.tolist(), spare.tolist(), *_tables(names)))
    return sieve, _Spoken(sieve)


def _may_gap(sizes: np.ndarray, limit: float) -> np.ndarray:
    """In which names a syllable too many or too few is within reach."""
    return (sizes >= GAPS_FROM) & (limit * sizes >= GAP)


def _in_order(
    lexicon: _Lexicon, rows: np.ndarray, heard: _Heard, sounds: np.ndarray, limit: float
) -> Iterator[Near]:
    """The names of these rows, syllable by syllable.

    sounds: shape (syllables, characters): what each costs there.
    """
    n, sizes, spelled = len(heard.at), lexicon.sizes[rows], lexicon.spelled[rows]
    reach = (limit * sizes).astype(np.float32)
    costs = sounds[:, spelled[:, 0]]
    for i in range(1, lexicon.spelled.shape[1]):
        longer, left = int(np.searchsorted(sizes, i, side="right")), max(n - i, 0)
        if longer == len(rows):
            break
        # the first syllable alone may follow a pause
        costs[:left, longer:] += sounds[i:, spelled[longer:, i]] + heard.breaks[i:, None]
        costs[left:, longer:] += np.float32(BEYOND)
        if i <= PRUNED:  # costs can only grow
            able = np.flatnonzero((costs <= reach).any(axis=0))
            rows, sizes, spelled = rows[able], sizes[able], spelled[able]
            costs, reach = costs[:, able], reach[able]
    for k in np.flatnonzero((costs <= reach).any(axis=0)):
        size, name = int(sizes[k]), lexicon.names[rows[k]]
        yield from _best(name, heard, costs[:, k], np.full(n, size), limit * size)


def _with_gap(
    lexicon: _Lexicon, row: int, heard: _Heard, sounds: np.ndarray, limit: float
) -> Iterator[Near]:
    """One name, a syllable of which may be missing or too many."""
    size, n = int(lexicon.sizes[row]), len(heard.at)
    reach = limit * size
    swap = np.full((size, n + size + 1), BEYOND, dtype=np.float32)
    swap[:, :n] = sounds[:, lexicon.spelled[row, :size]].T
    swap[1:, :n] += heard.breaks
    heads = [np.zeros(n, dtype=np.float32)]
    for i in range(size):
        heads.append(heads[-1] + swap[i, i : i + n])
    costs, lengths = heads[-1], np.full(n, size)
    for shift, length in ((-1, size - 1), (1, size + 1)):
        tail = np.zeros_like(heads[0])
        for i in range(size - 1, 0, -1):  # the gap is somewhere between first and last
            tail = tail + swap[i, i + shift : i + shift + n]
            whole = heads[i - (shift < 0)] + tail + GAP
            lengths = np.where(whole < costs, length, lengths)
            costs = np.minimum(whole, costs)
    if (costs <= reach).any():
        yield from _best(lexicon.names[row], heard, costs, lengths, reach)


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


def _costs(meant: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """The cheapest of the readings: shape (len(meant), len(heard)).

    meant, heard: as of _codes, one a row.
    """
    (usual, others), (first, second) = _halves(meant), _halves(heard)
    either = np.minimum(syllable_table(others, first), syllable_table(usual, second))
    return np.minimum(syllable_table(usual, first), either + np.float32(RARE))


def _halves(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The reading that is expected, and the other: (n, 2) each."""
    return codes[:, :2], codes[:, 2:]
