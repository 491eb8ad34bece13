"""JUDGE: places, phones, people, organizations, dates, amounts, identity numbers, plates.

Each is a Finding with the words as they stand in the turn and, where it is safe, a normal
form: a number in digits, a date in ISO form, a district's full name. Nothing is inferred
that was not said; 这个号码 means the number that the PBX shows, or nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pipeline.dates import dates
from pipeline.domain.gazetteer import home
from pipeline.domain.sound import are_alike
from pipeline.numerals import parse
from pipeline.people import Person, asks_name, people
from pipeline.places import Place, misheard_places, places
from pipeline.records import Call, Finding, Turn
from pipeline.stage import stage
from pipeline.tools import Tools

ALIKE = 0.9  # of two names, from which one is the other's misspelling
KINDS = ("place", "phone", "person", "org", "date", "amount", "id_number", "plate")
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0[1-9]\d{1,2}-?[2-8]\d{6,7}|[48]00\d{7})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d[01]\d[0-3]\d{4}[\dX](?!\d)")
PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][A-"
    r"Z0-9]{5,6}(?![A-Z0-9])"
)
# The caller's own number, pointed at instead of said; 你们这个电话 is the hotline's.
THIS_NUMBER = re.compile(
    r"(?<!你)(?<!你们)(?P<sure>就|打|用|还是)?(?:是)?(?:打来的)?(?:这个|本机|来电"
    r"|打来的)的?(?:手机|电话)?"
    r"(?:号码|号(?![称楼线])|电话)(?![牌是为的]?\d|牌)|(?P<asked>电话是打来的这个|本机号码?)"
)
REACHING = re.compile(
    "联系|回复|回[电我您]|找到我|找我|(?:您|的|留.{0,3})(?:电话|号码)|手机号|电话.{0,2}就"
)

_NUM = (
    r"(?:\d+(?:\.\d+)?[万亿]?|[二三四五六七八九]?十几|[几上][十百千万]"
    r"|[一二两三四五六七八九十]{1,2}|几)"
)
AMOUNT = re.compile(
    rf"(?P<number>{_NUM})(?P<more>多|几|来)?(?P<big>[十百千万]?)"
    r"(?P<unit>万?块(?:钱)?(?![儿地牌板])(?:\d(?!\d)(?:毛\d?)?)?|万?元(?:钱)?|毛钱?"
    r"|平方米?|平米|公里|千米|米(?![粉饭])"
    r"|亩|吨|公斤|斤|度|户|盏|辆车?|人|名|个(?:人|工人|工友|学生|孩子|老人|业主)|岁(?:以[上下])?|分钟?|个?小时|间"
    r"|棵|台|%)(?P<about>左右|上下|以上)?"
)
# 押金3600: money where the word before says so and no other unit follows
MONEY = re.compile(
    r"(?:[押定租佣本奖罚税]金|工资|薪水|货款|补偿款|欠款|房款|借款|贷款|学费|[暖气水电房物业管理停车服务]费"
    r"|[交退欠罚赔收花付扣充卖借]了?我?们?)(?:是|了|有|一共|总共|大概|才|还剩)*"
    r"(?P<amount>\d{2,7}(?:\.\d+)?万?)(?![\d块元毛年月号日点分:%.个户人名岁度米平亩吨公斤盏辆间棵台期天次楼栋层路室单小])"
)
CERTAIN = ("块", "元", "毛", "%", "公里", "平", "亩", "吨")  # an amount however it was counted
SPELLED = ("place", "person", "org")
CARDINALS = re.compile(r"\d")
COUNTED = re.compile(r"\d|十几|[几上][十百千万]")

_COMPANY = (
    "有限公司|责任公司|公司|集团|合作社|事务所|物业|热力|银行|健身(?:房|馆|中心)?"
    "|驾校|培训(?:学校|机构|中心)"
    "|大?药房|中介|美容院|修理厂|加工厂|水泥厂|[砖化钢]厂|旅行社|房产|地产|俱乐部|KTV|网吧"
)
ORG = re.compile(
    "(?:(?![的了在是到从去我你您他她们这那就吗呢吧啊哦也都还又没不叫问说么怎请"
    "哪给被让跟找个条要和过]|有(?!限))"
    f"[\u4e00-\u9fff]){{2,10}}?(?:{_COMPANY})"
)
# 供电公司 is whoever supplies it; a name of its own is needed.
NO_NAME = re.compile(
    "(?:通知|同步|供热|供电|供水|供气|自来水|公交|燃气|煤气|天然气|热力|电力|物业"
    "|电梯|维保|保险|快递|通信|电信|移动|联通"
    "|房地产|开发|建筑|劳务|装修|搬家|客运|出租|外地|小区|我们|业主|联系|投诉"
    "|要求|因为|反映|老板|一家|那家|分|总"
    "|单位|现在|原来|以前|新|老|对|由|向|找|归|管|收|交|欠|服务|中介|培训|健身"
    "|责任|有限|国有|私营|民营|上班|手机|网络|接受|直接|标准|第[一二三]张)+"
    f"(?:{_COMPANY})"
)
ORG_LEAD = re.compile(
    "(?:由|对|向|因|被|称呼为|称为|叫做|加入|参加|跟|投诉|举报|反映|拖欠|要求|联系|打给|转|名叫|名为|一家"
    "|那家|上班|工资|万元|月底|先生|女士|对面|旁边|求|楼|元|块钱)+"
)
# Misheard: wages are no company, and whoever supplies it has no name in any spelling.
WAGES = re.compile("(?:拿|发|领|欠|付|讨|结|扣|打)公司$")
SUPPLIERS = tuple(f"供{what}公司" for what in ("热", "电", "水", "气")) + (
    "物业公司",
    "公交公司",
)
READS_BACK = re.compile(
    "对吗|对吧|对不对|没错|是吗|登记|记一下|记录|核对|核实|确认|先生|女士|可以吗|改成"
)


@stage(needs=("turns",), adds=("entities",))
def entities(call: Call, tools: Tools) -> Call:
    """Add what the call names, each once, with the turn and the second."""
    started = (call.recording.metadata.started_at or "")[:10]
    today = date.fromisoformat(started) if re.fullmatch(r"\d{4}-\d\d-\d\d", started) else None
    found: list[Finding] = []
    named: list[tuple[Finding, Person]] = []
    city = home(call, tools.profile.places)
    misheard = misheard_places(call, city)
    asked = reached = False  # whether the turn before asked for a name, for a number
    for i, turn in enumerate(call.turns):
        if turn.speaker == "ivr":
            continue
        agent = turn.speaker == "agent"
        sited = list(places(turn.text, tools.profile.places, misheard.get(i, ())))
        found += _places(i, turn, sited)
        found += _numbers(i, turn)
        found += _this_number(i, turn, call.recording.metadata.caller_number, asked=reached)
        named += _persons(i, turn, asked and not agent, city.surnames if city else "")
        found += _orgs(i, turn, sited)
        if not agent or READS_BACK.search(turn.text):
            found += _dates(i, turn, today)
            found += _amounts(i, turn)
            found += _sums(i, turn)
        asked = turn.speaker != "caller" and asks_name(turn.text)
        reached = agent and REACHING.search(turn.text) is not None
    found += _addressed(named)
    order = {kind: n for n, kind in enumerate(KINDS)}
    unique = _once(found, call)
    return replace(
        call, entities=tuple(sorted(unique, key=lambda f: (order[f.value], f.turn, f.start)))
    )


def _finding(
    i: int, turn: Turn, start: int, end: int, kind: str, *, normal: str = "", rule: str = ""
) -> Finding:
    begun, ended = turn.at(start), turn.at(end) if end < len(turn.text) else turn.end
    rule = f"entity.{rule or kind}"
    return Finding("entity", rule, i, turn.text[start:end], begun, ended, kind, normal)


def _places(i: int, turn: Turn, sited: Iterable[Place]) -> Iterator[Finding]:
    for p in sited:
        rule = f"place.{p.how}"
        yield _finding(i, turn, p.start, p.end, "place", normal=p.normal, rule=rule)


def _numbers(i: int, turn: Turn) -> Iterator[Finding]:
    text = turn.text
    for match in PHONE.finditer(text):
        digits = match.group().replace("-", "")
        yield _finding(i, turn, *match.span(), "phone", normal=digits)
    for match in IDENTITY.finditer(text):
        yield _finding(i, turn, *match.span(), "id_number", normal=match.group())
    for match in PLATE.finditer(text):
        yield _finding(i, turn, *match.span(), "plate", normal=match.group())


def _this_number(i: int, turn: Turn, number: str | None, *, asked: bool) -> Iterator[Finding]:
    """这个号码: the number that the PBX shows, where the talk is of reaching the caller."""
    reaching = asked or REACHING.search(turn.text)
    for match in THIS_NUMBER.finditer(turn.text) if number else ():
        if reaching or match["sure"] or match["asked"]:
            yield _finding(
                i, turn, *match.span(), "phone", normal=number or "", rule="phone.this"
            )


def _persons(
    i: int, turn: Turn, answering: bool, surnames: str
) -> Iterator[tuple[Finding, Person]]:
    for p in people(turn.text, answering=answering, surnames=surnames):
        rule = "person.sound" if p.misheard else "person"
        yield _finding(i, turn, p.start, p.end, "person", rule=rule), p


def _addressed(named: list[tuple[Finding, Person]]) -> Iterator[Finding]:
    """One finding a person: 赵强 for 赵先生 where both were said, 陈先生 for 姓陈.

    Who says 姓孙 and is then called 顺女士 is 孙女士; a misheard surname that no one said and
    that sounds like none is nobody.
    """
    full = {p.surname for _, p in named if p.given and p.surname}
    bare = {p.surname for _, p in named if p.surname and not p.given and not p.title}
    titled = {p.surname for _, p in named if p.title and not p.misheard}
    for finding, p in named:
        if p.misheard:
            called = bare - titled - full
            surname = called.pop() if len(called) == 1 else p.surname
            if surname and surname not in titled | full:
                titled.add(surname)
                yield replace(finding, normal=surname + p.title)
    for finding, p in named:
        if p.misheard:
            continue
        if p.given or not p.surname:
            yield replace(finding, normal=p.surname + p.given)
        elif p.surname not in full and (p.title or p.surname not in titled):
            yield replace(finding, normal=finding.quote)


def _orgs(i: int, turn: Turn, sited: Iterable[Place]) -> Iterator[Finding]:
    for match in ORG.finditer(turn.text):
        start, end = match.span()
        start = max([start, *(p.end for p in sited if start < p.end < end)])
        lead = ORG_LEAD.match(turn.text, start, end)
        start = lead.end() if lead else start
        name = turn.text[start:end]
        if re.fullmatch(f"(?:{NO_NAME.pattern})|(?:{_COMPANY})", name) or WAGES.search(name):
            continue
        if not any(are_alike(name, supplier, ALIKE) for supplier in SUPPLIERS):
            yield _finding(i, turn, start, end, "org", normal=name)


def _dates(i: int, turn: Turn, today: date | None) -> Iterator[Finding]:
    for moment in dates(turn.text, today):
        yield _finding(i, turn, moment.start, moment.end, "date", normal=moment.normal)


def _amounts(i: int, turn: Turn) -> Iterator[Finding]:
    for match in AMOUNT.finditer(turn.text):
        before = turn.text[: match.start()]
        unit = match["unit"]
        certain = unit.startswith(CERTAIN)
        if before.endswith(("第", "每", ".", "-")) or re.search(r"\d(?:点|:)$", before):
            continue
        if not certain and not COUNTED.search(match["number"]):
            continue
        yield _finding(i, turn, *match.span(), "amount", normal=_amount(match))


def _sums(i: int, turn: Turn) -> Iterator[Finding]:
    for match in MONEY.finditer(turn.text):
        said = match["amount"]
        yield _finding(i, turn, *match.span("amount"), "amount", normal=f"{said}元")


def _amount(match: re.Match[str]) -> str:
    """1块6 -> 1.6元, 300多户 -> 约300户, 3200块钱 -> 3200元."""
    number, unit = match["number"], match["unit"]
    if match["more"] == "几" or re.search("[几上]", number) or match["big"]:
        return ""
    value = number if CARDINALS.search(number) else parse(number)
    if value is None:
        return ""
    money = re.fullmatch(r"(万?)(?:块(?:钱)?|元钱?)(?:(\d)(?:毛(\d)?)?)?", unit)
    if money:
        cents = f".{money[2]}{money[3] or ''}" if money[2] else ""
        value, unit = f"{value}{money[1]}{cents}", "元"
    about = "约" if match["more"] or match["about"] in ("左右", "上下") else ""
    return f"{about}{value}{unit}{'以上' if match['about'] == '以上' else ''}"


def _once(found: Iterable[Finding], call: Call) -> list[Finding]:
    """Each thing once: in the caller's words where they said it, else in the agent's."""
    by_caller = sorted(found, key=lambda f: (call.turns[f.turn].speaker == "agent", f.turn))
    kept: list[Finding] = []
    for f in by_caller:
        name = f.normal or f.quote
        rivals = [k for k in kept if k.value == f.value]
        if not any(name in (k.normal or k.quote) or k.quote == f.quote for k in rivals):
            if f.value in SPELLED and any(_one_name(name, k.normal or k.quote) for k in rivals):
                continue
            kept.append(f)
    return kept


def _one_name(one: str, other: str) -> bool:
    """Whether two spellings are of one name: the read-back writes it in other characters."""
    same_length = len(one) == len(other) > 2
    return same_length and one[-1] == other[-1] and are_alike(one, other, ALIKE)
