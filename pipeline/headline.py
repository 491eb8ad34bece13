"""The title of a work order: where, and what, in as many characters as a list shows.

Made of one clause of the call, or of two that follow each other, without what the form has in
lines of its own; nothing is added but FRAMES of draft.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.address import level
from pipeline.clauses import (
    ASK,
    WANTS,
    WISH,
    Clause,
    bare_wish,
    behind,
    is_address,
    names,
    trouble,
)
from pipeline.dates import dates
from pipeline.domain.beginnings import searched
from pipeline.procedure import clause_of, procedure
from pipeline.records import Call, Finding
from pipeline.supported import shortened

TITLE_LENGTH = 20
# request type -> how title and summary open
VERBS = {"咨询": "咨询", "建议": "建议", "表扬": "表扬"}
DEMAND = "要求"
ENDS = {"decline_explain": "（不予受理）", "refer": "（不予受理）"}
_NUMBER = re.compile(r"\d\d*")  # `re` looks for a digit, but not for some
_PERSON = re.compile("[你他她您]")
_ITS = re.compile("^其(?![他它实中余])")
_SINCE = re.compile("^(?:起|开始|以来)")
# Begins with what was said before, or with nothing: 它是, 头一个是, 不是不是.
_LOOSE = re.compile(
    "^(?:[它他她这那讲]|或者|再一个|像|不然|要是|人家|没人跟|就是|头一|不是|哪|知道|反正|都)"
    "|都在|怎么回事|打[过了].{0,4}电话"
)
_FEARED = re.compile("容易|可能|怕|担心|万一|要是|如果|损失")  # comes of the matter
_PRAISED = re.compile(
    "还[给回]|归还|送[到回来]|帮|救|[拾捡]到?|热心|耐心|细心|态度[特很]?好|主动|垫付|护送|背[着下上]"
)
# Says not whom or what, or only where.
_OPEN = re.compile(
    "(?:拖欠|要求|让|把|被|给|为|对|因为|但是|如果|门口|附近|其|的[一-龥]{1,2})$|^给"
)
_WHERE = re.compile("[上里下旁边段处外]$|.[树棚楼厂店]$")  # ends in a place: of nothing wrong
AFFIRMED = 1.0  # what a clause is worth that the agent put to the caller
URGENT = "【紧急】"
NO_WORDS = "无具体内容"

_SOUNDS = re.compile(r"([一-龥])\1{2,}")  # 突突突突, 哈哈哈
_COUNTED = re.compile(
    r"(?:(?!一[个张条])[\d一二两三四五六七八九十几]+多?(?:个(?!月)|[盏户名块米棵辆台处根条张])|大概|一共|差不多)"
)
# 有没有 and 到底 keep their first character, 受不了 its last: 没有补偿 is not what was asked.
_DANGLING = searched(
    "^(?:有关部门|一[看听问查]|请问|可是|所以|因为|但是|而且|然后|还是|那个|叫(?!不)|门口|这边|这里|现在|以后|造成|导致|后来|结果|突然就?|就是|就(?![业餐诊])|又|还(?![款没])|也|都|有(?!没|无|关)"
    "|到(?!底|处|期)|是(?!不|否)"
    "|其家的?里?(?![一-龥]{0,1}$)|其(?![他它实中余])|这(?![样家种个些])|[在从的把由跟和说起想])+"
    "|(?:的|从|(?<!不)了|(?<![实现正存])在|[那这]个事?|是不是|还?剩|(?<![没都也所拥是就还])有|啊|呢|吧|啦)+$"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What of a call a title needs again and again."""

    call: Call
    kind: str  # the request type
    subjects: tuple[Finding, ...]  # short words that named the unit or the domain
    people: tuple[str, ...]
    places: tuple[str, ...]  # as said, the longest first
    renamed: tuple[tuple[str, str], ...]  # of `misnamed`

    @property
    def verb(self) -> str:
        """How the title opens."""
        return VERBS.get(self.kind, "")

    def tells(self, text: str) -> bool:
        """Whether the text says what it is about."""
        return any(f.quote in text for f in self.subjects)

    def subject(self, before: Clause) -> str:
        """The word for the matter that was said last before the clause ends."""
        end = before.turn, self.call.turns[before.turn].at(before.end)
        said = [f for f in self.subjects if (f.turn, f.start) <= end]
        last = max(said or self.subjects, key=lambda f: (f.turn, f.start), default=None)
        return last.quote if last else ""


def title(
    call: Call,
    read: Sequence[Clause],
    put: Sequence[Clause],
    said: Sequence[Clause],
    *,
    where: Iterable[Finding],
) -> tuple[str, list[Clause]]:
    """At most TITLE_LENGTH characters, and the clauses they rest on.

    read: what the agent summed up; put: what he put to the caller, who affirmed it; where: the
    places as an address.
    """
    known = _known(call)
    end = ENDS.get(call.scope.outcome, "")
    lead = URGENT if urgent(call) else ""
    room = TITLE_LENGTH - len(lead) - len(end)
    chosen, matter = _chosen(known, read, put, said, room)
    summed_up = any(c in (*read, *put) and known.tells(c.text) for c in chosen)
    if known.verb == "咨询" and not summed_up:
        about, where_said = procedure(call, known.subjects)
        chosen, matter = (where_said, known.verb + about) if about else (chosen, matter)
    elif urgent(call) and not known.tells(matter) and (danger := _danger(known)):
        chosen, matter = [clause_of(call, danger)], danger.quote
    if len(matter) > room:
        lead, end, room = "", "", TITLE_LENGTH
    of = [] if known.verb == "咨询" else _places(where) + _about(known, matter)
    of = [p for p in of if p not in matter]
    while of and len("".join(of) + matter) > room:
        of.pop(1 if len(of) > 2 else 0)  # the nearest stays longest, then the widest
    told = known.verb + "".join(of) + matter.removeprefix(known.verb)
    return lead + _fit(told, room) + end, chosen


def _fit(text: str, room: int) -> str:
    """As much of the text as there is room for, whole clauses where that leaves enough."""
    if len(text) <= room:
        return text
    cut = text.rfind("，", 0, room + 1)
    return text[: cut if cut > room // 2 else room]


def urgent(call: Call) -> bool:
    """Whether the order has to say first that it cannot wait."""
    return call.scope.outcome == "emergency_transfer" or call.urgency.value == "特急"


def _known(call: Call) -> _Known:
    found = [f for unit in call.departments[:1] for f in unit.findings]
    if urgent(call):  # what the danger is, whoever may be the unit
        found += [*call.scope.findings, *call.urgency.findings]
    subjects = tuple(
        f
        for f in (*found, *call.domain.findings)
        if 1 < len(f.quote) < 6
        and f.turn >= 0
        and (f.normal or f.kind in ("scope", "urgency"))
        and f.rule[:6] != "model:"
    )
    places = tuple(names(call, "place"))
    kind = call.request_type.value or ""
    people = tuple(names(call, "person"))
    return _Known(call, kind, subjects, people, places, misnamed(call))


def _danger(known: _Known) -> Finding | None:
    """What the danger was called, where no clause says it whole."""
    named = [f for f in known.subjects if trouble(f.quote)]
    return max(named, key=lambda f: len(f.quote), default=None)


def _matter(known: _Known, first: Clause | None, texts: Iterable[str]) -> str:
    """The bare clauses as a title says them, with what an inquiry is about before it."""
    text = rightly("，".join(filter(None, texts)), known.renamed) or NO_WORDS
    if known.verb == "咨询":
        about = known.subject(first) if first else ""
        text = text if known.tells(text) or not about else f"{about}，{text}"
    elif known.call.scope.outcome in ENDS and (WISH.search(text) or WANTS.search(text)):
        return DEMAND + bare_wish(text)  # what is not taken was asked for
    else:
        text = bare_wish(text)
    return text if text.startswith(known.verb) else known.verb + text


def _about(known: _Known, matter: str) -> list[str]:
    """The organization that is complained of, where the matter does not say what it is of."""
    if known.tells(matter):
        return []
    return [f.name for f in known.call.entities if f.rule == "entity.org"][:1]


def _chosen(
    known: _Known,
    read: Sequence[Clause],
    put: Sequence[Clause],
    said: Sequence[Clause],
    room: int,
) -> tuple[list[Clause], str]:
    """The clause that says in a few words what the matter is, or two that do it together; and
    these words."""
    pool = [*read, *put, *(c for c in said if c.score > 0)]
    bare = [_bare(known, c) for c in pool]
    nowhere = [is_address(c.text, known.places) for c in pool]
    spans = [(n, n + 1) for n in range(len(pool))]
    spans += [(n, n + 2) for n in range(len(pool) - 1) if _follow(*pool[n : n + 2])]
    order = {id(c): n for n, c in enumerate(said)}
    best: tuple[list[Clause], str] = ([], "")
    most = -99.0
    for start, end in spans:
        matter = _matter(known, pool[start], bare[start:end])
        if nowhere[start] or not 3 < len(matter) <= room:
            continue
        place = start if end <= len(read) else None
        pair = pool[start:end]
        points = _points(known, pair, matter, place) - _haste(known, pair, order)
        if len(read) <= start and end <= len(read) + len(put):
            points += AFFIRMED - 0.15 * (start - len(read))
        if points > most:
            most, best = points, (pair, matter)
    if not best[0] and pool:
        n = max(range(len(pool)), key=lambda n: pool[n].score)
        return [pool[n]], _matter(known, pool[n], [bare[n]])
    return best if best[0] else ([], _matter(known, None, ()))


def _follow(one: Clause, two: Clause) -> bool:
    """Whether two clauses are of one breath, and the second is no wish."""
    near = one.turn == two.turn and two.start - one.end in (0, 1)
    return near and not WISH.search(two.text)


def _points(
    known: _Known, pair: Sequence[Clause], text: str, in_read_back: int | None
) -> float:
    """What the clauses are worth as a title."""
    about = known.kind == "咨询" and known.subject(pair[0])  # which is put before it
    points = 1.6 * bool(about or known.tells("，".join(c.text for c in pair)))
    wrong = trouble(text)
    told = _PRAISED.findall(text) if known.kind == "表扬" else wrong
    points += {0: 0.0, 1: 1.2}.get(len(set(told)), 1.6)
    if in_read_back is not None:  # a summing-up begins with the matter
        points += max(0.0, 1.4 - 0.25 * in_read_back)
    points -= 1.2 * bool(_LOOSE.search(text))
    nowhere = not wrong and _WHERE.search(text)
    points -= 1.5 * bool(_OPEN.search(text) or nowhere) + bool(_FEARED.search(text))
    points += min(len(text), 12) / 12 - 1.0 * (len(pair) - 1)
    points -= len(_NUMBER.findall(text)) + 1.5 * bool(_PERSON.search(text))
    meant = ASK if known.kind == "咨询" else WISH
    refused = known.call.scope.outcome in ENDS
    asks = any(meant.search(c.text) or refused and WANTS.search(c.text) for c in pair)
    points += asks * {"咨询": 1.8, "建议": 2.0, "求助": 0.6}.get(known.kind, -2.2)
    if asks and refused:  # what is not taken is what was asked for
        points += 2.0
    return points


def _haste(known: _Known, pair: Sequence[Clause], order: Mapping[int, int]) -> float:
    """An inquiry names its subject first; a complaint may come to it slowly."""
    slow = 0.2 if known.kind in VERBS else 0.08
    return min(2, slow * min(order.get(id(c), 0) for c in pair))


def _bare(known: _Known, clause: Clause) -> str:
    """The clause without what the form has elsewhere: people, dates, counts, outer places."""
    text = clause.text
    for start, end in [(m.start, m.end) for m in dates(text, None)][::-1]:
        if text[:start].endswith("到"):  # 延长到晚上10点: that is what is asked for
            continue
        text = text[:start].rstrip("0123456789") + _SINCE.sub("", text[end:])
    for person in known.people:
        text = text.replace(person, "")
    text = _DANGLING.sub("", _COUNTED.sub("", _SOUNDS.sub("", text)))
    for place in known.places:  # one inside the clause holds it together and stays
        if text.startswith(place) or text.endswith(place):
            text = _DANGLING.sub("", text.removeprefix(place).removesuffix(place))
    text = behind(_ITS, text.strip("、"))
    return shortened(text, clause.text, known.call.turns[clause.turn].text)


def _places(where: Iterable[Finding]) -> list[str]:
    """Up to three places from wide to narrow, as they were said or rightly heard."""
    said = [f for f in where if level(f) != "building"]
    wide = [f for f in said if level(f) == "district"]
    near = sorted((f for f in said if f not in wide), key=lambda f: (f.turn, f.start))
    return [f.name.replace("，", "") for f in [*wide, *near[:2]]]


def misnamed(call: Call) -> tuple[tuple[str, str], ...]:
    """The places and people that were recognized by sound: as heard, and by their real name."""
    return tuple((f.quote, f.name) for f in call.entities if f.name != f.quote)


def rightly(text: str, renamed: Iterable[tuple[str, str]]) -> str:
    """The text with real names. renamed: of `misnamed`."""
    for heard, real in renamed:
        text = text.replace(heard, real)
    return text
