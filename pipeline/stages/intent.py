"""What the caller wants, how urgent it is, and where: rules of intent.toml and places.toml.

The main request type is the heaviest sum of what was said, the opening words counting more;
ties go by schema.REQUEST_TYPES. A complaint said outright never becomes an inquiry.
"""

from collections.abc import Mapping

from pipeline.copies import replace
from pipeline.domain import gazetteer
from pipeline.domain.match import find
from pipeline.domain.profile import Profile
from pipeline.domain.schema import REQUEST_TYPES, IntentRule
from pipeline.domain.weigh import (
    Passage,
    evidence,
    likely,
    passage,
    signs,
    spans,
    strongest,
    total,
    totals,
)
from pipeline.records import Call, Decision, Finding
from pipeline.stage import stage
from pipeline.tools import Tools

OPENING_TURNS = 3  # a caller's first turns with content say why he calls
OPENING = 1.5
CONTENT = 5  # characters: 喂, 你好 are no content
OUTRIGHT = 2.5  # from here a complaint has been said, not hinted at
HINT = 0.5  # of an urgent matter's weight: a power cut is reported, asked or complained about
TEMPER = 1.2
ASKED = 3.0  # an inquiry is asked for, not only opened with "I'd like to ask"
SEVERE = 2.5  # 特急: one clear sign of danger
PRESSING = 2.0  # 紧急: one outage or hazard
SPEAKS = 10  # characters that are more than a greeting heard wrongly
STORY = 16  # characters at which a caller whom no rule knows tells something all the same


ADDS = ("request_type", "urgency", "region", "district", "signs")


@stage(needs=("turns", "emotion_start", "abuse"), adds=ADDS)
def intent(call: Call, tools: Tools) -> Call:
    """Decide request type, urgency, region and district, each with its findings."""
    profile = tools.profile
    words = passage(call, "caller", "agent", "unknown")
    region, district = gazetteer.locate(call, words, profile.places)
    types, urgent = _types(call, words, profile.intent), _urgent(words, profile.intent)
    weighed = signs("type", totals(types)) + signs("urgency", totals(urgent))
    return replace(
        call,
        request_type=request_type(call, types, words, profile),
        urgency=urgency(urgent, _hurting(call)),
        region=region,
        district=district,
        signs=call.signs + weighed,
    )


def _types(
    call: Call, words: Passage, rules: tuple[IntentRule, ...]
) -> dict[str, list[Finding]]:
    """What was said for each of schema.REQUEST_TYPES."""
    opening = _opening(words)
    found: dict[str, list[Finding]] = {name: [] for name in REQUEST_TYPES}
    for rule in likely(rules, words):
        if rule.type:
            share = HINT if rule.urgency else 1.0
            said = evidence("request_type", rule, words, value=rule.type)
            found[rule.type] += [_weighed(finding, opening, share) for finding in said]
    found["投诉"] += _temper(call)
    return found


def _urgent(words: Passage, rules: tuple[IntentRule, ...]) -> dict[str, list[Finding]]:
    """What was said for 特急 and for 紧急."""
    found: dict[str, list[Finding]] = {"特急": [], "紧急": []}
    for rule in likely(rules, words):
        if rule.urgency:
            found[rule.urgency] += evidence("urgency", rule, words, value=rule.urgency)
    return found


def request_type(
    call: Call, found: dict[str, list[Finding]], words: Passage, profile: Profile
) -> Decision:
    """The main one of schema.REQUEST_TYPES."""
    sums = totals(found)
    if silent(words, profile) or max(sums.values()) < 1 and not _speaks(words, profile):
        return Decision("无效", findings=strongest(found["无效"]))
    if max(sums.values()) < 1:  # no rule knows it: at length, people tell what is wrong
        moved = call.emotion_start.value in ("悲伤", "焦急")
        return Decision("求助" if moved or len(words.text) < STORY else "投诉")
    order = REQUEST_TYPES.index
    best = max(sums, key=lambda name: (sums[name], -order(name)))
    if best == "咨询":
        best = _outright(found) or _mere(sums) or best
    return Decision(best, findings=strongest(found[best]))


def urgency(found: Mapping[str, list[Finding]], hurting: tuple[Finding, ...] = ()) -> Decision:
    """一般, 紧急 or 特急, by the danger that is spoken of as present.

    hurting: the words of a caller who may take his life.
    """
    if hurting or total(found["特急"]) >= SEVERE:
        return Decision("特急", findings=strongest(found["特急"]) or hurting)
    if total(found["紧急"]) + total(found["特急"]) >= PRESSING:
        return Decision("紧急", findings=strongest(found["紧急"]))
    return Decision("一般")


def _hurting(call: Call) -> tuple[Finding, ...]:
    if call.abuse.threat_kind != "self_harm":
        return ()
    return tuple(f for f in call.abuse.findings if f.value == "threat")


def silent(words: Passage, profile: Profile) -> bool:
    """Whether somebody says that nobody is heard, and no caller's sentence follows."""
    heard = [
        finding
        for rule in likely(profile.intent, words)
        if rule.act == "silence"
        for finding in evidence("request_type", rule, words)
    ]
    if total(heard) < PRESSING:
        return False
    quiet = {finding.turn for finding in heard}
    return not any(i not in quiet and left > CONTENT for i, left in own(words, profile))


def own(words: Passage, profile: Profile) -> list[tuple[int, int]]:
    """The caller's turns with the characters that are not stock phrases of an agent or the
    exchange: where roles were mistaken, a greeting must not pass for an appeal."""
    stock = [
        rule for rule in (*profile.city.ivr, *profile.city.agent_words) if rule.weight >= 3
    ]
    left = []
    for i, turn in words.turns:
        if turn.speaker in ("caller", "unknown"):
            covered = sum(m.end - m.start for rule in stock for m in find(rule, turn.text))
            left.append((i, len(turn.text) - covered))
    return left


def _outright(found: dict[str, list[Finding]]) -> str | None:
    """The complaint said in one finding of full weight, however many questions surround it."""
    for name in ("举报", "投诉"):
        if any(finding.score >= 2 * OUTRIGHT for finding in found[name]):
            return name
    return None


def _mere(sums: dict[str, float]) -> str | None:
    """Another type where 请问 or 想问一下 is all that speaks for an inquiry."""
    others = {name: sums[name] for name in ("举报", "投诉", "求助", "建议") if sums[name] >= 1}
    if sums["咨询"] >= ASKED or not others:
        return None
    return max(others, key=lambda name: others[name])


def _opening(words: Passage) -> set[int]:
    told = [
        i
        for i, turn in words.turns
        if turn.speaker in ("caller", "unknown") and len(turn.text) >= CONTENT
    ]
    return set(told[:OPENING_TURNS])


def _weighed(finding: Finding, opening: set[int], share: float) -> Finding:
    if finding.turn in opening:
        share *= OPENING
    if share == 1:
        return finding
    return replace(finding, score=round(finding.score * share, 3))


def _temper(call: Call) -> list[Finding]:
    """Anger in the opening leans to a complaint: people ask for help in another tone."""
    felt = call.emotion_start.findings[:1]
    if call.emotion_start.value not in ("愤怒", "不满") or not felt:
        return []
    return [replace(felt[0], kind="request_type", value="投诉", score=TEMPER)]


def _speaks(words: Passage, profile: Profile) -> bool:
    """Whether somebody wants something: an appeal in writing always does."""
    if any(turn.source == "text" for _, turn in words.turns):
        return True
    if sum(left for _, left in own(words, profile)) >= SPEAKS:
        return True
    matters = (topic for unit in profile.departments for topic in unit.topics)
    return any(spans(topic, words) for topic in matters)
