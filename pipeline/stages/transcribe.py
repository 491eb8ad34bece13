"""Turns stretches of speech into timed words.

A window that the recognizer itself doubts (low log-probability, or text that repeats itself)
is cut at its longest pause and heard once more; what is still doubtful is dropped, because
an invented word costs more than a missing one. Speech that no word covers is heard again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.base import RATE, Heard
from pipeline.config import HearConfig
from pipeline.hearing.coverage import holes, trimmed
from pipeline.hearing.windows import halves, windows
from pipeline.records import Call, Span, Word
from pipeline.stage import stage
from pipeline.tools import Tools

SHORT_S = 2.0  # a window this short has no context ...
SHORT_LOG_PROBABILITY = -0.7  # ... and is believed only when clear: rings gave -0.8 to -2


@stage(needs=("recording", "spans", "no_speech"), adds=("words", "no_speech"))
def transcribe(call: Call, tools: Tools) -> Call:
    """Fill `words`; `no_speech` becomes "no_words" where nothing could be believed."""
    if call.no_speech:
        return call
    hear = tools.config.hear
    samples = tools.mixed(call.recording)
    speech = [span for span in call.spans if span.kind == "speech"]
    cut = windows(samples, speech, longest_s=hear.window_s, keep_silence_s=hear.keep_silence_s)
    words, doubted = _hear(samples, cut, tools)
    again = [half for window in doubted for half in halves(window, speech)]
    words += _hear(samples, again, tools)[0]
    # A hole may be as long as everything that was doubted: it is cut like speech.
    bare = windows(samples, holes(speech, words), longest_s=hear.window_s, keep_silence_s=0.0)
    words += _hear(samples, bare, tools)[0]
    if not words:
        return replace(call, no_speech="no_words")
    return replace(call, words=tuple(sorted(words, key=lambda word: word.start)))


def _hear(
    samples: np.ndarray, cut: Sequence[Span], tools: Tools
) -> tuple[list[Word], list[Span]]:
    """The words of the windows that are believed, and the windows that are not."""
    if not cut:
        return [], []
    parts = [samples[int(window.start * RATE) : int(window.end * RATE)] for window in cut]
    words: list[Word] = []
    doubted: list[Span] = []
    for window, heard in zip(cut, tools.transcriber.transcribe(parts), strict=True):
        if _believed(window, heard, tools.config.hear):
            words += _words(window, heard)
        else:
            doubted.append(window)
    return words, doubted


def _believed(window: Span, heard: Heard, hear: HearConfig) -> bool:
    floor = hear.min_log_probability
    if window.end - window.start < SHORT_S:
        floor = max(floor, SHORT_LOG_PROBABILITY)
    return heard.log_probability >= floor and heard.compression <= hear.max_compression


def _words(window: Span, heard: Heard) -> tuple[Word, ...]:
    timed = (
        Word(
            round(min(window.start + token.start, window.end), 3),
            round(min(window.start + token.end, window.end), 3),
            token.text,
            round(token.probability, 4),
        )
        for token in heard.tokens
    )
    return trimmed(tuple(timed))
