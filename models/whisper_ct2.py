"""Whisper on CTranslate2, in int8: smaller, with more errors than our own network.

What makes it fast without losing words (benchmarks/hear_speed.py measures it): the encoder
takes windows of any length, so a window is padded to the next step above `floor_s` and not
to 30 s; the padding is the window's own quietest value, because zero is loud in a normalized
log-mel. Only windows of the same padded length share a batch, so that a window's text never
depends on its neighbours. Tokens that no Chinese call needs are left out (vocabulary.py).
"""

import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.base import RATE, Heard, Samples, Token
from models.mel import HOP, log_mel
from models.vocabulary import cut

STEP_S = 2.0  # padded lengths are multiples of this
FRAMES_PER_S = RATE // HOP
MAX_TOKENS = 448  # Whisper's text context; traditional characters take up to three tokens


class Ct2Transcriber:
    """Transcriber on a CTranslate2 Whisper folder (model.bin, config.json, tokenizer.json)."""

    def __init__(
        self,
        folder: Path,
        *,
        compute_type: str = "int8",
        beam_size: int = 5,
        batch_size: int = 8,
        floor_s: float = 16.0,
        language: str = "zh",
        vocabulary: str = "chinese",
        threads: int = 1,
    ) -> None:
        """vocabulary: "chinese" rules the tokens of other languages out, "full" keeps all."""
        import ctranslate2
        from tokenizers import Tokenizer

        smaller = cut(folder, language) if vocabulary == "chinese" else None
        self._to_storage = ctranslate2.StorageView.from_array
        self._model = ctranslate2.models.Whisper(
            str(folder),
            device="cpu",
            compute_type=compute_type,
            intra_threads=threads,
            files=smaller.files if smaller else None,
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._kept = smaller.kept if smaller else range(self._tokenizer.get_vocab_size())
        self._beam_size, self._batch_size = beam_size, batch_size
        self._floor = int(floor_s * FRAMES_PER_S)
        self.language = language
        marks = ("startoftranscript", language, "transcribe", "notimestamps")
        whole = self._tokenizer.get_vocab()
        self._start = [self._kept.index(whole[f"<|{mark}|>"]) for mark in marks]

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        """One answer a window. windows: 30 s each at most."""
        lengths = [self._padded(len(window) // HOP) for window in windows]
        heard: dict[int, Heard] = {}
        for length in sorted(set(lengths)):
            alike = [i for i, own in enumerate(lengths) if own == length]
            for first in range(0, len(alike), self._batch_size):
                batch = alike[first : first + self._batch_size]
                answers = self._batch([windows[i] for i in batch], length)
                heard.update(zip(batch, answers, strict=True))
        return tuple(heard[i] for i in range(len(windows)))

    def _padded(self, frames: int) -> int:
        step = int(STEP_S * FRAMES_PER_S)
        return min(30 * FRAMES_PER_S, max(self._floor, math.ceil(frames / step) * step))

    def _batch(self, windows: Sequence[Samples], length: int) -> list[Heard]:
        features = [log_mel(window[:], self._model.n_mels) for window in windows]
        batch = np.stack(
            [
                np.pad(f, ((0, 0), (0, length - f.shape[1])), constant_values=f.min())
                for f in features
            ]
        )
        encoded = self._model.encode(self._to_storage(np.ascontiguousarray(batch)))
        results = self._model.generate(
            encoded,
            [self._start] * len(windows),
            beam_size=self._beam_size,
            max_length=MAX_TOKENS,
            return_scores=True,
        )
        texts = [result.sequences_ids[0] for result in results]
        frames = [f.shape[1] for f in features]
        aligned = self._model.align(encoded, self._start, texts, frames)
        return [
            self._heard(ids, result.scores[0], alignment)
            for ids, result, alignment in zip(texts, results, aligned, strict=True)
        ]

    def _heard(self, ids: list[int], score: float, alignment: Any) -> Heard:
        starts = np.zeros(len(ids) + 1)
        ends = np.zeros(len(ids) + 1)
        for token, frame in alignment.alignments:  # a decoder step covers a run of frames
            second = frame * 2 / FRAMES_PER_S  # the encoder halves the frame rate
            if not ends[token]:
                starts[token] = second
            ends[token] = second + 2 / FRAMES_PER_S
        tokens = self._tokens(ids, starts, ends, alignment.text_token_probs)
        text = "".join(token.text for token in tokens).encode()
        compression = len(text) / len(zlib.compress(text)) if text else 0.0
        return Heard(tuple(tokens), score, compression, self.language)

    def _tokens(
        self, ids: list[int], starts: np.ndarray, ends: np.ndarray, probabilities: list[float]
    ) -> list[Token]:
        """Pieces that are whole characters: byte-level tokens may each hold a part of one."""
        tokens, first = [], 0
        for i in range(len(ids)):
            known = [self._kept[one] for one in ids[first : i + 1]]
            text = self._tokenizer.decode(known, skip_special_tokens=True)
            if "\ufffd" in text and i + 1 < len(ids):
                continue
            if text and "\ufffd" not in text:
                probability = float(np.mean(probabilities[first : i + 1]))
                tokens.append(Token(float(starts[first]), float(ends[i]), text, probability))
            first = i + 1
        return tokens
