"""What the pipeline asks of a model, and the plain values a model gives back.

The adapters beside this file implement these protocols; tests implement them with fakes.
Nothing here knows of calls, tickets or the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

RATE = 16_000  # samples per second that every adapter takes
LOT = 64  # texts that may be asked for before the first of them is asked for again


class ModelUnavailable(Exception):
    """The weights are not here, not the right ones, or cannot be fetched; says what to do."""


class Samples(Protocol):
    """Sound of one channel at RATE: an array, or what reads its pieces from a file."""

    def __len__(self) -> int:
        """How many samples."""
        ...

    def __getitem__(self, piece: slice, /) -> np.ndarray:
        """int16, (n,); `[:]` is all of it. No steps."""
        ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of sound in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of recognized text with its time inside the window, in seconds."""

    start: float
    end: float
    text: str
    probability: float  # 0..1, not calibrated
    heard: str = (
        ""  # what the sound alone would have written, where a language model chose this
    )
    margin: float = 0.0  # by how many nats the sound preferred that


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recognizer makes of one window."""

    tokens: tuple[Token, ...]
    log_probability: float  # mean over tokens
    compression: float  # bytes of text by bytes of zlib: high = it repeats itself
    language: str = "zh"

    @property
    def text(self) -> str:
        """The words as recognized."""
        return "".join(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Label:
    """A class with its probability, best first in a list of them."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Words of a text, and how much they spoke for a label: logits, comparable in one text."""

    words: str
    weight: float


class SpeechDetector(Protocol):
    """Finds the stretches where somebody speaks."""

    def detect(self, samples: Samples) -> tuple[Stretch, ...]:
        """Stretches in order, not overlapping. samples: may be hours, so not read at once."""
        ...


class Transcriber(Protocol):
    """Turns windows of speech into timed text."""

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        """One answer a window. windows: 30 s each at most, all of a call: not read at once."""
        ...


class SpeakerEmbedder(Protocol):
    """Turns a stretch of speech into a vector that is close for the same voice."""

    def embed(self, pieces: Sequence[Samples]) -> np.ndarray:
        """float32, (len(pieces), d), unit length. pieces: all of a call, not read at once."""
        ...


class TextClassifier(Protocol):
    """Gives a text its labels with probabilities."""

    @property
    def labels(self) -> Sequence[str]:
        """Every label that it may give."""
        ...

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text: all labels, best first, probabilities summing to 1.

        Empty for a text that is refused, being unlike what was learnt: without words, in
        another language, gibberish. No label is then better than another.
        """
        ...


class LanguageModel(Protocol):
    """Tells which character is likely after others."""

    def log_probability(self, context: str, character: str) -> float:
        """Natural logarithm. context: up to three characters; ^ begins a clause."""
        ...


class SpellingModel(Protocol):
    """Tells which of several characters fits best between what stands on both sides."""

    def likely(self, text: str, offered: Sequence[str]) -> list[np.ndarray]:
        """Log-probabilities of those offered for each place: float32, (len(offered[i]),)."""
        ...


class PunctuationModel(Protocol):
    """Finds the clause marks that a text lacks."""

    def missing(self, text: str) -> list[tuple[int, str]]:
        """Before which character, rising, which mark."""
        ...


class BatchedLanguageModel(LanguageModel, Protocol):
    """A language model that is asked about several characters at once."""

    def log_probabilities(self, context: str, characters: str) -> np.ndarray:
        """Likewise of each of several characters: float64, (len(characters),)."""
        ...
