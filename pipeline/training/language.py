"""Builds the character model: `python -m pipeline.training.language SPEECH --out FOLDER`.

SPEECH holds dialogues written for this purpose: lines `A:` and `C:`, a blank line between
calls; and files of single sentences. Their n-grams become a Witten-Bell model, and that a
table for models/language.py. Prints the perplexity of every tenth call, held out.
"""

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.base import LanguageModel
from models.language import HAN, ORDER, START, save, spoken
from pipeline.console import print_json

_RUN = re.compile(r"\^?[\u4e00-\u9fff]+")


def read_speech(folder: Path) -> tuple[list[str], list[str]]:
    """Calls, and the sentences of files where no line is blank, as the model reads them."""
    calls: list[str] = []
    sentences: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
        into = calls if len(blocks) > 1 else sentences
        for text in blocks if into is calls else blocks[0].splitlines():
            said = (line.split(":", 1)[-1] for line in text.splitlines())
            into.append(START + spoken(START.join(said)))
    return calls, sentences


def counted(texts: Sequence[str]) -> Counter[str]:
    """How often each n-gram of 1 to ORDER characters is in the texts."""
    return Counter(gram for text in texts for gram in _grams(text))


def _grams(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for size in range(1, ORDER + 1):
            yield from (run[i : i + size] for i in range(len(run) - size + 1))


class WittenBell:
    """P(c | h) = (count + kinds P(c | shorter h)) / (total + kinds), over kinds of c after h.

    After Witten and Bell 1991; at the end all Han characters are alike.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._totals: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        for gram, count in counts.items():
            if gram != START:
                self._totals[gram[:-1]] += count
                self._kinds[gram[:-1]] += 1
        self.counts = counts

    def probability(self, context: str, character: str) -> float:
        """Of one character after at most three others."""
        shorter = self.probability(context[1:], character) if context else 1 / HAN
        kinds = self._kinds[context]
        if not kinds:
            return shorter
        count = self.counts.get(context + character, 0)
        return (count + kinds * shorter) / (self._totals[context] + kinds)

    def log_probability(self, context: str, character: str) -> float:
        """As models/base.py asks."""
        return math.log(self.probability(context[1 - ORDER :], character))


@dataclass(frozen=True, slots=True)
class Table:
    """A backoff model before it is saved."""

    probabilities: Mapping[str, float]
    backoffs: Mapping[str, float]
    unknown: float

    def probability(self, context: str, character: str) -> float:
        """Of one character after at most three others."""
        known = self.probabilities.get(context + character)
        if known is not None:
            return known
        if not context:
            return self.unknown
        return self.backoffs.get(context, 1.0) * self.probability(context[1:], character)


def table_of(model: WittenBell) -> Table:
    """The model with the backoff weights by which each context's probabilities sum to 1."""
    grams = sorted(gram for gram in model.counts if gram != START)
    probabilities = {gram: model.probability(gram[:-1], gram[-1]) for gram in grams}
    unknown = model.probability("", "\0")
    backoffs: dict[str, float] = {}
    table = Table(probabilities, backoffs, unknown)
    for size in range(2, ORDER + 1):
        here: defaultdict[str, float] = defaultdict(float)
        shorter: defaultdict[str, float] = defaultdict(float)
        for gram, chance in probabilities.items():
            if len(gram) == size:
                here[gram[:-1]] += chance
                shorter[gram[:-1]] += table.probability(gram[1:-1], gram[-1])
        backoffs |= {h: (1 - total) / (1 - shorter[h]) for h, total in here.items()}
    return table


def perplexity(model: LanguageModel, texts: Sequence[str]) -> float:
    """Of each character of the texts, as `spoken` gives them; START is not asked for."""
    total, count = 0.0, 0
    for text in texts:
        for i, character in enumerate(text):
            if character != START:
                total += model.log_probability(text[max(0, i - ORDER + 1) : i], character)
                count += 1
    return math.exp(-total / count)


def main() -> None:
    """Read, measure, train on all calls, save."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("speech", type=Path)
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    calls, sentences = read_speech(asked.speech)
    heard = [call for i, call in enumerate(calls) if i % 10]
    held_out = WittenBell(counted([*heard, *sentences]))
    table = table_of(WittenBell(counted([*calls, *sentences])))
    path = save(asked.out, table.probabilities, table.backoffs, table.unknown)
    print_json(
        {
            "calls": len(calls),
            "sentences": len(sentences),
            "ngrams": len(table.probabilities),
            "bytes": path.stat().st_size,
            "perplexity": round(perplexity(held_out, calls[::10]), 1),
        }
    )


if __name__ == "__main__":
    main()
