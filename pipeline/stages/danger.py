"""Turns in which a caller may mean harm, to others or to himself, without a word that rules
know: 到时候你们来收尸, 药我都数好了.

A classifier of turns (weights/danger, pipeline/training/danger.py) hears what such turns have
in common. It decides nothing: a person listens. Used by alerts.py.
"""

from collections.abc import Iterator

from pipeline.records import Call, Finding
from pipeline.tools import Tools

HARMLESS = "none"
ASKED = 0.5  # probability of harm from which a person is asked; docs/judging.md says the price
LIKELY = 0.8  # from which somebody should listen at once
SHORTEST = 3  # letters: of 我 alone nothing can be told, whatever the classifier makes of it


def possible(call: Call, tools: Tools) -> Iterator[Finding]:
    """The turns to listen to, with the likelier kind; none without weights.

    Raises ModelUnavailable for weights that cannot be read.
    """
    model = tools.classifier("danger")
    if model is None:
        return
    told = {found.turn for found in call.abuse.quoted}  # a third party's words
    spoken = [
        (i, turn)
        for i, turn in call.said("caller", "unknown")
        if i not in told and sum(map(str.isalnum, turn.text)) >= SHORTEST
    ]
    answers = model.classify([turn.text for _, turn in spoken])
    for (i, turn), labels in zip(spoken, answers, strict=True):
        chances = {label.name: label.probability for label in labels}
        risk = 1 - chances.pop(HARMLESS, 1.0)
        if risk >= ASKED:
            kind = max(chances, key=lambda name: chances[name])
            yield Finding(
                "danger", "model:danger", i, turn.text, turn.start, turn.end, kind, score=risk
            )
