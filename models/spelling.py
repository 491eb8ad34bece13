"""Which character a syllable is, by what stands on both sides of it.

The language model (language.py) knows what came before; here both sides tell, and of each
place how it sounds, toneless. What a recognizer wrote at a place is hidden while the place is
asked about, with its neighbours, since it would be believed. Used by respelling.py; trained by
pipeline/training/spelling.py.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bothsides import NOTHING, BothSides, Signs, load

SPAN = 4  # places hidden together, as errors come in words
WIDTH, APART = 192, (1, 1, 1, 1, 1)


class SpellingNetwork(BothSides):
    """Of each place a logit of each character."""

    def __init__(self, signs: Signs) -> None:
        super().__init__(signs, WIDTH, APART)
        self.bias = nn.Parameter(torch.zeros(len(self.characters.weight)))

    def forward(self, sounds: Tensor, written: Tensor) -> Tensor:
        """sounds, written: int64 (texts, n); float (texts, n, characters)."""
        return F.linear(self.around(sounds, written), self.characters.weight, self.bias)


class Spelling:
    """Answers for the places of a text."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnavailable when the folder holds no network of ours."""
        self._signs, self._network = load(folder, SpellingNetwork)

    def likely(self, text: str, offered: Sequence[str]) -> list[np.ndarray]:
        """Log-probabilities of the characters offered for each place of a text.

        text: simplified, without spaces. offered: a string for each place; float32 (len(it),).
        """
        sounds, written = self._signs.read(text)
        columns = [
            np.array([self._signs.number.get(one, NOTHING) for one in some], np.int64)
            for some in offered
        ]
        found = [np.empty(0)] * len(text)
        for turn in (0, 1):
            hidden = np.arange(len(text)) // SPAN % 2 == turn
            seen = np.where(hidden, NOTHING, written)
            for first, chances in self._network.answers(sounds, seen):
                for row in np.flatnonzero(hidden[first : first + len(chances)]).tolist():
                    found[first + row] = chances[row, columns[first + row]]
        return found
