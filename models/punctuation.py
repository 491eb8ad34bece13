"""The clause marks that a recognizer left out, by the words on both sides of a place.

Whisper writes a mark where a speaker pauses; who talks fast gets one long line, which neither
people nor the rules for clauses read well. Trained by pipeline/training/punctuation.py.
"""

from pathlib import Path

import numpy as np
from torch import Tensor, nn

from models.bothsides import BothSides, Signs, load

CLASSES = ("", "，", "。", "？")
LAYERS, WIDTH = 6, 128
SURE = 0.6  # probability of any mark at all
NUMERALS = frozenset("0123456789零〇一二两三四五六七八九十百千万亿点幺")  # a number stays whole


class PunctuationNetwork(BothSides):
    """Of each place a logit of each mark that may follow it."""

    def __init__(self, signs: Signs) -> None:
        super().__init__(signs, WIDTH, LAYERS)
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
        """Where a mark should be inserted, rising, and which: before text[index].

        text: simplified. Nothing is inserted beside a sign that is no Han character, nor
        within a number.
        """
        sounds, written = self._signs.read(text)
        found = []
        for first, chances in self._network.answers(sounds, written):
            missing = np.flatnonzero(chances[:, 0] < np.log(1 - SURE)) + first
            for place in missing.tolist():
                pair = text[place : place + 2]
                if len(pair) == 2 and _between(pair):
                    best = 1 + int(chances[place - first, 1:].argmax())
                    found.append((place + 1, CLASSES[best]))
        return found


def _between(pair: str) -> bool:
    """Whether a mark may stand between these two."""
    han = all("\u4e00" <= sign <= "\u9fff" for sign in pair)
    return han and not NUMERALS.issuperset(pair)
