"""Finds where anybody speaks, what lies between, and how good the sound is for hearing it."""

import numpy as np

from models.base import RATE, Samples
from pipeline.copies import replace
from pipeline.hearing.grading import graded
from pipeline.records import Call, Span
from pipeline.stage import stage
from pipeline.tools import Tools

DESCRIBE_S = 1.0  # shorter gaps are plain pauses
QUIET_DBFS = -48.0  # the noise floor of telephone codecs lies near -55, hold music near -25
TONAL = 0.85  # share of the six strongest bins: ring-back 0.93 and up, tunes 0.5 to 0.8
FLAT = 0.2  # spectral flatness: white noise is near 0.56 a frame, music under 0.1
HANG_UP_S = 5.0  # a recording this short without speech is a call that ended at once


@stage(needs=("recording", "sound"), adds=("spans", "no_speech", "sound"))
def speech(call: Call, tools: Tools) -> Call:
    """Fill `spans`, covering the whole recording; `no_speech` says why there is none.

    Where there is some, `sound` gets its noise, its losses and its grade.
    """
    samples = tools.mixed(call.recording)
    length = len(samples) / RATE
    spans: list[Span] = []
    for found in tools.detector.detect(samples):
        spans += _gap(samples, spans[-1].end if spans else 0.0, found.start)
        spans.append(Span(found.start, found.end))
    spans += _gap(samples, spans[-1].end if spans else 0.0, length)
    spoken = sum(s.end - s.start for s in spans if s.kind == "speech")
    if spoken < tools.config.hear.min_speech_s:
        reason = "hang_up" if length <= HANG_UP_S else _mostly(spans)
        return replace(call, spans=tuple(spans), no_speech=reason)
    sound = graded(call.sound, tools.samples(call.recording), spans)
    return replace(call, spans=tuple(spans), sound=sound)


def _mostly(spans: list[Span]) -> str:
    """What fills most of a recording without speech."""
    seconds: dict[str, float] = {"silence": 0.0}
    for span in spans:
        if span.kind != "speech":
            seconds[span.kind] = seconds.get(span.kind, 0.0) + span.end - span.start
    sounding = {kind: s for kind, s in seconds.items() if kind != "silence"}
    # A ring-back tone is one second in five: what sounds tells more than the silence between.
    if sounding and sum(sounding.values()) > 0.1 * sum(seconds.values()):
        return max(sounding, key=lambda kind: sounding[kind])
    return "silence"


def _gap(samples: Samples, start: float, end: float) -> list[Span]:
    """The stretch between two stretches of speech, cut where its kind changes."""
    if end - start < DESCRIBE_S:
        return [Span(start, end, "silence")] if end > start else []
    steps = max(1, round((end - start) / DESCRIBE_S))
    edges = np.linspace(start, end, steps + 1).tolist()
    spans: list[Span] = []
    for left, right in zip(edges, edges[1:], strict=False):
        kind = _kind(samples[int(left * RATE) : int(right * RATE)])
        if spans and spans[-1].kind == kind:
            spans[-1] = Span(spans[-1].start, right, kind)
        else:
            spans.append(Span(left, right, kind))
    return spans


def _kind(part: np.ndarray) -> str:
    """silence, tone, music or noise, from about a second of sound."""
    level = 20 * np.log10(np.sqrt(np.mean(part.astype(np.float32) ** 2)) / 32768 + 1e-9)
    if level < QUIET_DBFS:
        return "silence"
    frames = np.lib.stride_tricks.sliding_window_view(part, 512)[::256].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * np.hanning(512), axis=1)) ** 2 + 1e-3
    mean = power.mean(axis=0)
    # A pure tone spreads over its bin and the neighbours; DTMF and 350 + 440 Hz are two.
    strongest = np.sort(mean)[-6:].sum() / mean.sum()
    if strongest > TONAL:
        return "tone"
    flatness = np.exp(np.log(mean).mean()) / mean.mean()
    return "noise" if flatness > FLAT else "music"
