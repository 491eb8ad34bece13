"""Small networks that read Chinese on both sides of a place: signs, layers, file.

A sign is seen twice, as it is written and as it sounds, toneless, since a recognizer mostly
takes a word for another that sounds like it. spelling.py and punctuation.py are two of them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.base import ModelUnavailable
from models.homophones import readings
from models.language import START

FILE = "network.npz"
NOTHING, END, FIRST = 0, 1, 2  # what is hidden or unknown; a clause's end; the first character
PIECE = 1024  # places answered for at once


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


class Block(nn.Module):
    """A gated convolution over a place and two others, so far `apart` from it."""

    def __init__(self, width: int, apart: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.near = nn.Conv1d(width, 2 * width, 3, padding=apart, dilation=apart)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(texts, n, width), as it gives."""
        value, gate = self.near(self.norm(x).transpose(1, 2)).transpose(1, 2).chunk(2, -1)
        return x + self.out(F.gelu(value) * gate)


class BothSides(nn.Module):
    """What stands around each place, as a vector; each layer reaches `apart` places further."""

    def __init__(self, signs: Signs, width: int, apart: Sequence[int]) -> None:
        super().__init__()
        self.characters = nn.Embedding(FIRST + len(signs.characters), width)
        self.sounds = nn.Embedding(FIRST + len(signs.sounds), width)
        self.blocks = nn.ModuleList(Block(width, each) for each in apart)
        self.last = nn.LayerNorm(width)
        self.reach = sum(apart)
        for table in (self.characters, self.sounds):
            nn.init.normal_(table.weight, std=0.1)

    def around(self, sounds: Tensor, written: Tensor) -> Tensor:
        """sounds, written: int64 (texts, n); float (texts, n, width)."""
        x = self.sounds(sounds) + self.characters(written)
        for block in self.blocks:
            x = block(x)
        return self.last(x)

    def answers(
        self, sounds: np.ndarray, written: np.ndarray
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Where a piece begins, and log-probabilities (its places, classes).

        sounds, written: int64 (n,).
        """
        reach = self.reach
        for first in range(0, len(sounds), PIECE):
            begin, end = max(0, first - reach), min(len(sounds), first + PIECE + reach)
            with torch.inference_mode():
                logits = self(
                    torch.from_numpy(sounds[None, begin:end]),
                    torch.from_numpy(written[None, begin:end]),
                )[0, first - begin : first - begin + PIECE]
                yield first, logits.log_softmax(-1).numpy()


Network = TypeVar("Network", bound=BothSides)


def load(folder: Path, make: Callable[[Signs], Network]) -> tuple[Signs, Network]:
    """Read `folder`/network.npz. Raises ModelUnavailable when it is not one of ours."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as file:
            signs = Signs(json.loads(str(file["characters"])))
            network = make(signs)
            tensors = {
                name: torch.from_numpy(file[name].astype(np.float32))
                for name in network.state_dict()
            }
        network.load_state_dict(tensors)
    except (OSError, ValueError, KeyError, EOFError, RuntimeError) as error:
        raise ModelUnavailable(f"{folder / FILE} 读不出模型：{error}") from error
    return signs, network.eval()


def save(folder: Path, signs: Signs, network: BothSides) -> Path:
    """Write `folder`/network.npz, weights in float16; the same network gives the same bytes."""
    held = {name: one.numpy().astype(np.float16) for name, one in network.state_dict().items()}
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(signs.characters, ensure_ascii=False)
    np.savez_compressed(folder / FILE, characters=told, **held)
    return folder / FILE
