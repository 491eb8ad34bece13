"""Who is the agent: read from what is said, by the profile's rules."""

import re
from collections.abc import Sequence

from pipeline.domain import match
from pipeline.domain.schema import City, Rule
from pipeline.hearing.timeline import Hint
from pipeline.records import Span

OPENING = 2.0  # the agent answers the telephone: worth half a greeting
PROMPT = 6.0  # two rules of the exchange's prompts agree
TAIL = 9  # characters that show whether a question was asked
QUESTION = re.compile(
    r"(?:[吗呢]|[?？])[。，]?$|贵姓|哪[里儿个条位些]|什么|多少|怎么称呼|是不是|有没有|对吧|[行好]吗"
)
PROMPT_GAP_S = 6.0


def hints(text: str, times: Sequence[float], city: City) -> tuple[Hint, ...]:
    """Where the words sound like an agent (weight > 0) or a caller (< 0), in seconds.

    text: simplified; times: the second at which each of its characters begins.
    """
    found = []
    for sign, rules in ((1.0, city.agent_words), (-1.0, city.caller_words)):
        for rule in rules:
            for met in match.find(rule, text):
                found.append(Hint(times[met.start], times[met.end - 1], sign * rule.weight))
    return tuple(sorted(found, key=lambda h: h.start))


def asks(text: str) -> bool:
    """Whether a text ends in a question: the other one is likely to speak next."""
    return bool(QUESTION.search(text[-TAIL:]))


def prompts(text: str, times: Sequence[float], city: City) -> tuple[Span, ...]:
    """Where the exchange's own prompts play: rules of theirs agree within a few seconds."""
    met = sorted(
        (times[m.start], times[m.end - 1], rule.weight)
        for rule in city.ivr
        for m in match.find(rule, text)
    )
    groups: list[list[tuple[float, float, float]]] = []
    for one in met:
        if groups and one[0] - groups[-1][-1][1] <= PROMPT_GAP_S:
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(
        Span(group[0][0], max(end for _, end, _ in group), "ivr")
        for group in groups
        if sum(weight for _, _, weight in group) >= PROMPT
    )


def agent_of(spoken: Sequence[tuple[int, str]], city: City) -> tuple[int, float]:
    """The speaker who is the agent, of 0 and 1, and how sure that is.

    spoken: (speaker, text) in the order of the call. Confidence is the margin between the
    two by the weight of all evidence: 0 none, 1 all on one side; not calibrated.
    """
    score = [0.0, 0.0]
    if spoken:
        score[spoken[0][0]] += OPENING
    for speaker, text in spoken:
        score[speaker] += _weight(text, city.agent_words) - _weight(text, city.caller_words)
    margin = score[0] - score[1]
    agent = 0 if margin >= 0 else 1
    return agent, round(abs(margin) / (abs(score[0]) + abs(score[1]) + OPENING), 3)


def _weight(text: str, rules: Sequence[Rule]) -> float:
    return sum(rule.weight for rule in rules if match.holds(rule, text))
