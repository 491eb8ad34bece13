"""How much a stretch of a turn sounds like a sentence: syllables and pairs in common.

For rules that give examples instead of patterns (`like`), and to tell a question asked again
in other words. Toneless and folded syllables, so that homophones of a recognizer do not count.
"""

from collections import Counter
from functools import lru_cache

from pipeline.domain.reading import folded

Syllables = tuple[tuple[str, int], ...]  # with the offset of their character


def best(sentence: str, text: str) -> tuple[float, int, int]:
    """How alike the likest stretch of the text is, 0..1, and text[start:end] of it.

    Dice's coefficient of syllables and of pairs of neighbours, over windows as long as the
    sentence: other words in between cost little, another order costs more.
    """
    wanted, said = _syllables(sentence), _syllables(text)
    size = len(wanted)
    if not size or not said:
        return 0.0, 0, 0
    found = (0.0, 0, 0)
    target = _grams(wanted)
    for first in range(max(1, len(said) - size + 1)):
        window = said[first : first + size]
        score = _dice(target, _grams(window))
        if score > found[0]:
            found = (score, window[0][1], window[-1][1] + 1)
    return found


def alike(one: str, other: str) -> float:
    """How alike two whole sentences are, 0..1."""
    return _dice(_grams(_syllables(one)), _grams(_syllables(other)))


def _dice(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _grams(syllables: Syllables) -> Counter[tuple[str, ...]]:
    spoken = [syllable for syllable, _ in syllables]
    return Counter([*((one,) for one in spoken), *zip(spoken, spoken[1:], strict=False)])


@lru_cache(maxsize=2048)
def _syllables(text: str) -> Syllables:
    return tuple(
        (syllable, at)
        for at, (character, syllable) in enumerate(zip(text, folded(text), strict=True))
        if character.isalnum()
    )
