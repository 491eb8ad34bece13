"""The caller's mood, turn by turn, and at the start and the end of the call.

Rules in sentiment.toml speak for an emotion with a weight; a trained classifier, where the
profile has one, is one more voice. Judged from words: nothing here listens to the tone.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.copies import replace
from pipeline.domain.match import find, likely
from pipeline.domain.schema import EMOTIONS, SentimentRule
from pipeline.records import Call, Decision, Finding, Turn
from pipeline.stage import stage
from pipeline.tools import Tools

CALM = "平静"
WARM = ("愤怒", "不满", "焦急", "悲伤")
ENOUGH = 1.0  # summed weight below which a turn, or a stretch of turns, is calm
SURE = 0.6  # probability from which the classifier is heard
FADE = 0.75  # a turn's weight in the end emotion for each turn that follows it
EXCLAIMED = re.compile(r"[！!？?]{2}|[！!]")
ASKED_BACK = re.compile(r"(?:吗|呢|啊|是不是|对不对|什么)[？?！!]")
BACKCHANNEL = re.compile(
    r"^(?:喂|嗯|哦|噢|啊|哎|对|是|好|你好|您好|再见|拜拜|的|呃|那个|[，。！？、,!? ])*$"
)
Voices = list[Finding]


@stage(needs=("turns",), adds=("emotions", "emotion_start", "emotion_end"))
def sentiment(call: Call, tools: Tools) -> Call:
    """Give each of the caller's turns an emotion, and the call one at its start and end."""
    spoken = call.said("caller") or call.said("unknown")
    voices = [_heard(i, turn, tools.profile.sentiment) for i, turn in spoken]
    _ask_classifier(tools, spoken, voices)
    emotions = tuple(_of_turn(i, turn, v) for (i, turn), v in zip(spoken, voices, strict=True))
    said = [
        v
        for (_, turn), v in zip(spoken, voices, strict=True)
        if not BACKCHANNEL.match(turn.text)
    ]
    return replace(call, emotions=emotions, emotion_start=_start(said), emotion_end=_end(said))


def _heard(i: int, turn: Turn, rules: tuple[SentimentRule, ...]) -> Voices:
    """What the rules say of one turn; weights grow with exclamation, once for each rule."""
    found = []
    loud = 0.25 * min(2, len(EXCLAIMED.findall(turn.text)))
    back = 0.25 if ASKED_BACK.search(turn.text) else 0.0
    for rule in likely(rules, turn.text):
        matches = list(find(rule, turn.text))
        if not matches:
            continue
        # The second phrase of a kind adds half, further ones add nothing more.
        score = rule.weight * (1.5 if len(matches) > 1 else 1.0)
        if rule.emotion in WARM:
            score *= 1 + loud + (back if rule.emotion in ("不满", "愤怒") else 0)
        first = matches[0]
        found.append(
            Finding(
                "sentiment", rule.id, i, first.quote,
                turn.at(first.start), turn.at(first.end), rule.emotion, score=round(score, 2),
            )
        )  # fmt: skip
    return found


def _ask_classifier(
    tools: Tools, spoken: Sequence[tuple[int, Turn]], voices: list[Voices]
) -> None:
    classifier = tools.classifier("emotion")
    if classifier is None or not spoken:
        return
    answers = classifier.classify([turn.text for _, turn in spoken])
    for (i, turn), labels, found in zip(spoken, answers, voices, strict=True):
        best = labels[0] if labels else None  # none: words unlike all that it learnt
        if best and best.name in EMOTIONS and best.name != CALM and best.probability >= SURE:
            found.append(
                Finding("sentiment", "classifier.emotion", i, turn.text, turn.start, turn.end,
                        best.name, score=round(best.probability, 2))
            )  # fmt: skip


def _of_turn(i: int, turn: Turn, found: Voices) -> Finding:
    decided = _decide(found, ENOUGH)
    if decided.value == CALM or not decided.findings:
        return Finding("sentiment", "calm", i, turn.text, turn.start, turn.end, CALM, score=0.0)
    return max(decided.findings, key=lambda finding: finding.score)


def _start(voices: Sequence[Voices]) -> Decision:
    """From the first third of the caller's turns: there the matter is told."""
    third = -(-len(voices) // 3)
    return _decide([f for v in voices[:third] for f in v if f.value != "感谢"], ENOUGH)


def _end(voices: Sequence[Voices]) -> Decision:
    """From the last turns backwards, fading, until a calm close took the mood away.

    A mood lasts until it is resolved: who began in fear and only answers since is afraid
    still, who ends with 好的，谢谢 is not. Grief outlasts politeness. Thanks count only in
    the last two turns.
    """
    faded: Voices = []
    closed = False
    for back, found in enumerate(reversed(voices)):
        for f in found:
            lasting = f.value in WARM and (not closed or f.value == "悲伤")
            if lasting or (back < 2 and not closed):
                faded.append(replace(f, score=f.score * FADE**back))
        calmed = not any(f.value in WARM for f in found)
        closed = closed or (back < 2 and bool(found) and calmed)
    return _decide(faded, ENOUGH)


def _decide(found: Voices, enough: float) -> Decision:
    """The emotion with the greatest sum, calm where none reaches `enough`."""
    sums: dict[str, float] = defaultdict(float)
    for f in found:
        sums[f.value] += f.score
    best = max(sums, key=lambda name: (sums[name], -EMOTIONS.index(name)), default=CALM)
    if best == CALM or sums[best] < enough:
        return Decision(CALM, None, tuple(f for f in found if f.value == CALM))
    return Decision(best, None, tuple(f for f in found if f.value == best))
