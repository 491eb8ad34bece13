"""A linear classifier over character n-grams, in a file without pickle.

Trained by pipeline/training/train.py, loaded by classifiers.py; scikit-learn is not
needed here. `model.npz` holds the n-grams, their idf, float16 coefficients, the temperature
that makes probabilities of scores and the threshold of a given error rate. Features are runs
of Han characters only: no digits, plates, Latin letters or names can be in them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from models.base import Label, ModelUnavailable

FILE = "model.npz"
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# a name before a form of address, a masked name, and what reads out a number: never a feature
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤符吉云蒙甘冼岑农"
)
HIDDEN = re.compile(
    rf"\[[^\]]*\]|[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:先生|女士|小姐|师傅)"
    r"|某+|[零〇幺一二两三四五六七八九十百千万]{3,}|[\u4e00-\u9fff][A-Za-z][·A-Za-z0-9]{4,6}"
)


def ngrams(text: str, longest: int = 4) -> Iterator[str]:
    """The 1- to `longest`-grams of each run of Han characters, after hiding names."""
    for run in _HAN.findall(HIDDEN.sub(" ", text)):
        for size in range(1, longest + 1):
            yield from (run[i : i + size] for i in range(len(run) - size + 1))


class LinearClassifier:
    """TF-IDF of character n-grams times coefficients, then a softmax."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Sequence[str],
        *,
        idf: np.ndarray,
        coefficients: np.ndarray,
        intercepts: np.ndarray,
        temperature: float,
        longest: int,
        threshold: float | None = None,
        origin: str = "",
    ) -> None:
        """idf: (features,); coefficients: (features, labels); intercepts: (labels,).

        threshold: the probability from which answers erred rarely enough on texts that were
        held out. origin: SHA-256 of the history it was trained on.
        """
        self.labels = tuple(labels)
        self._index = {gram: i for i, gram in enumerate(vocabulary)}
        self._idf = idf.astype(np.float32)
        self._coefficients = coefficients.astype(np.float32)
        self._intercepts = intercepts.astype(np.float32)
        self._temperature = float(temperature)
        self._longest = longest
        self.threshold = threshold
        self.origin = origin

    @classmethod
    def load(cls, folder: Path) -> "LinearClassifier":
        """Read `folder`/model.npz. Raises ModelUnavailable when it is not one of ours."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                held = {name: file[name] for name in file.files}
            return cls(
                [str(label) for label in held["labels"]],
                held["vocabulary"].tobytes().decode().split("\n"),
                idf=held["idf"],
                coefficients=held["coefficients"],
                intercepts=held["intercepts"],
                temperature=float(held["temperature"]),
                longest=int(held["longest"]),
                threshold=float(held["threshold"]) if "threshold" in held else None,
                origin=str(held.get("origin", "")),
            )
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelUnavailable(f"{folder / FILE} 读不出分类模型：{error}") from error

    @property
    def features(self) -> int:
        """How many n-grams it knows."""
        return len(self._index)

    def save(self, folder: Path) -> Path:
        """Write `folder`/model.npz; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FILE).open("wb") as file:
            self.write(file)
        return folder / FILE

    def write(self, file: BinaryIO) -> None:
        """Write the bytes of model.npz."""
        grams = "\n".join(self._index).encode()
        known: dict[str, Any] = {}  # older weights have neither
        if self.threshold is not None:
            known["threshold"] = np.array(self.threshold)
        if self.origin:
            known["origin"] = np.array(self.origin)
        np.savez_compressed(
            file,
            labels=np.array(self.labels),
            vocabulary=np.frombuffer(grams, dtype=np.uint8),
            idf=self._idf.astype(np.float16),
            coefficients=self._coefficients.astype(np.float16),
            intercepts=self._intercepts,
            temperature=np.float32(self._temperature),
            longest=np.int32(self._longest),
            **known,
        )

    def scores(self, text: str) -> np.ndarray:
        """Decision scores, shape (labels,); all alike for a text of which nothing is known."""
        counts = Counter(
            index
            for gram in ngrams(text, self._longest)
            if (index := self._index.get(gram)) is not None
        )
        if not counts:
            return np.zeros_like(self._intercepts)
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self._idf[rows]
        weights /= np.linalg.norm(weights)
        return weights @ self._coefficients[rows] + self._intercepts

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Label, ...], ...]:
        """One tuple a text, best first, probabilities summing to 1."""
        return tuple(self._ranked(self.scores(text)) for text in texts)

    def _ranked(self, scores: np.ndarray) -> tuple[Label, ...]:
        chances = np.exp((scores - scores.max()) / self._temperature)
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        return tuple(Label(self.labels[i], float(chances[i])) for i in order)
