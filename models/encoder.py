"""A pretrained encoder of a Hugging Face folder, and a head that scores labels.

Torch all through: others import it late. The mean of the last states and half of the first
one go through one linear layer. combined.py runs it, pipeline/training/finetune.py teaches it.
Names, numbers and plates are hidden before it reads a text.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.base import ModelUnavailable
from models.grams import HIDDEN

WEIGHTS = "model.safetensors"
STEP = 8  # batches are as long as a multiple of this: fewer kernels to prepare
_DIGIT = re.compile(r"\d")


class Encoder(nn.Module):
    """Tokenizer, encoder and head, on the CPU in float32."""

    def __init__(self, folder: Path, labels: int, longest: int) -> None:
        """labels: how many. longest: tokens read of a text, of its beginning and its end.

        Raises ModelUnavailable where the folder holds no encoder that can be read.
        """
        super().__init__()
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        local = {"local_files_only": True, "trust_remote_code": False}
        try:
            if not (folder / "config.json").is_file():
                raise OSError("没有 config.json")
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, **local)
            self.body: Any = AutoModel.from_pretrained(folder, use_safetensors=True, **local)
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"{folder} 读不出文字编码器：{error}") from error
        self.body.float()
        for name, weights in self.body.named_parameters():
            weights.requires_grad_(not name.startswith("pooler"))
        positions = getattr(self.body.config, "max_position_embeddings", None) or longest
        self.longest = min(longest, positions)
        self.head = nn.Linear(self.body.config.hidden_size, labels)
        self.drop = nn.Dropout(0.1)
        self.eval()

    def tokens(self, text: str) -> list[int]:
        """The numbers of a text's tokens; of a long one three quarters from its beginning."""
        shown = HIDDEN.sub(lambda m: m[0] if m[0][0] == "[" else " ", text)  # not emoticons
        found = self._tokenizer(_DIGIT.sub("0", shown), verbose=False)["input_ids"]
        if len(found) <= self.longest:
            return list(found)
        end = self.longest // 4
        return [*found[: self.longest - end], *found[-end:]]

    def forward(self, batch: Sequence[Sequence[int]]) -> Tensor:
        """Scores of each label, (texts, labels). batch: numbers of tokens."""
        longest = -(-max(map(len, batch)) // STEP) * STEP
        numbers = torch.full((len(batch), min(longest, self.longest)), self._padding)
        mask = torch.zeros_like(numbers)
        for row, own in enumerate(batch):
            numbers[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = 1
        states = self.body(input_ids=numbers, attention_mask=mask).last_hidden_state.float()
        weight = mask[:, :, None].float()
        mean = (states * weight).sum(1) / weight.sum(1)
        return self.head(self.drop(mean + states[:, 0] / 2))

    def scores(self, text: str) -> np.ndarray:
        """Of each label, (labels,); the same whatever else is asked."""
        with torch.inference_mode():
            return self([self.tokens(text)])[0].numpy()

    def rounded(self) -> "Encoder":
        """Itself, with the weights of the encoder as its file keeps them."""
        with torch.no_grad():
            for weights in self.body.parameters():
                weights.copy_(weights.half().float())
        return self

    def save(self, folder: Path) -> None:
        """Tokenizer and encoder, in float16; combined.py adds the head."""
        from safetensors.torch import save

        folder.mkdir(parents=True)
        self._tokenizer.save_pretrained(folder)
        self.body.config.save_pretrained(folder)
        held = {name: w.half().contiguous() for name, w in self.body.state_dict().items()}
        (folder / WEIGHTS).write_bytes(save(held, metadata={"format": "pt"}))

    @property
    def _padding(self) -> int:
        return int(self.body.config.pad_token_id or 0)
