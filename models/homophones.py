"""Which characters a telephone cannot tell apart: how a text is read, and what is left of it.

Toneless, since Whisper base hardly hears tones over a telephone; and blurred, without what
a narrow band and its codecs lose first: aspiration and place of a stop, retroflexion, the
nasal that ends a syllable, n beside l, f beside h.
"""

from functools import cache, lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.style import convert

PAIRS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
BLURRED = str.maketrans({"l": "n", "f": "h", "j": "q", "x": "q", "b": "p", "d": "t", "g": "k"})


@lru_cache(maxsize=65_536)
def readings(text: str) -> tuple[str, ...]:
    """The syllables of a text, plain and blurred; () unless all of it is Han."""
    if not text or not all("\u4e00" <= character <= "\u9fff" for character in text):
        return ()
    single = PINYIN_DICT.get(ord(text), "") if len(text) == 1 else ""
    # of one character what lazy_pinyin says, too, in a fortieth of the time
    plain = blurred = _toneless(single.split(",")[0]) if single else " ".join(lazy_pinyin(text))
    for full, left in PAIRS:
        blurred = blurred.replace(full, left)
    return plain, "~" + blurred.translate(BLURRED)


@cache
def _toneless(syllable: str) -> str:
    return str(convert(syllable, Style.NORMAL, strict=True))
