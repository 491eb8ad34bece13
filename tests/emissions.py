"""A network, a vocabulary and a language model that a test writes down by hand."""

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import torch

from models.vocabulary import Vocabulary

PIECES = "城 管 馆 来 了 不 部 五 无 午 路 灯 好 啊 宽 時 时".split()
HALVES = [b"\xe5", b"\x9f\x8e", b"\xe7\xae", b"\xa1"]  # 城, 管
END = ""
FAINT = -30.0  # nats: what no one said


class Pieces(Vocabulary):
    """A handful of tokens: one mark to begin, one to end, characters and halves of them."""

    def __init__(self, suppressed=(), suppressed_first=()):
        self.raw = [b"", b"", *(piece.encode() for piece in PIECES), *HALVES]
        self.start, self.end = [0], 1
        self.suppressed = {0, *map(self.number, suppressed)}
        self.suppressed_first = set(map(self.number, suppressed_first))

    def number(self, piece):
        """The token of a piece: text, bytes, or END."""
        if piece == END:
            return self.end
        return self.raw.index(piece.encode() if isinstance(piece, str) else piece)


@dataclass
class Emissions:
    """Network: in window w, `says[w]` tells what may follow the text that a row has written.

    It remembers what was written in the columns of the memory, as the real one does, and reads
    a row's text through what the row is said to see.
    """

    says: list[dict[str, dict]]
    vocabulary: Pieces
    heads: int = 1
    width: int = 1
    layers: int = 1
    dtype = torch.float32
    steps: int = 0
    read: set[str] = field(default_factory=set)  # every text that was gone on with

    def step(self, tokens, position, memory, sounds, sees):
        windows, rows = tokens.shape
        memory.make_room(rows)
        begin, end = memory.length, memory.length + rows
        memory.keys[0][:, 0, begin:end, 0] = tokens.float()
        memory.length = end
        self.steps += 1
        logits = torch.full((windows, rows, len(self.vocabulary)), FAINT)
        for w in range(windows):
            table = self.says[int(sounds[w].keys[0])]
            for r in range(rows):
                past = memory.keys[0][w, 0, :end, 0][sees[w, r]].int().tolist()
                if position and len(past) == 1:
                    continue  # a row that the window lacks: filled up, and never read
                assert len(past) == position + 1 and past[0] == 0, "a row sees its own past"
                assert int(tokens[w, r]) == past[-1]
                raw = b"".join(self.vocabulary.raw[t] for t in past)
                written = raw.decode(errors="replace")
                self.read.add(written)
                for piece, chance in follow(table, written).items():
                    logits[w, r, self.vocabulary.number(piece)] = math.log(chance)
        return logits


def follow(table, text):
    return table.get(text, table.get("*", {END: 1.0}))


class Bigrams:
    """LanguageModel: pairs that are usual; all else is rare. `asked` counts its questions."""

    def __init__(self, *usual):
        self.usual = usual
        self.asked = Counter()

    def log_probability(self, context, character):
        self.asked[context + character] += 1
        return -1.0 if context[-1] + character in self.usual else -9.0

    def log_probabilities(self, context, characters):
        return np.array([self.log_probability(context, one) for one in characters])
