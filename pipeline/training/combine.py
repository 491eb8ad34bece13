"""Fine-tuned encoders join the n-gram classifier: `lingsu train --encoder`.

A tenth of the training texts is held out from the encoders; the n-gram part's scores of them
are those of its folds. On this tenth the parts are weighed, and thresholds and prediction sets
of their sum are set. Used by train.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import catalog
from models.base import ModelUnavailable
from models.combined import CombinedClassifier, Joined
from pipeline.errors import InputInvalid
from pipeline.training.blend import summed, temperature
from pipeline.training.coverage import learnt
from pipeline.training.dataset import Examples, file_sha256
from pipeline.training.finetune import tune
from pipeline.training.fit import Fitted
from pipeline.training.resume import Steps

if TYPE_CHECKING:
    from models.encoder import Encoder

SHARE = 0.1  # of the training texts, on which the parts are weighed
LEAST = 20  # texts of that share: fewer could not set divisors and thresholds
LONGEST = 192  # tokens
VERSION = 5  # raised by hand when the recipe changes, so that no older step is gone on with


@dataclass(frozen=True, slots=True)
class Tuning:
    """Which encoder, and how often it sees each text."""

    folder: Path
    name: str  # as the user gave it
    licence: str
    epochs: int

    @property
    def key(self) -> list[object]:
        """Of all that the kept steps depend on."""
        weights = self.folder / "model.safetensors"
        return [
            VERSION,
            file_sha256(weights),
            file_sha256(self.folder / "config.json"),
            self.epochs,
        ]


def tuning(encoder: str, epochs: int) -> Tuning:
    """An encoder of the catalogue, or a folder. Raises InputInvalid where it is neither."""
    folder = Path(encoder).expanduser()
    if folder.is_dir():
        for name in ("config.json", "model.safetensors"):
            if not (folder / name).is_file():
                raise InputInvalid(f"{folder} 里没有 {name}：不是可用的文字编码器")
        return Tuning(folder, folder.resolve().name, "未说明 not stated", epochs)
    try:
        model = catalog.find(encoder)
        if model.kind != "encoder":
            raise InputInvalid(f"{encoder} 不是文字编码器：请用 lingsu models list 查看")
        return Tuning(catalog.locate(encoder), encoder, model.licence, epochs)
    except ModelUnavailable as error:
        raise InputInvalid(str(error)) from error


def combined(
    fitted: Fitted, examples: Examples, steps: Steps, how: Sequence[Tuning], seed: int
) -> CombinedClassifier:
    """All parts as one; the same texts, encoders, seed and threads give the same one."""
    own, held = _parts(fitted.wanted, seed)
    encoders = [_encoder(one, len(fitted.model.labels), seed) for one in how]
    texts, wanted, parts = examples.texts, fitted.wanted[held], [fitted.logits[held]]
    for number, (encoder, one) in enumerate(zip(encoders, how, strict=True), 1):
        tune(
            encoder,
            [texts[i] for i in own],
            fitted.wanted[own],
            steps,
            [f"epoch-{number}.{epoch}" for epoch in range(1, one.epochs + 1)],
            seed=seed,
        )
        encoder.rounded()
        scores = partial(_scores, encoder, [texts[i] for i in held])
        parts.append(steps.do(f"weigh-{number}", scores))
    first, *others = divisors(parts, wanted)
    joined = [
        Joined(encoder, divisor, one.name, one.licence)
        for encoder, divisor, one in zip(encoders, others, how, strict=True)
    ]
    certainty = learnt(summed(parts, [first, *others]), wanted)
    return CombinedClassifier(fitted.model, joined, first, certainty)


def divisors(parts: Sequence[np.ndarray], wanted: np.ndarray) -> tuple[float, ...]:
    """What the scores of each part, (texts, labels), are divided by before they are added.

    Each part is calibrated on the wanted labels, (texts,), all count alike, and the sum is
    calibrated again. Shares learnt from so few texts can leave a part out.
    """
    own = [temperature(part, wanted) for part in parts]
    whole = temperature(summed(parts, own), wanted)
    return tuple(one * whole for one in own)


def _scores(encoder: "Encoder", texts: Sequence[str]) -> np.ndarray:
    return np.stack([encoder.scores(text) for text in texts])


def _encoder(how: Tuning, labels: int, seed: int) -> "Encoder":
    import torch

    from models.encoder import Encoder

    torch.manual_seed(seed)  # of the head
    try:
        return Encoder(how.folder, labels, LONGEST)
    except ModelUnavailable as error:
        raise InputInvalid(str(error)) from error


def _parts(wanted: np.ndarray, seed: int) -> tuple[list[int], list[int]]:
    """Texts to teach with, and the tenth to weigh with: each label in both."""
    from sklearn.model_selection import train_test_split

    number = round(len(wanted) * SHARE)
    if number < LEAST:
        raise InputInvalid(
            f"训练文本只有 {len(wanted)} 条：--encoder 要留出十分之一，"
            f"至少要 {LEAST / SHARE:.0f} 条"
        )
    own, held = train_test_split(
        np.arange(len(wanted)), test_size=number, random_state=seed, stratify=wanted
    )
    return sorted(own.tolist()), sorted(held.tolist())
