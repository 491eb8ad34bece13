"""Whether an agent's answer says otherwise than an entry of the knowledge base.

Two things are compared, clause by clause, where both speak of the same: a quantity (days,
money, a share), and whether something can or must be done. What only one of them says is no
contradiction; nor is what the agent says rightly elsewhere in the call.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.lookup import grams
from pipeline.numerals import parse

_CLAUSE = re.compile("[^，。；！？：…、]+[，。；！？：…、]?")
_UNITS = {"天": "日", "自然日": "日", "块": "元", "块钱": "元", "周岁": "岁", "月": "个月"}
_UNITS |= {"倍": "倍", "小时": "小时", "工作日": "工作日"}
_QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?|[一二两三四五六七八九十百]{1,4})个?(工作日|自然日|天|日(?!常|期)|个月|(?<=个)月|年(?!级|龄|以)"
    r"|小时|元|块钱?|%|周岁|岁|倍)"
)
_NOT = re.compile(
    "不能|不可以|不可|不得|无法|不予|不(?=收)|不用|无需|不需要|不属于|不允许|禁止|没有办法|没办法|办不了|不行|免费"
)
_MAY = re.compile("可以|能(?!力)|需要|必须|应当|须|要(?!求|是)")
_ASKS = re.compile("能不能|可不可以|是不是|要不要|有没有|收不收|[吗呢]？?$")
_EMPTY = re.compile(
    f"{_NOT.pattern}|{_MAY.pattern}|[的了吗呢吧啊是就都也还]|我们|您|你|我|这个|那个"
)
COMMON = 2  # pairs of characters that two clauses on one thing have in common
SHARE = 0.5  # ... and of the shorter of the two
ACT = 0.3  # of the shorter of two predicates
USUAL = {"申请", "办理", "受理", "提供", "咨询", "到期", "当地", "规定"}  # said of everything
Quantities = set[tuple[float, str]]
YEAR = 1900.0  # a larger number before 年 is a date


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause: `text[start:end]`, its quantities, whether it says yes or no, its words."""

    start: int
    end: int
    quantities: frozenset[tuple[float, str]]
    polarity: int  # 1: can, must; -1: cannot, need not; 0: neither
    words: frozenset[str]
    done: frozenset[str]  # the words after the yes or no: what can or cannot be done


def contradicting(answer: str, said: Iterable[str]) -> Iterator[tuple[int, int, int, str]]:
    """Clauses of what was said that the answer contradicts.

    said: texts of the agent's turns. Yields the text's number, start and end in it, and the
    answer's clause.
    """
    known = list(claims(answer))
    spoken = [(n, claim) for n, text in enumerate(said) for claim in claims(text)]
    told = {quantity for _, claim in spoken for quantity in claim.quantities}
    for n, claim in spoken:
        for one in known:
            agreed = any(
                other.polarity == one.polarity and _same_act(one, other) for _, other in spoken
            )
            opposed = one.polarity * claim.polarity < 0 and _same_act(one, claim)
            if (opposed and not agreed) or _differ(one, claim, known, told):
                yield n, claim.start, claim.end, answer[one.start : one.end].strip("，。；")
                break


def claims(text: str) -> Iterator[Claim]:
    """The clauses that say something definite; questions do not."""
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        if _ASKS.search(clause) or clause.endswith("？"):
            continue
        bare = clause.rstrip("，。；！：…、")
        quantities = frozenset(_quantities(bare))
        denied, granted = _NOT.search(bare), _MAY.search(bare)
        polarity = -1 if denied else 1 if granted else 0
        verb = denied or granted
        done = _content(bare[verb.end() :]) - USUAL if verb else frozenset()
        if quantities or done:
            span = match.start(), match.start() + len(bare)
            yield Claim(*span, quantities, polarity, _content(bare), done)


def _content(clause: str) -> frozenset[str]:
    return frozenset(grams(_EMPTY.sub("，", _QUANTITY.sub("，", clause))))


def _quantities(clause: str) -> Iterator[tuple[float, str]]:
    for number, unit in _QUANTITY.findall(clause):
        value = float(number) if number[0].isdigit() else parse(number)
        if value is not None and not (unit == "年" and value > YEAR):
            yield float(value), _UNITS.get(unit, unit)


def _alike(one: Claim, other: Claim) -> bool:
    """Whether both speak of the same."""
    common = len(one.words & other.words)
    return common >= COMMON and common >= SHARE * min(len(one.words), len(other.words))


def _same_act(one: Claim, other: Claim) -> bool:
    """Whether the same can, or cannot, be done by both."""
    common = len(one.done & other.done)
    return common > 0 and common >= ACT * min(len(one.done), len(other.done))


def _differ(one: Claim, other: Claim, known: list[Claim], told: Quantities) -> bool:
    """Whether a quantity of the same unit is another one, and the right one was never told."""
    if not _alike(one, other):
        return False
    right = {quantity for claim in known for quantity in claim.quantities}
    return any(
        (value, unit) not in right
        and any(own[1] == unit for own in one.quantities)
        and not one.quantities & told
        for value, unit in other.quantities
    )
