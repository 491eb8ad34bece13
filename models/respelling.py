"""Writes anew what was heard with doubt: characters of like sound that fit better in a text.

The search (beam.py) chooses among what Whisper offers, and a character that Whisper would
never write at a place is not offered there (遇警湾 for 御景湾). Here every character of the
same or a similar syllable may stand in its place, if the language model and the spelling
network (spelling.py) together like it better by more than the change costs. It costs more
where the recognizer was sure, and in a text of a kind that the language model does not know.
Numbers and negations are neither changed nor brought in, words that would accuse somebody are
never brought in, and where a name may stand the network, which knows few, is not asked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from models.base import BatchedLanguageModel, SpellingModel
from models.homophones import readings
from models.language import START
from models.vocabulary import DIGITS
from models.written import FLOOR, Written, after, doubt, is_han, may_come, stays

SAME, SIMILAR = 4.0, 6.0  # nats for another of the same, of a similar syllable, at p = .5
LEAST_COST = 2.0
# A character of a call has a mean log-probability of -3.1 to -4.9, of read news -5.7 to -7.3.
# Each nat below STRANGE makes a change dearer; without it news were spoilt (error rate .136 ->
# .160). A text is taken for unknown until it is longer than UNKNOWN characters.
STRANGE, DEARER = -5.0, 8.0
UNKNOWN = (-6.5,) * 30
MOST = 4.0  # nats that the spelling network may speak for or against a character
# Before what names of places, firms and people end with, and behind what they begin with.
NAMED = re.compile(
    "[一-龥]{1,3}(?=[路街巷镇乡村屯苑湾厦]|小区|花园|小学|中学|市场|医院|公司|先生|女士|广场|大道)"
    "|姓[一-龥]|(?<=叫)[一-龥]{2}"
)
WIDTH = 8  # texts that are gone on with


Ways = list[tuple[str, float]]  # characters with what they cost


class _Text(NamedTuple):
    score: float
    context: str
    changes: tuple[tuple[int, Written], ...]


class Respelling:
    """Finds the likeliest text among those that sound like what was heard."""

    why = "language"

    def __init__(
        self,
        language: BatchedLanguageModel,
        characters: Iterable[str],
        spelling: SpellingModel | None = None,
    ) -> None:
        """characters: Han characters that may be brought in, such as the model knows."""
        self._language, self._spelling = language, spelling
        self._sounding: defaultdict[str, list[str]] = defaultdict(list)
        for character in sorted(characters):
            if may_come(character):
                self._sounding[_dimly(character)].append(character)
        self._alike = cache(self._others)

    def __call__(self, heard: Sequence[tuple[str, float]]) -> list[Written]:
        """One answer a character. heard: simplified characters with their probabilities."""
        said = [(character.translate(DIGITS), probability) for character, probability in heard]
        dearer = DEARER * max(0.0, STRANGE - self._likeness(said))
        ways = [self._ways(*one, dearer) for one in said]
        texts = [_Text(0.0, START, ())]
        for place, (offered, gains) in enumerate(zip(ways, self._gains(ways), strict=True)):
            texts = self._further(texts, place, offered, gains)
        changes = dict(texts[0].changes)
        return [changes.get(i, Written(one, 0.0)) for i, (one, _) in enumerate(heard)]

    def _likeness(self, said: Sequence[tuple[str, float]]) -> float:
        """How well the language model knows such text: mean log-probability of a character."""
        context, found = START, list(UNKNOWN)
        for character, _ in said:
            if is_han(character):
                found.append(max(self._language.log_probability(context, character), FLOOR))
            context = after(context, character)
        return sum(found) / len(found)

    def _ways(self, character: str, probability: float, dearer: float) -> Ways:
        """What may be written for a character, and what it costs; itself first."""
        if stays(character):
            return [(character, 0.0)]
        sure = doubt(probability) + dearer
        others = ((c, max(LEAST_COST, n + sure)) for c, n in self._alike(character))
        return [(character, 0.0), *others]

    def _gains(self, ways: Sequence[Ways]) -> list[np.ndarray]:
        """By how many nats the spelling network prefers each way to what was heard."""
        gains = [np.zeros(len(offered)) for offered in ways]
        if self._spelling is None:
            return gains
        places = [i for i, offered in enumerate(ways) if not offered[0][0].isspace()]
        text = "".join(ways[i][0][0] for i in places)
        named = {at for name in NAMED.finditer(text) for at in range(*name.span())}
        offered = ["".join(c for c, _ in ways[i]) for i in places]
        for at, found in enumerate(self._spelling.likely(text, offered)):
            most = 0.0 if at in named else MOST
            gains[places[at]] = np.clip(found - found[0], -MOST, most)
        return gains

    def _further(
        self, texts: list[_Text], place: int, ways: Ways, gains: np.ndarray
    ) -> list[_Text]:
        """The texts with one more character."""
        if not is_han(ways[0][0]):
            return [text._replace(context=after(text.context, ways[0][0])) for text in texts]
        written = "".join(character for character, _ in ways)
        costs = np.array([cost for _, cost in ways])
        likely = [self._language.log_probabilities(text.context, written) for text in texts]
        before = np.array([[text.score] for text in texts])
        scores = before + np.maximum(likely, FLOOR) + gains - costs
        best: dict[str, _Text] = {}
        for at in np.argsort(-scores, axis=None, kind="stable").tolist():
            text, (character, cost) = texts[at // len(ways)], ways[at % len(ways)]
            context = after(text.context, character)
            if context not in best:
                change = ((place, Written(character, cost)),) if cost else ()
                best[context] = _Text(scores.item(at), context, text.changes + change)
                if len(best) == WIDTH:
                    break
        return list(best.values())

    def _others(self, character: str) -> list[tuple[str, float]]:
        """What sounds like a character, with its cost at even chances."""
        if not is_han(character):
            return []
        plain = readings(character)[0]
        return [
            (other, SAME if readings(other)[0] == plain else SIMILAR)
            for other in self._sounding[_dimly(character)]
            if other != character
        ]


def _dimly(character: str) -> str:
    """How a telephone lets a character be heard, with r like zh (这线 for 热线). The search
    keeps these two apart: there it costs more words than it brings."""
    return readings(character)[1].replace("r", "z")
