"""JUDGE: the entries of the knowledge base that answer an inquiry, and whether the agent's
answer contradicts them.

A contradiction is a flag for a person, with both sides' words; nobody is judged by it.
"""

from datetime import date

from pipeline.contradiction import contradicting
from pipeline.copies import replace
from pipeline.domain.schema import Answer
from pipeline.lookup import grams, lookup
from pipeline.records import Call, Finding, Flag, KnownAnswer
from pipeline.stage import stage
from pipeline.tools import Tools

ITEM = "answer_contradicts"
SURE = 0.5  # an entry of this score is of the same question: the answer is held against it


@stage(needs=("turns", "request_type", "scope"), adds=("answers", "flags"))
def knowledge(call: Call, tools: Tools) -> Call:
    """Of an inquiry: the best entries, and a flag where the answer says otherwise."""
    if call.request_type.value != "咨询" and call.scope.outcome != "answer_now":
        return replace(call, answers=()) if call.answers else call
    asked = "。".join(turn.text for _, turn in call.said("caller", "unknown"))
    day = (call.recording.metadata.started_at or "")[:10]
    best = lookup(asked, tools.profile.knowledge)
    found = tuple(_known(call, entry, score, day) for entry, score in best)
    flags = [
        flag
        for (entry, _), known in zip(best, found, strict=True)
        if known.score >= SURE and not known.expired and (flag := _held_against(call, entry))
    ]
    return replace(call, answers=found, flags=(*call.flags, *flags[:1]))


def _known(call: Call, entry: Answer, score: float, day: str) -> KnownAnswer:
    until = entry.valid_until
    return KnownAnswer(
        entry.id,
        entry.question,
        entry.answer,
        entry.source,
        until.isoformat() if until else None,
        bool(until and until < _day(day)),
        score,
        _asked(call, entry),
        entry.checked.day.isoformat() if entry.checked else None,
    )


def _day(day: str) -> date:
    """The day of the call; the last there is where it is not known: then all has expired."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return date.max


def _asked(call: Call, entry: Answer) -> tuple[Finding, ...]:
    """The turn that has most of the question's words."""
    words = grams("，".join((entry.question, *entry.also)))
    turns = [(len(words & grams(turn.text)), -i) for i, turn in call.said("caller", "unknown")]
    i = -max(turns)[1]
    turn = call.turns[i]
    return (Finding("knowledge", entry.id, i, turn.text, turn.start, turn.end, entry.id),)


def _held_against(call: Call, entry: Answer) -> Flag | None:
    spoken = call.said("agent")
    found = []
    for n, start, end, clause in contradicting(entry.answer, [turn.text for _, turn in spoken]):
        i, turn = spoken[n]
        seconds = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
        said = Finding("knowledge", ITEM, i, turn.text[start:end], *seconds, entry.id, clause)
        found.append(said)
    if not found:
        return None
    first = found[0]
    source = entry.source if entry.checked else f"{entry.source}，待核实"
    reason = f"答复与知识库不一致：说“{first.quote}”，知识库是“{first.normal}”（{source}）"
    return Flag(ITEM, "fail", "review", reason, tuple(found))
