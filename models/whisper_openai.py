"""Whisper on openai-whisper and torch: the reference recognizer, some ten times slower.

It runs on the weights of the default recognizer (ct2_weights.py reads them) or on a .pt of
OpenAI's, decodes with their code and times tokens with their alignment, one window after
another, each padded to 30 s as they pad it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import ct2_weights
from models.base import RATE, Heard, ModelUnavailable, Samples, Token

FRAMES_PER_S = 100  # of the log-mel
# Their alignment needs some frames to filter over; shorter windows are looked at up to here.
MIN_FRAMES = 50


class OpenaiTranscriber:
    """Transcriber on a CTranslate2 Whisper folder or an OpenAI .pt."""

    def __init__(
        self,
        folder: Path,
        *,
        beam_size: int = 5,
        language: str = "zh",
        prompt: str = "",
        threads: int = 1,
    ) -> None:
        """folder: a CTranslate2 folder of float16 or float32, a .pt, or a folder with one.

        prompt: text the recognizer takes for what was said before.
        Raises ModelUnavailable when there is no such thing.
        """
        import torch
        from whisper import DecodingOptions
        from whisper.tokenizer import get_tokenizer

        torch.set_num_threads(threads)
        self._model = _load(Path(folder))
        self._options = DecodingOptions(
            language=language,
            temperature=0.0,
            beam_size=beam_size if beam_size > 1 else None,
            without_timestamps=True,
            prompt=prompt or None,
            fp16=False,
        )
        self._tokenizer = get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=language,
            task="transcribe",
        )

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        """One answer a window. windows: 30 s each at most."""
        return tuple(self._heard(window[:]) for window in windows)

    def _heard(self, window: np.ndarray) -> Heard:
        from whisper import log_mel_spectrogram, pad_or_trim

        sound = pad_or_trim(window.astype(np.float32) / 32768)
        mel = log_mel_spectrogram(sound, self._model.dims.n_mels)
        decoded: Any = self._model.decode(mel, self._options)
        text = [token for token in decoded.tokens if token < self._tokenizer.eot]
        return Heard(
            self._timed(text, mel, len(window) / RATE),
            decoded.avg_logprob,
            # Their ratio of no text at all is 0 / 8; the protocol's meaning is the same.
            decoded.compression_ratio,
            decoded.language,
        )

    def _timed(self, text: list[int], mel: Any, length_s: float) -> tuple[Token, ...]:
        """Whole characters with times inside the window, by openai-whisper's alignment."""
        from whisper.timing import find_alignment

        frames = max(MIN_FRAMES, int(length_s * FRAMES_PER_S))
        aligned = find_alignment(self._model, self._tokenizer, text, mel, frames)
        return tuple(
            Token(
                min(float(word.start), length_s),
                min(float(word.end), length_s),
                word.word,
                float(word.probability),
            )
            for word in aligned
            if word.word and "\ufffd" not in word.word
        )


def _load(folder: Path) -> Any:
    """The torch model, in evaluation mode on the CPU."""
    if folder.is_file() and folder.suffix == ".pt":
        return _from_openai(folder)
    if (folder / "model.bin").is_file():
        return _from_ctranslate2(folder)
    found = sorted(folder.glob("*.pt"))
    if len(found) != 1:
        raise ModelUnavailable(f"{folder} 里没有 model.bin，也没有唯一的 .pt 文件")
    return _from_openai(found[0])


def _from_openai(path: Path) -> Any:
    import whisper

    # A path, so nothing is downloaded. Their loader reads with weights_only: no code is run.
    return whisper.load_model(str(path), device="cpu")


def _from_ctranslate2(folder: Path) -> Any:
    import torch
    from whisper.model import ModelDimensions, Whisper

    tensors = ct2_weights.read_tensors(folder / "model.bin")
    model = Whisper(ModelDimensions(**ct2_weights.dimensions(tensors)))
    parameters = ct2_weights.state_dict(tensors)
    model.load_state_dict({name: torch.from_numpy(value) for name, value in parameters.items()})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    heads = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in config["alignment_heads"]:
        heads[layer, head] = True
    model.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)
    return model.eval()
