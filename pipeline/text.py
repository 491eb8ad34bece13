"""Text whose every character has a time: both are edited together or not at all.

The normalizing stage rewrites what the recognizer heard (digits, punctuation, simplified
characters) while `Turn.times` must keep telling the second at which each character begins.
Every edit goes through `substitute`; nothing here knows what is being written.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

Times = tuple[float, ...]  # seconds; one a character of the text, or empty: no times known
Timed = tuple[str, Times]


def substitute(
    text: str, times: Times, pattern: re.Pattern[str], function: Callable[[re.Match[str]], str]
) -> Timed:
    """Replace each match by what the function makes of it, with its times.

    times: as long as the text and rising, or empty.
    A match whose replacement is the same text keeps its times untouched.
    """
    pieces: list[str] = []
    clock: list[float] = []
    done = 0
    for match in pattern.finditer(text):
        new = function(match)
        if new == match.group():
            continue
        start, end = match.span()
        pieces += [text[done:start], new]
        clock += times[done:start]
        clock += spread(times, start, end, len(new))
        done = end
    if not pieces:
        return text, times
    pieces.append(text[done:])
    clock += times[done:]
    return "".join(pieces), tuple(clock)


def spread(times: Sequence[float], start: int, end: int, count: int) -> list[float]:
    """Times for `count` characters that stand where `times[start:end]` stood.

    Interpolated over the replaced span, so that ten digits take as long as the ten words
    they replace; an insertion (start == end) begins with the character before it.
    """
    if not times or not count:
        return []
    if start == end:
        return [times[max(start - 1, 0)]] * count
    anchors = [*times[start:end], times[min(end, len(times) - 1)]]
    made = []
    for k in range(count):
        whole, rest = divmod(k * (end - start), count)
        left, right = anchors[whole], anchors[whole + 1]
        # min: rounding may pass `right` by one ulp, and times must never fall
        made.append(min(right, left + (right - left) * (rest / count)))
    return made


def rewrite(text: str, times: Times, new: str) -> Timed:
    """Replace the whole text by `new`, keeping the times of what both have in common.

    For converters that give back only the result (traditional to simplified characters).
    """
    if len(new) == len(text) or not times:
        return new, times
    clock: list[float] = []
    for tag, i, j, k, m in SequenceMatcher(None, text, new, autojunk=False).get_opcodes():
        clock += times[i:j] if tag == "equal" else spread(times, i, j, m - k)
    return new, tuple(clock)


def insert(text: str, times: Times, marks: Iterable[tuple[int, str]]) -> Timed:
    """Put each mark before `text[index]`, at the second of the character before it.

    marks: index (rising, above 0) and mark.
    """
    pieces: list[str] = []
    clock: list[float] = []
    done = 0
    for index, mark in marks:
        pieces += [text[done:index], mark]
        clock += [*times[done:index], *spread(times, index, index, len(mark))]
        done = index
    return "".join([*pieces, text[done:]]), (*clock, *times[done:])


def end_with(text: str, times: Times, mark: str, second: float) -> Timed:
    """Append `mark` at this second, or with the last character where that is later."""
    if not times:
        return text + mark, times
    return text + mark, (*times, *[max(second, times[-1])] * len(mark))
