"""An item of the scorecard judged in one call: pass, fail, not applicable, or left open.

That something is missing is only said of what was heard: with too little of the agent's words,
or words that the recognizer itself doubts, the item is left open instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain.qaschema import Condition, QualityItem
from pipeline.qa.conditions import Answer, View, evaluate, seen
from pipeline.qa.measures import MEASURED
from pipeline.qa.places import turns_in
from pipeline.records import Call, Finding, Flag, Turn

EDGE_S = 1.0  # so much unread speech at an end of the call may have been the greeting
LOST_S, LOST_SHARE = 3.0, 0.3  # of all speech: as the alert `unheard`
NO_WORDS = ("unlikely", "repeats", "credits", "too_little", "inaudible")  # it was speech
UNSURE_ROLES = 0.2  # margin of the evidence for the agent's side; below it a coin decides

NO_AGENT, NO_ROLES = "没有话务员的话", "分不清谁是话务员"
OTHERWISE, UNTOLD = "本通不涉及", "依据不足，不下结论"
KEPT = "符合"


@dataclass(frozen=True, slots=True)
class Doubts:
    """How much of a call was heard well enough to say that something is not in it."""

    start: str = ""  # why its start proves nothing; empty: it does
    end: str = ""
    whole: str = ""

    def of(self, item: QualityItem) -> str:
        """Why an absence in the places where the item looks proves nothing."""
        at = item.within.at if item.within else None
        return self.whole or (self.start if at == "start" else self.end if at == "end" else "")


def doubts(call: Call, least: float) -> Doubts:
    """least: mean confidence of the agent's words from which they are believed."""
    lost = [one for one in call.dropped if one.reason in NO_WORDS]
    spoken = sorted((turn for _, turn in call.said("agent")), key=lambda turn: turn.start)
    begun = spoken[0].start if spoken else 0.0
    ended = max((turn.end for turn in spoken), default=0.0)
    early = sum(one.end - one.start for one in lost if one.start <= begun)
    late = sum(one.end - one.start for one in lost if one.end >= ended)
    cut = "truncated" in call.sound.notes
    return Doubts(
        start="开头有话没听清" if early >= EDGE_S or _unclear(spoken[:1], least) else "",
        end="结尾有话没听清" if late >= EDGE_S or cut or _unclear(spoken[-1:], least) else "",
        whole=_unreliable(call, least),
    )


def _unclear(turns: Sequence[Turn], least: float) -> bool:
    """Whether one of these turns was heard too badly to prove that something is not in it."""
    return any(turn.confidence is not None and turn.confidence < least for turn in turns)


def _unreliable(call: Call, least: float) -> str:
    margin = call.sound.agent_confidence
    if margin is not None and margin < UNSURE_ROLES:
        return NO_ROLES
    sure = [(t.confidence, len(t.text)) for _, t in call.said("agent") if t.confidence]
    size = sum(length for _, length in sure)
    if size and sum(value * length for value, length in sure) / size < least:
        return "话务员的话转写把握低"
    lost = sum(one.end - one.start for one in call.dropped if one.reason in NO_WORDS)
    speech = sum(one.end - one.start for one in call.spans if one.kind == "speech")
    return "有话没听清" if lost >= LOST_S and lost > LOST_SHARE * speech else ""


def judged(view: View, doubt: Doubts) -> Flag:
    """The flag of the view's item. doubt: of `doubts`."""
    item, call = view.item, view.call
    if not any(call.said("agent")):
        unsure = any(call.said("unknown"))
        return _left_open(item, NO_ROLES) if unsure else _beside(item, NO_AGENT)
    applies = _asked(item.applies, view)
    if not applies.holds:
        return _left_open(item) if applies.holds is None else _beside(item)
    answer = seen(view)
    if answer.holds is None:
        return _left_open(item)
    if answer.holds:
        return _found(item, answer.findings)
    return _missing(view, doubt, applies.findings)


def _missing(view: View, doubt: Doubts, called_for: tuple[Finding, ...]) -> Flag:
    """What is not there passes where it should not be; else it fails, with what called for
    it, if that much can be told."""
    item = view.item
    due = _asked(item.due, view) if item.good else Answer(True)
    if not due.holds:
        return replace(_left_open(item) if due.holds is None else _beside(item), absent=True)
    if not _asked(item.enough, view).holds:
        return _left_open(item)
    if why := doubt.of(item):
        return _left_open(item, why)
    if not item.good:
        return Flag(item.id, "pass", "info", f"{item.label}：{KEPT}")
    severity = "review" if item.fatal else "info"
    shown = (*called_for, *due.findings) or _instead(view)
    return Flag(item.id, "fail", severity, item.reason, shown)


def _asked(condition: Condition | bool | None, view: View) -> Answer:
    if isinstance(condition, Condition):
        return evaluate(condition, view)
    return Answer(condition is not False)


def _instead(view: View) -> tuple[Finding, ...]:
    """What was said at the start or the end, where something else should have been."""
    within, name = view.item.within, view.item.id
    if within is None or within.at is None:
        return ()
    return tuple(
        Finding("qa", f"{name}.instead", i, turn.text, turn.start, turn.end, name)
        for i, turn in turns_in(within, view.call)
    )


def _found(item: QualityItem, findings: tuple[Finding, ...]) -> Flag:
    if item.good:
        return Flag(item.id, "pass", "info", f"{item.label}：{KEPT}", findings)
    # What an agent should not have said has to be read by a person; what was only measured
    # counts in the score.
    spoken = item.fatal or any(not one.rule.endswith(MEASURED) for one in findings)
    return Flag(item.id, "fail", "review" if spoken else "info", item.reason, findings)


def _beside(item: QualityItem, why: str = OTHERWISE) -> Flag:
    return Flag(item.id, "not_applicable", "info", f"{item.label}：{why}")


def _left_open(item: QualityItem, why: str = UNTOLD) -> Flag:
    return Flag(item.id, "insufficient_evidence", "info", f"{item.label}：{why}")
