"""What words alone do not show: interruptions, waits, pace, details said back.

Each is an operator of qa.toml (qa/conditions.py). A measure returns findings; none means it
did not happen. Overlaps and gaps were measured when the call was heard; here they are judged.
name: the item, which a finding bears as its value and in its rule.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import median

from pipeline.domain.match import find, holds
from pipeline.domain.qaschema import Limits
from pipeline.domain.reading import folded
from pipeline.domain.schema import Rule
from pipeline.hearing.talk import talk_of
from pipeline.qa import similar
from pipeline.qa.places import Spoken
from pipeline.records import Call, Finding, Talk, Turn

MEASURED = ".measured"  # ends the rule of a finding that no words made
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
QUESTION = re.compile(
    r"[^，。！？!?；]*(?:[吗呢]|[什怎]么|[哪谁几]|多少|贵姓)[^，。！？!?；]*|[^，。！!；？?]+[？?]"
)
ASKING = 4  # characters of a question: 是吗 may be asked as often as he likes
NUMBER = re.compile(r"\d{3,}")
DIGITS_SPOKEN = str.maketrans("零幺一二三四五六七八九", "01123456789")
NAMED = 4
LETTER = re.compile(r"[\u4e00-\u9fff0-9]")


def interruptions(call: Call, name: str, least_s: float, spoken: Spoken) -> tuple[Finding, ...]:
    """Those of the turns that begin while the other speaks, `least_s` before his end.

    Who only says 嗯 listens. A sentence left open (，) counts from CUT_S of overlap.
    """
    found = []
    places = dict(spoken)
    for met in _talk(call).overlaps:
        turn, cut = call.turns[met.turn], call.turns[met.over]
        if met.turn not in places or BACKCHANNEL.match(turn.text):
            continue
        early = met.end - met.start
        if early >= least_s - 0.01 or (early >= CUT_S and CUT.search(cut.text)):
            found.append(_at(met.turn, name, f"early:{early:.1f}s", met.start, met.end))
    return tuple(found)


def waits(call: Call, name: str, least_s: float) -> tuple[Finding, ...]:
    """Stretches of `least_s` without a word after the agent first spoke: silence or music."""
    return tuple(
        _at(-1, name, "", gap.start, gap.end)
        for gap in _talk(call).gaps
        if gap.end - gap.start >= least_s
    )


def verifications(
    call: Call, name: str, rules: Iterable[Rule], spoken: Spoken
) -> tuple[Finding, ...]:
    """Turns that state a detail and ask (by these rules) whether it is right.

    Either he waits for the answer, or what he states is in the caller's words: 您是要办证
    是吧，请稍等 is neither.
    """
    found = []
    for i, turn in spoken:
        stretch, told = _stretch(call.turns, i), _told(call.turns, i)
        begun = len(stretch) - len(turn.text)
        for asked in (m for rule in rules for m in find(rule, turn.text)):
            stated = ENDS.split(stretch[: begun + asked.start])[-1]
            if _verified(stretch, stated, turn.text[asked.end :], told):
                start, end = turn.at(asked.start), turn.at(asked.end)
                found.append(_at(i, name, asked.quote, start, end))
                break
    return tuple(found)


def _verified(stretch: str, stated: str, after: str, told: str) -> bool:
    if said_back(stretch, told) >= DETAIL or len(DIGITS.findall(stretch)) >= PHONE:
        return True
    if len(LETTER.findall(stated)) < STATED:
        return False
    return bool(WAITS.match(after)) or said_back(stated, told, piece=2) >= PAIRS


def summaries(
    call: Call, name: str, rules: Sequence[Rule], spoken: Spoken
) -> tuple[Finding, ...]:
    """Turns that sum the appeal up: in the caller's words, with signs of a summary.

    The signs are the rules, each counted once by its weight; what speaks against a summary
    (a new question, an explanation) weighs less than nothing.
    """
    found = []
    for i, turn in spoken:
        stretch = _stretch(call.turns, i)
        if len(stretch) < TRUNK or i < OPENING * len(call.turns):
            continue
        weight = sum(rule.weight for rule in rules if holds(rule, stretch))
        resumed = said_back(stretch, _told(call.turns, i), piece=2)
        if weight + min(resumed, RESUME_MOST) / RESUME >= SUMMED:
            found.append(_at(i, name, turn.text, turn.start, turn.end))
    return tuple(found)


def curtness(call: Call, name: str) -> tuple[Finding, ...]:
    """The agent's shortest answer, where he is short all through and never polite."""
    later = call.said("agent")[1:]
    if len(later) < CURT or any(POLITE.search(turn.text) for _, turn in later):
        return ()
    lengths = [len(LETTER.findall(turn.text)) for _, turn in later]
    if median(lengths) > CURT_MEDIAN:
        return ()
    i, turn = later[lengths.index(min(lengths))]
    return (_at(i, name, turn.text, turn.start, turn.end),)


def pace(call: Call, name: str, limits: Limits, role: str) -> tuple[Finding, ...] | None:
    """The role's characters a minute, where they are outside the limits; None: too little
    speech to tell."""
    talk = _talk(call)
    rate = (talk.caller if role == "caller" else talk.agent).rate
    if rate is None:
        return None
    low, high = limits.under or 0.0, limits.over or float("inf")
    spoken = [turn for _, turn in call.said(role)]
    if low <= rate <= high or not spoken:
        return ()
    return (_at(-1, name, f"{rate:.0f}字/分", spoken[0].start, spoken[-1].end),)


def repeated(name: str, least: float, spoken: Spoken) -> tuple[Finding, ...]:
    """Turns with a question that was asked before in words as alike as `least`."""
    found: list[Finding] = []
    asked: list[str] = []
    for i, turn in spoken:
        questions = [m for m in QUESTION.finditer(turn.text) if len(m.group()) >= ASKING]
        again = next(
            (q for q in questions if any(similar.alike(q.group(), a) >= least for a in asked)),
            None,
        )
        asked += [q.group() for q in questions]
        if again:
            start, end = turn.at(again.start()), turn.at(again.end())
            found.append(_at(i, name, again.group(), start, end))
    return tuple(found)


def referrals(call: Call, name: str, spoken: Spoken) -> tuple[Finding, ...] | None:
    """Turns that name the number or the place that scope.toml refers to; None: it refers to
    none. Names count from NAMED characters in a row, by their sound."""
    referral = call.scope.referral
    if not referral:
        return None
    numbers = NUMBER.findall(referral)
    found = []
    for i, turn in spoken:
        digits = turn.text.translate(DIGITS_SPOKEN)
        number = next((n for n in numbers if n in digits), None)
        if number or said_back(turn.text, referral, piece=NAMED):
            found.append(_at(i, name, number or turn.text, turn.start, turn.end))
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


def _at(i: int, name: str, quote: str, start: float, end: float) -> Finding:
    return Finding("qa", name + MEASURED, i, quote, start, end, name)
