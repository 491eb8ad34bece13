"""Which characters a telephone cannot tell apart: how a text is read, and what is left of it.

Toneless, since Whisper base hardly hears tones over a telephone; and blurred, without what
a narrow band and its codecs lose first: aspiration and place of a stop, retroflexion, the
nasal that ends a syllable, n beside l, f beside h.
"""

from functools import lru_cache

from pypinyin import lazy_pinyin

PAIRS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
BLURRED = str.maketrans({"l": "n", "f": "h", "j": "q", "x": "q", "b": "p", "d": "t", "g": "k"})


@lru_cache(maxsize=65_536)
def readings(text: str) -> tuple[str, ...]:
    """The syllables of a text, plain and blurred; () unless all of it is Han."""
    if not text or not all("\u4e00" <= character <= "\u9fff" for character in text):
        return ()
    plain = blurred = " ".join(lazy_pinyin(text))
    for full, left in PAIRS:
        blurred = blurred.replace(full, left)
    return plain, "~" + blurred.translate(BLURRED)
