"""Turns stretches of speech into timed words.

A window that the recognizer itself doubts (low log-probability, or text that repeats itself)
is cut at its longest pause and heard once more; what is still doubtful is dropped, because
an invented word costs more than a missing one. Speech that no word covers is heard again.
What a language model changed and what gave no words in the end is listed beside the words.
"""

from collections.abc import Sequence

from models.base import RATE, Heard, Samples
from pipeline.copies import replace
from pipeline.hearing.believed import CLEAR_LOG_PROBABILITY, doubt
from pipeline.hearing.corrections import corrections
from pipeline.hearing.coverage import holes, trimmed
from pipeline.hearing.dropped import dropped
from pipeline.hearing.respelled import respelled
from pipeline.hearing.windows import halves, widened, windows
from pipeline.records import Call, Dropped, Span, Word
from pipeline.sides import Part
from pipeline.stage import stage
from pipeline.stages.normalize import clean
from pipeline.tools import Tools

# Sound around a hole, each time that holes are heard again. Context helps, but it can also
# mislead the recognizer into the same leap: what is then still a hole is heard by itself.
AROUND_S = (2.0, 0.0)


@stage(
    needs=("recording", "spans", "no_speech"),
    adds=("words", "corrections", "dropped", "no_speech"),
)
def transcribe(call: Call, tools: Tools) -> Call:
    """Fill `words`, `corrections` and `dropped`.

    `no_speech` becomes "no_words" where nothing could be believed.
    """
    if call.no_speech:
        return call
    samples = tools.mixed(call.recording)
    speech = [span for span in call.spans if span.kind == "speech"]
    words, doubts = _all_heard(samples, speech, tools)
    words.sort(key=lambda word: word.start)
    for rewriter in tools.rewriters:
        words = respelled(words, rewriter)
    return replace(
        call,
        words=tuple(words),
        corrections=corrections(words, lambda text: clean(text)[0]),
        dropped=dropped(speech, words, doubts),
        no_speech=None if words else "no_words",
    )


def _all_heard(
    samples: Samples, speech: Sequence[Span], tools: Tools
) -> tuple[list[Word], list[Dropped]]:
    """The words of all hearings, and each window that was doubted in any of them."""
    hear = tools.config.hear
    cut = windows(samples, speech, longest_s=hear.window_s, keep_silence_s=hear.keep_silence_s)
    wide = widened(cut, len(samples) / RATE)
    words, doubts = _hear(samples, wide, tools, hear.min_log_probability)
    again = [half for one in doubts for half in halves(Span(one.start, one.end), speech)]
    found, doubted = _hear(samples, again, tools, CLEAR_LOG_PROBABILITY)
    words, doubts = words + found, doubts + doubted
    for around in AROUND_S:
        # A hole may be as long as everything that was doubted: it is cut like speech.
        bare = windows(samples, holes(speech, words), longest_s=hear.window_s, keep_silence_s=0)
        found, doubted = _hear(samples, bare, tools, CLEAR_LOG_PROBABILITY, around)
        words, doubts = words + found, doubts + doubted
    return words, doubts


def _hear(
    samples: Samples, cut: Sequence[Span], tools: Tools, floor: float, around: float = 0.0
) -> tuple[list[Word], list[Dropped]]:
    """The words of the windows that are believed, and the windows that are not.

    around: seconds of sound on either side that are heard too, whose words do not count.
    """
    if not cut:
        return [], []
    length = len(samples) / RATE
    wide = [Span(max(0.0, w.start - around), min(length, w.end + around)) for w in cut]
    parts = [Part(samples, int(w.start * RATE), int(w.end * RATE)) for w in wide]
    words: list[Word] = []
    doubted: list[Dropped] = []
    heard_all = tools.transcriber.transcribe(parts)
    for window, span, heard in zip(cut, wide, heard_all, strict=True):
        reason = doubt(span, heard, floor, tools.config.hear)
        if reason:
            doubted.append(Dropped(window.start, window.end, reason, heard.text.strip()))
            continue
        for word in _words(span, heard):
            if window.start <= (word.start + word.end) / 2 <= window.end:
                words.append(word)
    return words, doubted


def _words(window: Span, heard: Heard) -> tuple[Word, ...]:
    timed = (
        Word(
            round(min(window.start + token.start, window.end), 3),
            round(min(window.start + token.end, window.end), 3),
            token.text,
            round(token.probability, 4),
            token.heard,
            round(token.margin, 3),
        )
        for token in heard.tokens
    )
    return trimmed(tuple(timed))
