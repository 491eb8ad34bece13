"""What a person should hear: the clips of a call, and its dialogue with what they cover.

clips.py cuts; where a recording is gone or broken the dialogue stands alone and says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import FileVanished, LingsuError
from pipeline.export.cutting import Clip, cut
from pipeline.export.rows import Row
from pipeline.shiftreport.gathered import Heard

FOLDER = "clips"
MARKED = ("abuse:", "qa.")  # claims whose words are marked in the dialogue ...
UNMARKED = ("qa.unsure_", "abuse:quoted")  # ... but doubts, and words told of others


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of the dialogue; the words that were noticed stand apart."""

    speaker: str
    start: float
    end: float
    parts: tuple[tuple[str, bool], ...]  # text, and whether it was noticed
    noticed: bool
    clip: int | None  # the clip in which it is heard


@dataclass(frozen=True, slots=True)
class Card:
    """One call to be heard."""

    row: Row
    clips: tuple[Clip, ...]
    said: tuple[Said, ...]
    silent: str | None = None  # why there is nothing to listen to: gone, or an error's code


def cards(heard: Iterable[Heard], folder: Path, *, with_clips: bool) -> Iterator[Card]:
    """Cut the clips into `folder` and lay out the dialogues."""
    for one in heard:
        made: tuple[Clip, ...] = ()
        silent = None
        if with_clips:
            try:
                below = folder / FOLDER
                made = tuple(cut(one.path, one.row["sha256"], one.stretches, below))
            except FileVanished:
                silent = "gone"
            except LingsuError as error:
                silent = error.code
        yield Card(one.row, made, tuple(_said(one.row, made)), silent)


def _said(row: Row, made: Sequence[Clip]) -> Iterator[Said]:
    quotes: dict[int, set[str]] = {}
    for one in row["evidence"]:
        claim = one["claim"]
        told = claim.endswith(":pass") or claim.startswith(UNMARKED)
        if claim.startswith(MARKED) and not told and one["turn"] is not None and one["quote"]:
            quotes.setdefault(one["turn"], set()).add(one["quote"])
    asked_turns = {flag["turn"] for flag in row["review"] if flag["severity"] == "alert"}
    for turn in row["turns"]:
        words = quotes.get(turn["i"], set())
        said = Said(
            speaker=turn["speaker"],
            start=turn["start_s"],
            end=turn["end_s"],
            parts=tuple(_parts(turn["text"], words)),
            noticed=bool(words) or turn["i"] in asked_turns,
            clip=None,
        )
        yield replace(said, clip=_clip_of(said, made))


def _clip_of(said: Said, made: Sequence[Clip]) -> int | None:
    """The clip that holds most of the turn, where one holds some of it."""
    shares = [min(said.end, clip.end) - max(said.start, clip.start) for clip in made]
    best = max(range(len(made)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] > 0 else None


def _parts(text: str, quotes: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text cut where a quote begins and ends; overlapping quotes are one."""
    noticed = [False] * len(text)
    for quote in quotes:
        at = text.find(quote)
        while at >= 0:
            noticed[at : at + len(quote)] = [True] * len(quote)
            at = text.find(quote, at + len(quote))
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or noticed[i] != noticed[start]:
            yield text[start:i], noticed[start]
            start = i
