"""Appeals in writing: where a classifier of texts is sure it answers, else the rules do.

The classifiers are those that `lingsu train` makes of a city's history, and the shipped one of
units. Serves settle.py.
"""

from functools import lru_cache
from typing import Any

from models.base import Label
from models.certainty import SureClassifier
from pipeline.copies import replace
from pipeline.domain.profile import Profile
from pipeline.records import Call, Decision, Scope
from pipeline.stages.answers import WORDS, possible, said, sent, weighed_up
from pipeline.tools import Tools

SINGLE = ("request_type", "urgency")
TASKS = (*SINGLE, "scope", "department")


def written(call: Call, tools: Tools) -> Call:
    """Request type, urgency, scope and unit, each by its classifier if there is one."""
    for task in SINGLE:
        call = _single(call, task, tools)
    call = _scope(call, tools)
    if not call.scope.in_scope:
        return replace(call, departments=())
    return _department(call, tools)


def _single(call: Call, task: str, tools: Tools) -> Call:
    model, labels = _asked(call, task, tools)
    ruled: Decision = getattr(call, task)
    if model is None:
        return call
    made = _answer(call, task, labels, model, tools.profile)
    chosen: dict[str, Any] = {task: made if made.sure else _doubted(ruled, made)}
    return replace(call, **chosen)


def _scope(call: Call, tools: Tools) -> Call:
    """Outcomes are learnt from texts, not reasons: those stay the rules'."""
    model, labels = _asked(call, "scope", tools)
    if model is None:
        return call
    made = _answer(call, "scope", labels, model, tools.profile)
    if made.sure and made.value != call.scope.outcome:
        scope = Scope(made.value or "", None, findings=made.findings)
    else:
        scope = call.scope
    sure = bool(made.sure)
    return replace(
        call, scope=replace(scope, confidence=made.confidence, others=made.others, sure=sure)
    )


def _department(call: Call, tools: Tools) -> Call:
    model, labels = _asked(call, "department", tools)
    able = [label for label in labels if label.name in tools.profile.units]
    if model is None or not able:
        return call
    made = _answer(call, "department", able, model, tools.profile)
    if made.sure:
        return sent(call, made, tools.profile)
    if not call.departments:
        return call
    lead, *more = call.departments
    likely = possible(able, model.certainty, tools.profile.confidence, lead.value)
    return replace(call, departments=(replace(lead, others=likely, sure=False), *more))


def _asked(
    call: Call, task: str, tools: Tools
) -> tuple[SureClassifier | None, tuple[Label, ...]]:
    """A classifier that knows how sure it is, and its answer; None without one, () where it
    refuses."""
    asked: Any = tools.classifier(task)
    model = _sure(asked)
    if model is None:
        return None, ()
    return model, model.classify([call.turns[0].text])[0]


@lru_cache(maxsize=8)  # asking for a protocol takes as long as many rules
def _sure(model: Any) -> SureClassifier | None:
    return model if isinstance(model, SureClassifier) else None


def _answer(
    call: Call,
    task: str,
    labels: tuple[Label, ...] | list[Label],
    model: SureClassifier,
    profile: Profile,
) -> Decision:
    """What the classifier would say; not sure and without a value where it refuses."""
    if not labels:
        return Decision(sure=False)
    best = labels[0].name
    made = weighed_up(task, Decision(best), labels, model.certainty, profile.confidence)
    if not made.sure:
        return made
    why = model.why(call.turns[0].text, best, 2 * WORDS)
    return replace(made, findings=said(call, task, best, why, f"model:{task}"))


def _doubted(ruled: Decision, made: Decision) -> Decision:
    """The rules' decision beside what the classifier holds likelier."""
    rest = tuple(other for other in made.others if other.value != ruled.value)
    return replace(ruled, others=rest, sure=False)
