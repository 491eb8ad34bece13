"""What of a text a linear classifier looks at: n-grams of Han characters, and marks of feeling.

Names, numbers, plates and Latin letters are hidden first, so none of them can be a feature.
Used by linear.py, and by pipeline/training/ to count the same n-grams.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import add

from models.base import LOT

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_OTHER = re.compile(r"[^\W\d_\u4e00-\u9fff]")
_LINK = re.compile(r"https?://\S+")
# a name before a form of address, a masked name, and what reads out a number: never a feature
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤符吉云蒙甘冼岑农"
)
HIDDEN = re.compile(
    rf"\[[^\]]*\]|[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:先生|女士|小姐|师傅)"
    r"|某+|[零〇幺一二两三四五六七八九十百千万]{3,}|[\u4e00-\u9fff][A-Za-z][·A-Za-z0-9]{4,6}"
)
# ！？…～ (said twice where there are more), emoticons such as [泪], emoji
_MARKS = re.compile(
    r"[！？…～]+|\[[\u4e00-\u9fff]{1,3}\]|[\u2600-\u27bf\U0001f300-\U0001f64f\U0001f900-\U0001f9ff]"
)
MARK = 5  # characters of the longest mark, [哈哈哈]
_WIDE = str.maketrans("!?~", "！？～")


def ngrams(text: str, longest: int = 4, *, marks: bool = False) -> Sequence[str]:
    """The 1- to `longest`-grams of each run of Han characters, after hiding names.

    marks: also signs of feeling, before the others.
    """
    found = signs(text) if marks else []
    shown, spans = runs(text)
    for start, end in spans:
        found += stretches(shown[start:end], longest)
    return found


def runs(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text after hiding names, and where each run of Han characters stands in it."""
    shown = HIDDEN.sub(" ", text)
    return shown, [match.span() for match in _HAN.finditer(shown)]


def signs(text: str) -> list[str]:
    """The signs of feeling, each run of exclamations and the like as one."""
    return [_once(mark) for mark in _MARKS.findall(text.translate(_WIDE))]


def is_han(text: str) -> bool:
    """Whether it is nothing but Han characters."""
    return _HAN.fullmatch(text) is not None


def stretches(text: str, longest: int) -> list[str]:
    """Every stretch of 1 to `longest` characters, the shorter ones first, in order."""
    row = list(text)
    found = row.copy()
    for size in range(1, longest):
        row = list(map(add, row, text[size:]))  # takes half the time of slicing
        found += row
    return found


def parts(gram: str) -> frozenset[str]:
    """Every n-gram within one, itself among them."""
    ends = range(1, len(gram) + 1)
    return frozenset(gram[start:end] for end in ends for start in range(end))


@lru_cache(maxsize=LOT)  # several classifiers ask for the same text
def foreign(text: str) -> int:
    """How many letters of another script a text holds, links and what is hidden left out."""
    if not _OTHER.search(text):  # most texts: what is hidden adds no letter
        return 0
    return len(_OTHER.findall(HIDDEN.sub(" ", _LINK.sub(" ", text))))


def _once(mark: str) -> str:
    """！！！ and ！！ are one feature, ！ another; ？！？ is ？！."""
    if len(mark) < 3 or mark.startswith("["):
        return mark
    signs = "".join(dict.fromkeys(mark))
    return signs if len(signs) > 1 else signs * 2
