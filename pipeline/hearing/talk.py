"""How the two share a call: who speaks how much and how fast, overlaps, gaps.

The stage `speakers` measures it once; `lingsu show` and the exports tell it, and qa/measures.py
judges by it. What is long enough to matter is the judge's: here everything is kept that is
no ordinary pause.
"""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.records import Overlap, Span, Talk, Turn, Voice

GAP_S = 3.0  # shorter ones are pauses; a `silence` of qa.toml is not smaller
RATE_S = 3.0  # of speech; a rate over 嗯，好 says nothing
SEAM_S = 0.1  # spans without speech this close are one
OTHER = {"agent": "caller", "caller": "agent"}
Pair = tuple[float, float]  # start, end (s)


def talk_of(turns: Sequence[Turn], spans: Sequence[Span]) -> Talk:
    """Measure turns, in order, and the spans of the whole recording; there may be none."""
    speech = _joined((s.start, s.end) for s in spans if s.kind == "speech")
    seconds = {role: _seconds(turns, role, speech) for role in OTHER}
    both = sum(seconds.values())
    agent, caller = (_voice(turns, role, own, both) for role, own in seconds.items())
    return Talk(agent, caller, tuple(_overlaps(turns)), tuple(_gaps(turns, spans)))


def _seconds(turns: Sequence[Turn], role: str, speech: Sequence[Pair]) -> float:
    """Seconds of speech in the turns of a role; of the turns where no span tells."""
    own = _joined((t.start, t.end) for t in turns if t.speaker == role)
    if not speech:
        return sum(end - start for start, end in own)
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in own for c, d in speech)


def _voice(turns: Sequence[Turn], role: str, seconds: float, both: float) -> Voice:
    characters = sum(c.isalnum() for t in turns if t.speaker == role for c in t.text)
    rate = round(60 * characters / seconds, 1) if seconds >= RATE_S else None
    return Voice(round(seconds, 2), round(seconds / both, 3) if both else None, rate)


def _overlaps(turns: Sequence[Turn]) -> Iterator[Overlap]:
    under_way: list[int] = []
    for i, turn in enumerate(turns):
        under_way = [k for k in under_way if turns[k].end > turn.start]
        for k in reversed(under_way):
            first = turns[k]
            if first.speaker == OTHER.get(turn.speaker) and first.start < turn.start:
                yield Overlap(turn.start, first.end, turn.speaker, i, k)
                break
        under_way.append(i)


def _gaps(turns: Sequence[Turn], spans: Sequence[Span]) -> Iterator[Span]:
    """Where no person has words or no voice is heard, once the agent has answered."""
    people = sorted((t for t in turns if t.speaker != "ivr"), key=lambda t: t.start)
    answered = next((t.start for t in people if t.speaker != "caller"), None)
    if answered is None:
        return
    quiet: list[Pair] = []
    heard = answered
    for turn in people:
        quiet.append((heard, turn.start))
        heard = max(heard, turn.end)
    unspoken = ((s.start, s.end) for s in spans if s.kind != "speech" and s.end > answered)
    quiet += [(max(a, answered), b) for a, b in _joined(unspoken, SEAM_S)]
    for start, end in _joined((a, b) for a, b in quiet if a < b):
        if end - start >= GAP_S:
            yield Span(round(start, 3), round(end, 3), _kind(spans, start, end))


def _kind(spans: Sequence[Span], start: float, end: float) -> str:
    """What fills most of it: silence, tone, music, noise; speech: a voice without words."""
    seconds = {"silence": 0.0}
    for span in spans:
        inside = min(end, span.end) - max(start, span.start)
        seconds[span.kind] = seconds.get(span.kind, 0.0) + max(0.0, inside)
    return max(seconds, key=lambda kind: seconds[kind])


def _joined(pairs: Iterable[Pair], reach: float = 0.0) -> list[Pair]:
    """Pairs in order, those that overlap or come within `reach` made one."""
    joined: list[Pair] = []
    for start, end in sorted(pairs):
        if joined and start < joined[-1][1] + reach:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
