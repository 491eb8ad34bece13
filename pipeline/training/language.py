"""Builds the character model: `python -m pipeline.training.language SPEECH DATA --out FOLDER`.

SPEECH holds dialogues written for this purpose: lines `A:` and `C:`, a blank line between
calls. Of DATA, citizens' texts, only n-grams that at least five texts share are counted;
no digit, Latin letter, masked word or name before a form of address is among them. Each side
is a Witten-Bell model; both are mixed once, into one table for models/language.py, and what
the table loses least by is left out. Prints perplexities on every tenth call, held out.
"""

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from models.base import LanguageModel
from models.grams import HIDDEN
from models.language import HAN, ORDER, START, CharacterModel, save, spoken
from pipeline.console import print_json

MIN_TEXTS = 5  # an n-gram of fewer texts could repeat one of them
SPEECH = 0.8  # weight of our dialogues; 0.75 to 0.9 are alike on the held-out calls (1 %)
KEPT = 0.9  # of the n-grams: 4.4 MB instead of 4.9
CLAUSE = 10  # characters a clause, about: how often START is
FIELDS = ("text_nohint", "title", "text", "reply")
_RUN = re.compile(r"\^?[\u4e00-\u9fff]+")
_GAP = re.compile(r"[A-Za-z0-9]+")


def read_speech(folder: Path) -> tuple[list[str], list[str]]:
    """Calls, and the sentences of files where no line is blank, as the model reads them."""
    calls: list[str] = []
    sentences: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
        into = calls if len(blocks) > 1 else sentences
        for text in blocks if into is calls else blocks[0].splitlines():
            lines = [line for line in text.splitlines() if not line.startswith("# ")]  # labels
            said = (line.split(":", 1)[-1] for line in lines)
            into.append(START + spoken(START.join(said)))
    return calls, sentences


def read_written(folder: Path) -> list[str]:
    """Each row of `folder`/*/train.jsonl; what another row already said is not said again."""
    rows: list[list[str]] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*/train.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            parts = [row[key] for key in FIELDS if row.get(key) and row[key] not in seen]
            seen.update(parts)
            rows.append(parts)
    table = _simplified(seen)
    return [_written(START.join(parts).translate(table)) for parts in rows if parts]


def _written(text: str) -> str:
    """As `spoken`, but a hidden word or a number leaves a gap no n-gram reaches over."""
    gaps = [spoken(part) for part in _GAP.split(HIDDEN.sub("0", text))]
    return START + " ".join(gaps)


def _simplified(texts: Iterable[str]) -> dict[int, str]:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    return {ord(sign): convert(sign) for sign in sorted({s for text in texts for s in text})}


def counted(texts: Sequence[str], minimum: int) -> dict[str, int]:
    """How often each n-gram is in the texts, of those that at least `minimum` texts have."""
    kept: dict[str, int] = {}
    for size in range(1, ORDER + 1):
        times: Counter[str] = Counter()
        shared: Counter[str] = Counter()
        for text in texts:
            grams = [g for g in _grams(text, size) if size == 1 or g[:-1] in kept]
            times.update(grams)
            shared.update(set(grams))
        kept |= {gram: times[gram] for gram, n in sorted(shared.items()) if n >= minimum}
    return kept


def _grams(text: str, size: int) -> Iterator[str]:
    for run in _RUN.findall(text):
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


def mixed(sides: Sequence[tuple[float, WittenBell]]) -> Table:
    """One table of all n-grams that any side has; weights sum to 1."""
    grams = sorted({gram for _, side in sides for gram in side.counts if gram != START})
    chances = {
        gram: sum(weight * side.probability(gram[:-1], gram[-1]) for weight, side in sides)
        for gram in grams
    }
    return backed_off(chances, sum(w * side.probability("", "\0") for w, side in sides))


def backed_off(probabilities: Mapping[str, float], unknown: float) -> Table:
    """With the backoff weights by which each context's probabilities sum to 1."""
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


def pruned(table: Table, kept: float) -> Table:
    """This share of the n-grams: without the 4- and 3-grams that change the least.

    The change is that of log P, times how often the n-gram comes (Seymore and Rosenfeld
    1996). What a longer kept n-gram begins with stays.
    """
    often = {"": 1.0, START: 1 / CLAUSE}
    changes: dict[str, float] = {}
    for gram in sorted(table.probabilities, key=len):
        context, chance = gram[:-1], table.probabilities[gram]
        often[gram] = often[context] * chance
        if len(gram) > 2:
            without = table.backoffs[context] * table.probability(gram[1:-1], gram[-1])
            changes[gram] = often[gram] * abs(math.log(chance / without))
            if context in changes:
                changes[context] = max(changes[context], changes[gram])
    chances = dict(table.probabilities)
    spare = sorted(changes, key=lambda gram: (changes[gram], -len(gram)))
    for gram in spare[: len(chances) - round(kept * len(chances))]:
        del chances[gram]
    return backed_off(chances, table.unknown)


def perplexity(model: LanguageModel, texts: Sequence[str]) -> float:
    """Of each character of the texts, as `spoken` gives them; START is not asked for."""
    total, count = 0.0, 0
    for text in texts:
        for i, character in enumerate(text):
            if character != START:
                total += model.log_probability(text[max(0, i - ORDER + 1) : i], character)
                count += 1
    return math.exp(-total / count)


def _loaded(table: Table) -> CharacterModel:
    with TemporaryDirectory() as folder:
        save(Path(folder), table.probabilities, table.backoffs, table.unknown)
        return CharacterModel(Path(folder))


def measured(
    calls: Sequence[str], sentences: Sequence[str], written: WittenBell
) -> dict[str, float]:
    """Perplexity of every tenth call, for models that heard the nine others."""
    heard = [call for i, call in enumerate(calls) if i % 10]
    speech = WittenBell(counted([*heard, *sentences], 1))
    whole = mixed([(SPEECH, speech), (1 - SPEECH, written)])
    models: dict[str, LanguageModel] = {
        "written": written,
        "speech": speech,
        "mixed": _loaded(whole),
        "pruned": _loaded(pruned(whole, KEPT)),
    }
    return {name: round(perplexity(model, calls[::10]), 1) for name, model in models.items()}


def main() -> None:
    """Read, measure, train on all calls, save."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("speech", type=Path)
    options.add_argument("data", type=Path)
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    calls, sentences = read_speech(asked.speech)
    texts = read_written(asked.data)
    written = WittenBell(counted(texts, MIN_TEXTS))
    figures = measured(calls, sentences, written)
    speech = WittenBell(counted([*calls, *sentences], 1))
    table = pruned(mixed([(SPEECH, speech), (1 - SPEECH, written)]), KEPT)
    path = save(asked.out, table.probabilities, table.backoffs, table.unknown)
    print_json(
        {
            "calls": len(calls),
            "sentences": len(sentences),
            "texts": len(texts),
            "ngrams": {"speech": len(speech.counts), "written": len(written.counts)},
            "kept": len(table.probabilities),
            "bytes": path.stat().st_size,
            "perplexity": figures,
        }
    )


if __name__ == "__main__":
    main()
