"""QA items that words alone do not show: interruptions, waits, details said back.

Used by the quality stage. Each measure returns findings; none means it did not happen.
Overlaps and gaps were measured when the call was heard; here they are judged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from statistics import median

from pipeline.domain.match import find, holds
from pipeline.domain.reading import folded
from pipeline.domain.schema import QualityItem
from pipeline.hearing.talk import talk_of
from pipeline.records import Call, Finding, Talk, Turn

BACKCHANNEL = re.compile(r"^(?:嗯|好|对|是|的|哦|噢|啊|行|您说|[，。！？、,. ])*$")
CUT = re.compile(r"(?:[，、,]|然后|但是|因为|而且|所以|就是|那个|还有)$")
CUT_S = 0.3  # speech detectors pad each end by 0.1 s: less is no overlap
HAN = re.compile(r"[^\u4e00-\u9fff]+")
DIGITS = re.compile(r"[0-9]|(?<=[零一二三四五六七八九幺])[零一二三四五六七八九幺]")
SEAM = "\n"  # between turns
PIECE = 3  # characters in a row that count as said back: two are often chance in Chinese
STATED = 5  # characters before 对吗 that make a statement of it: 是停水，对吗 has too few
DETAIL = 4  # of the caller's in a confirmation: a surname and a street
PAIRS = 4  # of them in pairs where the agent goes on talking after 是吧: two are chance
PHONE = 6  # digits in a confirmation: half a phone number
TRUNK = 22  # characters a turn has at least that sums the appeal up
SUMMED = 4.5  # weights of the signs of a summary, and one for each RESUME characters ..
RESUME = 6  # .. in the caller's words ..
RESUME_MOST = 15  # .. which count up to here: a long explanation is no summary
OPENING = 0.4  # of the call's turns: nothing was told yet that could be summed up
CURT = 5  # turns after the first without a polite word ..
CURT_MEDIAN = 14  # .. and half of them no longer than this: characters
POLITE = re.compile(r"[您请谢]|好的|抱歉|不好意思|对不起|没关系|别急|慢慢")
ENDS = re.compile(r"[。！？!?；]")
WAITS = re.compile(r"\W*$|\s*[？?]")  # what follows 对吗 when the agent waits for an answer
LETTER = re.compile(r"[\u4e00-\u9fff0-9]")


def interruptions(call: Call, item: QualityItem, least_s: float) -> tuple[Finding, ...]:
    """Agent's turns that begin while the caller speaks, `least_s` before the caller's end.

    An agent who only says 嗯 listens. A sentence left open (，) counts from CUT_S of overlap.
    """
    found = []
    for met in _talk(call).overlaps:
        turn, cut = call.turns[met.turn], call.turns[met.over]
        if met.who != "agent" or BACKCHANNEL.match(turn.text):
            continue
        early = met.end - met.start
        if early >= least_s - 0.01 or (early >= CUT_S and CUT.search(cut.text)):
            found.append(_at(met.turn, turn, item, f"early:{early:.1f}s", met.start, met.end))
    return tuple(found)


def waits(call: Call, item: QualityItem, least_s: float) -> tuple[Finding, ...]:
    """Stretches of `least_s` without a word after the agent first spoke: silence or music."""
    return tuple(
        Finding("qa", f"{item.id}.wait", -1, "", gap.start, gap.end, item.id)
        for gap in _talk(call).gaps
        if gap.end - gap.start >= least_s
    )


def verifications(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    """Agent's turns that state a detail and ask whether it is right.

    Either he waits for the answer, or what he states is in the caller's words: 您是要办证
    是吧，请稍等 is neither.
    """
    found = []
    for i, turn in call.said("agent"):
        stretch, told = _stretch(call.turns, i), _told(call.turns, i)
        begun = len(stretch) - len(turn.text)
        for asked in (m for rule in item.rules for m in find(rule, turn.text)):
            stated = ENDS.split(stretch[: begun + asked.start])[-1]
            if _verified(stretch, stated, turn.text[asked.end :], told):
                start, end = turn.at(asked.start), turn.at(asked.end)
                found.append(_at(i, turn, item, asked.quote, start, end))
                break
    return tuple(found)


def _verified(stretch: str, stated: str, after: str, told: str) -> bool:
    if said_back(stretch, told) >= DETAIL or len(DIGITS.findall(stretch)) >= PHONE:
        return True
    if len(LETTER.findall(stated)) < STATED:
        return False
    return bool(WAITS.match(after)) or said_back(stated, told, piece=2) >= PAIRS


def summaries(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    """Agent's turns that sum the appeal up: in the caller's words, with signs of a summary.

    The signs are the item's rules, each counted once by its weight; what speaks against a
    summary (a new question, an explanation) weighs less than nothing.
    """
    found = []
    for i, turn in call.said("agent"):
        stretch = _stretch(call.turns, i)
        if len(stretch) < TRUNK or i < OPENING * len(call.turns):
            continue
        weight = sum(rule.weight for rule in item.rules if holds(rule, stretch))
        resumed = said_back(stretch, _told(call.turns, i), piece=2)
        if weight + min(resumed, RESUME_MOST) / RESUME >= SUMMED:
            found.append(_at(i, turn, item, turn.text, turn.start, turn.end))
    return tuple(found)


def curtness(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    """The agent's shortest answer, where he is short all through and never polite."""
    later = list(call.said("agent"))[1:]
    if len(later) < CURT or any(POLITE.search(turn.text) for _, turn in later):
        return ()
    lengths = [len(LETTER.findall(turn.text)) for _, turn in later]
    if median(lengths) > CURT_MEDIAN:
        return ()
    i, turn = later[lengths.index(min(lengths))]
    return (_at(i, turn, item, turn.text, turn.start, turn.end),)


def said_back(text: str, told: str, *, piece: int = PIECE) -> int:
    """How many Chinese characters of the text stand in pieces that the caller said too.

    Told by their sound: a recognizer writes a name anew each time it is said.
    """
    heard, said = _sound(text), _sound(told)
    pieces = {said[k : k + piece] for k in range(len(said) - piece + 1)}
    covered = [False] * len(heard)
    for start in range(len(heard) - piece + 1):
        if heard[start : start + piece] in pieces:
            covered[start : start + piece] = [True] * piece
    return sum(covered)


@lru_cache(maxsize=512)
def _sound(text: str) -> tuple[str, ...]:
    """The syllables of the Chinese characters, line by line: turns are read once each."""
    return tuple(
        syllable
        for line in text.split(SEAM)
        for character, syllable in zip(line, folded(line), strict=True)
        if not HAN.match(character)
    )


def _stretch(turns: Sequence[Turn], i: int) -> str:
    """The agent's words up to turn i without another speaker between them."""
    first = i
    while first and turns[first - 1].speaker == "agent":
        first -= 1
    return SEAM.join(turn.text for turn in turns[first : i + 1])


def _told(turns: Sequence[Turn], i: int) -> str:
    return SEAM.join(turn.text for turn in turns[:i] if turn.speaker == "caller")


def _talk(call: Call) -> Talk:
    """What HEAR measured; measured here for turns it did not make, or made before it did so."""
    return call.talk or talk_of(call.turns, call.spans)


def _at(i: int, turn: Turn, item: QualityItem, quote: str, start: float, end: float) -> Finding:
    return Finding("qa", f"{item.id}.measured", i, quote, start, end, item.id)
