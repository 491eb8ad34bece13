"""The last stage of HEAR: what the recognizer wrote becomes what a person would write.

Simplified characters, full-width punctuation, digits where people read digits. `Turn.heard`
keeps the words as they came and `Turn.times` stays one a character. A second run changes
nothing.
"""

import re

from models.simplified import simplified
from pipeline import numerals
from pipeline.copies import replace
from pipeline.domain.beginnings import searched
from pipeline.domain.literals import literals
from pipeline.records import Call, Turn
from pipeline.stage import stage
from pipeline.text import Timed, Times, end_with, rewrite, substitute
from pipeline.tools import Tools

CJK = "\u3400-\u4dbf\u4e00-\u9fff"
MARKS = "，。？！；：、…"
WIDE = str.maketrans(",;?!()", "，；？！（）")

_WRITTEN: tuple[numerals.Rule, ...] = (
    # debris: half characters, and the full-width digits and letters of some output methods
    (re.compile("[\ufffd\u200b-\u200f\ufeff]"), lambda m: ""),
    (re.compile("[０-９Ａ-Ｚａ-ｚ％．]"), lambda m: chr(ord(m.group()) - 0xFEE0)),
    # punctuation: 3.5, 7:30 and 1,200 keep theirs
    (re.compile(r"\.{2,}|…+|。{3,}"), lambda m: "……"),
    (re.compile(r"(?<!\d),|,(?!\d)|[;?!()]"), lambda m: m.group().translate(WIDE)),
    (re.compile(rf"(?<=[{CJK}\d]):(?!\d)|(?<=[{CJK}]):"), lambda m: "："),
    (re.compile(rf"(?<=[{CJK}])\.|(?<=\d)\.(?=\s|$|(?!半)[{CJK}])"), lambda m: "。"),
    # a recognizer that writes no commas leaves a space where the speaker paused
    (re.compile(rf"(?<=[{CJK}]{{2}})\s+(?=[{CJK}]{{2}})"), lambda m: "，"),
    (re.compile(rf"\s+(?=[{CJK}{MARKS}])|(?<=[{CJK}{MARKS}])\s+|^\s+|\s+$"), lambda m: ""),
    (re.compile(rf"[{MARKS[:-1]}]{{2,}}"), lambda m: max(m.group(), key=STRENGTH.index)),
    (re.compile(rf"^[{MARKS}]+"), lambda m: ""),
    *numerals.RULES,
)
RULES = tuple((searched(pattern.pattern), function) for pattern, function in _WRITTEN)
# Of each rule the characters without one of which it changes nothing; None: not known.
NEEDED = tuple(
    frozenset(string[0] for string in needed) if (needed := literals(pattern.pattern)) else None
    for pattern, _ in RULES
)
ALWAYS = frozenset(n for n, needed in enumerate(NEEDED) if needed is None)
USERS = {
    character: frozenset(n for n, needed in enumerate(NEEDED) if needed and character in needed)
    for character in frozenset().union(*(needed for needed in NEEDED if needed))
}
STRENGTH = "、，：；。！？"  # of several marks in a row the strongest stays
PASSES = 6  # a rule may uncover what an earlier one reads; three passes are the usual number

ASKS = re.compile(
    r"[吗么]$|贵姓|多少|多久|多远|哪[里儿个条位些家边]|什么时候|怎么(?:称呼|办|回事|弄|了)"
    r"|谁|为什么|干嘛|是不是|有没有|能不能|可不可以|要不要|行不行|好不好|对不对|会不会|几[点号栋楼]"
    r"|^请问.*(?:什么|几|哪)|[是叫有]什么"
)
TELLS = re.compile(
    r"不知道|不清楚|(?<!管)不管|没有?什么|无论|都"
)  # with question words, but no question
SENTENCE_END = re.compile(r"[。？！；]")


@stage(needs=("turns",), adds=("turns",))
def normalize(call: Call, tools: Tools) -> Call:
    """Write each turn as people write; the words as heard stay beside it."""
    return replace(call, turns=tuple(_normalized(turn) for turn in call.turns))


def clean(text: str, times: Times = ()) -> Timed:
    """Simplified, punctuated, with digits; times as long as the text, or empty."""
    text, times = rewrite(text, times, simplified(text))
    for _ in range(PASSES):
        before, able = text, _able(text)
        for n, (pattern, function) in enumerate(RULES):
            if n not in able:
                continue
            earlier = text
            text, times = substitute(text, times, pattern, function)
            if text != earlier:
                able = _able(text)
        if text == before:
            break
    return text, times


def _able(text: str) -> frozenset[int]:
    """Which rules may change something in the text."""
    return ALWAYS.union(*(USERS[character] for character in USERS.keys() & set(text)))


def _normalized(turn: Turn) -> Turn:
    text, times = clean(turn.text, turn.times if len(turn.times) == len(turn.text) else ())
    if text and text[-1] not in MARKS:  # a comma stays: the speaker was cut off there
        text, times = end_with(text, times, _final_mark(text), turn.end)
    return replace(turn, text=text, times=times, heard=turn.heard or turn.text)


def _final_mark(text: str) -> str:
    clause = SENTENCE_END.split(text)[-1]
    return "？" if ASKS.search(clause) and not TELLS.search(clause) else "。"
