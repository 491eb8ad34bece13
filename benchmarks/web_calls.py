"""Judged calls of made-up words, as large as real ones are: for web_load.py."""

import random
from datetime import datetime

from pipeline.domain.profile import load_profile
from pipeline.records import (
    Abuse,
    Call,
    CallResult,
    Choice,
    Decision,
    Finding,
    Flag,
    Metadata,
    Recording,
    Scope,
    Sound,
    Ticket,
    TicketField,
    Turn,
)

LAST = datetime(2026, 7, 31)
TURNS = 25  # of a call
EVERY_S = 6.0  # a turn begins
SIGNS = "东西南北中华兴安和平民乐新城河山湖海金银龙凤荷塘桥港园林站台福寿康宁永昌盛达源泉"
MATTERS = (
    "停水两天了没有人来修",
    "路灯一直不亮晚上很危险",
    "烧烤摊占道经营油烟很大",
    "物业乱收停车费还不给发票",
    "工地半夜施工噪音影响休息",
    "公交车不按时间到站",
    "垃圾堆了一个星期没有清运",
    "想问一下社保卡怎么补办",
    "孩子入学需要准备什么材料",
    "建议在路口加装红绿灯",
    "工资拖欠了三个月没有发",
    "下水道堵塞污水都漫出来了",
)
SAID = {
    "agent": (
        "您好，这里是政务服务热线，请问有什么可以帮您？",
        "请问具体是在哪个位置呢？",
        "好的，您别着急，我这边帮您记录一下。",
        "请您留一个联系电话，方便承办单位联系您。",
        "跟您核对一下，您反映的是{place}{matter}，对吗？",
        "我们会在二十四小时内转给相关单位处理，请您保持电话畅通。",
        "请问还有其他需要帮助的吗？感谢您的来电，再见。",
    ),
    "caller": (
        "你好，我要反映一个问题，{place}{matter}。",
        "就是在{place}{number}号附近，{matter}。",
        "已经跟社区说过好几次了，一直没有人管。",
        "我的电话是{phone}，姓{name}。",
        "对，就是这样，麻烦你们尽快处理。",
        "嗯，好的，那大概什么时候能有结果？",
        "昨天{matter}，今天还是一样，到底有没有人负责？",
    ),
}
ITEMS = "greeting self_id asks_location asks_contact verifies empathy closing reads_back"
UNITS = ("城管", "住建", "交通运输", "公安", "生态环境", "市场监管", "人社", "教育", "水务")
DISTRICTS = ("港北区", "港南区", "覃塘区", "平南县", "桂平市")
DOMAINS = ("城市管理", "公用事业", "交通运输", "教育")
# values with how often they come, in a hundred
TYPES = (("投诉", 40), ("求助", 25), ("咨询", 25), ("建议", 6), ("举报", 4))
LEVELS = (("none", 96.0), ("mild", 2.0), ("severe", 1.6), ("threat", 0.4))
URGENCY = (("一般", 90), ("紧急", 8), ("特急", 2))
OUTCOMES = (
    ("accept_dispatch", 60),
    ("answer_now", 22),
    ("decline_explain", 8),
    ("refer", 5),
    ("record_suggestion", 5),
)


def made_up(number: int, dice: random.Random) -> CallResult:
    """A call with all that judging leaves in a store."""
    words = {
        "place": "".join(dice.choices(SIGNS, k=2)) + dice.choice("路街村巷"),
        "matter": dice.choice(MATTERS),
        "number": str(dice.randrange(1, 300)),
        "phone": f"139{dice.randrange(10**8):08d}",
        "name": dice.choice(SIGNS),
    }
    turns = tuple(_turn(i, words, dice) for i in range(TURNS))
    found = tuple(
        Finding("qa", "rule", i, one.text[:6], one.start, one.start + 1)
        for i, one in enumerate(turns[:8])
    )
    told = Metadata(f"C{number}", LAST.isoformat(), "1000", words["phone"], region="贵港市")
    recording = Recording(
        f"{number:064x}"[::-1], f"/made-up/{number}.wav", EVERY_S * TURNS, 2, 8000, "pcm", told
    )
    place = Finding("entity", "place", 1, words["place"], 6.0, 7.0, "place")
    level = _drawn(LEVELS, dice)
    call = Call(
        recording,
        sound=Sound(grade="good"),
        turns=turns,
        entities=(place,),
        request_type=_decided(_drawn(TYPES, dice), found),
        domain=_decided(dice.choice(DOMAINS), found),
        district=Decision(dice.choice(DISTRICTS)),
        departments=(_decided(dice.choice(UNITS), found),),
        urgency=Decision(_drawn(URGENCY, dice)),
        emotion_end=Decision(dice.choice(("平静", "不满", "愤怒"))),
        scope=Scope(_drawn(OUTCOMES, dice), findings=found[:3]),
        abuse=Abuse(level, ("caller",) if level != "none" else ()),
        flags=tuple(_flags(level, found, dice)),
        ticket=_ticket(words, turns, found, dice),
    )
    return CallResult(call, "ok", None, "hear", "judge")


def _turn(index: int, words: dict[str, str], dice: random.Random) -> Turn:
    who, start = ("caller" if index % 2 else "agent"), EVERY_S * index
    said = dice.choice(SAID[who]).format(**words) + "".join(dice.choices(SIGNS, k=4))
    times = tuple(round(start + 0.2 * k, 2) for k in range(len(said)))
    return Turn(start, start + 5, who, said, said, 0, 0.9, times)


def _decided(value: str, found: tuple[Finding, ...]) -> Decision:
    return Decision(value, 0.9, found[:3], (Choice("求助", 0.05),), True)


def _flags(level: str, found: tuple[Finding, ...], dice: random.Random) -> list[Flag]:
    flags = [
        Flag(item, dice.choice(("pass", "pass", "fail")), "info", "", (found[i],))
        for i, item in enumerate(ITEMS.split())
    ]
    if level != "none":
        flags.append(Flag("abuse", "fail", "alert", "辱骂", found[:1]))
    if dice.random() < 0.15:
        flags.append(Flag("unsure_department", "fail", "review", "承办单位要人定"))
    return flags


def _ticket(
    words: dict[str, str],
    turns: tuple[Turn, ...],
    found: tuple[Finding, ...],
    dice: random.Random,
) -> Ticket:
    title, summary = words["place"] + words["matter"][:9], f"来电人反映：{words['matter']}。"
    lines = tuple(
        TicketField(
            form.key,
            form.label,
            title if form.key == "title" else turns[i % TURNS].text,
            form.required,
            (found[i % 8],),
        )
        for i, form in enumerate(load_profile().ticket)
    )
    return Ticket(title, summary, lines, ("事发地址", "联系电话")[: dice.randrange(3)])


def _drawn(values: tuple[tuple[str, float], ...], dice: random.Random) -> str:
    names, often = zip(*values, strict=True)
    return dice.choices(names, often)[0]
