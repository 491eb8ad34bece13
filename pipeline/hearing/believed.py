"""Whether a recognizer's text is believed, and if not, why: the reasons of a `Dropped`."""

import re

from models.base import Heard
from pipeline.config import HearConfig
from pipeline.records import Span

SHORT_S = 3.0  # a window this short (silence around included) has no context,
FEW = 3  # and a text of fewer different characters (啊啊啊啊) is rarely one,
# so they are believed only when clear: rings gave -0.8 to -2. So is what comes at a second
# hearing: real words -0.5 to -0.7, words made of singing and dialect -1.0 to -1.2.
CLEAR_LOG_PROBABILITY = -0.7
# Said over and over without a break, as a recognizer does with music; people say 对对对 and
# 不是不是不是, so it takes three characters three times, or one seven times.
LOOP = re.compile(r"(.{3,16}?)\1\1|(.)\2{6}")
# What Whisper has learnt from subtitles and writes under music, with a good score.
CREDITS = re.compile(
    "作[词詞曲].{0,3}[作编編][词詞曲]|字幕(?:由|志愿|志願|[组組製制])|不吝.{0,2}[点點][赞贊讚]"
    "|[订訂][阅閱].{0,4}[转轉][发發]|[独獨]播[剧劇][场場]|[谢謝]{2}(?:大家)?[观觀收][看賞赏]"
    "|Amara\\.org|Thanks? (?:you )?for watching",
    re.IGNORECASE,
)


def doubt(window: Span, heard: Heard, floor: float, hear: HearConfig) -> str:
    """credits, repeats, unlikely or too_little; "" for a text that is believed.

    floor: the log-probability to be reached; the settings' own holds as well.
    """
    if CREDITS.search(heard.text):
        return "credits"
    letters = "".join(filter(str.isalnum, heard.text))
    looped = sum(len(loop[0]) for loop in LOOP.finditer(letters))
    if heard.compression > hear.max_compression or 2 * looped > len(letters):
        return "repeats"
    sure = heard.log_probability
    if sure < hear.min_log_probability:
        return "unlikely"
    little = window.end - window.start < SHORT_S or len(set(heard.text)) < FEW
    if little and sure < CLEAR_LOG_PROBABILITY:
        return "too_little"
    return "unlikely" if sure < floor else ""
