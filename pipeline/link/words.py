"""The words of a caller as n-grams with their idf, for comparing two calls.

The n-grams are those that the classifier of calls learnt: names and numbers are none of them,
and what every caller says weighs little. Used by facts.py and score.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Protocol

from models import classifiers
from models.calls import CallClassifier
from pipeline.domain.profile import Profile
from pipeline.errors import ModelMissing
from pipeline.tools import classifier_folders

SHORTEST = 2  # characters: a single one says nothing


class Counts(Protocol):
    """What counts n-grams: models.bag.Bag."""

    def count(self, text: str) -> tuple[Mapping[int, int], float]:
        """Times of each known n-gram by its index; their share."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """N-grams by index."""

    names: Sequence[str]
    idf: Sequence[float]
    bag: Counts
    digest: str  # indices of another vocabulary mean other words

    def telling(self, text: str, most: int) -> frozenset[int]:
        """The n-grams of the text with the highest TF-IDF."""
        counts, _ = self.bag.count(text)
        weighed = [
            ((1 + log(times)) * self.idf[i], i)
            for i, times in counts.items()
            if len(self.names[i]) >= SHORTEST
        ]
        return frozenset(i for _, i in sorted(weighed, reverse=True)[:most])

    def norm(self, terms: Iterable[int]) -> float:
        """Length of the vector of idfs."""
        return sqrt(sum(self.idf[i] ** 2 for i in terms))

    def shared(self, terms: Iterable[int], most: int) -> list[str]:
        """The longest and rarest of the n-grams, none within another."""
        ranked = sorted(terms, key=lambda i: (-len(self.names[i]), -self.idf[i], i))
        kept: list[int] = []
        for i in ranked:
            if not any(self.names[i] in self.names[other] for other in kept):
                kept.append(i)
        kept.sort(key=lambda i: (-self.idf[i] * len(self.names[i]), i))
        return [self.names[i] for i in kept[:most]]


def load_words(profile: Profile) -> Words:
    """The n-grams of the profile's classifier of calls, or of ours. Raises ModelMissing."""
    folder = classifier_folders(profile).get("calls")
    if folder is None:  # it is shipped: somebody took it out
        raise ModelMissing("没有通话分类模型（models/weights/calls），无法比较用词")
    bag = CallClassifier.load(folder).reader.bag
    return Words(bag.names, bag.idf.tolist(), bag, classifiers.digest(folder))
