"""Where it is: districts and townships of the profile, roads, estates, buildings, schools.

`places` finds them in a normalized text. Chinese has no spaces, so a name is what stands
between a word that cannot be in a name and the word that says what kind of place it is. What
a recognizer wrote in other characters is found once a call, by `misheard_places`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.domain import gazetteer
from pipeline.domain.beginnings import ahead
from pipeline.domain.match import Patterns
from pipeline.domain.schema import Region
from pipeline.domain.weigh import passage
from pipeline.records import Call

CJK = "\u4e00-\u9fff"
# Characters that are hardly ever in a place's name but all the time before one.
_STOP = (
    "的了在是到从去我你您他她它们这那就吗呢吧啊哦嗯呀也都还又很没不叫问说么怎请哪给被让跟着"
    "或想谁啥找个条有要住离把过超均些"
)
_STEM = f"(?:(?![{_STOP}])[{CJK}]){{2,7}}?"
# A county-level unit that the gazetteer lacks is believed before another place.
_COUNTY = "[区县](?=[一-龥]{2,6}(?:镇|乡|街道|路|大道|村|小区|新苑|花园))"
_ROADS = (
    "大道|(?<![带跑出问领引迷绕铺堵挡占让探认赶])路(?![灯况过费]|由器)"
    "|街(?!道|上|坊|边)|巷(?![子口])|胡同|立交桥|大桥|隧道|国道|省道"
)
_AREAS = (
    "街道办?(?:事处)?|社区|居委会|村委会|镇(?![里上政]|长(?![一-龥]{1,4}[村路街屯]))|(?<!下)乡(?![里下镇政])|村(?![里民口长"
    "干])|屯(?![里])"
    "|苏木|嘎查|开发区|工业[园区]区?|产业园|高新区"
)
_ESTATES = (
    "小区|花园|花苑|家园|新村|苑|新城(?!区)|公寓|公馆|[佳嘉]园"
    "|华府|世家|豪庭|名都|名城"
    "|[城府湾苑园庭郡][一二三四五1-5]期|山庄|别墅|大院|家属院|宿舍楼?|安置[房区]"
)
_POINTS = (
    "小学|中学|初中|高中|大学|学院|职校|幼儿园|学校|医院|卫生院|卫生室|卫生所"
    "|诊所|市场|商场|商城|超市|广场"
    "|公园|大厦|大楼|火车站|客运站|汽车站|车站|加油站|酒店|宾馆|饭店|餐厅|餐馆"
    "|快餐店?|便利店|小卖部|药店|书店|渡口"
    "|工地|农场|林场|商贸城|水库|河(?![道里水马北南西内])|湖(?![南北里水])|码头|停车场|政务(?:服务)?中心|派出所|敬老院|养老院|图书馆|体育馆"
)
_GATE = r"(?:，?[东南西北后正侧前]门|对面|交叉口|(?<=[路街道巷])\d+号(?!线|楼)|\d+楼|[ABCD]座)?"
_KIND = f"(?P<area>{_COUNTY}|{_AREAS})|(?P<road>{_ROADS})|{_ESTATES}|{_POINTS}"
_NAMED = re.compile(f"(?P<stem>{_STEM}){ahead(_KIND)}(?P<kind>{_KIND}){_GATE}")
_BUILDING = re.compile(
    r"(?:第?[一二三四五六七八九十\d]{1,3}|[A-Z])(?:号楼|栋|幢)(?:[\dA-Z]单元)?"
    r"(?:\d{1,2}[楼层](?:[东西南北中]户)?)?"
    r"(?:\d{2,4}(?:室|号|房)?(?![\d元块年米度户人个]))?"
    r"|\d+单元(?:\d{1,2}[楼层]|\d{3,4}(?:室|号)?)?"
    r"|[一二三四五六七八九十\d]{1,2}巷(?:\d{1,4}号)?|\d{1,2}楼(?:[东西南北中]户|\d{1,3}号?(?:室|窗口?|铺|档))"
    r"|(?:(?<=[路街巷道屯村里洞])，?|门牌号?码?是?)\d{1,4}号(?![线楼])(?:院|街坊)?|(?<!\d)\d{1,3}号(?:院|街坊)"
)
_BUILDINGS = Patterns(_BUILDING)
# An estate whose name says nothing of a kind is believed in the clause after a place, or right
# behind one where the clause ends with it.
_BARE_ESTATE = re.compile(
    f"^(?:，((?:(?![{_STOP}])[{CJK}]){{1,5}}[湾府苑园城庭居邸馆里郡墅都岸岛洲台阁轩堡座园])"
    f"|((?:(?![{_STOP}])[{CJK}]){{1,4}}(?<!政)[湾府苑庭邸墅轩]))(?=[，。]|\\d|$)"
)
# 桂平市社步镇的，良村: of one character, believed right behind a place
_SHORT_VILLAGE = re.compile(
    f"^的?，?((?![{_STOP}本全各农老新大小下上山城邻外进出回乡])[{CJK}][村屯](?![里民口长干]))"
)
# 港北区人民医院, 大安镇汽车站: which one, the place before it says
_SITED = re.compile(
    "^(?:人民医院|中医院|卫生院|汽车站|火车站|高铁站|客运站|政务(?:服务)?中心|派出所|敬老院|文化站|农贸市场|中心小学)"
)
# Where the name of a place may end within what looks like one: 押金由医院, 村长讲归镇
_CUT = re.compile(
    "(?<!自)由|归|讲|[再完]回|按照?|组织|建议对?|协调|可以|随时|[白]拿|刚开?出|批准书?和|信息|要求|希望"
)
# Words that lead up to a name without being part of it.
_LEAD = re.compile(
    "^(?:位于|地址|位置|来自|家住|反映|投诉|举报|关于|因为|以及|还剩|一共|咱|本"
    "|靠近|经过|路过|附近|旁边|隔壁|去往"
    "|对面|后面|前面|门口|位|每天|最近|现在|今天|昨天|今年|上午|下午|晚上|先生"
    "|女士|登记|核实|核对|转给|转|送到|和(?![平谐睦顺美兴])|与|对|往|"
    "由|于|为|联系|村口|路口|街口|巷口|点起|全|户口|户籍|好|啊|哎|喂|坐|开|做"
    "|女儿|儿子|姑娘|孩子|老师|箱子|后来|原来|祝|先联系|明年|礼拜[一二三四五六天]|早上|小区|学校|目前|市民|具体|询问|咨询|包括|一下|交回|保留|坐|另一侧|汇入|进入|当时|然后|最后|当做|当成|人当做|递交|读)+"
)
# Names that name nothing: 马路, 农村, 菜市场. The stem alone is looked at.
_NOTHING = re.compile(
    "[修过走沿靠]?[马公铁道电线思半一网出后老大小新农全本乡城整正人]|站[一二两三几]"
    "|柏油|普通|回家|上班|下班|上学|放学|重点|品牌|递交|水泥|人行|乡间|农村|菜|农贸|批发|建材|综合|人才|整个|全市|全区|隔壁"
    "|附近"
    "|施工|建筑|停车|地下|露天|室外|外面|里面|这边|那边|公立|私立|民办|公办|人民"
    "|政府|国家|自己|宝宝|孩子|小孩"
    "|物业|老旧|回迁|安置|服务|行政|本地|外地|当地|[一二三四五六七八九十几两]+[站里家]?"
    "|地方|乡|街|镇|多|几|高速|主|农业农|原"
)


_TOWN = re.compile("(?:镇|乡|街道|苏木)$")
_KINDS = "路街镇村乡道桥小中大苏区市县旗"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: `text[start:end]`, its usual name and how it was found."""

    start: int
    end: int
    normal: str
    # district, township (of the gazetteer; with .sound or .near where misheard); area, road,
    # named, site (by the place before it), estate, building
    how: str


def misheard_places(call: Call, city: Region | None) -> Mapping[int, list[Place]]:
    """Turn -> places of the city (none where it is unknown) in other characters."""
    found: dict[int, list[Place]] = defaultdict(list)
    if city is not None:
        words = passage(call, "caller", "agent", "unknown")
        for turn, start, end, met in gazetteer.misheard_in(words, (city,)):
            kind = "district" if met.wide else "road" if met.name[-1] == "路" else "township"
            found[turn].append(Place(start, end, met.name, f"{kind}.{met.how}"))
    return found


def places(
    text: str, regions: Iterable[Region], known: Iterable[Place] = ()
) -> Iterator[Place]:
    """The places in the text, from left to right, none overlapping another.

    known: places in this text that `misheard_places` found.
    """
    found = sorted([*_written(text, regions), *known], key=lambda p: (p.start, -p.end))
    kept: list[Place] = []
    for place in found:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    edges = [0, *(edge for p in kept for edge in (p.start, p.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        kept += _named(text, start, end)
    yield from sorted(kept, key=lambda p: p.start)


def _written(text: str, regions: Iterable[Region]) -> Iterator[Place]:
    """Names of the gazetteer as written, and districts without their 区."""
    for region in regions if _shortest(tuple(regions)).search(text) else ():
        for district in region.districts:
            for name in (district.name, *district.aliases):
                if name in text:
                    yield from _spans(name, text, district.name, "district")
            if len(district.name) > 2 and district.name[:-1] in text:
                # 我在桂平: only where a place is expected, for 青山 is also a mountain
                before, after = "(?:(?<=[在是住到去回从，。])|^)", "(?![路街镇村乡小中山大])"
                short = before + district.name[:-1] + after
                for match in re.finditer(short, text):
                    yield Place(*match.span(), district.name, "district")
            for name in district.places:
                if name in text:
                    yield from _spans(name, text, name, "township")
                elif (bare := _bare(name)) != name and bare in text:
                    yield from _short_towns(bare, text, name, district.name)


@cache
def _shortest(regions: tuple[Region, ...]) -> re.Pattern[str]:
    """What every name of the gazetteer holds, however it is written: most texts have none."""
    districts = [district for region in regions for district in region.districts]
    names = {name[:-1] if len(name) > 2 else name for name in (d.name for d in districts)}
    names |= {alias for d in districts for alias in d.aliases}
    names |= {_bare(place) for d in districts for place in d.places}
    return re.compile("|".join(map(re.escape, sorted(names))) or "(?!)")


@cache
def _bare(name: str) -> str:
    """The name of a place of the gazetteer without 镇."""
    return _TOWN.sub("", name)


def _short_towns(bare: str, text: str, name: str, district: str) -> Iterator[Place]:
    """港南区桥圩, 木格那边: a township without its 镇, of two characters where it is led to."""
    led = f"(?:(?<={district})|(?<={district}的)|(?<={district}，)|(?<=[在住回从]))"
    here = "(?=这边|那边|这里|那里)"
    if len(bare) > 2:
        pattern = f"{bare}(?![{_KINDS}])"
    else:
        pattern = f"{led}{bare}(?=[，。的]|$|这|那|镇)|{bare}{here}"
    for match in re.finditer(pattern, text):
        yield Place(*match.span(), name, "township")


def _spans(name: str, text: str, normal: str, how: str) -> Iterator[Place]:
    for match in re.finditer(re.escape(name), text):
        yield Place(*match.span(), normal, how)


def _named(text: str, start: int, end: int) -> Iterator[Place]:
    """Names by their kind within `text[start:end]`, then buildings, then bare estates."""
    at, behind = start, start > 0  # behind: a place ends here
    while True:
        if behind and (beside := _beside(text[at:end])):
            how, begun, ended = beside
            yield Place(at + begun, at + ended, text[at + begun : at + ended], how)
            at += ended
        match = _NAMED.search(text, at, end)
        if match is None:
            break
        cut = _cut(match["stem"])
        stem = match["stem"][cut:]
        named = len(stem) + len(match["kind"]) > 2 and not _NOTHING.fullmatch(stem)
        behind = bool(stem) and named and not (match["kind"] == "乡" and stem.endswith("城"))
        at = match.end() if behind else match.end("kind")
        if behind:
            how = "area" if match["area"] else "road" if match["road"] else "named"
            yield Place(match.start() + cut, at, match.group()[cut:], how)
    for building in _BUILDINGS.likely(text):
        for match in building.finditer(text, start, end):
            said = match.group().lstrip("，")
            yield Place(match.end() - len(said), match.end(), said, "building")
    if start and (bare := _BARE_ESTATE.match(text[start:end])):
        begun, ended = bare.span(bare.lastindex or 1)
        yield Place(start + begun, start + ended, text[start + begun : start + ended], "estate")


def _beside(rest: str) -> tuple[str, int, int] | None:
    """What right behind a place is one by that: how it was found, and rest[begun:ended]."""
    if site := _SITED.match(rest):
        return "site", *site.span()
    village = _SHORT_VILLAGE.match(rest)
    return ("area", *village.span(1)) if village else None


def _cut(stem: str) -> int:
    """Where in what stands before a word for a kind the name may begin."""
    inner = max((match.end() for match in _CUT.finditer(stem)), default=0)
    lead = _LEAD.match(stem[inner:])
    return inner + (lead.end() if lead else 0)
