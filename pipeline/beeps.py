"""Where a recording says what must not be heard: the digits that redact.py hides, and names.

Used by `lingsu clip --beep` and `lingsu export --clips`; clips.py puts a tone there.
"""

from collections.abc import Iterator
from itertools import groupby

from pipeline.clips import Stretch
from pipeline.records import Call
from pipeline.redact import mask


def numbers(call: Call) -> list[str]:
    """The caller's number and those named in the call."""
    phones = [one.normal or one.quote for one in call.entities if one.value == "phone"]
    return [call.recording.metadata.caller_number or "", *phones]


def sensitive(call: Call, *, names: bool = False) -> tuple[Stretch, ...]:
    """The seconds of hidden digits, as exports hide them, and of people's names if asked."""
    people = [(f.start, f.end) for f in call.entities if f.value == "person" and f.turn >= 0]
    return (*_digits(call), *(people if names else ()))


def _digits(call: Call) -> Iterator[Stretch]:
    known = numbers(call)
    for turn in call.turns:
        shown = mask(turn.text, known)
        changed = [i for i, (a, b) in enumerate(zip(turn.text, shown, strict=True)) if a != b]
        # neighbours have the same distance to their place in the list
        for _, run in groupby(enumerate(changed), key=lambda pair: pair[1] - pair[0]):
            places = [place for _, place in run]
            yield turn.at(places[0]), turn.at(places[-1] + 1)
