"""Which character a syllable is, by what stands on both sides of it.

The language model (language.py) knows what came before; here both sides tell, and of each
place how it sounds, toneless. What a recognizer wrote at a place is hidden while the place is
asked about, with its neighbours, since it would be believed. Used by respelling.py; trained by
pipeline/training/spelling.py.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.base import ModelUnavailable
from models.homophones import readings
from models.language import START

FILE = "network.npz"
NOTHING, END, FIRST = 0, 1, 2  # what is hidden or unknown; a clause's end; the first character
SPAN = 4  # places hidden together, as errors come in words
PIECE = 1024  # places answered for at once
LAYERS, WIDTH = 5, 192


class Block(nn.Module):
    """A gated convolution over a place and its two neighbours."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.near = nn.Conv1d(width, 2 * width, 3, padding=1)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(texts, n, width), as it gives."""
        value, gate = self.near(self.norm(x).transpose(1, 2)).transpose(1, 2).chunk(2, -1)
        return x + self.out(F.gelu(value) * gate)


class SpellingNetwork(nn.Module):
    """Of each place a logit of each character; LAYERS places on either side count."""

    def __init__(self, characters: int, sounds: int) -> None:
        super().__init__()
        self.characters = nn.Embedding(characters, WIDTH)
        self.sounds = nn.Embedding(sounds, WIDTH)
        self.blocks = nn.ModuleList(Block(WIDTH) for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        self.bias = nn.Parameter(torch.zeros(characters))
        for table in (self.characters, self.sounds):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, sounds: Tensor, written: Tensor) -> Tensor:
        """sounds, written: int64 (texts, n); float (texts, n, characters)."""
        x = self.sounds(sounds) + self.characters(written)
        for block in self.blocks:
            x = block(x)
        return F.linear(self.last(x), self.characters.weight, self.bias)


class Signs:
    """Characters and their syllables as numbers."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self.number = {START: END} | {c: FIRST + i for i, c in enumerate(characters)}

    @cached_property
    def sounds(self) -> list[str]:
        """The syllables of the characters."""
        return sorted({readings(character)[0] for character in self.characters})

    @cached_property
    def _sound(self) -> dict[str, int]:
        return {sound: FIRST + i for i, sound in enumerate(self.sounds)}

    def read(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Sounds and characters, int64 (len(text),). What is no Han character ends a clause."""
        said = [readings(character) for character in text]
        sounds = [self._sound.get(one[0], NOTHING) if one else END for one in said]
        written = [
            self.number.get(character, NOTHING) if one else END
            for character, one in zip(text, said, strict=True)
        ]
        return np.array(sounds, np.int64), np.array(written, np.int64)


class Spelling:
    """Answers for the places of a text."""

    def __init__(self, folder: Path) -> None:
        """Read `folder`/network.npz. Raises ModelUnavailable when it is not one of ours."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                self._signs = Signs(json.loads(str(file["characters"])))
                signs = self._signs
                network = SpellingNetwork(
                    FIRST + len(signs.characters), FIRST + len(signs.sounds)
                )
                tensors = {
                    name: torch.from_numpy(file[name].astype(np.float32))
                    for name in network.state_dict()
                }
            network.load_state_dict(tensors)
        except (OSError, ValueError, KeyError, EOFError, RuntimeError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出用字模型：{error}") from error
        self._network = network.eval()

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
            for first, chances in self._answers(sounds, seen):
                for row in np.flatnonzero(hidden[first : first + len(chances)]).tolist():
                    found[first + row] = chances[row, columns[first + row]]
        return found

    def _answers(
        self, sounds: np.ndarray, written: np.ndarray
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Where a piece begins, and log-probabilities (its places, characters)."""
        for first in range(0, len(sounds), PIECE):
            begin, end = max(0, first - LAYERS), min(len(sounds), first + PIECE + LAYERS)
            with torch.inference_mode():
                logits = self._network(
                    torch.from_numpy(sounds[None, begin:end]),
                    torch.from_numpy(written[None, begin:end]),
                )[0, first - begin : first - begin + PIECE]
                yield first, logits.log_softmax(-1).numpy()


def save(folder: Path, characters: str, network: SpellingNetwork) -> Path:
    """Write `folder`/network.npz, weights in float16; the same network gives the same bytes."""
    held = {name: one.numpy().astype(np.float16) for name, one in network.state_dict().items()}
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / FILE, characters=json.dumps(characters, ensure_ascii=False), **held
    )
    return folder / FILE
