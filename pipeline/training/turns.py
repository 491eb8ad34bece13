"""Trains the classifier of turns that may mean harm, to others or to the speaker, or that
insult the listener.

It learns from single turns that we wrote (danger.jsonl: threats and hints of suicide, a third
of them without a word for it, and look-alikes; insults.jsonl: insults, most of them without a
swear word, and as many look-alikes), and from every turn of the dialogues, where a label says
whether it is a threat or abuse. `python -m pipeline.training.turns models/dialogues --out
models/weights/turns` makes the shipped weights; stages/unsaid.py asks them.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.special import softmax

from pipeline.console import note, print_json
from pipeline.provenance import key
from pipeline.stages.unsaid import ASKED, HARM, HARMLESS, INSULT, SURE
from pipeline.training.dialogues import read_blocks
from pipeline.training.fit import fitted
from pipeline.training.resume import Steps

TURNS = ("danger.jsonl", "insults.jsonl")
SHORTEST = 4  # characters: 嗯 and 好的 are nobody's threat
Row = tuple[str, str]  # text, label


def read_turns(folder: Path) -> list[Row]:
    """Written turns, then those of callers in the dialogues. Raises ModelUnavailable."""
    written = []
    for name in TURNS:
        with (folder / name).open(encoding="utf-8") as lines:
            written += [(one["text"], one["label"]) for one in map(json.loads, lines)]
    return written + [row for path in sorted(folder.glob("*.txt")) for row in _spoken(path)]


def _spoken(path: Path) -> Iterator[Row]:
    """Of a call with a threat only the turns that hold it, and of one that the caller does not
    abuse no turn that abuses: what the others are no label says."""
    for told, turns in read_blocks(path):
        for i, turn in enumerate(turns):
            if turn.speaker != "caller" or len(turn.text) < SHORTEST:
                continue
            abuses = i in told["abuse_turns"]
            if told["threat"]:
                if abuses:
                    yield turn.text, told["threat"]
            elif not abuses:
                yield turn.text, HARMLESS
            elif "caller" in told["who"]:
                yield turn.text, INSULT


def main() -> None:
    """Train, write the weights, print what the folds found and would have asked about."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("dialogues", type=Path)
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    texts, labels = zip(*read_turns(asked.dialogues), strict=True)
    steps = Steps(asked.out, 5, lambda done, of, name: note(f"{done}/{of} {name}"))
    steps.resume(key("turns", texts, labels))
    found = fitted(texts, labels, steps)
    found.model.save(asked.out)
    steps.clear()
    chances, names = softmax(found.logits, axis=1), list(found.model.labels)
    meant, insulting = np.isin(labels, HARM), np.array(labels) == INSULT
    risk = chances[:, [names.index(kind) for kind in HARM]].sum(axis=1) >= ASKED
    sure = chances[:, names.index(INSULT)] >= SURE
    print_json(
        {
            "turns": len(texts),
            "threats": int(meant.sum()),
            "found": round(float(risk[meant].mean()), 3),
            "asked_in_vain": round(float(risk[~meant].mean()), 4),
            "insults": int(insulting.sum()),
            "insults_found": round(float(sure[insulting].mean()), 3),
            "insults_in_vain": round(float(sure[~insulting & ~meant].mean()), 5),
            "features": found.model.features,
        }
    )


if __name__ == "__main__":
    main()
