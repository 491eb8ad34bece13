"""The clause marks that a recognizer left out, by the words on both sides of a place.

Whisper writes a mark where a speaker pauses; who talks fast gets one long line, which neither
people nor the rules for clauses read well. Trained by pipeline/training/punctuation.py.
"""

import re
from pathlib import Path

import numpy as np
from torch import Tensor, nn

from models.bothsides import BothSides, Signs, load
from models.language import START

CLASSES = ("", "，", "。", "？")
WIDTH = 128
APART = (1, 1, 2, 4, 8, 4, 1, 1)  # of each layer: 22 characters on either side
SURE = 0.6  # probability of any mark at all
_HAN = re.compile("[\u4e00-\u9fff]+")
NUMERALS = frozenset("0123456789零〇一二两三四五六七八九十百千万亿点幺")  # a number stays whole


class PunctuationNetwork(BothSides):
    """Of each place a logit of each mark that may follow it."""

    def __init__(self, signs: Signs) -> None:
        super().__init__(signs, WIDTH, APART)
        self.out = nn.Linear(WIDTH, len(CLASSES))

    def forward(self, sounds: Tensor, written: Tensor) -> Tensor:
        """sounds, written: int64 (texts, n); float (texts, n, len(CLASSES))."""
        marks: Tensor = self.out(self.around(sounds, written))
        return marks


class Punctuation:
    """Finds where marks are missing."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnavailable when the folder holds no network of ours."""
        self._signs, self._network = load(folder, PunctuationNetwork)

    def missing(self, text: str) -> list[tuple[int, str]]:
        """Where marks should be inserted, rising, and which: before text[index], or at the end.

        text: simplified, of one turn. Nothing is inserted beside a sign that is no Han
        character, nor within a number.
        """
        pieces = self._network.answers(*self._signs.read(START + text + START))
        chances = np.concatenate([piece for _, piece in pieces])
        likely = np.flatnonzero(chances[: len(text), 0] < np.log(1 - SURE)).tolist()
        found = [
            (place, CLASSES[1 + int(chances[place, 1:].argmax())])
            for place in likely
            if _between(text[max(0, place - 1) : place + 1])
        ]
        if _HAN.match(text[-1:]):  # a turn always ends in one
            found.append((len(text), CLASSES[2 + int(chances[len(text), 2:].argmax())]))
        return found


def _between(pair: str) -> bool:
    """Whether a mark may stand between these two."""
    return len(pair) == 2 and bool(_HAN.fullmatch(pair)) and not NUMERALS.issuperset(pair)
