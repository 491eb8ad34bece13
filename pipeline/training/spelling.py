"""Trains the spelling network: `python -m pipeline.training.spelling SPEECH --out FOLDER`.

SPEECH holds the dialogues that were written for this purpose (language.py reads them, too). A
text is shown as a recognizer would leave it: now and then a word is replaced by characters of
the same or a similar sound, clause marks are missing, and any share of the characters is
hidden, a few neighbours at a time; the network has to name the right ones. Prints how it does
on every 40th call, held out.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.bothsides import END, FIRST, NOTHING, BothSides, Signs, save
from models.homophones import readings
from models.language import START
from models.spelling import SPAN, SpellingNetwork
from pipeline.console import note, print_json
from pipeline.training.language import read_speech

LEAST = 3  # times that a character has to come
HELD = 40  # of so many calls one is held out
LENGTH, BATCH = 256, 24  # characters a text, texts a step
EPOCHS, RATE, WARM = 10, 2e-3, 100
TOGETHER = 12  # single sentences that are made one text
WRONG = 0.25  # most places, in a text, from which a wrong word may begin (half of them do)
FAR = 0.25  # of the wrong words: may be of a similar sound, character by character
WRONG_HELD = 0.08


class Noise:
    """What a recognizer might have written instead."""

    def __init__(self, signs: Signs, count: Counter[str]) -> None:
        self._sound = np.zeros(FIRST + len(signs.characters), np.int64)
        self._sound[END] = END
        alike: defaultdict[str, list[int]] = defaultdict(list)
        for character in signs.characters:
            number = signs.number[character]
            self._sound[number] = signs.read(character)[0][0]
            for reading in readings(character):
                alike[reading].append(number)
        often = np.array([count[character] ** 0.5 for character in signs.characters])
        self._others = {
            signs.number[character]: [
                (np.array(alike[one]), _shares(often[np.array(alike[one]) - FIRST]))
                for one in readings(character)
            ]
            for character in signs.characters
        }

    def __call__(
        self, text: np.ndarray, dice: np.random.Generator, wrong: float, hidden: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Sounds and characters of a text (numbers) with wrong words and hidden characters."""
        written, at = text.copy(), 0
        while at < len(text):
            if dice.random() >= wrong / 2:
                at += 1
                continue
            length, far = 1 + int(dice.geometric(0.5)), dice.random() < FAR
            for place in range(at, min(len(text), at + length)):
                if text[place] >= FIRST:
                    choice = self._others[int(text[place])][far and dice.random() < 0.7]
                    written[place] = _drawn(choice, dice)
            at += length
        sounds = np.where(text == NOTHING, NOTHING, self._sound[written])
        spans = dice.random(len(text) // SPAN + 2) < hidden
        hide = np.repeat(spans, SPAN)[int(dice.integers(SPAN)) :][: len(text)]
        return sounds, np.where(hide & (text >= FIRST), NOTHING, written)


def _shares(weights: np.ndarray) -> np.ndarray:
    return np.cumsum(weights / weights.sum())


def _drawn(choice: tuple[np.ndarray, np.ndarray], dice: np.random.Generator) -> int:
    numbers, shares = choice
    return int(numbers[min(len(numbers) - 1, int(np.searchsorted(shares, dice.random())))])


def trained(
    texts: Sequence[np.ndarray], signs: Signs, noise: Noise, epochs: int
) -> SpellingNetwork:
    """A network that has seen the texts so many times, each time with other noise."""
    torch.manual_seed(0)
    network = SpellingNetwork(signs)
    steps = epochs * max(1, round(0.9 * sum(map(len, texts)) / (BATCH * LENGTH)))
    step = optimized(network, RATE, steps)
    for epoch in range(epochs):
        dice = np.random.default_rng(100 + epoch)
        for wanted in _batches(texts, dice):
            shown = [noise(t, dice, dice.uniform(0, WRONG), dice.uniform()) for t in wanted]
            sounds, written = (
                torch.from_numpy(np.stack(one)) for one in zip(*shown, strict=True)
            )
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(sounds, written)
            target = torch.from_numpy(wanted)
            asked = target >= FIRST
            step(F.cross_entropy(logits[asked].float(), target[asked]))
        note(f"pass {epoch + 1} of {epochs}")
    return network.eval()


def optimized(network: BothSides, rate: float, steps: int) -> Callable[[Tensor], None]:
    """What one of so many steps does with its loss."""
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM) * _falling(step / steps)
    )

    def step(loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()

    return step


def _falling(passed: float) -> float:
    """The learning rate's share after this share of the steps: a cosine."""
    return max(0.02, 0.5 * (1 + float(np.cos(np.pi * min(1.0, passed)))))


def _batches(texts: Sequence[np.ndarray], dice: np.random.Generator) -> Iterator[np.ndarray]:
    """int64 (texts, LENGTH), all of them once in another order, cut elsewhere each time."""
    order = dice.permutation(len(texts))
    stream = np.concatenate([_fewer_marks(texts[i], dice) for i in order])
    stream = stream[int(dice.integers(LENGTH)) :]
    rows = stream[: len(stream) // LENGTH * LENGTH].reshape(-1, LENGTH)
    rows = rows[dice.permutation(len(rows))]
    for first in range(0, len(rows), BATCH):
        yield rows[first : first + BATCH]


def _fewer_marks(text: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    return text[(text != END) | (dice.random(len(text)) >= dice.uniform())]


def measured(
    network: SpellingNetwork, texts: Sequence[np.ndarray], noise: Noise
) -> dict[str, float]:
    """Of characters that are hidden in turn, with their neighbours, in texts with errors: how
    many it names rightly, and how many of the wrong ones."""
    dice, hits = np.random.default_rng(5), Counter[str]()
    for text in texts:
        sounds, written = noise(text, dice, WRONG_HELD, 0.0)
        for turn in (0, 1):
            hidden = (np.arange(len(text)) // SPAN % 2 == turn) & (text >= FIRST)
            seen = np.where(hidden, NOTHING, written)
            with torch.inference_mode():
                logits = network(torch.from_numpy(sounds[None]), torch.from_numpy(seen[None]))
            right = logits[0].argmax(-1).numpy() == text
            wrong = hidden & (written != text)
            hits.update(
                places=int(hidden.sum()),
                right=int((hidden & right).sum()),
                errors=int(wrong.sum()),
                mended=int((wrong & right).sum()),
            )
    return {
        "characters": hits["places"],
        "right": round(hits["right"] / hits["places"], 4),
        "errors": hits["errors"],
        "mended": round(hits["mended"] / max(1, hits["errors"]), 4),
    }


def arguments(told: str, epochs: int) -> argparse.Namespace:
    """What was typed: speech, out, epochs. told: the program's docstring."""
    options = argparse.ArgumentParser(description=told.partition("\n")[0])
    options.add_argument("speech", type=Path)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--epochs", type=int, default=epochs)
    return options.parse_args()


def main() -> None:
    """Read, train, measure, save."""
    asked = arguments(__doc__ or "", EPOCHS)
    calls, sentences = read_speech(asked.speech)
    random.Random(0).shuffle(sentences)
    held = calls[7::HELD]
    heard = [call for i, call in enumerate(calls) if i % HELD != 7]
    for first in range(0, len(sentences), TOGETHER):
        heard.append("".join(sentences[first : first + TOGETHER]))
    count = Counter("".join(heard))
    known = sorted(c for c, times in count.items() if c != START and times >= LEAST)
    signs = Signs("".join(known))
    noise = Noise(signs, count)
    network = trained([signs.read(text)[1] for text in heard], signs, noise, asked.epochs)
    path = save(asked.out, signs, network)
    told = {"calls": len(heard), "characters": len(known), "bytes": path.stat().st_size}
    print_json(told | {"held": measured(network, [signs.read(t)[1] for t in held], noise)})


if __name__ == "__main__":
    main()
