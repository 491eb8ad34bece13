"""Which entries of the knowledge base answer what a caller asks.

A question is held against what was asked by the pairs of characters that both have, each
worth more the fewer entries have it (as in TF-IDF): the score is the share of the question
that was asked, 0 to 1. No learning: an entry counts from the day it is written down.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain.schema import Answer

SHOWN = 3
FLOOR = 3  # pairs that only one entry has, at least: 档案 alone asks for nothing
LEAST = 0.35  # a lower score is another question that begins alike
# How one asks, whatever one asks for.
_ASKING = re.compile(
    "能不能|可不可以|有没有|要不要|是不是|怎么办?|什么|多久|多长时间|多少|哪里|在哪|可以|自己|时候|需要|想问|咨询|一下"
)
_RUNS = re.compile("[\u4e00-\u9fff]+|[0-9]+")


def grams(text: str) -> set[str]:
    """Pairs of neighbouring Han characters, and whole numbers, without the words of asking."""
    found = set()
    for run in _RUNS.findall(_ASKING.sub("，", text)):
        found |= {run} if run[0].isdigit() else {run[k : k + 2] for k in range(len(run) - 1)}
    return found


def lookup(asked: str, entries: tuple[Answer, ...]) -> list[tuple[Answer, float]]:
    """At most SHOWN entries with their scores, the best first."""
    known = _known(tuple((entry.question, *entry.also) for entry in entries))
    said = grams(asked)
    able = sorted({n for gram in said for n in known.users.get(gram, ())})
    scored = [(entries[n], known.score(known.words[n], said)) for n in able]
    best = sorted((one for one in scored if one[1] >= LEAST), key=lambda one: -one[1])
    return best[:SHOWN]


@dataclass(frozen=True, slots=True)
class _Known:
    """The entries' questions as grams, each with the most that it can score."""

    weights: Mapping[str, float]  # of each gram
    users: Mapping[str, Sequence[int]]  # of each gram the entries, by number
    words: tuple[tuple[tuple[set[str], float], ...], ...]  # of each entry each way to ask it

    def score(self, words: Iterable[tuple[set[str], float]], said: set[str]) -> float:
        """Of one entry the best share of a question that was asked."""
        return max(self._share(wanted & said, whole) for wanted, whole in words)

    def _share(self, met: set[str], whole: float) -> float:
        return round(sum(self.weights[gram] for gram in met) / whole, 3) if met else 0.0


@lru_cache(maxsize=8)
def _known(questions: Sequence[tuple[str, ...]]) -> _Known:
    users: dict[str, list[int]] = {}
    for n, entry in enumerate(questions):
        for gram in grams("，".join(entry)):
            users.setdefault(gram, []).append(n)
    share = 1 + len(questions)
    weights = {gram: math.log(share / (0.5 + len(own))) for gram, own in users.items()}
    floor = FLOOR * max(weights.values(), default=0.0)

    def whole(wanted: set[str]) -> float:
        return max(floor, sum(weights.get(gram, 0.0) for gram in wanted))

    asked = ([grams(words) for words in entry] for entry in questions)
    words = tuple(tuple((own, whole(own)) for own in entry) for entry in asked)
    return _Known(weights, users, words)
