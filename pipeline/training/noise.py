"""Texts as a telephone might have them heard: some characters replaced by their homophones.

A recognizer of Chinese errs mostly among characters of one reading; a classifier that is to
read transcripts can learn from such copies as well. Used by fit.py and the benchmarks.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from models.homophones import readings


def misheard(texts: Sequence[str], share: float, seed: int) -> list[str]:
    """The texts with about `share` (0..1) of their Han characters replaced.

    Each by another character of the same toneless reading that the texts themselves use; one
    that has none stays. The same texts and seed give the same copies.
    """
    alike = _alike({character for text in texts for character in text})
    dice = np.random.default_rng(seed)
    return ["".join(_heard(text, alike, share, dice)) for text in texts]


def _heard(
    text: str, alike: dict[str, list[str]], share: float, dice: np.random.Generator
) -> list[str]:
    chosen = dice.random(len(text)) < share
    return [
        str(dice.choice(others)) if hit and (others := alike.get(character)) else character
        for character, hit in zip(text, chosen, strict=True)
    ]


def _alike(characters: set[str]) -> dict[str, list[str]]:
    """Character -> the other ones that are read the same, in order."""
    read: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters):
        if spoken := readings(character):
            read[spoken[0]].append(character)
    return {
        one: [other for other in group if other != one]
        for group in read.values()
        for one in group
    }
