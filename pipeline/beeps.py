"""Where a recording says what must not be heard: the digits and names that redact.py hides.

Used by `lingsu clip --beep` and `lingsu export --clips`; clips.py puts a tone there.
"""

from collections.abc import Iterator
from itertools import groupby

from pipeline.clips import Stretch
from pipeline.records import Call, Turn
from pipeline.redact import hiding


def sensitive(call: Call) -> list[Stretch]:
    """The seconds of what the texts of the call hide."""
    hide = hiding(call)
    return [stretch for turn in call.turns for stretch in _hidden(turn, hide(turn.text))]


def _hidden(turn: Turn, shown: str) -> Iterator[Stretch]:
    changed = [i for i, (a, b) in enumerate(zip(turn.text, shown, strict=True)) if a != b]
    # neighbours have the same distance to their place in the list
    for _, run in groupby(enumerate(changed), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]
        yield turn.at(places[0]), turn.at(places[-1] + 1)
