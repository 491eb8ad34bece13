"""What the pieces of a call are worth to a work order: matter, wish, answer, or courtesy.

pipeline/draft.py chooses among the clauses found here. The patterns are about how people
talk on a hotline; what a matter is called comes with the findings of the judging stages.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from models.base import LOT
from pipeline.domain.beginnings import searched
from pipeline.records import Call, Finding

_CLAUSE = re.compile("[^，。？！；：…]+")
# Where a recognizer leaves out a mark: before a wish, what follows, and what asks for assent.
_SEAM = searched(
    "(?<=[一-龥\\d]{4})(?:(?<!这个)(?<!那个)(?<![的项有])要求(?![的太很是不])|希望(?!的)|请尽快|麻烦(?=有关|你们|您))"
    "|(?<=[一-龥\\d]{8})(?:后来|然后|结果(?!是)|因为|所以|但是|而且|还有就是)"
    "|(?<=[一-龥\\d]{3})(?:对[吗吧]$|没错吧$|您?看?(?:可以|行)[吗吧]$|您?看?对不对$|这样可以|这样行|好的$"
    "|我(?:知道|明白)了?$)"
)
DIGITS = re.compile(r"\d{7,}")
WISH = searched(
    "^(?:并|还)?(?:要求|请求?(?![问您讲了过人客假个律])|希望|建议|尽快|赶紧|麻烦你们|最好|恳请"
    "|想请|想让)|能不能|可不可以|不要再?让"
)
# What a caller wants done without a word for wishing: 就想有个懂行的人来看一眼, 让他们重新算.
WANTS = re.compile(
    "^(?:就|那|反正|都|所以)*(?:我们?|其)?(?:就|只)?(?:是)?(?:想|要)(?:有个?|请|让|叫|退|他们?|它|个说法|个)[^，]{2,}"
    "|^(?:现在)?[^，]{0,4}想(?:查|办|补|把|政府|注销|知道|退|换|改)[^，]{1,}|^(?:就)?求(?:你们|有关部门|派|人|政府)|^(?:快点"
    "|早点)?(?:让|叫|派|喊)(?!人[^，]{1,4}了$)(?:他们|人|个人|政府|有关部门)[^，]{2,}"
    "|^(?:得|就等)(?:来|派|你们|有关部门)[^，]{2,}|^(?:你们|有关部门)(?:得|要|应该|赶紧|快点|派)[^，]{2,}"
    "|^(?:快点|赶快|早点)(?:来|给|派|修|去|把|解决)[^，]{1,}|^(?:把)[^，]{2,8}(?:退|修|拆|清|查|赔|补|停)[^，]{0,4}$"
)
ASK = re.compile(
    "怎么|什么|多少|哪|吗|能不能|可不可以|要不要|是不是|有没有|多久|想问|咨询|如何|能报|需要"
)
# Says nothing of the matter: greeting, assent, thanks.
_COURTESY = re.compile(
    "^(?:喂+|[你您]好|早上好|哎+|啊+|嗯+|呃+|哦+|噢+|对+|对的|是的?|好+的?|行+吧?"
    "|(?:对的?|是的?|好的?|行|嗯|没错|可以|不是|没有){2,}[了啊吧呢]?"
    "|可以+|没有了?|没错|[太多]?谢谢.*|再见.*|麻烦.{0,4}|不好意思.*|对不起.*|那个|就是|同志|姑娘|小姑娘.*|听到了?"
    "|快点?|不是|真的吗?|没事|辛苦.{0,3}|一样|[行可]以?的|能不能|可不可以|是不是|怎么[说讲]呢?"
    "|我?(?:知道|明白)了?|听(?:得|没)?[到见](?:没有|吗)?|(?:有信儿|管不管|归不归|有人管)(?:没有?|没人管)?|没有?说错.{0,2}|先说哪个?呢?"
    "|听得[到见]吗?|在吗|是这样的?|没问题|差不多|当然|为什么|什么时候|就想问一?问|怎么办|算了|你[说听看])$"
)
# Spoken to the agent or about the talk itself, not about the matter: from the first word on,
# and anywhere.
_TO_AGENT_FIRST = re.compile(
    "^(?:.{0,2}[要想]?(?:提|反映|投诉|举报|说).{0,2}个.{0,2}(?:建议|事|情况|意见|问题)儿?$"
    "|.{0,3}(?:要|想)?(?:投诉|反映|咨询)(?:一下|个.{0,2})?$|怎么不"
    "|[你您]们?(?:天天|就|又|还|到底|快)|(?:要是|如果)再|(?:一个|一件|第[一二三]个?)是.{0,4}$)"
)
_TO_AGENT = searched(
    "说是(?:建议|投诉)|"
    "(?:有关部门|[你您]们)(?:这|这个)?.{0,2}热线|管不管|归不归|求[你您]们?一?[件个]?事|就(?:直接)?挂(?:了|$)|(?:表扬|夸).{0,3}人|[你您]们?(?:好|听|说|管不管|知不知道|自己|接的|什么态度|工号|就知道|也不容易"
    "|叫|记|写|看|冲)|找你|问你|投诉你|我问|还真不清楚"
    "|想(?:反映|投诉|问|咨询|请问)一[下个]|打这|号码|电话.{0,3}(?:就|是?这|是?1)|免?贵?姓|我叫|叫什么"
    "|(?<=[一-龥])的[一-龥]$|字旁|着急吗|怎么办$|不要命|合不合理|讲不讲|信不信|行不行"
    "|等你们|态度|(?:反映|说|讲|有)[两几一三2]个?(?:事|问题|情况)|[提说]个(?:建议|意见|事)"
    "|跟[你您][说讲]|[你您]的?声音"
    "|死绝|他妈|妈的|王八|混蛋|畜生|放屁|讲话.{0,3}难听|记得[你您]"
)
_ALONE = re.compile("[你您](?!们)")  # to the agent as a person
_TROUBLE = searched(
    "不[热亮通到给退发交接管让能够清动敢回来走]|没[有人法水电气热能贴通]|坏|堵"
    "|停[水电气热车止工业]|漏|欠|拖|吵|噪|脏|臭|破|塌|裂|占|违|罚|骗|涨|淹"
    "|(?<!没)断(?!定)|掉|倒灌|积水|污|(?<![买抽吸卖香])烟|垃圾|困|锈|危|超(?!市)|(?<![请放暑寒节])假(?!日)|过期|关门|搬空|偷|摔|撞"
    "|咬|(?<!得)死(?!死|活)"
    "|晕|泄|骂|踢|钉|挡|拆|损|不满|不合理|[煤臭怪]气?味|打桩|施工|强制|擅自|偷|排污|倒废|废[水液]|冻|昏|倒在|蜇|叮|马蜂|跑路|失联|拉黑|无证|没证"
    "|不拴|收钱|克扣|截留|锁|丢|损毁|乱收|地沟油|火花|压住|脚肿|走失|独居|关里头|起风|扬尘|粉尘|灰飘|收费|工资|押金|退款|退钱|报销|办理|材料"
)
PASSING = re.compile(
    "转(?:给|到|交|至|派|.{2,12}(?:部门|局|政府))|加急|派单|抄送|核实|联系您|回复|上报|拨打"
    "|打1|督办|同步通知|登记了|记下来"
)
ANSWERING = re.compile(
    "可以(?!吗)|需要|不(?:能|属于|收费|允许|用)|规定|申请|工作日|没办法|办理|标准"
    "|凭|带上|建议您|必须|原则上"
)
_FILLER = searched(
    "^(?:呃|嗯|啊|哎呀?|喂|那个|就是说?|然后|还有就是|还有|因为|所以|但是|不过"
    "|完了|反正|其实|好像是?|想问一?下?|我想问一?下?|这个|那|就)(?=[一-龥])"
    "|[啊呀呢嘛吧哦啦]+$"
)
_OPENING = re.compile(
    "^(?:我?是?[要想](?:投诉|举报|反映|问)(?:一下|一个)?|我?反映一下)(?=[一-龥]{2})"
)
_WHERE = "(?:位于|地址|这边|那边|这里|那里|旁边|附近|[我你其们在是的那这里家住边头呢啊就])*+"
_NOWHERE = re.compile(f"(?s:{_WHERE}.?{_WHERE})")
_PERSON = re.compile("[我咱俺你您其]")
_FIRST = re.compile("我们|咱们|俺们|我|咱|俺")
# 我就停了20分钟 is told without 我; 我妈, 我家 and the like need it
_SUBJECT = re.compile(
    "^(?:我们|咱们|俺们|我|咱|俺)(?![们家妈爸父母哥姐弟妹爷奶姥岳叔伯姑舅姨儿女孩老对爱姓的])(?=[一-龥\\d]{3})"
)
_DOUBLED = re.compile("(?<=[能可]不[能可])其(?=自己)|(?<=以)其(?=自己)")  # 能不能其自己
_UNITS = re.compile("[你您]们(?!的)")
_WISHING = re.compile(
    "^(?:并|还|就|也|我|其|是|那|所以)*(?:要求|请求|恳请|希望|建议|请(?![问了过人客假个律])|想请|想让|最好(?:能|是)?|麻烦|(?:想"
    "|要)(?=有|请|让|叫|退|他|它|个)|求(?=你们|有关部门|派|人|政府))+"
    "|^(?:能不能|可不可以)"
)
_MAY = re.compile("能(?<=[一-龥]能)不能|可(?<=[一-龥]可)不可以")
# Begins a clause that goes on after a breath: 能不能，再考一次.
_BEGUN = re.compile(
    "(?:.{0,4}(?:能不能|可不可以|是不是|有没有|要不要|怎么才能)|我?(?:就是)?(?:想|要求))$"
)
# 把那张卡，这个给取消了: without the second clause the first says the opposite.
_HELD = re.compile("[把将](?!来)[^，]{2,}$")
_TAKEN = re.compile("(?:这个|那个|这些|那些)?(?=(?:都|全|也)?给(?![你您我他她它咱])[一-龥])")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a turn between two marks: `turn.text[start:end]`, and what it is worth."""

    turn: int
    start: int
    end: int
    text: str  # what a summary says of it
    score: float = 0.0


def clauses(call: Call, turn: int) -> Iterator[Clause]:
    """The clauses of one turn, without its marks."""
    text = call.turns[turn].text
    for match in _CLAUSE.finditer(text):
        seams = [match.start() + seam.start() for seam in _SEAM.finditer(match.group())]
        edges = [match.start(), *(seam for seam in seams if seam > match.start()), match.end()]
        for start, end in zip(edges, edges[1:], strict=False):
            yield Clause(turn, start, end, text[start:end])


def evidence(call: Call, clause: Clause, rule: str) -> Finding:
    """The clause as a finding: turn, words and seconds."""
    turn = call.turns[clause.turn]
    end = turn.at(clause.end) if clause.end < len(turn.text) else turn.end
    quote = turn.text[clause.start : clause.end]
    return Finding("ticket", rule, clause.turn, quote, turn.at(clause.start), end)


def told(call: Call) -> list[Clause]:
    """The caller's clauses in order, each with its worth; below zero: of no use."""
    decided = [*call.request_type.findings, *call.domain.findings, *call.scope.findings]
    decided += [f for unit in call.departments for f in unit.findings]
    # a threat belongs to the matter, an insult does not
    insults = [f for f in (*call.abuse.findings, *call.abuse.quoted) if f.value != "threat"]
    said = []
    for i, _ in call.said("caller", "unknown"):
        here = [f for f in call.entities if f.turn == i]
        words = {f.quote for f in decided if f.turn == i and f.quote}
        for clause in _whole(call, i):
            score = worth(clause, here, words)
            if call.request_type.value != "咨询" and _asks(call, clause):
                score -= 1.0  # of the talk more often than of the matter
            if any(f.turn == i and f.quote and f.quote in clause.text for f in insults):
                score = -1.0
            text = third_person(clause.text)
            said.append(Clause(clause.turn, clause.start, clause.end, text, score))
    return said


def _asks(call: Call, clause: Clause) -> bool:
    """Whether the clause ends a question that is no wish."""
    text = call.turns[clause.turn].text
    if text[clause.end : clause.end + 1] != "？":
        return False
    return not WISH.search(re.split("[。？！；]", text[: clause.end])[-1])


def _whole(call: Call, turn: int) -> Iterator[Clause]:
    """The clauses of a turn, those that only begin together with what they begin."""
    held: Clause | None = None
    for clause in clauses(call, turn):
        if held and clause.start - held.end in (0, 1) and _goes_on(held.text, clause.text):
            again = clause.text.startswith(held.text)  # 能不能，能不能再考一次
            text = clause.text if again else held.text + behind(_TAKEN, clause.text)
            clause = replace(clause, start=held.start, text=text)
        elif held and not _BEGUN.fullmatch(held.text):
            yield held
        held = clause
    if held and not _BEGUN.fullmatch(held.text):
        yield held


def _goes_on(text: str, after: str) -> bool:
    """Whether the first of two clauses only begins what the second one says."""
    return bool(_BEGUN.fullmatch(text) or _HELD.search(text) and _TAKEN.match(after))


def worth(clause: Clause, entities: Iterable[Finding], words: Iterable[str]) -> float:
    """How much the clause says of the matter; -1 for courtesy and talk about the talk.

    entities: those of its turn. words: what decisions were made by there.
    """
    text = _without_fillers(clause.text)
    if len(text) < 3 or _COURTESY.match(text) or _of_the_talk(text) or DIGITS.search(text):
        return -1.0
    here = {f.value for f in entities if f.quote in text}
    if "person" in here and len(text) < 6:
        return -1.0
    points = min(len(text), 14) / 14 + 1.2 * min(2, len(set(_TROUBLE.findall(text))))
    points += min(2, len(here - {"person", "phone"}))
    points += 1.5 * any(word in text for word in words)
    points -= 1.5 * bool(_ALONE.search(text))
    return points + 0.7 * bool(WISH.search(text) or ASK.search(text))


def _of_the_talk(text: str) -> bool:
    return bool(_TO_AGENT_FIRST.match(text) or _TO_AGENT.search(text))


def is_courtesy(text: str) -> bool:
    """Whether an agent's clause is thanks, comfort or the like."""
    polite = re.search(
        "感谢|谢谢|再见|祝您|理解|别着急|放心|您好|不容易|感动|抱歉|听明白|解释一下|[先女][生士]$"
        "|^(?:[大小]?[姐哥]|大[爷妈叔]|阿姨|师傅|同志|有的|没有的)$",
        text,
    )
    return bool(_COURTESY.match(text) or polite)


def third_person(text: str) -> str:
    """A caller's clause without fillers, told of somebody else."""
    text = behind(_OPENING, _without_fillers(text))
    if not _PERSON.search(text):
        return text
    text = _FIRST.sub("其", behind(_SUBJECT, text)).replace("其的", "其")
    return _UNITS.sub("有关部门", _DOUBLED.sub("", text))


def reported(text: str) -> str:
    """An agent's clause as another would report it: 您 is the caller, 我们 the hotline."""
    text = re.sub("^(?:好的?|行|我们?|这边|这里|就|会)+(?=[一-龥])", "", _without_fillers(text))
    text = _FIRST.sub("热线", re.sub("[您你]", "其", text))
    return text.replace("热线热线", "热线").replace("其的", "其")


def bare_wish(text: str) -> str:
    """A wish without the word that calls it one: 尽快补上, not 要求尽快补上."""
    bare = behind(_WISHING, text) or text
    return _MAY.sub(lambda m: m[0].partition("不")[2], bare)


def behind(start: re.Pattern[str], text: str) -> str:
    """The text without what the pattern finds at its beginning."""
    begun = start.match(text)
    return text[begun.end() :] if begun else text


def trouble(text: str) -> list[str]:
    """The words in the text that tell of something wrong."""
    return _TROUBLE.findall(text)


def is_address(text: str, places: Iterable[str]) -> bool:
    """Whether a character is left of the text without these places, at most; the longest come
    first."""
    for place in places:
        text = text.replace(place, "")
    return _NOWHERE.fullmatch(text) is not None


def names(call: Call, kind: str) -> list[str]:
    """What the call names of one kind, as it was said, the longest first."""
    said = {f.quote for f in call.entities if f.value == kind}
    return sorted(said, key=lambda quote: (-len(quote), quote))


@lru_cache(maxsize=LOT)  # a clause is weighed, and then told
def _without_fillers(text: str) -> str:
    previous = None
    while text != previous:
        previous, text = text, _FILLER.sub("", text)
    return text
