"""A fine-tuned encoder and an n-gram classifier of the same texts, as one classifier.

Made by `lingsu train --encoder`. `model.npz` is the n-gram part, complete in itself: it
refuses texts and names the words that spoke. `encoder/` is the fine-tuned encoder, and
`combined.npz` its head, what divides the scores of each part, and how far the sum can be
trusted. No file holds a pickle.
"""

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from models.base import Label, ModelUnavailable, Weighed
from models.certainty import Certainty
from models.linear import LinearClassifier, pairs, ranked

if TYPE_CHECKING:
    from models.encoder import Encoder

FILE = "combined.npz"
ENCODER = "encoder"  # the folder beside it
FORMAT = 1


class CombinedClassifier:
    """The sum of both parts' scores, each by its divisor, then a softmax."""

    def __init__(
        self,
        linear: LinearClassifier,
        encoder: "Encoder",
        divisors: Sequence[float],
        certainty: Certainty,
        *,
        source: str,
        licence: str,
    ) -> None:
        """divisors: of the n-gram part's and of the encoder's scores. certainty: of the sum.

        source, licence: of the encoder that was fine-tuned.
        """
        self.linear = linear
        self.labels = linear.labels
        self.certainty = certainty
        self.source, self.licence = source, licence
        self._encoder = encoder
        self._divisors = tuple(float(one) for one in divisors)

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
            longest, weight, bias = int(held["longest"]), held["weight"], held["bias"]
            divisors, source = held["divisors"].tolist(), str(held["source"])
            licence = str(held["licence"])
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出分类模型：{error}") from error
        import torch  # 2 s with transformers: only who has such a model pays

        from models.encoder import Encoder

        encoder = Encoder(folder / ENCODER, len(linear.labels), longest)
        with torch.no_grad():
            encoder.head.weight.copy_(torch.from_numpy(weight))
            encoder.head.bias.copy_(torch.from_numpy(bias))
        return cls(linear, encoder, divisors, certainty, source=source, licence=licence)

    @property
    def origin(self) -> str:
        """SHA-256 of the history that both parts learnt from."""
        return self.linear.origin

    @property
    def divisors(self) -> tuple[float, ...]:
        """Of the n-gram part's scores and of the encoder's."""
        return self._divisors

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text, best first, probabilities summing to 1; () where it is refused."""
        return tuple(self._answer(text) for text in texts)

    def why(self, text: str, label: str, limit: int = 5) -> tuple[Weighed, ...]:
        """The words that spoke for `label` in the n-gram part, heaviest first."""
        return self.linear.why(text, label, limit)

    def save(self, folder: Path) -> None:
        """The encoder alone; `write` and the n-gram part's own make the folder whole."""
        self._encoder.save(folder / ENCODER)

    def write(self, file: BinaryIO, folder: Path) -> None:
        """The bytes of combined.npz; `folder` holds the encoder already."""
        np.savez_compressed(
            file,
            format=np.int32(FORMAT),
            encoder=np.array(_sum(folder / ENCODER)),
            source=np.array(self.source),
            licence=np.array(self.licence),
            longest=np.int32(self._encoder.longest),
            weight=self._encoder.head.weight.detach().numpy(),
            bias=self._encoder.head.bias.detach().numpy(),
            divisors=np.array(self._divisors),
            thresholds=pairs(self.certainty.thresholds),
            levels=pairs(self.certainty.levels),
        )

    def _answer(self, text: str) -> tuple[Label, ...]:
        known = self.linear.logits(text)
        if known is None:
            return ()
        own, theirs = self._divisors
        return ranked(self.labels, known / own + self._encoder.scores(text) / theirs)


def withdraw(folder: Path) -> None:
    """Leave the n-gram part of a folder alone: what is added to it goes, the sign first."""
    with suppress(FileNotFoundError):
        (folder / FILE).unlink()
    shutil.rmtree(folder / ENCODER, ignore_errors=True)


def _sum(folder: Path) -> str:
    """SHA-256 over all files of the encoder's folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            whole.update(
                f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}".encode()
            )
    return whole.hexdigest()
