"""Trains the network that sets marks.

`python -m pipeline.training.punctuation SPEECH --out FOLDER`

SPEECH holds the dialogues that were written for this purpose (language.py reads them, too),
with their marks. A call is shown as a recognizer would leave it: some words are replaced by
others of the same or a similar sound, and any share of the marks is missing; the network has to
say where they stood. Prints how it does on every 40th call, held out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from models.bothsides import END, Signs, save
from models.language import START, spoken
from models.punctuation import SURE, PunctuationNetwork
from pipeline.console import note, print_json
from pipeline.training.spelling import LEAST, WRONG, WRONG_HELD, Noise, arguments, optimized

HELD = 40  # of so many calls one is held out
LENGTH, BATCH = 256, 24  # places a text, texts a step
EPOCHS, RATE = 10, 2e-3
STOP = 2  # the first class that ends a sentence
NOT_ASKED = -100  # as F.cross_entropy leaves places out
AS = dict.fromkeys("，、；：", 1) | dict.fromkeys("。！…", 2) | {"？": 3}
QUOTES = str.maketrans("", "", "“”‘’《》（）")


@dataclass(frozen=True, slots=True)
class Marked:
    """A call without its marks: the signs, and of each the class of the mark behind it."""

    text: str  # with START where a turn ends
    marks: np.ndarray  # int64 (len(text),)


def read_marked(folder: Path) -> list[Marked]:
    """Every call of the dialogues, and each file of single sentences as one."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
            lines = [line for line in block.splitlines() if not line.startswith("# ")]
            found.append(marked([line.split(":", 1)[-1].strip() for line in lines]))
    return found


def marked(turns: Sequence[str]) -> Marked:
    """The turns as one call."""
    text, marks = START, [NOT_ASKED]
    for turn in turns:
        for sign in turn.translate(QUOTES):
            if sign in AS:
                marks[-1] = marks[-1] if text[-1] == START else AS[sign]
                continue
            for one in spoken(sign):  # what is no Han character ends a clause
                text += one
                marks.append(NOT_ASKED if one == START else 0)
        if marks[-1] < STOP:
            marks[-1] = NOT_ASKED  # cut off, or not written to its end
        text += START
        marks.append(NOT_ASKED)
    return Marked(text, np.array(marks, np.int64))


def trained(
    calls: Sequence[Marked], signs: Signs, noise: Noise, epochs: int
) -> PunctuationNetwork:
    """A network that has seen the calls so many times, each time with other noise."""
    torch.manual_seed(0)
    network = PunctuationNetwork(signs)
    read = [(signs.read(call.text)[1], call.marks) for call in calls]
    steps = epochs * max(1, round(1.1 * sum(len(c.text) for c in calls) / (BATCH * LENGTH)))
    step = optimized(network, RATE, steps)
    for epoch in range(epochs):
        dice = np.random.default_rng(100 + epoch)
        for texts, wanted in _batches(read, dice):
            shown = [noise(text, dice, dice.uniform(0, WRONG), 0.0) for text in texts]
            sounds, written = (
                torch.from_numpy(np.stack(one)) for one in zip(*shown, strict=True)
            )
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(sounds, written)
            step(
                F.cross_entropy(
                    logits.float().flatten(0, 1), torch.from_numpy(wanted).flatten()
                )
            )
        note(f"pass {epoch + 1} of {epochs}")
    return network.eval()


def _batches(
    read: Sequence[tuple[np.ndarray, np.ndarray]], dice: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Signs and marks, int64 (texts, LENGTH): all of them once in another order, cut elsewhere
    each time."""
    order = dice.permutation(len(read))
    shown = [_some_kept(read[i][0], read[i][1], dice, dice.uniform()) for i in order]
    start = int(dice.integers(LENGTH))
    texts = np.concatenate([signs for signs, _ in shown])[start:]
    wanted = np.concatenate([marks for _, marks in shown])[start:]
    rows = len(texts) // LENGTH
    mixed = dice.permutation(rows)
    for first in range(0, rows, BATCH):
        some = mixed[first : first + BATCH, None] * LENGTH + np.arange(LENGTH)
        yield texts[some], wanted[some]


def _some_kept(
    signs: np.ndarray, marks: np.ndarray, dice: np.random.Generator, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """The call with this share of its marks written, as END; nobody asks about those. Marks
    that end a turn are always asked about."""
    kept = (marks > 0) & (dice.random(len(marks)) < share) & ~_ends(signs)
    asked = np.where(kept, NOT_ASKED, marks)
    behind = np.flatnonzero(kept) + 1
    return np.insert(signs, behind, END), np.insert(asked, behind, NOT_ASKED)


def _ends(signs: np.ndarray) -> np.ndarray:
    """Whether a clause ends behind the sign, as seen: bool, of the same shape."""
    return np.append(signs[1:] == END, True)


def measured(
    network: PunctuationNetwork, calls: Sequence[Marked], signs: Signs, noise: Noise
) -> dict[str, float]:
    """Of marks within turns, where half of them are missing, in texts with errors: precision,
    recall, F1, and how many of those rightly set are of the right class. Of the ends of turns:
    F1 of question marks."""
    dice, hits = np.random.default_rng(5), Counter[str]()
    for call in calls:
        text, marks = _some_kept(signs.read(call.text)[1], call.marks, dice, 0.5)
        sounds, written = noise(text, dice, WRONG_HELD, 0.0)
        chances = np.concatenate([found for _, found in network.answers(sounds, written)])
        end, within = (marks != NOT_ASKED) & _ends(text), (marks != NOT_ASKED) & ~_ends(text)
        set_, wanted = chances[:, 0] < np.log(1 - SURE), marks > 0
        both, kinds = within & set_ & wanted, 1 + chances[:, 1:].argmax(-1)
        asks, asked = end & (chances[:, 3] > chances[:, 2]), end & (marks == 3)
        hits.update(
            places=int(within.sum()),
            set=int((within & set_).sum()),
            wanted=int((within & wanted).sum()),
            both=int(both.sum()),
            alike=int((both & (kinds == marks)).sum()),
            ends=int(end.sum()),
            questions=int((asks & asked).sum()),
            question_marks=int(asks.sum() + asked.sum()),
        )
    return {
        "places": hits["places"],
        "marks": hits["wanted"],
        "precision": round(hits["both"] / hits["set"], 4),
        "recall": round(hits["both"] / hits["wanted"], 4),
        "f1": round(2 * hits["both"] / (hits["set"] + hits["wanted"]), 4),
        "right_class": round(hits["alike"] / hits["both"], 4),
        "turns": hits["ends"],
        "questions_f1": round(2 * hits["questions"] / hits["question_marks"], 4),
    }


def main() -> None:
    """Read, train, measure, save."""
    asked = arguments(__doc__ or "", EPOCHS)
    calls = read_marked(asked.speech)
    heard = [call for i, call in enumerate(calls) if i % HELD != 7]
    count = Counter("".join(call.text for call in heard))
    signs = Signs("".join(sorted(c for c, n in count.items() if c != START and n >= LEAST)))
    noise = Noise(signs, count)
    network = trained(heard, signs, noise, asked.epochs)
    path = save(asked.out, signs, network)
    told = {
        "calls": len(heard),
        "characters": len(signs.characters),
        "bytes": path.stat().st_size,
    }
    print_json(told | {"held": measured(network, calls[7::HELD], signs, noise)})


if __name__ == "__main__":
    main()
