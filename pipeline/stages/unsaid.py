"""What a caller's turn holds without a word that rules know.

It may be harm that he means (到时候你们来收尸), or an insult (你脖子上顶的是个倭瓜).

A classifier of turns (weights/turns, pipeline/training/turns.py) hears what such turns have in
common. A threat or an insult of which it is all but sure counts as one (abuse.py), an insult as
a mild one; where it only suspects harm a person listens (alerts.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.records import Abuse, Call, Finding, Turn
from pipeline.tools import Tools

HARMLESS, INSULT = "none", "insult"
HARM = ("violence", "self_harm")
ASKED = 0.4  # probability of harm from which a person is asked; docs/judging.md says the price
LIKELY = 0.8  # from which somebody should listen at once
MEANT = 0.95  # from which it counts as a threat
SURE = 0.95  # of an insult, from which it counts as one; docs/judging.md says how often wrongly
ALONE = 0.5  # probability of an insult from which a clause is the words that insult
SHORTEST = 3  # letters: of 我 alone nothing can be told, whatever the classifier makes of it
RULE = "model:turns"
_CLAUSE = re.compile("[^，。？！；：…]+")


def possible(call: Call, tools: Tools) -> Iterator[Finding]:
    """The turns to listen to, with the likelier kind of harm; none without weights.

    Raises ModelUnavailable for weights that cannot be read.
    """
    for i, turn, chances in _heard(call, call.abuse, tools):
        risk, kind = _harm(chances)
        if risk >= ASKED:
            yield Finding("danger", RULE, i, turn.text, turn.start, turn.end, kind, score=risk)


def meant(call: Call, known: Abuse, tools: Tools) -> Iterator[tuple[Finding, str]]:
    """Threats, each with its kind, if the rules found none; and the words of turns that insult
    (no kind), where the rules found nothing; none without weights.

    Raises ModelUnavailable for weights that cannot be read.
    """
    told = {found.turn for found in known.findings}
    for i, turn, chances in _heard(call, known, tools):
        risk, kind = _harm(chances)
        if risk >= MEANT and not known.threat_kind:
            yield _finding(i, turn, (0, len(turn.text)), "threat", risk), kind
        elif i not in told and (sure := chances.get(INSULT, 0.0)) >= SURE:
            yield _finding(i, turn, _worst(turn.text, tools), "mild", sure), ""


def _harm(chances: Mapping[str, float]) -> tuple[float, str]:
    """The probability of harm, and its likelier kind."""
    risk = sum(chances.get(kind, 0.0) for kind in HARM)
    return risk, max(HARM, key=lambda kind: chances.get(kind, 0.0))


def _finding(i: int, turn: Turn, words: tuple[int, int], level: str, score: float) -> Finding:
    start, end = words
    since, until = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
    return Finding("abuse", RULE, i, turn.text[start:end], since, until, level, score=score)


def _heard(
    call: Call, known: Abuse, tools: Tools
) -> Iterator[tuple[int, Turn, Mapping[str, float]]]:
    """The caller's own turns and the probability of each label."""
    told = {found.turn for found in known.quoted}  # a third party's words
    spoken = [
        (i, turn)
        for i, turn in call.said("caller", "unknown")
        if i not in told and sum(map(str.isalnum, turn.text)) >= SHORTEST
    ]
    answers = _chances([turn.text for _, turn in spoken], tools)
    for (i, turn), chances in zip(spoken, answers, strict=True):
        yield i, turn, chances


def _chances(texts: Sequence[str], tools: Tools) -> list[dict[str, float]]:
    model = tools.classifier("turns")
    answers = model.classify(texts) if model else [()] * len(texts)
    return [{label.name: label.probability for label in labels} for labels in answers]


def _worst(text: str, tools: Tools) -> tuple[int, int]:
    """Where the clause stands that is an insult by itself; the whole text where none is."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    alone = _chances([text[start:end] for start, end in clauses], tools)
    sure = [chances.get(INSULT, 0.0) for chances in alone]
    worst, place = max(zip(sure, clauses, strict=True), default=(0.0, (0, 0)))
    return place if worst >= ALONE else (0, len(text))
