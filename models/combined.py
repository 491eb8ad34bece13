"""Fine-tuned encoders and an n-gram classifier of the same texts, as one classifier.

Made by `lingsu train --encoder`. `model.npz` is the n-gram part, complete in itself: it
refuses texts and names the words that spoke. `encoder/1`, `encoder/2` ... are the fine-tuned
encoders, each with its head; `combined.npz` says what the n-grams' scores are divided by and
how far the sum can be trusted. No file holds a pickle.
"""

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from models.base import Label, ModelUnavailable, Weighed
from models.certainty import Certainty
from models.linear import LinearClassifier, pairs, ranked

if TYPE_CHECKING:
    from models.encoder import Encoder

FILE = "combined.npz"
ENCODER = "encoder"  # the folder beside it, with a folder for each
HEAD = "head.npz"  # in each of these
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Joined:
    """An encoder beside the n-grams."""

    encoder: "Encoder"
    divisor: float  # of its scores
    source: str  # the encoder that was fine-tuned
    licence: str  # its own

    @classmethod
    def load(cls, folder: Path, labels: int) -> "Joined":
        """Read the folder. Raises OSError, KeyError, ModelUnavailable."""
        import torch  # 2 s with transformers: only who has such a model pays

        from models.encoder import Encoder

        with np.load(folder / HEAD, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        encoder = Encoder(folder, labels, int(held["longest"]))
        with torch.no_grad():
            encoder.head.weight.copy_(torch.from_numpy(held["weight"]))
            encoder.head.bias.copy_(torch.from_numpy(held["bias"]))
        return cls(encoder, float(held["divisor"]), str(held["source"]), str(held["licence"]))

    def save(self, folder: Path) -> None:
        """Write the folder, which must not be there."""
        self.encoder.save(folder)
        np.savez_compressed(
            folder / HEAD,
            source=np.array(self.source),
            licence=np.array(self.licence),
            longest=np.int32(self.encoder.longest),
            weight=self.encoder.head.weight.detach().numpy(),
            bias=self.encoder.head.bias.detach().numpy(),
            divisor=np.array(self.divisor),
        )


class CombinedClassifier:
    """The sum of all parts' scores, each by its divisor, then a softmax."""

    def __init__(
        self,
        linear: LinearClassifier,
        joined: Sequence[Joined],
        divisor: float,
        certainty: Certainty,
    ) -> None:
        """divisor: of the n-gram part's scores. certainty: of the sum."""
        self.linear = linear
        self.labels = linear.labels
        self.joined = tuple(joined)
        self.divisor = divisor
        self.certainty = certainty

    @classmethod
    def load(cls, folder: Path) -> "CombinedClassifier":
        """Read the folder. Raises ModelUnavailable when a part is absent or another one."""
        linear = LinearClassifier.load(folder)
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                held = {name: file[name] for name in file.files}
            if int(held["format"]) != FORMAT or str(held["encoder"]) != _sum(folder / ENCODER):
                raise ValueError("与 encoder/ 不是同一次训练所写，请用 lingsu train 重新训练")
            levels, thresholds = held["levels"], held["thresholds"]
            certainty = Certainty(dict(thresholds.T.tolist()), dict(levels.T.tolist()))
            divisor = float(held["divisor"])
            folders = sorted((folder / ENCODER).iterdir())
            joined = [Joined.load(one, len(linear.labels)) for one in folders]
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出分类模型：{error}") from error
        return cls(linear, joined, divisor, certainty)

    @property
    def origin(self) -> str:
        """SHA-256 of the history that all parts learnt from."""
        return self.linear.origin

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text, best first, probabilities summing to 1; () where it is refused."""
        return tuple(self._answer(text) for text in texts)

    def why(self, text: str, label: str, limit: int = 5) -> tuple[Weighed, ...]:
        """The words that spoke for `label` in the n-gram part, heaviest first."""
        return self.linear.why(text, label, limit)

    def save(self, folder: Path) -> None:
        """The encoders alone; `write` and the n-gram part's own make the folder whole."""
        for number, one in enumerate(self.joined, 1):
            one.save(folder / ENCODER / str(number))

    def write(self, file: BinaryIO, folder: Path) -> None:
        """The bytes of combined.npz; `folder` holds the encoders already."""
        np.savez_compressed(
            file,
            format=np.int32(FORMAT),
            encoder=np.array(_sum(folder / ENCODER)),
            divisor=np.array(self.divisor),
            thresholds=pairs(self.certainty.thresholds),
            levels=pairs(self.certainty.levels),
        )

    def _answer(self, text: str) -> tuple[Label, ...]:
        known = self.linear.logits(text)
        if known is None:
            return ()
        whole = known / self.divisor
        for one in self.joined:
            whole = whole + one.encoder.scores(text) / one.divisor
        return ranked(self.labels, whole)


def withdraw(folder: Path) -> None:
    """Leave the n-gram part of a folder alone: what is added to it goes, the sign first."""
    with suppress(FileNotFoundError):
        (folder / FILE).unlink()
    shutil.rmtree(folder / ENCODER, ignore_errors=True)


def _sum(folder: Path) -> str:
    """SHA-256 over all files of the encoders' folder."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {digest}".encode())
    return whole.hexdigest()
