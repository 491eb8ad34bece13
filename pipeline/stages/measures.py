"""QA items that words alone do not show: interruptions, waits, details said back.

Used by the quality stage. Each measure returns findings; none means it did not happen.
Overlaps and gaps were measured when the call was heard; here they are judged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.domain.match import find
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
DETAIL = 4  # characters of the caller's in a confirmation: a surname and a street
PHONE = 6  # digits in a confirmation: half a phone number
RESUME = 9  # characters of the caller's in a turn that sums the appeal up: three pieces
ANNOUNCED = 5  # after 给您登记的是 pairs are no chance any more: two pieces
TRUNK = 24  # characters such a turn has at least


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
    """Agent's turns that repeat a detail the caller gave and ask whether it is right."""
    found = []
    for i, turn in call.said("agent"):
        asked = next((m for rule in item.rules for m in find(rule, turn.text)), None)
        if asked is None:
            continue
        stretch = _stretch(call.turns, i)
        told = _told(call.turns, i)
        if said_back(stretch, told) >= DETAIL or len(DIGITS.findall(stretch)) >= PHONE:
            found.append(
                _at(i, turn, item, asked.quote, turn.at(asked.start), turn.at(asked.end))
            )
    return tuple(found)


def summaries(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    """Agent's turns that sum the appeal up: long, and much of it in the caller's words.

    After a phrase like 给您登记的是 shorter pieces count: the agent words it anew, and
    recognition errors hide part of what the caller said.
    """
    found = []
    for i, turn in call.said("agent"):
        stretch, told = _stretch(call.turns, i), _told(call.turns, i)
        if len(stretch) < TRUNK:
            continue
        announced = any(True for rule in item.rules for _ in find(rule, stretch))
        if said_back(stretch, told) >= RESUME or (
            announced and said_back(stretch, told, piece=2) >= ANNOUNCED
        ):
            found.append(_at(i, turn, item, turn.text, turn.start, turn.end))
    return tuple(found)


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
