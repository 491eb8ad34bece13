"""The agent's reading-back: what he sums the appeal up as, without the words around it.

It is the best material of a work order, for it is in a dispatcher's words; what he puts to
the caller on the way, and the caller affirms, is the next best. pipeline/draft.py uses both,
pipeline/clauses.py has what the pieces of a call are worth.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.clauses import (
    ANSWERING,
    DIGITS,
    PASSING,
    WISH,
    Clause,
    clauses,
    is_address,
    is_courtesy,
    names,
)
from pipeline.qa.measures import said_back
from pipeline.records import Call

SUMMED = 9  # characters: a summing-up is longer ..
RESUMED = 0.2  # .. and so much of it is in the caller's words
# The words of a summing-up, around what it sums up.
READS_BACK = re.compile(
    "登记(?:的是|一下)|[给帮]您(?:登记|记|反映)|记一下|记录(?:的是|一下)|核对一下"
    "|复述一下|重复一下|改成|对[吗吧]|没错|对不对"
    "|这样(?:记|写)?(?:可以|对|行)|您看(?:可以|行|对)|是这样吗|确认一下"
    "|[念核]一?[下遍]|记[的着][：，是]|(?:登记|内容|记录|建议|反映|咨询|诉求)的?(?:是|为|：)|报的是|没漏|没有?[说记听写]错|是不是"
)
_BEFORE = re.compile(
    "^(?:对的|好的?|嗯+|那|行(?!道)|明白了?|我(?!们)|这边|这里|就|给|帮|跟|为您|您|你|[一-龥]{1,3}(?"
    ":先生|女士|小姐|大姐|阿姨|大爷|师傅)|先生|女士"
    "|登记的是|登记一下|登记|记一下|记录一下|记录的是|记录|核对一下|确认一下|复述一下|[念核]一?[下遍]|看?我?记[的着]是?|内容是|记录为?|报的是"
    "|诉求(?:是|包括)|(?:意思|要求|建议|反映|咨询|投诉|问)的?是|的?(?:意思|要求|诉求)是|(?:一|另一|再一|头一)个?是(?=[一-龥]{3})|是(?=想|要|建议|反映)|第[一二三][件张条]?|说"
    "|重复一下|改成|反映的是|作为建议|[一二三]是(?![一-龥]{0,1}$)|记?下来|分.{1,2}张单|第.张|：)+"
)
_AFTER = re.compile(
    "看?(?:对不对|对[吗吧]|没错吧?|是[吗吧]|可以[吗吧]?|行[吗吧]|好[吗吧]|这样.{0,6})"
    "|.{0,2}电话.{0,8}|.*号码|.*记(?:录|下来)?|.{0,3}对吗|是?这样.{0,2}|没漏.?|分.{1,2}[条件]写?|两件|.{0,6}还要补充.*"
    "|(?:没有?|没)(?:说|记|听|弄|写)错吧?|幸好.*|核对(?:一?[下遍])?|[一-龥]{1,3}的[一-龥]|这是个[一-龥]{2,3}|一个单元吗|.{0,3}辛苦.{0,2}|(?:您|其|这个|那个)?的?(?:要求|诉求|意思|情况)|.*原(?:来的?)?工?单.*"
    "|(?:不要|别|您别)挂.*|.*能?查到.*|.*(?:也|还)有人(?:说|反映|报|打).*|(?:也)?是.{0,14}反映的|也是说.*"
    "|.*(?:哪[个家条里儿]|什么|多少|怎么称呼).*"
)
# What the caller should do, or the hotline can, is neither told nor wished by him.
_ADVICE = re.compile(
    "打1[12]|拨打|报警|我们|^(?:另外)?(?:您|你|其)?(?:可以|先|如果|建议[您你]|属于|按照?规定|凭)"
    "|作为.{0,6}依据|会.{0,4}(?:答复|联系)"
)


# 是施工车辆压到草场上了，对吗？ 对对: put to the caller, and affirmed.
_PUTS = re.compile(
    "(?:(?:对|是|没错)[吗吧]|吧)[？。]?$|(?:^|，)[您你]?(?:说的?)?(?:就是|也就是|是)[^，]{3,}吗[？]$|，(?:对不对|是不是|是这个意思)[？]?$"
)
_AFFIRMS = re.compile(
    "(?:嗯+|啊|哎|哦)?[，。]?(?:对(?!不起|不对)|是(?!不是|吗|谁|什么|哪)|就是|没错|可不|应该是|有(?!人|没)|嗯)"
)
_ASKS = re.compile(
    "什么|哪|多少|几|怎么|谁|贵姓|有没有|还是|电话|手机|号码|打过|反映过|称呼|方便|可以[吗吧]|行[吗吧]|您看|需要|诉求|要求|希望|^要"
)
_PUT = re.compile(
    "^(?:那|嗯+|哦|好的?|您|你)*(?:的意思|反映的)?(?:也?就)?(?:是|说)+(?:说|想问|要问|问|咨询)?(?=[一-龥]{2})"
)
_TAG = re.compile("(?:是|对)?[吗吧]$")
_SENTENCE = re.compile("[^。？！；…]+[。？！；…]*")


def confirmed(call: Call, read: Iterable[Clause]) -> list[Clause]:
    """The clauses that the agent put to the caller and the caller affirmed, without frames,
    apart from the summing-up that was read."""
    found: list[Clause] = []
    summed_up = {clause.turn for clause in read}
    for i, turn in call.said("agent", "unknown"):
        after = call.turns[i + 1] if i + 1 < len(call.turns) else None
        if (
            not i
            or i in summed_up
            or after is None
            or after.speaker == "agent"
            or not _AFFIRMS.match(after.text)
        ):
            continue
        for sentence in _SENTENCE.finditer(turn.text):
            said = sentence.group()
            if not _PUTS.search(said) or _ASKS.search(said):
                continue
            for clause in clauses(call, i):
                if sentence.start() <= clause.start < sentence.end():
                    found += [c] if (c := _unput(call, clause)) else []
    return found


def _unput(call: Call, clause: Clause) -> Clause | None:
    lead = _PUT.match(clause.text)
    cut = lead.end() if lead else 0
    text = _TAG.sub("", clause.text[cut:])
    bare = _unframed(call, replace(clause, start=clause.start + cut, text=text))
    if bare is None or len(bare.text) < 4 or is_address(bare.text, names(call, "place")):
        return None
    return bare


def read_back(call: Call) -> list[Clause]:
    """The clauses of the agent's fullest summing-up, without its frame; [] where none.

    What sums up is in the caller's words: an explanation is not.
    """
    places = {f.quote for f in call.entities if f.value == "place"}
    best: list[Clause] = []
    most = 0
    for i, turn in call.said("agent", "unknown"):
        placed = sum(p in turn.text for p in places) > 1 and not ANSWERING.search(turn.text)
        sums_up = READS_BACK.search(turn.text) or placed
        if i < 2 or not sums_up:
            continue
        kept = [c for clause in clauses(call, i) if (c := _unframed(call, clause))]
        length = sum(len(c.text) for c in kept)
        resumed = said_back("".join(c.text for c in kept), _told_before(call, i), piece=2)
        if length > SUMMED and resumed > max(most, RESUMED * length):
            best, most = kept, resumed
    return best


def _told_before(call: Call, turn: int) -> str:
    return "\n".join(t.text for i, t in call.said("caller", "unknown") if i < turn)


def _unframed(call: Call, clause: Clause) -> Clause | None:
    lead = _BEFORE.match(clause.text)
    cut = lead.end() if lead else 0
    text = clause.text[cut:]
    people = {f.quote for f in call.entities if f.value == "person"}
    if len(text) < 3 or text in people or text[:-2] in people or DIGITS.search(text):
        return None
    if _AFTER.fullmatch(text) or is_courtesy(text) or _ADVICE.search(text):
        return None
    if PASSING.search(text) and not WISH.match(text):
        return None
    text = f"其{text}" if text.startswith("的") else text  # 您的官司
    return replace(
        clause, start=clause.start + cut, text=text.replace("您", "其").replace("其的", "其")
    )
