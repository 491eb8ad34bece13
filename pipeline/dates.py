"""When something happened, in the words of a caller: 昨天晚上8点, 上周五, 今年3月份.

`dates` finds the expressions in a normalized text and resolves them against the day of the
call where that is safe. Nothing is guessed: 晚上11点多 without a day stays unresolved.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.domain.beginnings import searched
from pipeline.domain.literals import literals

_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_PART = (
    "凌晨|大?清早|清晨|早上|早晨|早起|今朝早|上午|[前头]晌|中午|晌午|下午|后晌|傍晚|晚上|黑夜|夜里|[前后]?半夜|深夜|夜间"
    "|[晚早夜](?![餐饭高就已点])"
)
# Days with a name; those of the moon have no date here.
_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "国庆": (10, 1), "儿童节": (6, 1)}
_MOON = (
    "(?:农历|阴历)?(?:正月|腊月)(?:初[一二三四五六七八九十]|十[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十|廿[一二三四五六七八九]"
    "|\\d{1,2})?"
    "|\\d{1,2}月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九])"
    "|大年(?:初[一二三四五六七八九十]|三十)|除夕|春节|元宵节?|清明节?|端午节?|中秋节?|重阳节?"
)
_FEAST = (
    f"(?:{'|'.join(_FEASTS)})节?|{_MOON}|过完年|开学那天|开春|入[冬夏秋]|年[底初](?=[前之，。]|$)"
    "|初[一二三四五六七八九十](?=开始|那天|晚上|早上|就)"
)
# Each expression has one of these, whatever else may be absent: a day, a clock or a feast.
_MARK = searched("[每号年月周星礼天儿日晚早夜点:]|" + "|".join(sorted(literals(_FEAST) or ())))
_CLOCK = r"\d{1,2}(?:点(?:半|[一三]刻|\d{1,2}分?|多钟?|来?钟)?(?!\d)|:\d\d)"
# 夜里一点到4点: 一点 keeps its characters where it may be a bit of something
_SPELLED = (
    rf"(?:{_PART})[一两二三四五六七八九十]{{1,2}}点(?:半|多钟?|来?钟)?(?:[到至]{_CLOCK})?"
)
# 15号应该到的: a day of this month or the last, no house and no window
_DAYS_ALONE = (
    r"(?<![\d\-第路街巷道村屯组栋楼座园院苑区])(?:3[01]|[12]\d|[1-9])号"
    r"(?:[到至](?:3[01]|[12]\d|[1-9])号)?"
    r"(?=之?[前后]|以[前后]|左右|那天|当天|晚|早|上午|下午|中午|开始|起|就|才|应该"
    r"|[停约反断坏查修签买办收付又转没还]|了(?!楼)|[学我他]|寄|来的|去的|到的|交的|住|报|发|出|给|打|，到现在)"
    r"|(?<=[到限])(?:3[01]|[12]\d)号(?=[，。])"
)
# Everything in it may be absent: without this it would match at every character.
_BEGINS = (
    r"(?=[每\d今去前明上下这本个周星礼大昨后凌清早中傍晚夜半深元五劳国儿农阴正腊除春端重"
    r"黑头晌过开入年初六七八九二三四])"
)
_DATE = re.compile(
    rf"{_BEGINS}(?P<every>每(?:[天晚周月年]|个月第[一二三四]个"
    rf"|(?=个?(?:周|星期|礼拜)[一二三四五六日天])))?(?P<on>"
    rf"(?:[今去前明]年)?(?P<feast>{_FEAST})(?:那天|当天|前[一两]天|后[一两]天|前后|前(?![面门台排])|期间|假期)?"
    rf"|(?P<alone>{_DAYS_ALONE})"
    r"|(?:(?P<year>\d{4}年|\d\d年|[今去前明]年)的?(?:[春夏秋冬][天季]|[上下]半年|年?[初底](?!级))?)?"
    r"(?:(?P<month>1[0-2]|0?[1-9])月份?(?P<part>上旬|中旬|下旬|底|初|中)?"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])[号日](?![楼线院门])|[二三]?十几[号日]"
    r"|(?P<moonlit>3[01]|[12]\d)(?=[给打干交到就才开那前后完，。]))?)?"
    r"|(?P<moon>上上|上|下|这|本)个?月(?:(?P<moonday>3[01]|[12]\d|[1-9])[号日](?!楼)"
    r"|底|初|中旬)?"
    r"|(?P<which>上上|上|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<which2>上上|上|下|这|本)个?(?:周末?|星期|礼拜)"
    r"|(?P<ago>大前|前|昨|今|明|后)(?:天|儿个?|日(?![子前后常期本用报])|(?=[晚早夜]))日?"
    r"|(?P<decade>[六七八九]几年|(?!二三|三四|四五|五六|六七|七八|八九)[二三四五六七八九][零〇一二三四五六七八九]年)"
    r")?"
    rf"(?P<time>{_SPELLED}|(?:{_PART})?{_CLOCK}(?:[到至](?:{_PART})?{_CLOCK})?|{_PART})?"
)
_LASTING = re.compile(
    r"连续\s?(?:[一两二三四五六七八九十几\d]+|半)个?(?:多|来)?个?(?:天|晚上?|月"
    r"|星期|礼拜|周|年)"
    r"|(?:近|快|将近)半个月|(?:(?:十几|[一两二三四五六七八九十\d]+)多?(?:天|个多?月|个?多?(?:星期|礼拜))|半个多?月)多?(?=了|没)"
)
# Said in passing, hardly ever the time of the matter.
_BARE = re.compile(rf"今[天儿日]个?|今[早晚]上?|明天|后天|今年|这个?[周月]|(?:{_PART})|\d\d年")


@dataclass(frozen=True, slots=True)
class Moment:
    """An expression of time: `text[start:end]`, and its ISO form or ""."""

    start: int
    end: int
    normal: str


def dates(text: str, today: date | None) -> Iterator[Moment]:
    """The expressions of time in the text, from left to right."""
    if not _MARK.search(text):
        return
    taken: list[tuple[int, int]] = []
    for match in _LASTING.finditer(text):
        taken.append(match.span())
        yield Moment(*match.span(), "")
    for match in _DATE.finditer(text):
        said = match.group()
        if len(said) < 2 or _BARE.fullmatch(said) or not (match["on"] or match["time"]):
            continue
        if match["every"] is None and not match["on"] and not re.search(r"\d", said):
            continue
        if re.fullmatch(r"\d{1,2}点", said):  # 3点 may be three points of a list
            continue
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        yield Moment(
            *match.span(), "" if match["every"] or match["moonlit"] else _iso(match, today)
        )


def _iso(match: re.Match[str], today: date | None) -> str:
    day = _day(match, today)
    clock = _clock(match["time"] or "")
    if day and len(day) == 10 and clock and "/" not in clock:
        return f"{day}T{clock}"
    return day or (clock if "/" in clock else "")


def _day(match: re.Match[str], today: date | None) -> str:
    """Year, month or day in ISO form as far as it was said."""
    spoken = match["year"] or ""
    if spoken[:-1].isdigit():
        year: int | None = int(spoken[:-1]) + (2000 if len(spoken) == 3 else 0)
    elif today is None:
        return ""
    else:
        year = (
            today.year + {"今": 0, "去": -1, "前": -2, "明": 1}[spoken[0]] if spoken else None
        )
    if match["month"]:
        return _calendar(year, int(match["month"]), match["day"], today)
    if match["feast"]:
        return _feast(match, today)
    if year is not None:
        return str(year)
    return _relative(match, today) if today else ""


def _calendar(year: int | None, month: int, day: str | None, today: date | None) -> str:
    if year is None and today is None:
        return ""
    if year is None and today is not None:
        # 十二月 said in February was last year's: half a year ahead is too far for a complaint
        year = today.year - (month - today.month > 6)
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year or 1, month, int(day)).isoformat()
    except ValueError:  # 二月三十号
        return ""


def _feast(match: re.Match[str], today: date | None) -> str:
    """The last day of that name; "" of the moon's, and of the days around one."""
    named = _FEASTS.get(match["feast"].removesuffix("节")) or _FEASTS.get(match["feast"])
    if named is None or today is None or not match["on"].endswith((match["feast"], "天")):
        return ""
    if re.search("[前后][一两]天", match["on"]):
        return ""
    said = re.match("[今去前明]", match["on"])
    shift = {"今": 0, "去": -1, "前": -2, "明": 1}
    if said:
        return date(today.year + shift[said[0]], *named).isoformat()
    past = date(today.year, *named) <= today
    return date(today.year - (not past), *named).isoformat()


def _relative(match: re.Match[str], today: date) -> str:
    shift = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1}
    if match["moon"]:
        months = today.year * 12 + today.month - 1 + shift[match["moon"]]
        return _calendar(months // 12, months % 12 + 1, match["moonday"], today)
    if match["weekday"] and match["which"]:
        monday = today - timedelta(days=today.weekday())
        days = 7 * shift[match["which"]] + _WEEKDAYS[match["weekday"]]
        return (monday + timedelta(days=days)).isoformat()
    if match["ago"]:
        return (today + timedelta(days=_DAYS[match["ago"]])).isoformat()
    return ""


def _clock(time: str) -> str:
    """HH:MM, or HH:MM/HH:MM for a span; "" where the half of the day is not certain."""
    ends: list[str] = []
    later = False
    for part, hour, rest in re.findall(
        rf"({_PART})?(\d{{1,2}})[点:](半|[一三]刻|\d\d?)?", time
    ):
        later = (
            later
            if not part
            else part in ("下午", "傍晚", "晚上", "晚", "夜里", "夜间", "深夜")
        )
        if not part and not ends and int(hour) < 13 and "到" not in time and "至" not in time:
            return ""
        full = int(hour) + (12 if later and int(hour) < 12 else 0)
        minutes = {"半": 30, "一刻": 15, "三刻": 45, "": 0}.get(rest)
        ends.append(f"{full % 24:02}:{int(rest) if minutes is None else minutes:02}")
    return "/".join(ends)
