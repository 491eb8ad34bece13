"""Any local Hugging Face sequence classifier behind the TextClassifier protocol.

For cities that bring a fine-tuned model: a folder with config.json, tokenizer and weights.
Nothing is ever fetched, and no code from the folder is run.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.base import Label, ModelUnavailable


class TransformerClassifier:
    """A tokenizer and a sequence classification head, on the CPU."""

    def __init__(self, folder: Path, *, batch_size: int = 16, max_tokens: int = 512) -> None:
        """Load both. max_tokens: longer texts are cut at their end.

        Raises ModelUnavailable when the folder holds no such model.
        """
        import torch  # 2 s with transformers: only who uses this adapter pays
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        if not (folder / "config.json").is_file():
            raise ModelUnavailable(f"{folder} 里没有 config.json：不是 Hugging Face 分类模型")
        local = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, **local)
            self._model: Any = AutoModelForSequenceClassification.from_pretrained(
                folder, **local
            ).eval()
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"{folder} 读不出分类模型：{error}") from error
        self._torch = torch
        self._batch_size = batch_size
        # a model cannot read beyond the positions it was trained with
        positions = getattr(self._model.config, "max_position_embeddings", None) or max_tokens
        self._max_tokens = min(max_tokens, positions)
        names = self._model.config.id2label
        self.labels = tuple(str(names[i]) for i in range(self._model.config.num_labels))

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text, best first, probabilities summing to 1."""
        answers: list[tuple[Label, ...]] = []
        for start in range(0, len(texts), self._batch_size):
            batch = self._tokenizer(
                list(texts[start : start + self._batch_size]),
                padding=True,
                truncation=True,
                max_length=self._max_tokens,
                return_tensors="pt",
            )
            with self._torch.inference_mode():
                chances = self._model(**batch).logits.softmax(dim=-1).tolist()
            answers += [self._ranked(row) for row in chances]
        return tuple(answers)

    def _ranked(self, chances: list[float]) -> tuple[Label, ...]:
        labels = [Label(n, p) for n, p in zip(self.labels, chances, strict=True)]
        return tuple(sorted(labels, key=lambda label: -label.probability))
