"""How likely a character is after others: 4-grams of hotline speech, in a file without pickle.

Built by pipeline/training/language.py, asked by a search among what a recognizer offers.
A text is read as runs of Han characters: digits are spoken, any other sign ends a clause.
Traditional characters are unknown here; who asks writes simplified ones.
"""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.base import ModelUnavailable

FILE = "characters.npz"
ORDER = 4  # characters an n-gram
START = "^"  # where a clause begins
HAN = 0x9FFF - 0x4E00 + 1  # characters that have a probability
SHARE = 0.3  # of the probability that goes to names, where one has begun
REMEMBERED = 200_000  # answers kept: some 40 MB
MARKS = "。？！，；、?!,.; "  # what a recognizer writes between clauses
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_SIGNS = re.compile(r"[^\u4e00-\u9fff]+")


def spoken(text: str) -> str:
    """The text as the model reads it: Han characters, and START where a clause begins.

    Digits become words; spaces are nothing; all other signs are one START.
    """
    return _SIGNS.sub(START, "".join(text.translate(_DIGITS).split()))


class CharacterModel:
    """A backoff model (Katz): what was never seen after three characters is asked after two.

    names: places, departments, words of the trade. Where one of them has begun, SHARE of the
    probability is spread over its next characters.
    """

    def __init__(self, folder: Path, names: Sequence[str] = ()) -> None:
        """Read `folder`/characters.npz. Raises ModelUnavailable when it is not one of ours."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                self._unknown = float(file["unknown"])
                self._orders = tuple(_Order(file, size) for size in range(1, ORDER + 1))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出语言模型：{error}") from error
        self._names = _followers(names)
        self._contexts: dict[str, _Context] = {}
        self._memo: dict[str, float] = {}

    def __len__(self) -> int:
        """How many n-grams it knows."""
        return sum(len(order.keys) for order in self._orders)

    @property
    def characters(self) -> list[str]:
        """The Han characters that it has seen."""
        seen = (chr(key) for key in self._orders[0].keys)
        return [character for character in seen if character != START]

    def log_probability(self, context: str, character: str) -> float:
        """Natural logarithm of the probability of one Han character.

        context: what stands before it, of which the last three count; START where a clause
        begins. Over all Han characters the probabilities sum to 1.
        """
        asked = context[1 - ORDER :] + character
        known = self._memo.get(asked)
        if known is None:
            if len(self._memo) >= REMEMBERED:
                self._memo.clear()
                self._contexts.clear()
            known = self._memo[asked] = self._asked(asked[:-1], character)
        return known

    def log_probabilities(self, context: str, characters: str) -> np.ndarray:
        """Likewise of each of several characters: float64, (len(characters),)."""
        if len(self._contexts) >= REMEMBERED:
            self._contexts.clear()
        after = self._after(context[1 - ORDER :])
        codes = np.frombuffer(characters.encode("utf-32-le"), "<u4").astype(np.uint64)
        found = after.log_probabilities(codes, self._unknown)
        if after.names:
            shares = [SHARE * after.names.get(character, 0.0) for character in characters]
            return np.log((1 - SHARE) * np.exp(found) + np.array(shares))
        return found

    def begins(self, before: str, after: str) -> float:
        """How many nats likelier it is that a clause begins with `after` than that it goes on.

        Both in simplified characters. Of each the three characters next to the place count.
        """
        gain, alone, on = 0.0, START, spoken(before.rstrip(MARKS))
        for character in spoken(after)[: ORDER - 1].split(START)[0]:
            gain += self.log_probability(alone, character) - self.log_probability(on, character)
            alone, on = alone + character, on + character
        return gain

    def _asked(self, context: str, character: str) -> float:
        after = self._after(context)
        found = after.log_probability(ord(character), self._unknown)
        if after.names:
            share = SHARE * after.names.get(character, 0.0)
            return math.log((1 - SHARE) * math.exp(found) + share)
        return found

    def _after(self, context: str) -> "_Context":
        known = self._contexts.get(context)
        if known is None:
            known = self._contexts[context] = self._looked_up(context)
        return known

    def _looked_up(self, context: str) -> "_Context":
        shorter = self._after(context[1:]) if context else None
        order = self._orders[len(context)]
        first = _key(context) << 16
        low = bisect_left(order.keys, first)
        high = bisect_left(order.keys, first + (1 << 16), low)
        names = self._names.get(context)
        if shorter is None:
            return _Context(order, first, low, high, 0.0, names, None)
        if low == high and not names:
            return shorter
        backoff = self._orders[len(context) - 1].backoff(context) if low < high else 0.0
        return _Context(order, first, low, high, backoff, names or shorter.names, shorter)


class _Order:
    """The n-grams of one length, sorted by key, with their logarithms."""

    def __init__(self, file: Mapping[str, np.ndarray], size: int) -> None:
        steps = np.ascontiguousarray(file[f"keys{size}"].T).view("<u8").ravel()
        # memoryviews: bisect in them takes a fifth of the time of np.searchsorted
        self.keys = np.cumsum(steps, dtype=np.uint64).data
        self.probabilities = file[f"probabilities{size}"].astype(np.float32).data
        self._backoffs = file[f"backoffs{size}"].astype(np.float32).data

    def backoff(self, context: str) -> float:
        """Of a context that something follows, which is therefore an n-gram itself."""
        return self._backoffs[bisect_left(self.keys, _key(context))]


class _Context(NamedTuple):
    """Where the n-grams lie that begin with a context."""

    order: _Order
    first: int  # key of the context and a character 0
    low: int
    high: int
    backoff: float
    names: Mapping[str, float] | None  # the names that have begun: what comes next
    shorter: "_Context | None"  # the context without its first character

    def log_probability(self, code: int, unknown: float) -> float:
        """Of the character of this code, without names."""
        passed, here = 0.0, self
        while True:
            order, first, low, high, backoff, _, shorter = here
            at = bisect_left(order.keys, first + code, low, high)
            if at < high and order.keys[at] == first + code:
                return passed + order.probabilities[at]
            passed += backoff
            if shorter is None:
                return passed + unknown
            here = shorter

    def log_probabilities(self, codes: np.ndarray, unknown: float) -> np.ndarray:
        """Likewise of several characters. codes: uint64, (n,)."""
        found, left = np.empty(len(codes)), np.arange(len(codes))
        passed, here = 0.0, self
        while True:
            order, first, low, high, backoff, _, shorter = here
            if low < high:
                keys = np.asarray(order.keys)[low:high]
                wanted = codes[left] + np.uint64(first)
                at = np.searchsorted(keys, wanted)
                known = keys[np.minimum(at, len(keys) - 1)] == wanted
                chances = np.asarray(order.probabilities)[low:high]
                found[left[known]] = passed + chances[at[known]].astype(np.float64)
                left = left[~known]
            passed += backoff
            if shorter is None:
                found[left] = passed + unknown
                return found
            here = shorter


def save(
    folder: Path,
    probabilities: Mapping[str, float],
    backoffs: Mapping[str, float],
    unknown: float,
) -> Path:
    """Write `folder`/characters.npz; the same model gives the same bytes.

    probabilities: of the last character of each n-gram after the others. backoffs: of a
    context, by which shorter ones are multiplied. unknown: of a character never seen.
    """
    held: dict[str, Any] = {"unknown": np.float32(math.log(unknown))}
    for size in range(1, ORDER + 1):
        grams = {gram for gram in probabilities if len(gram) == size}
        grams |= {START} if size == 1 else set()  # has no probability, and what follows it has
        order = sorted(grams, key=_key)
        keys = np.array([_key(gram) for gram in order], dtype="<u8")
        steps = np.diff(keys, prepend=keys.dtype.type(0))
        held[f"keys{size}"] = np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8).T)
        chances = np.array([probabilities.get(gram, unknown) for gram in order])
        held[f"probabilities{size}"] = np.log(chances).astype(np.float16)
        weights = np.array([backoffs.get(gram, 1.0) for gram in order])
        held[f"backoffs{size}"] = np.log(weights).astype(np.float16)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / FILE, **held)
    return folder / FILE


def _key(gram: str) -> int:
    """16 bits a character, so that order by key is order by text."""
    return int.from_bytes(gram.encode("utf-16-be", "surrogatepass"), "big")


def _followers(names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Where one is in a name -> what comes next, and how often, summing to 1.

    Where: all of a name's beginning, or its last three characters; so 北 before 区 is no
    place in 港北区 unless 港 stands before it.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in sorted(set(names)):
        for run in spoken(name).split(START):
            for i in range(1, len(run)):
                counts[run[max(0, i - ORDER + 1) : i]][run[i]] += 1
    return {
        place: {character: count / seen.total() for character, count in seen.items()}
        for place, seen in counts.items()
    }
