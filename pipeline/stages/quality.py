"""The scorecard: one flag for each QA item of the profile, then what asks for a person.

Words are looked for in the agent's turns; what words do not show is in measures.py, what
is no item of the scorecard but must not be overlooked in alerts.py.
"""

from dataclasses import replace

from pipeline.domain.match import find
from pipeline.domain.schema import QualityItem
from pipeline.records import Call, Finding, Flag
from pipeline.stage import stage
from pipeline.stages import measures
from pipeline.stages.alerts import alerts
from pipeline.tools import Tools

OPENING_S = 15.0  # the start of a call: what the agent says within this of the first word
NEEDS = ("turns", "talk", "abuse", "request_type", "urgency", "scope", "departments")


@stage(needs=NEEDS, adds=("flags",))
def quality(call: Call, tools: Tools) -> Call:
    """Judge the agent's part by the profile's items and add the alerts."""
    written = bool(call.turns) and all(turn.source == "text" for turn in call.turns)
    items = () if written else tools.profile.qa
    scored = tuple(_judge(call, item, tools) for item in items)
    return replace(call, flags=scored + alerts(call, tools))


def _judge(call: Call, item: QualityItem, tools: Tools) -> Flag:
    if not any(call.said("agent")):
        unsure = any(call.said("unknown"))
        verdict = "insufficient_evidence" if unsure else "not_applicable"
        reason = "分不清谁是话务员" if unsure else "没有话务员的话"
        return Flag(item.id, verdict, "info", f"{item.label}：{reason}")
    found = _look(call, item, tools)
    if bool(found) == item.good:
        return Flag(item.id, "pass", "info", f"{item.label}：符合", found)
    # What an agent should not have said has to be read by a person; what was left out or
    # measured only counts in the score.
    spoken = item.fatal or bool(found and item.rules)
    return Flag(item.id, "fail", "review" if spoken else "info", item.reason, found)


def _look(call: Call, item: QualityItem, tools: Tools) -> tuple[Finding, ...]:
    judge = tools.config.judge
    if item.measure == "interruption":
        return measures.interruptions(call, item, item.seconds or judge.barge_in_s)
    if item.measure == "wait":
        return measures.waits(call, item, item.seconds or judge.wait_s)
    if item.measure == "verification":
        return measures.verifications(call, item)
    if item.measure == "summary":
        return measures.summaries(call, item)
    if item.measure == "manner":
        return _abuse(call, item) + _words(call, item) + measures.curtness(call, item)
    return _words(call, item)


def _abuse(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    return tuple(
        replace(f, kind="qa", value=item.id)
        for f in (*call.abuse.findings, *call.abuse.rude)
        if call.turns[f.turn].speaker == "agent"
    )


def _words(call: Call, item: QualityItem) -> tuple[Finding, ...]:
    found = []
    places = _within(call, item.within)
    for i, turn in call.said("agent"):
        if i not in places:
            continue
        for rule in item.rules:
            first = next(find(rule, turn.text), None)
            if first is not None:
                start, end = turn.at(first.start), turn.at(first.end)
                found.append(Finding("qa", rule.id, i, first.quote, start, end, item.id))
    if item.together and {f.rule for f in found} < {rule.id for rule in item.rules}:
        return ()
    return tuple(found)


def _within(call: Call, where: str) -> set[int]:
    """Indices of the agent's turns at the start or the end of the call, or all of them."""
    spoken = list(call.said("agent"))
    if where == "start":
        limit = spoken[0][1].start + OPENING_S
        return {i for n, (i, turn) in enumerate(spoken) if n < 2 or turn.start < limit}
    if where == "end":
        return {i for i, _ in spoken[-2:]}
    return {i for i, _ in spoken}
