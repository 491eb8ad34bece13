"""What the rules found and what whole calls taught, weighed into one answer with a probability.

The rules' sums and decisions are features of a classifier (models/calls.py) beside all words
that were said; it answers for request type, urgency, scope, department and the caller's mood.
An answer below the profile's threshold is not sure: alerts.py asks a person. For appeals in
writing, which it never saw, the classifier of texts names the unit; else the rules decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from models.base import Label
from models.calls import CallClassifier, Reading
from models.certainty import Certainty
from models.linear import LinearClassifier
from pipeline.domain.profile import Profile
from pipeline.domain.schema import Confidence, ScopeRule
from pipeline.records import Call, Choice, Decision, Finding, Scope
from pipeline.stage import stage
from pipeline.stages.scope import as_scope
from pipeline.tools import Tools

SINGLE = ("request_type", "urgency", "emotion_start", "emotion_end")
TASKS = (*SINGLE, "scope", "department")
NOWHERE = "-"  # the label of a call that no unit takes
RULE = "model:calls"
WORDS = 4  # that are shown for an answer
SHOWN, LEAST = 2, 0.05  # other answers: how many, from which probability
NOT_TAKEN = ("decline_explain", "refer", "emergency_transfer")
OUTSIDE = 0.33  # of all reasons for not taking it: they are many, each rarer than the rest
URGENT = 0.25  # from this probability a danger to life is taken for one
Decided = TypeVar("Decided", Decision, Scope)
NEEDS = ("turns", "signs", "abuse", *SINGLE, "scope", "departments", "domain")


@stage(needs=NEEDS, adds=(*SINGLE, "scope", "departments", "domain"))
def settle(call: Call, tools: Tools) -> Call:
    """Decide anew, with probabilities; the evidence is the rules' where they agree."""
    model = tools.calls
    if call.turns and all(turn.source == "text" for turn in call.turns):
        return _written(call, tools)
    if model is None or not call.turns:
        return call
    read = model.read(told(call), weighed(call))
    if read is None:  # unlike every call it learnt from
        return _doubted(call)
    judge = _Judge(call, model, read, tools.profile)
    decided: dict[str, Any] = {task: judge.single(task) for task in SINGLE}
    call = replace(call, **decided, scope=judge.scope())
    if not call.scope.in_scope:
        return replace(call, departments=())
    return _sent(call, judge.department(), tools.profile)


def told(call: Call) -> str:
    """All that people said, a turn after the other: what the n-grams are counted in."""
    return "。".join(turn.text for turn in call.turns if turn.speaker != "ivr")


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

    def single(self, task: str) -> Decision:
        """A decision whose labels are its values."""
        labels = self._model.answer(task, self._read)
        best = labels[0].name
        if task == "urgency":
            danger = next((x for x in labels if x.name == "特急"), None)
            best = "特急" if danger and danger.probability >= URGENT else best
        ruled: Decision = getattr(self._call, task)
        known = ruled.findings if ruled.value == best else ()
        made = Decision(best, findings=known + self._words(task, best))
        return self._sure(task, made, best, labels)

    def scope(self) -> Scope:
        """Of the codes that the profile has; a life in danger stays with the rules."""
        ruled = self._call.scope
        codes = {rule.code: rule for rule in reversed(self._profile.scope)}
        labels = [
            label
            for label in self._model.answer("scope", self._read)
            if label.name in codes or not label.name[-1].isdigit()
        ]
        best = _likeliest(labels, codes)
        hurting = self._call.abuse.threat_kind == "self_harm"
        if best == ruled.label or (hurting and ruled.outcome == "emergency_transfer"):
            return self._sure("scope", ruled, ruled.label, labels)
        words = self._words("scope", best)
        made = as_scope(codes[best], words) if best in codes else Scope(best, findings=words)
        if made.outcome == "no_request":
            made = replace(made, reason=None)
        return self._sure("scope", made, best, labels)

    def department(self) -> Decision:
        """The unit that takes it, whatever speaks for none."""
        units = {unit.id for unit in self._profile.departments}
        labels = self._model.answer("department", self._read)
        able = [label for label in labels if label.name in units]
        best = able[0].name
        known = next((d.findings for d in self._call.departments if d.value == best), ())
        made = Decision(best, findings=known + self._words("department", best))
        sure = self._sure("department", made, best, able)
        certainty = self._model.heads["department"].certainty
        return replace(sure, others=_possible(able, certainty, self._profile.confidence)[1:])

    def _sure(self, task: str, made: Decided, best: str, labels: Sequence[Label]) -> Decided:
        """The decision with its probability, the other answers, and whether to trust it."""
        chance = next((x.probability for x in labels if x.name == best), 0.0)
        rest = [x for x in labels if x.name != best and x.probability >= LEAST]
        error = self._profile.confidence.error
        least = self._model.heads[task].certainty.threshold(error)
        return replace(
            made,
            confidence=round(chance, 3),
            others=tuple(Choice(x.name, round(x.probability, 3)) for x in rest[:SHOWN]),
            sure=least is not None and chance >= least,
        )

    def _words(self, task: str, label: str) -> tuple[Finding, ...]:
        """The words that spoke most for the label, where they were said first."""
        if label not in self._model.heads[task].labels:
            return ()
        why = self._model.why(task, self._read, label, 2 * WORDS)
        found = [_said(self._call, task, one.words, label, one.weight) for one in why]
        return tuple(finding for finding in found if finding)[:WORDS]


def _likeliest(labels: Sequence[Label], codes: Mapping[str, ScopeRule]) -> str:
    """The best reason for not taking it, where all of them together are likely enough."""
    outside = [
        label
        for label in labels
        if label.name in codes and codes[label.name].outcome in NOT_TAKEN
    ]
    if sum(label.probability for label in outside) >= OUTSIDE:
        return outside[0].name
    return next(label.name for label in labels if label not in outside)


def _said(call: Call, task: str, words: str, value: str, weight: float) -> Finding | None:
    """A word of two characters at least, as a finding; None for signs and single characters."""
    if len(words) < 2 or words.startswith("["):
        return None
    for i, turn in call.said("caller", "agent", "unknown"):
        at = turn.text.find(words)
        if at >= 0:
            start, end = turn.at(at), turn.at(at + len(words))
            return Finding(task, RULE, i, words, start, end, value, score=round(weight, 3))
    return None


def _sent(call: Call, lead: Decision, profile: Profile) -> Call:
    """To the lead unit, and to a second one where the rules heard of two appeals."""
    second = [d for d in call.departments if d.value != lead.value]
    chosen = (lead, *second[:1]) if len(call.departments) > 1 else (lead,)
    domains = {unit.id: unit.domain for unit in profile.departments}
    domain = domains[lead.value or ""]
    same = domain == call.domain.value
    return replace(call, departments=chosen, domain=call.domain if same else Decision(domain))


def _written(call: Call, tools: Tools) -> Call:
    """The unit by the classifier of written appeals where it is sure; else by the rules, with
    the units that it holds possible."""
    classifier = tools.classifier("department")
    labels = classifier.classify([told(call)])[0] if classifier else ()
    units = {unit.id for unit in tools.profile.departments}
    if not isinstance(classifier, LinearClassifier) or not call.scope.in_scope:
        return call
    able = [label for label in labels if label.name in units]
    if not able:
        return _unsure_unit(call, ())
    least = classifier.certainty.threshold(tools.profile.confidence.error)
    best = able[0]
    if least is None or best.probability < least:
        possible = _possible(able, classifier.certainty, tools.profile.confidence)
        return _unsure_unit(call, possible)
    known = next((d.findings for d in call.departments if d.value == best.name), ())
    why = classifier.why(told(call), best.name, WORDS)
    words = (_said(call, "department", w.words, best.name, w.weight) for w in why)
    found = known + tuple(finding for finding in words if finding)
    lead = Decision(best.name, round(best.probability, 3), found, sure=True)
    return _sent(call, lead, tools.profile)


def _unsure_unit(call: Call, others: tuple[Choice, ...]) -> Call:
    """The rules' unit, if any, which nobody vouches for."""
    if not call.departments:
        return call
    lead, *more = call.departments
    rest = tuple(other for other in others if other.value != lead.value)
    return replace(call, departments=(replace(lead, others=rest, sure=False), *more))


def _possible(
    labels: Sequence[Label], certainty: Certainty, confidence: Confidence
) -> tuple[Choice, ...]:
    """The labels among which the right one is as often as the profile wants, best first; the
    likeliest three where the weights do not keep that coverage."""
    if confidence.coverage in certainty.levels:
        likely = certainty.prediction_set(labels, confidence.coverage)
    else:
        likely = tuple(labels[: SHOWN + 1])
    return tuple(Choice(x.name, round(x.probability, 3)) for x in likely)


def _doubted(call: Call) -> Call:
    """The rules' decisions, none of them sure."""
    unsure: dict[str, Any] = {
        task: replace(getattr(call, task), sure=False) for task in (*SINGLE, "scope")
    }
    units = tuple(replace(unit, sure=False) for unit in call.departments)
    return replace(call, **unsure, departments=units)
