"""Says who spoke: words become turns of the agent, the caller or the exchange's prompts.

Two channels: each voice has its own, and the words decide which is the agent's. One channel:
the voices are told apart by their sound and their words together. Then all is there to measure
how the two talk.
"""

from collections.abc import Sequence

from pipeline.copies import replace
from pipeline.hearing import roles
from pipeline.hearing.channels import by_channel
from pipeline.hearing.edges import levels, loud, trimmed
from pipeline.hearing.grading import trust
from pipeline.hearing.talk import talk_of
from pipeline.hearing.timeline import Segment, deal, stretches, words_in
from pipeline.hearing.turns import build, text_of, times_of
from pipeline.hearing.voices import by_voice
from pipeline.records import Call, Span
from pipeline.stage import stage
from pipeline.stages.normalize import clean
from pipeline.tools import Tools

CHANNELS = {"left": 0, "right": 1}
PROMPT = 2  # the third "speaker": the exchange


@stage(needs=("recording", "sound", "spans", "words"), adds=("turns", "talk", "sound", "words"))
def speakers(call: Call, tools: Tools) -> Call:
    """Fill `turns` and `talk`; `sound` gets the agent's channel and how sure the roles are."""
    if not call.words:
        return call
    city = tools.profile.city
    text, times = clean(text_of(call.words), times_of(call.words))
    played = roles.prompts(text, times, city)
    stereo = call.sound.layout == "stereo"
    segments = _channels(call, tools) if stereo else _voices(call, tools, played, text, times)
    begins = tools.language.begins if tools.language else None
    dealt = deal(call.words, _marked(segments, played), begins)
    spoken = [(s.speaker, clean(text_of(own))[0]) for s, own in dealt if s.speaker != PROMPT]
    agent, confidence = roles.agent_of(spoken, city)
    if stereo and city.pbx.agent_channel != "auto":
        agent, confidence = CHANNELS[city.pbx.agent_channel], 1.0
    named = ("agent", "caller", "ivr") if agent == 0 else ("caller", "agent", "ivr")
    pause_s = tools.config.hear.turn_pause_s
    turns = build(dealt, named, pause_s=pause_s, channels=stereo, trust=trust(call.sound))
    sound = replace(
        call.sound, agent_channel=agent if stereo else None, agent_confidence=confidence
    )
    return replace(call, turns=turns, talk=talk_of(turns, call.spans), sound=sound, words=())


def _channels(call: Call, tools: Tools) -> tuple[Segment, ...]:
    speech = [span for span in call.spans if span.kind == "speech"]
    return by_channel(tools.samples(call.recording)[:2], speech, tools.detector)


def _voices(
    call: Call, tools: Tools, played: Sequence[Span], text: str, times: Sequence[float]
) -> tuple[Segment, ...]:
    samples = tools.mixed(call.recording)
    speech = [span for span in call.spans if span.kind == "speech"]
    spoken = [s for s in stretches(speech, call.words) if not _within(s, played)]
    hints = roles.hints(text, times, tools.profile.city)
    asked = [roles.asks(clean(text_of(own))[0]) for own in words_in(spoken, call.words)]
    found = by_voice(samples, spoken, hints, tools.embedder, asked=asked)
    found = trimmed(found, loud(levels(samples)))
    return tuple(
        sorted((*found, *(Segment(p.start, p.end, PROMPT) for p in played)), key=_start)
    )


def _marked(segments: Sequence[Segment], played: Sequence[Span]) -> tuple[Segment, ...]:
    """The segments with those that are mostly a prompt given to the exchange."""
    return tuple(
        replace(s, speaker=PROMPT) if _within(Span(s.start, s.end), played) else s
        for s in segments
    )


def _within(span: Span, played: Sequence[Span]) -> bool:
    inside = sum(max(0.0, min(span.end, p.end) - max(span.start, p.start)) for p in played)
    return inside > 0.5 * (span.end - span.start)


def _start(segment: Segment) -> float:
    return segment.start
