"""What a person must look at beside the scorecard: threats, emergencies, shaky results.

Used by the quality stage. Every alert is a Flag with the verdict "fail", a severity, one
Chinese sentence and the words or seconds it rests on; nothing here decides a sanction.
"""

import re
from collections.abc import Iterator

from pipeline.domain.profile import Profile
from pipeline.labels import graded, word
from pipeline.records import Call, Choice, Finding, Flag
from pipeline.stages.unsaid import LIKELY, RULE, possible
from pipeline.tools import Tools

THREATS = {
    "self_harm": ("self_harm", "来电人有自伤或轻生的话，请立即按预案处置"),
    "violence": ("violence", "通话中有暴力威胁，请人工判断是否上报"),
}
VEILED = {
    "self_harm": "来电人像有轻生之意，没有明说，请立即听这几句",
    "violence": "话里像有伤人之意，没有明说，请立即听这几句",
}
# Numbers and words by which an agent hands an emergency on.
HANDED_ON = re.compile(
    r"1\s*1\s*0|1\s*1\s*9|1\s*2\s*[02](?!\d)|[幺一]{2}[零九]|[幺一]二[零二]|报警|警察|民警|消防|"
    r"急救|救护|抢修|派出所|值班长|三方|转接|接通"
)
COMPLAINS = re.compile(
    r"(?:我|我们)?(?:就?是?要|想|来|得)(?:实名|匿名)?(?:投诉|举报)(?!电话|渠道|方式)"
)
SOFTENED = ("咨询", "建议", "表扬", "无效")
UNSURE_ROLES = 0.2  # margin of the evidence for the agent's side; below it a coin decides
UNKNOWN_SHARE = 0.5  # of the characters
# The recognizer writes Chinese; what it writes in other letters it did not take for Chinese.
# A word in Latin letters counts as much as one character: APP, WiFi and a plate are few.
FOREIGN = re.compile(r"[^\W\d_\u3400-\u9fff]{2,}")
CHINESE = re.compile("[\u3400-\u9fff]")
FOREIGN_WORDS = 4  # fewer prove nothing
# Voices of which no word could be believed; 24 clear calls left at most 3 % so.
UNHEARD_S, UNHEARD_SHARE = 3.0, 0.3
DISPATCHED_BY = ("title", "purpose")  # the lines of an order, by source, that it is sent by


def alerts(call: Call, tools: Tools) -> tuple[Flag, ...]:
    """All alerts of a call that went through the stages before."""
    return (
        *_abusive(call),
        *_possible(call, tools),
        *_emergency(call),
        *_undecided(call),
        *_unsure(call, tools.profile),
        *_unheard(call),
        *_foreign(call),
        *_unclear_order(call, tools),
        *_unreliable(call, tools.config.judge.low_confidence),
    )


def _abusive(call: Call) -> Iterator[Flag]:
    abuse = call.abuse
    threats = {rule for rule in (abuse.threat_kind,) if rule}
    for kind in threats:
        item, reason = THREATS[kind]
        found = tuple(f for f in abuse.findings if f.value == "threat")
        if all(f.rule == RULE for f in found):
            reason = VEILED[kind]
        yield Flag(item, "fail", "alert", reason, found)
    insults = tuple(f for f in abuse.findings if f.value in ("mild", "severe"))
    if insults:
        severe = any(f.value == "severe" for f in insults)
        by = "、".join(
            {"agent": "话务员", "caller": "来电人"}.get(w, "不明") for w in abuse.who
        )
        reason = f"{by}{'辱骂' if severe else '言语不文明'}"
        yield Flag("abuse", "fail", "alert" if severe else "review", reason, insults)


def _possible(call: Call, tools: Tools) -> Iterator[Flag]:
    """What may be a threat that no rule has words for."""
    if call.abuse.level == "threat":
        return
    found = tuple(possible(call, tools))
    if found:
        reason = "话里可能有伤人或轻生之意，没有明说，请听这几句后判断"
        likely = max(one.score for one in found) >= LIKELY
        yield Flag("possible_danger", "fail", "alert" if likely else "review", reason, found)


def _emergency(call: Call) -> Iterator[Flag]:
    urgent = call.urgency.value == "特急" or call.scope.outcome == "emergency_transfer"
    if not urgent:
        return
    found = call.urgency.findings or call.scope.findings
    yield Flag("emergency", "fail", "alert", "紧急警情或险情，请确认已经转接", found)
    spoken = [turn.text for _, turn in call.said("agent")]
    if spoken and not any(HANDED_ON.search(text) for text in spoken):
        reason = "紧急情况没有听到转接或引导拨打110、119、120"
        yield Flag("emergency_not_transferred", "fail", "alert", reason, found)


def _undecided(call: Call) -> Iterator[Flag]:
    if call.scope.outcome == "accept_dispatch" and not call.departments:
        yield Flag("no_department", "fail", "review", "属于受理范围，但没有找到承办单位")
    if call.request_type.value in SOFTENED:
        for i, turn in call.said("caller"):
            if said := COMPLAINS.search(turn.text):
                start, end = turn.at(said.start()), turn.at(said.end())
                words = Finding("alert", "nature_altered", i, said.group(), start, end)
                reason = f"来电人说要投诉或举报，类型却是{call.request_type.value}"
                yield Flag("nature_altered", "fail", "review", reason, (words,))
                return


def _unsure(call: Call, profile: Profile) -> Iterator[Flag]:
    """Answers below the profile's threshold: the two best, and what to look for in the call."""
    decided = call.decided
    unsure = [task for task in profile.confidence.ask if decided[task].sure is False]
    names = {rule.code: rule.reason for rule in profile.scope} if unsure else {}
    for task in unsure:
        made = decided[task]
        best = Choice(made.label or "", made.confidence or 0.0)
        choices = (best, *made.others)[:2]
        doubt = "或".join(
            f"{names.get(one.value) or word(one.value)}（{one.confidence:.0%}）"
            for one in choices
        )
        looked = [profile.confidence.settles.get(one.value) for one in choices]
        check = "；".join(dict.fromkeys(filter(None, looked)))
        reason = f"{word(task)}拿不准：{doubt}" + (f"。请核对：{check}" if check else "")
        yield Flag(f"unsure_{task}", "fail", "review", reason, made.findings)


def _unheard(call: Call) -> Iterator[Flag]:
    """Speech that gave no words: a dialect, a foreign language, a bad line, or singing."""
    speech = [span for span in call.spans if span.kind == "speech"]
    if not speech:
        return
    lost = total = sum(span.end - span.start for span in speech)
    reached = 0.0
    for turn in sorted(call.turns, key=lambda turn: turn.start):
        first, reached = max(turn.start, reached), max(turn.end, reached)
        lost -= sum(max(0.0, min(turn.end, s.end) - max(first, s.start)) for s in speech)
    if lost >= UNHEARD_S and lost > UNHEARD_SHARE * total:
        reason = f"有{lost:.0f}秒人声听不出可信的字词，请听录音"
        yield Flag("unheard", "fail", "review", reason)


def _foreign(call: Call) -> Iterator[Flag]:
    for role in ("caller", "agent", "unknown"):
        text = " ".join(turn.text for _, turn in call.said(role))
        foreign = len(FOREIGN.findall(text))
        if foreign >= FOREIGN_WORDS and foreign > len(CHINESE.findall(text)):
            reason = "通话主要不是汉语，转写和结论都不可靠，请人工听录音"
            yield Flag("foreign_language", "fail", "review", reason)
            return


def _unclear_order(call: Call, tools: Tools) -> Iterator[Flag]:
    """What the order is sent by was hardly heard, however clear the call is as a whole."""
    keys = {form.key for form in tools.profile.ticket if form.source in DISPATCHED_BY}
    orders = filter(None, (call.ticket, *call.more_tickets))
    lines = [line for order in orders for line in order.fields if line.key in keys]
    sure = min((line.confidence for line in lines if line.confidence is not None), default=1.0)
    if sure < tools.config.judge.low_confidence:
        found = dict.fromkeys(
            one for line in lines if line.confidence == sure for one in line.findings
        )
        reason = f"工单的标题或诉求目的出自听不清的话（{sure:.2f}），请对照录音"
        yield Flag("unclear_order", "fail", "review", reason, tuple(found))


def _unreliable(call: Call, least: float) -> Iterator[Flag]:
    sound = call.sound
    if "truncated" in sound.notes:
        yield Flag("truncated", "fail", "info", "录音不完整，后面部分读不出来")
    quality = ""
    if sound.grade in ("fair", "poor"):
        quality = f"音质：{graded(sound.grade, sound.reasons)}"
        yield Flag("audio", "fail", "info", quality)
    heard = [t for t in call.turns if t.confidence is not None and t.source == "speech"]
    size = sum(len(t.text) for t in heard)
    if size:
        mean = sum((t.confidence or 0.0) * len(t.text) for t in heard) / size
        if mean < least:
            why = "，".join(filter(None, (f"平均{mean:.2f}", quality)))
            reason = f"转写把握不足（{why}），请对照录音"
            yield Flag("low_confidence", "fail", "review", reason)
    margin = sound.agent_confidence
    unknown = sum(len(t.text) for t in heard if t.speaker == "unknown")
    if (margin is not None and margin < UNSURE_ROLES) or (
        size and unknown > size * UNKNOWN_SHARE
    ):
        yield Flag("uncertain_roles", "fail", "review", "分不清哪一方是话务员，结论请人工核对")
