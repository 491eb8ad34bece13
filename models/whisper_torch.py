"""Whisper on our own network and search: the default recognizer.

What makes it fast on a CPU without losing words stands in whisper_net.py, what makes it
faithful in beam.py. This file turns windows of sound into features, batches them, and turns
the text found into timed tokens.
"""

import math
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from models.base import RATE, Heard, LanguageModel, Samples, Token
from models.ct2_weights import read_tensors
from models.mel import HOP, log_mel
from models.vocabulary import Vocabulary, characters
from models.warp import follow

if TYPE_CHECKING:  # they import torch
    from models.beam import Hypothesis
    from models.whisper_net import Sound

FRAMES_PER_S = RATE // HOP
STEP = 2 * FRAMES_PER_S  # padded lengths are multiples: for each a library keeps kernels
TAIL = FRAMES_PER_S  # silence behind a window: without it Whisper stops early
LONGEST = 30 * FRAMES_PER_S
# Silence before a window. Where the text is DOUBTFUL (mean log-probability of a token), the
# window is read once more behind more of it, and the clearer text taken: it may have hung on
# a hair. 16 of 141 windows of calls.
LEAD, LONGER_LEAD = FRAMES_PER_S // 5, FRAMES_PER_S // 2
DOUBTFUL = -0.5
UNHEARD = Heard((), -99.0, 0.0)  # the search found no text that comes to an end
# A text that the sound supports less than this (mean log-probability of a token) is searched
# for again without the language model, which may have led it away or let it end too early:
# 9 of 148 windows of calls, 6 of 138 of read speech, 20 of 46 of noise and tongue twisters.
UNCLEAR = -0.7
# What is found then is kept where it is clear and does not repeat itself as singing does: bytes
# by bytes of zlib were 1.45 at most in 280 windows of speech, 1.7 to 2.5 in song and noise.
REPEATS = 1.6
Item = TypeVar("Item")


class _Found(NamedTuple):
    """What was found in a window behind so much silence."""

    window: int  # its number
    best: "Hypothesis"
    sound: "Sound"
    length_s: float
    lead_s: float

    @property
    def clarity(self) -> float:
        return self.best.clarity


class TorchTranscriber:
    """Transcriber on a CTranslate2 Whisper folder (model.bin, config.json, vocabulary)."""

    def __init__(
        self,
        folder: Path,
        *,
        beam_size: int = 4,
        batch_size: int = 8,
        floor_s: float = 16.0,
        language: str = "zh",
        vocabulary: str = "chinese",
        words: LanguageModel | None = None,
        weight: float = 0.3,
        threads: int = 1,
    ) -> None:
        """vocabulary: "chinese" rules the tokens of other languages out, "full" keeps all.

        words: the language model that chooses among what the sound leaves open; None: none;
        weight: how much it has to say.
        """
        import torch

        from models.beam import BeamSearch
        from models.products import fastest
        from models.whisper_net import Network

        torch.set_num_threads(threads)
        self._torch = torch
        self._vocabulary = Vocabulary(folder, language, whole=vocabulary == "full")
        # No name for the tensors: an import that failed within torch may hold this frame, and
        # with it the file's pages.
        self._network = Network(
            read_tensors(folder / "model.bin"), self._vocabulary.kept, fastest()
        )
        self._search, self._by_sound = (
            BeamSearch(
                self._network,
                self._vocabulary,
                beam_size=beam_size,
                language=helper,
                weight=weight,
            )
            for helper in (words, None)
        )
        self._helped = words is not None and weight > 0
        self._batch_size, self._floor = batch_size, int(floor_s * FRAMES_PER_S)
        self.language = language

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        """One answer a window. windows: 30 s each at most."""
        # Windows of like length end at like times: a batch takes as many steps as its longest.
        order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
        with self._torch.inference_mode():
            heard = dict(self._in_batches(windows, order))
        return tuple(heard[i] for i in range(len(windows)))

    def _in_batches(
        self, windows: Sequence[Samples], order: Sequence[int]
    ) -> Iterator[tuple[int, Heard]]:
        """The number of each window and what was heard in it."""
        unclear: list[_Found] = []
        for found in self._clearest(windows, order):
            if self._helped and found.clarity < UNCLEAR:
                unclear.append(found)
            else:
                yield found.window, self._heard(found)
            if len(unclear) >= self._batch_size:
                yield from self._again(unclear)
                unclear = []
        yield from self._again(unclear)

    def _clearest(self, windows: Sequence[Samples], order: Sequence[int]) -> Iterator[_Found]:
        """What was found in each window, in the doubtful ones at the better of two attempts."""
        doubtful: list[_Found] = []
        for batch in evenly(order, self._batch_size):
            for found in self._found(windows, batch, LEAD):
                if found.clarity < DOUBTFUL:
                    doubtful.append(found)
                else:
                    yield found
            if len(doubtful) >= self._batch_size:
                yield from self._clearer(windows, doubtful)
                doubtful = []
        yield from self._clearer(windows, doubtful)

    def _clearer(
        self, windows: Sequence[Samples], doubtful: Sequence[_Found]
    ) -> Iterator[_Found]:
        for batch in evenly(doubtful, self._batch_size):
            again = self._found(windows, [found.window for found in batch], LONGER_LEAD)
            for both in zip(batch, again, strict=True):
                yield max(both, key=lambda found: found.clarity)

    def _found(
        self, windows: Sequence[Samples], batch: Sequence[int], lead: int
    ) -> list[_Found]:
        """lead: frames of silence before each."""
        leads = [min(lead, max(0, LONGEST - len(windows[i]) // HOP)) for i in batch]
        sounds = [
            self._network.encode(self._features(windows[i][:], own))
            for i, own in zip(batch, leads, strict=True)
        ]
        return [
            _Found(i, best, sound, len(windows[i]) / RATE, own / FRAMES_PER_S)
            for i, own, sound, best in zip(
                batch, leads, sounds, self._search(sounds), strict=True
            )
        ]

    def _again(self, unclear: "Sequence[_Found]") -> Iterator[tuple[int, Heard]]:
        """What was heard in windows: by their sound alone, where that is clear."""
        for batch in evenly(unclear, self._batch_size):
            by_sound = self._by_sound([found.sound for found in batch])
            for found, best in zip(batch, by_sound, strict=True):
                heard = self._heard(found._replace(best=best))
                clear = heard.log_probability >= UNCLEAR and heard.compression <= REPEATS
                yield found.window, heard if clear else self._heard(found)

    def _features(self, window: np.ndarray, lead: int) -> np.ndarray:
        """Log-mel, padded with the window's own quietest value: zero would be loud."""
        mel = log_mel(window, self._network.n_mels)
        length = math.ceil(max(self._floor, len(window) // HOP + TAIL) / STEP) * STEP
        behind = max(0, min(LONGEST, length) - mel.shape[1] - lead)
        return np.pad(mel, ((0, 0), (lead, behind)), constant_values=mel.min())

    def _heard(self, found: "_Found") -> Heard:
        from models.whisper_net import FRAME_S

        best = found.best
        if not best.tokens:
            return UNHEARD
        spoken = self._torch.tensor([*self._vocabulary.start, *best.tokens])
        weights = self._network.listens(spoken, found.sound, self._vocabulary.listeners)
        first = len(self._vocabulary.start) - 1  # the step that wrote the first token
        begin, end = (round(s / FRAME_S) for s in (found.lead_s, found.lead_s + found.length_s))
        heard = weights[:, first:, begin : max(begin + 2, end)]
        starts = follow(heard.numpy()) * FRAME_S
        tokens = self._tokens(best, starts)
        text = "".join(token.text for token in tokens).encode()
        compression = len(text) / len(zlib.compress(text)) if text else 0.0
        return Heard(tuple(tokens), best.clarity, compression, self.language)

    def _tokens(self, best: "Hypothesis", starts: np.ndarray) -> list[Token]:
        """Pieces that are whole characters: byte-level tokens may each hold a part of one.

        starts: seconds, shape (len(best.tokens) + 1,); the last is where the text ends.
        """
        raw, tokens, first = self._vocabulary.raw, [], 0
        for i in range(len(best.tokens)):
            piece = slice(first, i + 1)
            text = characters(b"".join(raw[t] for t in best.tokens[piece]))
            if text is None:
                continue
            probability = math.exp(float(np.mean(best.sound[piece])))
            begin, end = float(starts[first]), float(starts[i + 1])
            heard, margin = self._instead(best, piece)
            tokens.append(Token(begin, end, text, probability, heard, margin))
            first = i + 1
        return tokens

    def _instead(self, best: "Hypothesis", piece: slice) -> tuple[str, float]:
        """What the sound alone preferred to a piece, and by how many nats; "" if nothing."""
        raw = b"".join(self._vocabulary.raw[t] for t in best.instead[piece])
        if best.instead[piece] == best.tokens[piece]:
            return "", 0.0
        return raw.decode(errors="ignore"), round(sum(best.margins[piece]), 2)


def evenly(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """The items in as few pieces of like size as are needed for at most `most` in each."""
    pieces = math.ceil(len(items) / most)
    for i in range(pieces):
        yield items[len(items) * i // pieces : len(items) * (i + 1) // pieces]
