"""Turns stretches of speech into timed words.

A window that the recognizer itself doubts (low log-probability, or text that repeats itself)
is cut at its longest pause and heard once more; what is still doubtful is dropped, because
an invented word costs more than a missing one. Speech that no word covers is heard again.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.base import RATE, Heard
from pipeline.config import HearConfig
from pipeline.hearing.coverage import holes, trimmed
from pipeline.hearing.windows import halves, widened, windows
from pipeline.records import Call, Span, Word
from pipeline.stage import stage
from pipeline.tools import Tools

SHORT_S = 3.0  # a window this short (silence around included) has no context,
FEW = 3  # and a text of fewer different characters (啊啊啊啊) is rarely one,
# so they are believed only when clear: rings gave -0.8 to -2. So is what comes at a second
# hearing: real words -0.5 to -0.7, words made of singing and dialect -1.0 to -1.2.
CLEAR_LOG_PROBABILITY = -0.7
# What Whisper has learnt from subtitles and writes under music, with a good score.
CREDITS = re.compile(
    "作[词詞曲].{0,3}[作编編][词詞曲]|字幕(?:由|志愿|志願|[组組製制])|不吝.{0,2}[点點][赞贊讚]"
    "|[订訂][阅閱].{0,4}[转轉][发發]|[独獨]播[剧劇][场場]|[谢謝]{2}(?:大家)?[观觀收][看賞赏]"
    "|Amara\\.org|Thanks? (?:you )?for watching",
    re.IGNORECASE,
)


@stage(needs=("recording", "spans", "no_speech"), adds=("words", "no_speech"))
def transcribe(call: Call, tools: Tools) -> Call:
    """Fill `words`; `no_speech` becomes "no_words" where nothing could be believed."""
    if call.no_speech:
        return call
    hear = tools.config.hear
    samples = tools.mixed(call.recording)
    speech = [span for span in call.spans if span.kind == "speech"]
    cut = windows(samples, speech, longest_s=hear.window_s, keep_silence_s=hear.keep_silence_s)
    wide = widened(cut, len(samples) / RATE)
    words, doubted = _hear(samples, wide, tools, hear.min_log_probability)
    again = [half for window in doubted for half in halves(window, speech)]
    words += _hear(samples, again, tools, CLEAR_LOG_PROBABILITY)[0]
    # A hole may be as long as everything that was doubted: it is cut like speech.
    bare = windows(samples, holes(speech, words), longest_s=hear.window_s, keep_silence_s=0.0)
    words += _hear(samples, bare, tools, CLEAR_LOG_PROBABILITY)[0]
    if not words:
        return replace(call, no_speech="no_words")
    return replace(call, words=tuple(sorted(words, key=lambda word: word.start)))


def _hear(
    samples: np.ndarray, cut: Sequence[Span], tools: Tools, floor: float
) -> tuple[list[Word], list[Span]]:
    """The words of the windows that are believed, and the windows that are not.

    floor: the log-probability to be reached; the settings' own holds as well.
    """
    if not cut:
        return [], []
    parts = [samples[int(window.start * RATE) : int(window.end * RATE)] for window in cut]
    words: list[Word] = []
    doubted: list[Span] = []
    for window, heard in zip(cut, tools.transcriber.transcribe(parts), strict=True):
        if _believed(window, heard, floor, tools.config.hear):
            words += _words(window, heard)
        else:
            doubted.append(window)
    return words, doubted


def _believed(window: Span, heard: Heard, floor: float, hear: HearConfig) -> bool:
    floor = max(floor, hear.min_log_probability)
    if window.end - window.start < SHORT_S or len(set(heard.text)) < FEW:
        floor = max(floor, CLEAR_LOG_PROBABILITY)
    if heard.log_probability < floor or heard.compression > hear.max_compression:
        return False
    return not CREDITS.search(heard.text)


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
