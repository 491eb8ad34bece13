"""What may be written instead of what was heard, and what a change costs.

Shared by respelling.py and echoes.py.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from models.language import START
from models.vocabulary import GUARDED

ACCUSING = re.compile("[滚操屁屎尿蛋贱猪狗傻蠢疯骗贼偷赌毒黑死杀砍揍]")
FLOOR = -12.0  # nats: what the language model never saw costs no more


class Written(NamedTuple):
    """A character of a text, and how many nats were given up for it; 0: it was heard so."""

    character: str
    cost: float


class Rewriter(Protocol):
    """Writes a text anew."""

    why: str  # a code for what speaks for its changes

    def __call__(self, heard: Sequence[tuple[str, float]]) -> list[Written]:
        """One answer a character. heard: simplified characters with their probabilities."""
        ...


def stays(character: str) -> bool:
    """Whether a character is never changed: of a number or a negation."""
    return GUARDED.search(character) is not None


def may_come(character: str) -> bool:
    """Whether a character may be brought in: neither it nor its absence would be a claim."""
    return not (GUARDED.search(character) or ACCUSING.search(character))


def doubt(probability: float) -> float:
    """Nats by which the recognizer was surer than even chances that it heard a character."""
    return math.log(max(probability, 0.01) / (1 - min(probability, 0.99)))


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one, of those that have a probability."""
    return "\u4e00" <= character <= "\u9fff"


def after(context: str, character: str) -> str:
    """What the language model reads before the next character."""
    if is_han(character):
        return (context + character)[-3:]
    return context if character.isspace() else START
