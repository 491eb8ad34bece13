"""Spoken Chinese numbers as people write them: 幺三九, 三千六, 二零一五年, 百分之六十.

RULES are regular expressions with a function each, so that the normalizing stage can carry
the times of the characters along.

Conventions. Digit by digit (phones, staff and house numbers, years): three or more in a
row, or two with 幺. Counted (十百千万): digits, but a numeral that ends in 万 or 亿 keeps it
(十五万 -> 15万, 四万六千 -> 46000). A single digit only before a unit of measure, of time or
of an address (三米, 八点, 四号楼); before 个, 次, 天, 年 and the like it stays a word. Never:
ordinals (第七小学), approximations (七八个, 三四百, 十几), weekdays, place names (三里镇),
idioms (万一, 三三两两).
"""

import re
from collections.abc import Callable

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
VALUES |= {str(i): i for i in range(10)}
UNITS = {"十": 10, "百": 100, "千": 1000}
# What a recognizer writes for a digit that it heard inside a telephone number.
_ALIKE = {"1": "要腰妖邀吆么夭摇", "2": "而儿尔", "3": "山", "4": "是事", "5": "舞无午"}
_ALIKE |= {"6": "柳溜", "7": "期起", "8": "把吧", "9": "久酒", "0": "玲林灵铃"}
MISHEARD = {c: int(digit) for digit, chars in _ALIKE.items() for c in chars}

# A digit read out (两 only counts). 一 may be half of the next word (五零一一直漏), and the
# digit before 个, 月 or 点 belongs to that.
_ONE = "一(?![个直样下起点些共般定天次家边旦再切律])"
_READ = f"(?:[零〇幺二三四五六七八九0-9](?!个|[月点](?![亮儿]))|{_ONE})"
_ANY = "[零〇幺一二三四五六七八九0-9]"
_LOOSE = f"[零〇幺一二三四五六七八九0-9{''.join(MISHEARD)}]"
_GAP = r"(?:[，、,。.\s—…-]*(?:嗯|呃|额|啊|哦|然后|那个)?[，、,。.\s—…-]*)"  # taking breath
_SMALL = "[一二两三四五六七八九]"
_LANDLINE = re.compile(r"0[1-9]\d{1,2}[2-8]\d{6,7}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d\d[01]\d[0-3]\d{4}[\dX]")
_IDIOM = re.compile(
    r"七七八八|九九八十一|三七二十一|一五一十|十全十美|十有八九|十之八九|二百五(?![十块元多])"
    r"|十万火急|十万八千里|十一(?=国庆|长假|黄金周|假期|期间|放假)"
)


def parse(numeral: str) -> int | None:
    """The value of a counted numeral; None where it is none or only about a number.

    Takes mixed digits (3千二百) and what speech leaves out: 三千六 is 3600, 四万六 46000.
    """
    if re.search(f"{_SMALL}{{2}}", numeral):  # 七八十, 三四百: about so many
        return None
    total = section = 0
    unit, digit, zero = 1, "", False
    for c in numeral:
        if c in "零〇" and not digit:
            zero = True
        elif c in VALUES:
            digit += str(VALUES[c])
        elif c in UNITS:
            section += (int(digit) if digit else 1) * UNITS[c]
            unit, digit, zero = UNITS[c], "", False
        else:
            unit = 10**4 if c == "万" else 10**8
            section += int(digit or 0)
            total = (total + section) * unit if unit > total else total + section * unit
            section, digit, zero = 0, "", False
    if digit:
        short = unit >= 100 and not zero and len(digit) == 1
        section += int(digit) * (unit // 10 if short else 1)
    return total + section


def written(numeral: str) -> str:
    """A counted numeral in digits (三千二百 -> 3200, 十五万 -> 15万), or as it came."""
    value = parse(numeral)
    if not value:
        return numeral
    for mark, size in (("亿", 10**8), ("万", 10**4)):
        if mark in numeral and (numeral.endswith(mark) or mark == "亿"):
            return f"{value / size:.4f}".rstrip("0").rstrip(".") + mark
    return str(value)


def _digits(match: re.Match[str]) -> str:
    return "".join(str(VALUES[c]) for c in match.group() if c in VALUES)


def _landline(match: re.Match[str]) -> str:
    return _digits(match) if _LANDLINE.fullmatch(_digits(match)) else match.group()


def _identity(match: re.Match[str]) -> str:
    last = "X" if match.group()[-1] in "Xx叉" else ""
    return (
        _digits(match) + last if _IDENTITY.fullmatch(_digits(match) + last) else match.group()
    )


def _misheard(match: re.Match[str]) -> str:
    """A mobile number in which some characters are not digits but sound like them.

    要 for 幺 is what recognizers write every day; of the others at most two are believed.
    """
    said = re.sub(_GAP, "", match.group())
    if sum(MISHEARD.get(c, 1) != 1 for c in said) > 2 or sum(c in MISHEARD for c in said) > 4:
        return match.group()
    return "".join(str(MISHEARD.get(c, VALUES.get(c))) for c in said)


def _year(match: re.Match[str]) -> str:
    tens, ones = (VALUES[c] for c in match.group()[:2])
    return match.group() if ones - tens == 1 else f"{tens}{ones}年"  # 一二年: a year or two


def _counted(match: re.Match[str]) -> str:
    numeral = match.group()
    if numeral == "十" or _IDIOM.match(match.string, match.start()):
        return numeral
    return written(numeral)


def _percent(match: re.Match[str]) -> str:
    whole, point, rest = match.groups()
    value = 100 if whole == "百" else parse(whole)
    if value is None:
        return match.group()
    return f"{value}{'.' if point else ''}{_read(rest or '')}%"


def _decimal(match: re.Match[str]) -> str:
    whole = parse(match.group(1))
    return match.group() if whole is None else f"{whole}.{_read(match.group(2))}"


def _read(spoken: str) -> str:
    return "".join(str(VALUES[c]) for c in spoken)


def _singles(match: re.Match[str]) -> str:
    """Every lone digit of the match, and 十, in digits; the other characters as they are."""
    return "".join("10" if c == "十" else str(VALUES.get(c, c)) for c in match.group())


_COUNT = f"(?:{_SMALL[:-1]}0-9]+[十百千万亿]|十)"
# Not the 一 of a price (三千一个月), nor of 三十一直; but 十一个 is eleven.
_TAIL = (
    "(?:[零〇二两三四五六七八九十百千万亿0-9]"
    "|(?<![百千万])一(?![直样下起些共般定旦再切律])|一(?![直样下起些共般定旦再切律个天次"
    "年平斤吨度人张台户条件]))*+"
)
_ALONE = "(?<![零〇幺一二两三四五六七八九十百千万亿几数第初周老0-9.])(?<!星期)(?<!礼拜)"
# Units of measure and address after which one digit is a number, with words they begin.
_MEASURE = (
    "(?:元(?![里村街路镇区桥坊宫殿塔乡屯口旦件素宝])|块(?=钱|多|半|左右)|毛(?=钱|多)|角钱"
    "|米(?![粉饭线糕])|公里|千米|厘米|毫米|平方|平米|公斤|千克|吨|斤|亩|升|千瓦"
    "|岁|分钟|小时|秒)"
)
_ADDRESS = (
    "(?:号(?![召称脉码令叫])|月(?![球亮饼嫂色]|[二三九](?![十号日]))|楼|单元|室|路(?=车|公交)"
    "|日(?![本子常])|度(?!假)|[层栋幢折](?![次面级]))"
)
_OFTEN = "(?![日度层栋幢折])"  # 一栋楼, 一度, 一日: a word more often than a number
_HOUR_END = "(?=[半钟到至多，。？！、十二三四五零]|左右|以后|之后|以前|之前|才|就|还|$)"

RULES: tuple[Rule, ...] = (
    # 1,200 -> 1200; 1 5 8 -> 158
    (
        re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])"),
        lambda m: m.group().replace(",", ""),
    ),
    (re.compile(r"(?<!\d)\d(?: \d){2,}(?!\d)"), lambda m: m.group().replace(" ", "")),
    # telephone and identity numbers, with the pauses inside
    (
        re.compile(
            f"(?<!{_ANY})[1幺一]{_GAP}[3-9三四五六七八九](?:{_GAP}{_ANY}){{9}}(?!{_READ})"
        ),
        _digits,
    ),
    (re.compile(f"(?<!{_ANY})[0零〇](?:{_GAP}{_ANY}){{9,11}}(?!{_READ})"), _landline),
    (re.compile(f"(?<!{_ANY}){_ANY}(?:{_GAP}{_ANY}){{16}}{_GAP}[{_ANY[1:-1]}Xx叉]"), _identity),
    (
        re.compile(
            f"(?<!{_ANY})[1幺一要腰妖邀吆么夭]{_GAP}[3-9三四五六七八九]"
            f"(?:{_GAP}{_LOOSE}){{8}}{_GAP}{_ANY}(?!{_READ})"
        ),
        _misheard,
    ),
    # 电话要504720要39: of a number that lost a digit
    (
        re.compile(
            f"(?<=电话|号码|手机|话是|码是|机号)[幺要腰妖邀]{_GAP}[3-9三四五六七八九]"
            f"(?:{_GAP}{_LOOSE}){{5,7}}{_GAP}{_ANY}(?!{_READ})"
        ),
        _misheard,
    ),
    (re.compile(f"(?<=[工公]号)(?:{_ANY}|[要腰邀]){{3,5}}(?!{_READ})"), _misheard),
    (re.compile("[要腰妖邀吆夭摇]{2}[零铃玲灵九久](?![点])"), _misheard),  # 110, 119
    (re.compile(r"(?<=\d)\.(?=半)"), lambda m: "点"),
    # 百分之三点五, 一点五万; before the runs of digits, which end at 点
    (re.compile(f"百分之({_COUNT}{_TAIL}|[零〇百]|{_SMALL}|\\d+)(?:(点)({_ANY}+))?"), _percent),
    (
        re.compile(
            f"(?<![{_ANY[1:-1]}第])({_COUNT}{_TAIL}|[零〇]|{_SMALL}|\\d+)点({_ANY}{{1,3}}+)"
            "(?=[万亿倍元块米平吨公千斤升亩折度]|个(?:百分|小时|亿))"
        ),
        _decimal,
    ),
    # plates, then digits read out: 五零一, 二零一五年; runs of seven even before 十点
    (
        re.compile(
            f"(?<=[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z])"
            f"[·，、,\\s]?(?:[A-Z]|{_ANY}){{5,6}}+"
        ),
        lambda m: "".join(str(VALUES.get(c, c)) for c in m.group() if c not in "·，、, \t"),
    ),
    (
        re.compile(
            f"(?<![{_ANY[1:-1]}十百千万亿第.])"
            f"(?:七七八八|{_READ}{{7,}}+|{_READ}{{3,}}+(?![十百千万亿几]))"
        ),
        lambda m: m.group() if m.group() == "七七八八" else _digits(m),
    ),
    (re.compile(f"(?<!{_ANY})(?:幺{_READ}|{_READ}幺)(?!{_ANY})"), _digits),
    (re.compile(f"(?<![{_ANY[1:-1]}十百千万几第])[零〇一二九]{_ANY}年(?![级纪多])"), _year),
    # counted: 三千二百, 四万六, 十五; not 几十万, 第十五, 正月十五, 十几, 十三中, 四十里堡
    (
        re.compile(
            f"(?<![{_ANY[1:-1]}十百千万亿几数第初两.])(?<!正月)(?<!腊月)(?<!大年)"
            f"{_COUNT}{_TAIL}(?![几里塘湾坡岭冲岗庙堂渡沟洼墩铺中])"
        ),
        _counted,
    ),
    # prices: 一块六, 两块二毛五
    (
        re.compile(
            f"{_ALONE}({_SMALL}|十)(?:块{_SMALL}(?:毛{_SMALL}?)?|毛{_SMALL})"
            "(?![个条张维手块百十千万家人天次户台辆楼号层月年二三四五六七八九]|一(?![斤吨度平米个"
            "]))"
        ),
        _singles,
    ),
    (
        re.compile(f"(?<=\\d)块{_SMALL}(?:毛{_SMALL}?)?(?![个条张维手块百十千万家人天次])"),
        _singles,
    ),
    # hours: 八点, 下午两点, 一点半; not 三点建议, 一点水
    (
        re.compile(
            f"{_ALONE}[三四五六七八九十]点(?!建议|要求|意见|诉求|原因|问题|希望|疑问|想法"
            f"|[儿点不])"
        ),
        _singles,
    ),
    (re.compile(f"{_ALONE}[一二两]点(?=[半钟])"), _singles),
    (
        re.compile(
            f"(?:(?<=[上下]午)|(?<=中午)|(?<=[晚早]上)|(?<=凌晨))(?:[二两]点|一点{_HOUR_END})"
        ),
        _singles,
    ),
    (re.compile(f"(?<=\\d点)(?:[零〇]{_SMALL}|{_SMALL}(?=分))"), _singles),
    (re.compile(f"(?<=\\d[点月年])[至到]{_SMALL}(?=[点月])"), _singles),
    # one digit and its unit: 三米, 十块钱, 四号楼, 三月, 两小时
    (re.compile(f"{_ALONE}[一二两三四五六七八九十](?={_MEASURE})"), _singles),
    (re.compile(f"{_ALONE}(?:一{_OFTEN}|[二三四五六七八九十])(?={_ADDRESS})"), _singles),
)
