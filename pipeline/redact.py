"""Hides what leads to a person: phones, ID cards, bank cards, plates, and given names.

Every output goes through `mask` (exports, pages, API, show, summaries, clips' names). It reads
Arabic and spoken digits alike (幺三九，零七七五 ...) and puts stars in place, so quotes keep
their length. Hotlines (110, 12345, 400-...) stay, and so do surnames: 张**, 张先生. Which names
there are is the call's to say (`hiding`); addresses are not hidden.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from pipeline.people import given_name, spellings
from pipeline.readout import is_near
from pipeline.records import Call

SPOKEN = "零〇一幺二三四五六七八九"
_VALUES = dict(zip(SPOKEN, "001123456789", strict=True))
_DIGIT = f"[0-9０-９{SPOKEN}]"
_ANY_DIGIT = re.compile(_DIGIT)
# What a person puts between the parts of a number read aloud, or a writer between its groups.
# `re` looks for the first character of a class, but not of a class with a plus.
_RUN = re.compile(
    rf"{_DIGIT}{_DIGIT}*(?:[ \t,，、.。·\-—–…啊嗯呃哦]{{1,3}}{_DIGIT}+)*[XxＸ叉]?"
)
_GROUP = re.compile(rf"{_DIGIT}+")
_SIGN = re.compile(r"\w")
_HAN = "[\u4e00-\u9fff]"
_HEX = re.compile(r"(?<![0-9a-zA-Z])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![0-9a-zA-Z])")  # keys

_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9]\d)(\d{4})(\d{4})")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))(\d{4})\d{3,4}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:(?:19|20)\d\d|\d\d)(?:0[1-9]|1[0-2])[0-3]\d{4}[\dX]?")
_PART_MOBILE = re.compile(r"1[3-9]\d{5,8}")
_MORE_THAN_MOBILE = re.compile(r"1[3-9]\d{10,12}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Za-z])"
    rf"([·.\- ]?)(?=[A-Za-z]{{0,5}}{_DIGIT})((?:[A-Za-z]|{_DIGIT}){{5,6}})(?![A-Za-z0-9])"
)

_CALLED_PHONE = re.compile(r"(?:电话|座机|固话|手机|号码|联系方式|拨打|打|来电)\D{0,6}$")
_CALLED_ORDER = re.compile(
    r"(?:工单|单号|编号|订单|流水|受理|案件?|文)(?:号码?)?[是为：: ]{0,2}$"
)
_UNIT = re.compile(r"\s*(?:[元块万亿年月米]|公里|平方|平米|人民币|角|吨|度|％|%)")

KNOWN = ("phone", "person")  # kinds of entities
SITES = ("place", "org")  # 石步村, found there, is nobody's name
CALLER = "caller"  # the line of the form for the name
SHORTEST = 5  # digits; a part of a number that is shorter is in the mask anyway
_SIGNS = f"{_DIGIT[1:-1]}A-Za-z"  # a plate has letters
_ENOUGH = re.compile(f"(?:[^{_SIGNS}]*+[{_SIGNS}]){{{SHORTEST}}}")
WHOLE = 7  # digits of the shortest number that leads to somebody
LONGEST = 24  # digits; longer ones are no number of a person
KEPT = 4096  # texts that are remembered for each set of names and numbers
Hidden = tuple[int, int]  # positions of the digits to hide within one number


def hiding(call: Call, *, unmasked: bool = False) -> Callable[[str], str]:
    """How texts of this call are masked: its numbers and full names wherever they stand.

    A name that somebody wrote into the form is one of them, where the call is as amended.
    """
    if unmasked:
        return lambda text: text
    told = [call.recording.metadata.caller_number or ""]
    sites = [f.quote + f.normal for f in call.entities if f.value in SITES]
    named = [f.normal or f.quote for f in call.entities if f.value in KNOWN]
    told += [one for one in named if not any(one in site for site in sites)]
    told += [f.quote for f in call.entities if f.value == "phone" and f.quote.isdigit()]
    for order in (call.ticket, *call.more_tickets) if call.ticket else ():
        told += [line.value for line in order.fields if line.key == CALLER]
    texts = (text for turn in call.turns for text in (turn.text, turn.heard))
    return _mask_of(tuple(dict.fromkeys((*told, *spellings(told, texts))))).__getitem__


def mask(text: str, known: Iterable[str] = ()) -> str:
    """The text with the middle of every personal number, and given names, as stars.

    known: numbers that are hidden even where they look like nothing (a caller's local line),
    and whose parts of five digits and more are hidden too (a number read out in two turns);
    names, whose given name is hidden after the surname and where its signs are explained.
    """
    return _mask_of(tuple(known))[text]


class _Mask(dict[str, str]):
    """Texts as they are shown, by what they are; the latest are remembered, since four fifths
    of the strings of an exported call are those of every call."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__()
        self._names, self._numbers = _given(known), [_digits(one) for one in known]

    def __missing__(self, text: str) -> str:
        if len(self) == KEPT:
            self.clear()
        shown = self[text] = self._masked(text)
        return shown

    def _masked(self, text: str) -> str:
        stars: set[int] = set()
        for match in self._names.finditer(text) if self._names else ():
            stars.update(range(*match.span()))
        if may_hold_number(text):
            stars.update(_numbers(text, self._numbers))
        if not stars:
            return text
        return "".join("*" if i in stars else sign for i, sign in enumerate(text))


_mask_of = lru_cache(maxsize=64)(_Mask)


def _given(known: tuple[str, ...]) -> re.Pattern[str] | None:
    """Where a given name stands after its surname, or a sign of it is told: 拂晓的晓.

    None without a given name.
    """
    parts = []
    for name in known:
        if given := given_name(name):
            surname, signs = name.partition(given)[0], "".join(sorted(set(given)))
            parts.append(f"(?<={surname}){given}")
            parts.append(f"(?<!{_HAN}){_HAN}{{1,5}}的[{signs}](?!{_HAN})")
    return re.compile("|".join(parts)) if parts else None


def _numbers(text: str, numbers: list[str]) -> set[int]:
    """Indices of the digits to hide. numbers: those that are known."""
    stars: set[int] = set()
    least = SHORTEST if len(max(numbers, key=len, default="")) >= WHOLE else WHOLE
    if runs := [run for run in _RUN.finditer(text) if len(run[0]) >= least]:
        keep = [match.span() for match in _HEX.finditer(text)]
        for run in runs:
            if not any(start <= run.start() < end for start, end in keep):
                stars.update(_stars(text, run, numbers))
    for plate in _PLATE.finditer(text):
        stars.update(range(plate.start(3), plate.end(3) - 2))
    return stars


def may_hold_number(text: str) -> bool:
    """Whether `mask` has to look at it: most strings have too few digits and letters."""
    return len(text) >= SHORTEST and bool(_ENOUGH.match(text) and _ANY_DIGIT.search(text))


def veil(text: str) -> str:
    """The text with a star for every sign but punctuation, whatever it belongs to.

    For a piece cut out of a hidden number or name, which `mask` cannot know as such.
    """
    return _SIGN.sub("*", text)


def _stars(text: str, run: re.Match[str], known: list[str]) -> Iterable[int]:
    """Indices to hide in a run of digit groups: the longest numbers that its groups make."""
    groups = [(m.start() + run.start(), m.end() + run.start()) for m in _GROUP.finditer(run[0])]
    tail = run[0][-1] in "XxＸ叉"
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + LONGEST) - 1, first - 1, -1):
            sizes = tuple(end - start for start, end in groups[first : last + 1])
            if sum(sizes) > LONGEST:
                continue
            places = [i for start, end in groups[first : last + 1] for i in range(start, end)]
            digits = _digits("".join(text[i] for i in places))
            if tail and last == len(groups) - 1 and len(digits) == 17:
                digits += "X"
            before, after = text[max(0, places[0] - 12) : places[0]], text[places[-1] + 1 :][:4]
            spoken = text[places[0]] in SPOKEN
            hidden = _hidden(digits, sizes, before, after, spoken) or _known(digits, known)
            if hidden:
                yield from places[hidden[0] : hidden[1]]
                first = last
                break
        first += 1


def _hidden(
    digits: str, sizes: tuple[int, ...], before: str, after: str, spoken: bool
) -> Hidden | None:
    """Which digits to hide, or None for a number that leads to nobody."""
    if len(digits) < WHOLE or _CALLED_ORDER.search(before) or _UNIT.match(after):
        return None
    if match := _MOBILE.fullmatch(digits):
        return None if _begins_with_date(digits, sizes) else match.span(2)
    if match := _LANDLINE.fullmatch(digits):
        return match.span(2)
    if _IDENTITY.fullmatch(digits) and len(digits) in (15, 18):
        return 4, len(digits) - 2
    if _begins_with_date(digits, sizes):
        return None
    card = len(sizes) == 1 or (set(sizes[:-1]) == {4} and sizes[-1] <= 4)
    if 15 <= len(digits) <= 19 and card:
        return 4, len(digits) - 4  # bank card, or an ID number misheard
    if len(sizes) == 1 and _PART_MOBILE.fullmatch(digits):
        return 3, min(7, len(digits))  # a mobile number broken off, or read out in two turns
    if len(sizes) == 1 and _MORE_THAN_MOBILE.fullmatch(digits):
        return 3, len(digits) - 4  # one in which digits were heard that nobody said
    whole = len(sizes) == 1 or sizes in ((3, 4), (4, 4))
    if whole and _LOCAL.fullmatch(digits) and (spoken or _CALLED_PHONE.search(before)):
        return 0, 4
    return None


def _known(digits: str, known: list[str]) -> Hidden | None:
    """The hidden part of a known number, where these digits are the number or a part of it,
    or nearly a mobile number that is known: digits are lost, doubled and misheard."""
    for number in known:
        if len(number) < WHOLE or len(digits) < SHORTEST:
            continue
        if digits not in number:
            if _MOBILE.fullmatch(number) and is_near(digits, number):
                return 3, max(len(digits) - 4, 7)
            continue
        end = len(number) - (4 if len(number) > 8 else 3)
        at = number.find(digits)
        hidden = max(0, end - 4 - at), min(len(digits), end - at)
        if hidden[0] < hidden[1]:
            return hidden
    return None


def _begins_with_date(digits: str, sizes: tuple[int, ...]) -> bool:
    """20260714..., or 1995-03-07 ... written in groups: a date or a case number, no phone."""
    if sizes[0] != 8 and sizes[0] != 4 and digits[:2] != "20":
        return False
    if len(sizes) > 1 and sizes[0] == 4 and sizes[1] < 3:  # 1995-3-7
        return digits[:2] in ("19", "20")
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= int(digits[:4]) < 2100


@lru_cache(maxsize=1024)  # the caller's own number is asked for with every string of a call
def _digits(text: str) -> str:
    """Arabic digits of a text, spoken and full-width ones included."""
    signs = (_VALUES.get(sign, sign) for sign in text)
    return "".join(str(int(sign)) for sign in signs if sign.isdecimal())
