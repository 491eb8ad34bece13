"""Writes alike what a call says twice: agents read back what they take down.

So names and places are mostly heard twice, and misheard in one of the two places (永昌梯发市场,
and then 永昌批发市场). Stretches that sound alike, syllable by syllable, are laid beside each
other; where their characters differ, the writing that the language model likes better is
written in both. Numbers, negations and words that accuse somebody stay as they were heard.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from models.base import LanguageModel
from models.homophones import readings
from models.language import START
from models.vocabulary import DIGITS
from models.written import FLOOR, Written, after, doubt, is_han, may_come, stays

# Of a pair of characters with the same, a similar, another syllable: what it adds to the
# likeness of two stretches, and the nats that one costs in place of the other at even chances
# (less than in respelling.py: it was heard elsewhere in the call).
LIKENESS = (1.0, 0.8, -1.0)
COSTS = (1.0, 2.0, 4.0)
LEAST_COST = 0.5
ALIKE = 2.6  # likeness of two stretches: three syllables
LOST = 1.2  # likeness that a stretch may lose again before it ends
NEAREST, FARTHEST = 6, 2_000  # characters from one to the other
COMMON = 20  # a pair of syllables that comes up more often begins no stretch: no name does
BEHIND = 3  # characters behind a change whose likelihood it changes

Places = list[int]  # of characters in a text
Pairs = list[tuple[int, int]]  # places that sound alike


class Echoes:
    """Finds what was said twice, and writes it once."""

    why = "echo"

    def __init__(self, language: LanguageModel) -> None:
        self._language = language

    def __call__(self, heard: Sequence[tuple[str, float]]) -> list[Written]:
        """One answer a character. heard: simplified characters with their probabilities."""
        said = [(character.translate(DIGITS), probability) for character, probability in heard]
        text = [character for character, _ in said]
        costs: dict[int, float] = {}
        for pairs in _alike(text):
            for first, second in _differing(text, pairs):
                gains = [
                    self._gain(text, said, source, at)
                    for source, at in ((first, second), (second, first))
                ]
                won, changes = max(gains, key=lambda gain: gain[0])
                if won > 0:
                    for place, one in changes.items():
                        text[place], costs[place] = one
        return [
            Written(heard_as, 0.0) if now == was else Written(now, costs[i])
            for i, ((heard_as, _), (was, _), now) in enumerate(
                zip(heard, said, text, strict=True)
            )
        ]

    def _gain(
        self, text: list[str], said: Sequence[tuple[str, float]], source: Places, at: Places
    ) -> tuple[float, dict[int, Written]]:
        """The nats won where what stands at `source` is written at `at` as well, and how."""
        changes = {}
        for place, old, new in ((i, text[i], text[j]) for i, j in zip(at, source, strict=True)):
            if stays(old) or not (may_come(old) and may_come(new)):
                return -math.inf, {}
            cost = COSTS[_apart(old, new)] + doubt(said[place][1])
            changes[place] = Written(new, max(LEAST_COST, cost))
        changed = [changes[i].character if i in changes else c for i, c in enumerate(text)]
        won = self._likely(changed, at) - self._likely(text, at)
        return won - sum(one.cost for one in changes.values()), changes

    def _likely(self, text: Sequence[str], at: Places) -> float:
        """Log-probability of the characters at these places and of a few behind them."""
        context, total, left = START, 0.0, BEHIND
        for character in text[max(0, at[0] - BEHIND - 1) : at[0]]:
            context = after(context, character)
        for place in range(at[0], len(text)):
            character = text[place]
            if is_han(character):
                if place > at[-1] and not left:
                    break
                total += max(self._language.log_probability(context, character), FLOOR)
                left -= place > at[-1]
            context = after(context, character)
        return total


def _alike(text: Sequence[str]) -> list[Pairs]:
    """Pairs of stretches of a text that sound alike, the longest first."""
    places = [i for i, character in enumerate(text) if is_han(character)]
    spoken = [text[i] for i in places]
    blurred = [readings(character)[1] for character in spoken]
    begins: defaultdict[tuple[str, str], Places] = defaultdict(list)
    for i, pair in enumerate(zip(blurred, blurred[1:], strict=False)):
        begins[pair].append(i)
    found: list[tuple[float, Pairs]] = []
    seen: set[tuple[int, int]] = set()
    for where in begins.values():
        if len(where) > COMMON:
            continue
        for n, one in enumerate(where):
            for other in where[n + 1 :]:
                if not NEAREST <= other - one <= FARTHEST or (one, other) in seen:
                    continue
                likeness, start, end = _stretch(spoken, one, other)
                pairs = [(one + i, other + i) for i in range(start, end)]
                seen.update(pairs)
                if likeness >= ALIKE:
                    found.append((likeness, [(places[i], places[j]) for i, j in pairs]))
    found.sort(key=lambda one: -one[0])
    return [pairs for _, pairs in found]


def _stretch(spoken: Sequence[str], one: int, other: int) -> tuple[float, int, int]:
    """How alike two stretches are that begin around two places, and from where to where.

    They do not overlap.
    """
    ahead, end = _furthest(spoken, range(one, other), range(other, len(spoken)))
    behind = range(other - 1, one + end - 1, -1)
    back, begin = _furthest(spoken, range(one - 1, -1, -1), behind)
    return ahead + back, -begin, end


def _furthest(spoken: Sequence[str], ones: range, others: range) -> tuple[float, int]:
    """The best likeness on the way along both, and how many steps it takes."""
    total, best, length = 0.0, 0.0, 0
    for count, (one, other) in enumerate(zip(ones, others, strict=False), 1):
        total += LIKENESS[_apart(spoken[one], spoken[other])]
        if total > best:
            best, length = total, count
        if total < best - LOST:
            break
    return best, length


def _apart(one: str, other: str) -> int:
    """0: the same syllable, 1: a similar one, 2: another."""
    plain, blurred = readings(one)
    plainly, dimly = readings(other)
    return 0 if plain == plainly else 1 if blurred == dimly else 2


def _differing(text: Sequence[str], pairs: Pairs) -> Iterator[tuple[Places, Places]]:
    """The runs of places, of one stretch and of the other, where other characters stand."""
    run: Pairs = []
    for pair in (*pairs, None):
        if pair and text[pair[0]] != text[pair[1]]:
            run.append(pair)
        elif run:
            yield [one for one, _ in run], [other for _, other in run]
            run = []
