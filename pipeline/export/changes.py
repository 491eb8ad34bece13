"""What was written otherwise than it sounds, and what gave no words, for rows.py."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.records import Call, Turn
from pipeline.redact import veil

SOUNDING = ("tone", "music", "noise")  # what the speech detector left out, but silence
HIDDEN = re.compile(r"[0-9-]*\*[0-9*-]*")  # a masked number with what is still shown of it
NEAR_S = 0.3  # characters are timed this well

Row = dict[str, Any]


def corrections(call: Call) -> list[Row]:
    """Each change of the words: where, what was heard, what is written, why."""
    return [
        {
            "start_s": round(one.start, 3),
            "end_s": round(one.end, 3),
            "heard": one.heard,
            "text": one.text,
            "why": one.why,
        }
        for one in call.corrections
    ]


def dropped(call: Call) -> list[Row]:
    """Each stretch of sound without words: where, why, and the text nobody believed."""
    gone = [(one.start, one.end, one.reason, one.text) for one in call.dropped]
    gone += [(s.start, s.end, s.kind, "") for s in call.spans if s.kind in SOUNDING]
    return [
        {"start_s": round(start, 3), "end_s": round(end, 3), "reason": reason, "text": text}
        for start, end, reason, text in sorted(gone)
    ]


def veiled(pieces: Sequence[Row], turns: Sequence[Turn], shown: Sequence[str]) -> list[Row]:
    """The rows without the digits of those that lie where a number is hidden.

    shown: the texts of the turns, masked. A piece is too short to be known as part of a
    number, and would tell just the digits that its turn hides.
    """
    hidden = list(_hidden(turns, shown))

    def told(piece: Row) -> Row:
        if all(b + NEAR_S < piece["start_s"] or piece["end_s"] < a - NEAR_S for a, b in hidden):
            return piece
        return {
            key: veil(value) if key in ("heard", "text") else value
            for key, value in piece.items()
        }

    return [told(piece) for piece in pieces]


def _hidden(turns: Sequence[Turn], shown: Sequence[str]) -> Iterator[tuple[float, float]]:
    """The seconds in which the hidden numbers were said."""
    for turn, text in zip(turns, shown, strict=True):
        for number in HIDDEN.finditer(text):
            yield turn.at(number.start()), turn.at(number.end())
