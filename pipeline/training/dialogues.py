"""Labelled dialogues as calls: what the classifier of whole calls learns from.

models/dialogues/*.txt: blocks between empty lines, the first line of a block `# ` and a JSON
object of labels (docs/judging.md), then a turn a line, A: the agent, C: the caller, I: an
announcement. Used by calls.py; pipeline/training/language.py reads the same files for their
words. What lies in held/ is measured on (benchmarks/held_calls.py) and never learnt from.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.base import ModelUnavailable
from pipeline.hearing.talk import talk_of
from pipeline.records import Call, Recording, Turn

SPEAKERS = {"A": "agent", "C": "caller", "I": "ivr"}
PACE = 4.5  # characters a second
PAUSE = 0.4  # seconds between turns


@dataclass(frozen=True, slots=True)
class Example:
    """A call with what a person decided on it: task -> label; undecided tasks are left out."""

    call: Call
    labels: Mapping[str, str]
    group: str  # who wrote or reviewed it: never on both sides of a split
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)  # right as well


def read_dialogues(folder: Path) -> list[Example]:
    """Every labelled block of every file. Raises ModelUnavailable naming file and block."""
    return [one for path in sorted(folder.glob("*.txt")) for one in _read(path)]


def blocks(path: Path) -> list[list[str]]:
    """The blocks of a file, as lines."""
    text = path.read_text(encoding="utf-8").strip()
    return [block.splitlines() for block in re.split(r"\n\s*\n", text)]


def scope_label(outcome: str, code: str | None) -> str:
    """What is learnt of a scope: the code, if any; a suggestion is one whatever its code."""
    return code if code and outcome != "record_suggestion" else outcome


def read_blocks(path: Path) -> Iterator[tuple[dict[str, Any], tuple[Turn, ...]]]:
    """The labels and the turns of each labelled block. Raises as read_dialogues does."""
    for number, lines in enumerate(blocks(path)):
        if lines[0].startswith("# "):
            try:
                yield json.loads(lines[0][2:]), tuple(_turns(lines[1:]))
            except (ValueError, KeyError) as error:
                raise ModelUnavailable(f"{path} 第 {number} 段：{error}") from error


def _read(path: Path) -> Iterator[Example]:
    for number, (told, turns) in enumerate(read_blocks(path)):
        try:
            fine = {"department": frozenset((*told["dept"], *told["also"]))}
            yield Example(_call(f"{path.stem}-{number}", turns), _labels(told), path.stem, fine)
        except (ValueError, KeyError, IndexError) as error:
            raise ModelUnavailable(f"{path} 第 {number} 段：{error}") from error


def _turns(lines: list[str]) -> Iterator[Turn]:
    clock = 0.0
    for line in lines:
        role, _, text = line.partition(":")
        text = text.strip()
        end = clock + len(text) / PACE
        times = tuple(clock + i / PACE for i in range(len(text)))
        yield Turn(clock, end, SPEAKERS[role], text, text, times=times)
        clock = end + PAUSE


def _call(name: str, turns: tuple[Turn, ...]) -> Call:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    recording = Recording(sha256, name, turns[-1].end, 1)
    return Call(recording, turns=turns, talk=talk_of(turns, ()))


def _labels(told: Mapping[str, Any]) -> dict[str, str]:
    """A unit is wanted where one should take it."""
    labels = {
        "request_type": told["type"],
        "scope": scope_label(told["outcome"], told["code"]),
        "urgency": told["urgency"],
        "emotion_start": told["start"],
        "emotion_end": told["end"],
    }
    return labels | ({"department": told["dept"][0]} if told["dept"] else {})
