"""HEAR: the marks that the recognizer left out of what was said.

It writes one where a speaker pauses, and what was said in one breath comes as one line. Words
are not touched; `Turn.heard` keeps the line as it came.
"""

from models.base import PunctuationModel
from models.simplified import simplified
from pipeline.copies import replace
from pipeline.records import Call, Turn
from pipeline.stage import stage
from pipeline.text import end_with, insert
from pipeline.tools import Tools


@stage(needs=("turns",), adds=("turns",))
def punctuate(call: Call, tools: Tools) -> Call:
    """Set the missing marks of each turn, unless [hear] leaves it alone."""
    if not tools.punctuation:
        return call
    marks = tools.punctuation
    return replace(call, turns=tuple(_marked(turn, marks) for turn in call.turns))


def _marked(turn: Turn, marks: PunctuationModel) -> Turn:
    plain = simplified(turn.text)
    if len(plain) != len(turn.text):
        return turn
    missing = marks.missing(plain)
    end = missing.pop()[1] if missing and missing[-1][0] == len(plain) else ""
    text, times = insert(turn.text, turn.times, missing)
    text, times = end_with(text, times, end, turn.end)
    return replace(turn, text=text, times=times, heard=turn.heard or turn.text)
