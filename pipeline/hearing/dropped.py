"""Lists the speech that gave no words, with the text that was not believed and the reason.

A person can listen to each: nothing that somebody said is left out in silence.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.hearing.coverage import BRIDGE_S, HOLE_S, uncovered
from pipeline.records import Dropped, Span, Word

SLACK_S = 0.01  # times are rounded


def dropped(
    speech: Sequence[Span], words: Sequence[Word], doubts: Sequence[Dropped]
) -> tuple[Dropped, ...]:
    """What has no words in the end, in order.

    doubts: the windows that were not believed, in the order in which they were heard. A
    stretch bears the reason and the text of the last of them; without one it is inaudible.
    Where words stand now, nothing was dropped.
    """
    left = wordless(speech, words)
    found: list[Dropped] = []
    for doubt in reversed([one for one in doubts if one.text]):
        mine, left = _parted(left, doubt)
        for span in _joined(mine, words, math.inf):
            found.append(replace(doubt, start=round(span.start, 3), end=round(span.end, 3)))
    found += [
        Dropped(round(span.start, 3), round(span.end, 3), "inaudible", "")
        for span in left
        if _length(span) >= HOLE_S
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def wordless(speech: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """Stretches without a word: of HOLE_S at least, or all of what was said at a time."""
    starts, ends = {span.start for span in speech}, {span.end for span in speech}
    return [
        span
        for span in _joined(tuple(uncovered(speech, words)), words, BRIDGE_S)
        if _length(span) >= HOLE_S or (span.start in starts and span.end in ends)
    ]


def _parted(left: Sequence[Span], doubt: Dropped) -> tuple[list[Span], list[Span]]:
    """What of the stretches lies in the doubted window, and what is left of them."""
    mine: list[Span] = []
    rest: list[Span] = []
    for span in left:
        start, end = max(span.start, doubt.start), min(span.end, doubt.end)
        if end - start < min(HOLE_S, _length(span)) - SLACK_S:
            rest.append(span)
            continue
        mine.append(Span(start, end))
        around = (Span(span.start, start), Span(end, span.end))
        rest += [piece for piece in around if _length(piece) >= HOLE_S]
    return mine, rest


def _joined(spans: Sequence[Span], words: Sequence[Word], apart_s: float) -> list[Span]:
    """Stretches with neither a word nor more than `apart_s` seconds between them are one."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if (
            last
            and span.start - last.end <= apart_s
            and not any(last.end < word.end and word.start < span.start for word in words)
        ):
            found[-1] = Span(last.start, span.end)
        else:
            found.append(span)
    return found


def _length(span: Span) -> float:
    return span.end - span.start
