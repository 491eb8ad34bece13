"""What the rules found and what whole calls taught, weighed into one answer with a probability.

The rules' sums and decisions are features of a classifier (models/calls.py) beside all words
that were said; it answers for request type, urgency, scope, department and the caller's mood.
An answer below the profile's threshold is not sure: alerts.py asks a person. For appeals in
writing, which it never saw, the classifier of texts names the unit; else the rules decide.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.base import Label
from models.calls import WHOLE, CallClassifier, Reading
from pipeline.copies import replace
from pipeline.domain.profile import Profile
from pipeline.domain.schema import ScopeRule
from pipeline.records import Call, Decision, Finding, Scope
from pipeline.stage import stage
from pipeline.stages.answers import WORDS, Decided, possible, said, sent, weighed_up
from pipeline.stages.scope import as_scope
from pipeline.stages.written import written
from pipeline.tools import Tools

SINGLE = ("request_type", "urgency", "emotion_start", "emotion_end")
TASKS = (*SINGLE, "scope", "department")
NOWHERE = "-"  # the label of a call that no unit takes
NOT_TAKEN = ("decline_explain", "refer", "emergency_transfer")
OUTSIDE = 0.45  # of all reasons for not taking it: they are many, each rarer than the rest
EDGE = 2  # turns of the caller: where his mood at the start and at the end shows
URGENT = 0.2  # from this probability a danger to life is taken for one
NEEDS = ("turns", "signs", "abuse", *SINGLE, "scope", "departments", "domain")


@stage(needs=NEEDS, adds=(*SINGLE, "scope", "departments", "domain"))
def settle(call: Call, tools: Tools) -> Call:
    """Decide anew, with probabilities; the evidence is the rules' where they agree."""
    if call.turns and all(turn.source == "text" for turn in call.turns):
        return written(call, tools)
    model = tools.calls
    if model is None or not any(call.said("caller", "unknown")):
        return call  # where no caller is heard there is no appeal to weigh
    read = model.read(told(call), weighed(call))
    if read is None:  # unlike every call it learnt from
        return _doubted(call)
    judge = _Judge(call, model, read, tools.profile)
    decided: dict[str, Any] = {task: judge.single(task) for task in SINGLE}
    call = replace(call, **decided, scope=judge.scope())
    if not call.scope.in_scope:
        return replace(call, departments=())
    lead = judge.department()
    return sent(call, lead, tools.profile) if lead else call


def told(call: Call) -> dict[str, str]:
    """The views that n-grams are counted in: what was said by all, by each side (a voice of
    unknown role may be the caller's), and by the caller at the start and at the end."""
    agent = [turn.text for _, turn in call.said("agent")]
    caller = [turn.text for _, turn in call.said("caller", "unknown")]
    views = {
        WHOLE: [turn.text for turn in call.turns if turn.speaker != "ivr"],
        "agent": agent,
        "caller": caller,
        "opening": caller[:EDGE],
        "ending": caller[-EDGE:],
    }
    return {view: "。".join(texts) for view, texts in views.items()}


def weighed(call: Call) -> dict[str, float]:
    """The signs of a call that the rules have judged: their sums, and their own decisions."""
    own = {
        **{task: getattr(call, task).value for task in SINGLE},
        "scope": call.scope.label,
        "department": call.departments[0].value if call.departments else NOWHERE,
        "abuse": call.abuse.level,
        "threat": call.abuse.threat_kind,
    }
    decided = {f"rules.{task}.{value}": 3.0 for task, value in own.items() if value}
    return {**dict(call.signs), **decided}


class _Judge:
    """The classifier's answers on one call, as decisions of ours."""

    def __init__(
        self, call: Call, model: CallClassifier, read: Reading, profile: Profile
    ) -> None:
        self._call, self._model, self._read, self._profile = call, model, read, profile
        # A life in danger stays with the rules.
        self._hurting = (
            call.abuse.threat_kind == "self_harm" and call.scope.outcome == "emergency_transfer"
        )

    def single(self, task: str) -> Decision:
        """A decision whose labels are its values."""
        ruled: Decision = getattr(self._call, task)
        if task not in self._model.heads:
            return ruled
        labels = self._model.answer(task, self._read)
        best = labels[0].name
        if task == "urgency":
            danger = next((x.probability for x in labels if x.name == "特急"), 0.0)
            best = "特急" if self._hurting or danger >= URGENT else best
        known = ruled.findings if ruled.value == best else ()
        made = Decision(best, findings=known + self._words(task, best))
        return self._weighed_up(task, made, labels)

    def scope(self) -> Scope:
        """Of the codes that the profile has."""
        ruled = self._call.scope
        if "scope" not in self._model.heads:
            return ruled
        codes = {rule.code: rule for rule in reversed(self._profile.scope)}
        labels = [
            label
            for label in self._model.answer("scope", self._read)
            if label.name in codes or label.name[0] not in "EO"
        ]
        best = _likeliest(labels, codes)
        if self._hurting:
            return self._weighed_up("scope", ruled, labels)
        words = self._words("scope", best)
        if best == ruled.label:
            same = replace(ruled, findings=ruled.findings + words)
            return self._weighed_up("scope", same, labels)
        if best in codes:
            made = as_scope(codes[best], words)
        elif best.startswith("N"):  # no appeal, whether the profile has words for it or not
            made = Scope("no_request", code=best, findings=words)
        else:
            made = Scope(best, findings=words)
        if made.outcome == "no_request":
            made = replace(made, reason=None)
        return self._weighed_up("scope", made, labels)

    def department(self) -> Decision | None:
        """The unit that takes it; None where none was learnt."""
        if "department" not in self._model.heads:
            return None
        labels = self._model.answer("department", self._read)
        able = [label for label in labels if label.name in self._profile.units]
        if not able:
            return None
        best = able[0].name
        known = next((d.findings for d in self._call.departments if d.value == best), ())
        made = Decision(best, findings=known + self._words("department", best))
        made = self._weighed_up("department", made, able)
        certainty = self._model.heads["department"].certainty
        likely = possible(able, certainty, self._profile.confidence, best)
        return replace(made, others=likely)

    def _weighed_up(self, task: str, made: Decided, labels: Sequence[Label]) -> Decided:
        certainty = self._model.heads[task].certainty
        return weighed_up(task, made, labels, certainty, self._profile.confidence)

    def _words(self, task: str, label: str) -> tuple[Finding, ...]:
        """The words that spoke most for the label."""
        if label not in self._model.heads[task].labels:
            return ()
        why = self._model.why(task, self._read, label, 2 * WORDS)
        return said(self._call, task, label, why, "model:calls")


def _likeliest(labels: Sequence[Label], codes: Mapping[str, ScopeRule]) -> str:
    """The best label of the likeliest kind: no appeal at all, not taken, or taken.

    Not taken is likely enough from OUTSIDE on, if no appeal at all is not likelier.
    """
    kinds: dict[str, list[Label]] = {"none": [], "outside": [], "taken": []}
    for label in labels:
        outcome = codes[label.name].outcome if label.name in codes else label.name
        none = outcome == "no_request" or label.name.startswith("N")
        kinds["none" if none else "outside" if outcome in NOT_TAKEN else "taken"].append(label)
    sums = {kind: sum(x.probability for x in own) for kind, own in kinds.items()}
    if sums["outside"] >= max(OUTSIDE, sums["none"]):
        return kinds["outside"][0].name
    return kinds["none" if sums["none"] > sums["taken"] else "taken"][0].name


def _doubted(call: Call) -> Call:
    """The rules' decisions, none of them sure."""
    unsure: dict[str, Any] = {
        task: replace(getattr(call, task), sure=False) for task in (*SINGLE, "scope")
    }
    units = tuple(replace(unit, sure=False) for unit in call.departments)
    return replace(call, **unsure, departments=units)
