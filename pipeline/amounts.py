"""How much: sums of money, counts and sizes in the words of a call.

`amounts` finds them in one normalized turn. A number with a unit is one; a bare number is money
where the words around it are of money and nothing says that it counts or names something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain.match import Patterns
from pipeline.numerals import parse

_NUM = (
    r"(?:\d+(?:\.\d+)?[万亿]?|[二三四五六七八九]?十几|[几上][十百千万]"
    r"|[一二两三四五六七八九十]{1,2}|几)"
)
_AMOUNT = re.compile(
    rf"(?P<number>{_NUM})(?P<more>多|几|来)?(?P<big>[十百千万]?)"
    r"(?P<unit>万?块(?:钱)?(?![儿地牌板])(?:\d(?!\d)(?:毛\d?)?)?|万?元(?:钱)?|毛钱?"
    r"|平方米?|平米|公里|千米|米(?![粉饭])"
    r"|公分|厘米|亩|吨|公斤|斤|度(?:[一二三四五六七八九](?=[，。]|$))?|户|盏|辆车?|[号口]人|人|名|[头只](?=[羊猪牛马鸡鸭狗猫鹅]|[，。跑死没])|个(?:人|工人|工友|学生|孩子|老人|业主)|岁以[上下]|分钟?|个?小时|间"
    r"|棵|台|%)(?P<about>左右|上下|以上|(?<=[里斤吨亩])多(?!少))?"
)
# 1平米1块9: what the price is of, not how much there is
_PRICED = re.compile(r"\d+(?:\.\d+)?(?:块|元|毛)")
_ALL_DAY = re.compile(r"24小?时|100分$")
# 押金3600: money where the word before says so and no other unit follows
_MONEY = (
    r"(?:[押定租佣本奖罚税]金|工资|薪水|货款|补偿款|欠款|房款|借款|贷款|学费|[暖气水电房物业管理停车服务]费"
    r"|[交退欠罚赔收花付扣充卖借裁涨]了?我?们?)(?:是|了|有|一共|总共|大概|才|还剩)*"
)
_NO_UNIT = (
    r"(?![\d块元毛年月号日点分:%.个户人名岁度米平亩吨公斤盏辆间棵台期天次楼栋层路室单小"
    r"只头座把条张本份件级线届集罐桶箱袋瓶套])"
)
_SUM = re.compile(rf"{_MONEY}(?P<amount>\d{{2,7}}(?:\.\d+)?万?){_NO_UNIT}")
# 我算的是42000, 加班费都在里头: three digits or 万, with words of money near
_BARE = re.compile(
    rf"(?<![\d.点:第A-Z-])(?P<amount>\d{{3,7}}(?:\.\d+)?(?:万|亿)?|\d+(?:\.\d+)?万"
    rf"|[几上]?十几?万)(?P<more>多|来)?{_NO_UNIT}"
)
_OF_MONEY = re.compile(
    "[钱款费金价债薪贷租押赔欠]|工资|补偿|补助|补贴|报销|贵|便宜|[交退罚收花付扣充买卖裁判值涨挣赚领提给订取]"
    "|一个月|每个?月|办的|办卡|一[套年晚天份次]|学期|卡里|总共|一共|合计|余额|开口"
)
_AFTER_MONEY = re.compile(
    "^[多来]?(?:左右)?一个?(?:月|季度|学期|年|次|平)|^[多来]?(?:左右)?(?:的)?[^。！？]{0,8}?(?:[钱款费金]|补偿|买|赔|一分)"
)
# Numbers that name something: hotlines, rooms, cards, cases.
_LINE = re.compile(r"1(?:1\d|2\d|2\d{3}|0\d{3})|9[56]\d{3}|(?:19|20)\d\d(?=届|级|款)")
_NAMING = re.compile(
    "(?:[打拨]|热线|专线|电话|号码|工号|尾[数号]|案号|编号|车牌|单元|[栋楼幢房]|门牌是?|路|班|频道)，?$"
)
_PAID = re.compile("[收交扣罚付花给退补][了我你他她的]{0,2}$|[大小]的$")  # 收我两块, 小的两块
BEFORE = 14  # characters in which a word of money stands
CERTAIN = ("块", "元", "毛", "%", "公里", "平", "亩", "吨")  # an amount however it was counted
_CARDINALS = re.compile(r"\d")
_COUNTED = re.compile(r"\d|十几|[几上][十百千万]")


_COUNTS, _SUMS = Patterns(_AMOUNT), Patterns(_SUM, _BARE)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text: `text[start:end]`, and its usual form or ""."""

    start: int
    end: int
    normal: str


def amounts(text: str) -> Iterator[Amount]:
    """Amounts with their unit, then bare sums of money."""
    taken: set[int] = set()
    for match in _COUNTS.finditer(text):
        if _counts(match, text):
            taken.update(range(*match.span()))
            yield Amount(*match.span(), _normal(match))
    for pattern in _SUMS.likely(text):
        for match in pattern.finditer(text):
            start, end = match.span("amount")
            if not taken.isdisjoint(range(start, end)):
                continue
            if pattern is _BARE and not _of_money(text, start, end, taken):
                continue
            taken.update(range(start, end))
            more = match.groupdict().get("more")
            said = f"{'约' if more else ''}{match['amount']}元"
            yield Amount(start, end + bool(more), said if said[-2] != "几" else "")


def _counts(match: re.Match[str], text: str) -> bool:
    """Whether the number and its unit are an amount here."""
    before, unit = text[: match.start()], match["unit"]
    if before.endswith(("第", "每", ".", "-")) or re.search(r"\d(?:点|:)$", before):
        return False
    if _ALL_DAY.match(match.group()) or _PRICED.match(text, match.end()):
        return False
    if unit == "块" and _PAID.search(before) and re.match("[，。！？]|$", text[match.end() :]):
        return True
    if unit == "块":  # 隔两块田, 塌了一块: pieces
        return _COUNTED.search(match["number"]) is not None or bool(match["big"])
    counted = _COUNTED.search(match["number"]) is not None or bool(match["big"])  # 七八十辆
    return unit.startswith(CERTAIN) or counted


def _of_money(text: str, start: int, end: int, taken: set[int]) -> bool:
    """Whether the words around a bare number are of money."""
    before = re.split("[。！？；]", text[max(0, start - BEFORE) : start])[-1]
    if _LINE.fullmatch(text, start, end) or _NAMING.search(before):
        return False
    follows = taken and any(place in taken for place in range(start - BEFORE, start))
    return bool(_OF_MONEY.search(before) or _AFTER_MONEY.match(text[end:]) or follows)


def _normal(match: re.Match[str]) -> str:
    """1块6 -> 1.6元, 300多户 -> 约300户, 3200块钱 -> 3200元."""
    number, unit = match["number"], match["unit"]
    if match["more"] == "几" or re.search("[几上]", number) or match["big"]:
        return ""
    value = number if _CARDINALS.search(number) else parse(number)
    if value is None:
        return ""
    money = re.fullmatch(r"(万?)(?:块(?:钱)?|元钱?)(?:(\d)(?:毛(\d)?)?)?", unit)
    if money:
        cents = f".{money[2]}{money[3] or ''}" if money[2] else ""
        value, unit = f"{value}{money[1]}{cents}", "元"
    about = "约" if match["more"] or match["about"] in ("左右", "上下", "多") else ""
    return f"{about}{value}{unit}{'以上' if match['about'] == '以上' else ''}"
