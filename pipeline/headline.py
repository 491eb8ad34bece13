"""The title of a work order: where, and what, in as many characters as a list shows.

Made of one clause of the call, or of two that follow each other, without what the form has in
lines of its own; nothing is added but FRAMES of draft.py.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.address import address, level
from pipeline.clauses import ASK, WISH, Clause, bare_wish, is_address, names, trouble
from pipeline.dates import dates
from pipeline.records import Call, Finding

TITLE_LENGTH = 20
VERBS = {"咨询": "咨询", "建议": "建议"}  # request type -> how title and summary open
ENDS = {"decline_explain": "（不予受理）", "refer": "（不予受理）"}
_FEARED = re.compile("容易|可能|怕|担心|万一|要是|如果|损失")  # comes of the matter
# Says not whom or what, or only where.
_OPEN = re.compile(
    "(?:拖欠|要求|让|把|被|给|为|对|因为|但是|如果|[上里下旁边段处]|门口|附近|的[一-龥]{1,2})$|^给"
)
URGENT = "【紧急】"
NO_WORDS = "无具体内容"

_COUNTED = re.compile(
    r"(?:[\d一二两三四五六七八九十几]+多?(?:个(?!月)|[盏户名块米棵辆台处根条张])|大概|一共|差不多)"
)
# 有没有 and 到底 keep their first character, 受不了 its last: 没有补偿 is not what was asked.
_DANGLING = re.compile(
    "^(?:有关部门|那个|门口|这边|这里|现在|后来|结果|突然就?|就是|就(?![业餐诊])|又|还(?![款没])|也|都|有(?!没|无|关)|到(?!底|处|期)|是(?!不|否)"
    "|其家的?里?(?![一-龥]{0,1}$)|其(?![他它实中余])|这(?!样)|[在从的把由跟和说起想])+"
    "|(?:的|从|(?<!不)了|(?<![实现正存])在|啊|呢|吧|啦)+$"
)


def title(
    call: Call, read: Sequence[Clause], said: Sequence[Clause]
) -> tuple[str, list[Clause]]:
    """At most TITLE_LENGTH characters, and the clauses they rest on."""
    end = ENDS.get(call.scope.outcome, "")
    lead = URGENT if urgent(call) else ""
    room = TITLE_LENGTH - len(lead) - len(end)
    chosen = _chosen(call, read, said, room)
    matter = _matter(call, chosen)
    if len(matter) > room:
        lead, end, room = "", "", TITLE_LENGTH
    verb = VERBS.get(call.request_type.value or "", "")
    where = [] if verb == "咨询" else _places(call) + _about(call, matter)
    where = [p for p in where if p not in matter]
    while where and len("".join(where) + matter) > room:
        where.pop(len(where) // 2)  # the widest and the nearest stay longest
    told = verb + "".join(where) + matter.removeprefix(verb)
    return lead + told[:room] + end, chosen


def urgent(call: Call) -> bool:
    """Whether the order has to say first that it cannot wait."""
    return call.scope.outcome == "emergency_transfer" or call.urgency.value == "特急"


def _matter(call: Call, chosen: Sequence[Clause]) -> str:
    verb = VERBS.get(call.request_type.value or "", "")
    text = "，".join(filter(None, (_bare(call, clause) for clause in chosen)))
    text = rightly(call, text) or NO_WORDS
    if verb == "咨询":
        about = _subject(call, chosen[0]) if chosen else ""
        text = text if _tells(call, text) or not about else f"{about}，{text}"
    else:
        text = bare_wish(text)
    return text if text.startswith(verb) else verb + text


def _tells(call: Call, text: str) -> bool:
    return any(f.quote in text for f in _subjects(call))


def _subject(call: Call, before: Clause) -> str:
    """The word for the matter that was said last before the clause ends."""
    said = [f for f in _subjects(call) if (f.turn, f.start) <= _place(call, before)]
    last = max(said or _subjects(call), key=lambda f: (f.turn, f.start), default=None)
    return last.quote if last else ""


def _place(call: Call, clause: Clause) -> tuple[int, float]:
    return clause.turn, call.turns[clause.turn].at(clause.end)


def _subjects(call: Call) -> list[Finding]:
    """Short words that named the unit or the domain: what the matter is about."""
    found = [f for unit in call.departments[:1] for f in unit.findings] + [
        *call.domain.findings
    ]
    return [
        f
        for f in found
        if 1 < len(f.quote) < 6 and f.turn >= 0 and f.normal and f.rule[:6] != "model:"
    ]


def _about(call: Call, matter: str) -> list[str]:
    """The organization that is complained of, where the matter does not say what it is of."""
    if _tells(call, matter):
        return []
    return [f.name for f in call.entities if f.value == "org"][:1]


def _chosen(
    call: Call, read: Sequence[Clause], said: Sequence[Clause], room: int
) -> list[Clause]:
    """The clause that says in a few words what the matter is, or two that do it together."""
    pool = list(read) + [c for c in said if c.score > 0]
    pairs = [[one] for one in pool if not is_address(call, one.text)]
    for one, two in zip(pool, pool[1:], strict=False):
        together = one.turn == two.turn and two.start - one.end in (0, 1)
        if together and not is_address(call, one.text) and not WISH.search(two.text):
            pairs.append([one, two])
    order = {id(c): n for n, c in enumerate(said)}
    best = max(
        (pair for pair in pairs if 3 < len(_matter(call, pair)) <= room),
        key=lambda pair: _points(call, pair, read, order),
        default=[],
    )
    fallback = max(pool, key=lambda c: c.score, default=None)
    return best or ([fallback] if fallback else [])


def _points(
    call: Call, pair: Sequence[Clause], read: Sequence[Clause], order: dict[int, int]
) -> float:
    """What the clauses are worth as a title."""
    kind = call.request_type.value or ""
    text = _matter(call, pair)
    about = kind == "咨询" and _subject(call, pair[0])  # which is put before it
    points = 1.6 * bool(about or _tells(call, "，".join(c.text for c in pair)))
    points += {0: 0.0, 1: 1.2}.get(len(set(trouble(text))), 1.6)
    if all(c in read for c in pair):  # a summing-up begins with the matter
        points += max(0.0, 1.4 - 0.25 * list(read).index(pair[0]))
    points -= 1.5 * bool(_OPEN.search(text)) + bool(_FEARED.search(text))
    points += min(len(text), 10) / 10 - 1.0 * (len(pair) - 1)
    points -= len(re.findall(r"\d+", text)) + 1.5 * bool(re.search("[你他她您]", text))
    meant = ASK if kind == "咨询" else WISH
    asks = any(meant.search(c.text) for c in pair)
    points += asks * {"咨询": 1.8, "建议": 2.0, "求助": 0.6}.get(kind, -1.5)
    if asks and call.scope.outcome in ENDS:  # what is not taken is what was asked for
        points += 2.0
    # an inquiry names its subject first; a complaint may come to it slowly
    haste = 0.2 if kind in VERBS else 0.05
    first = min((order.get(id(c), 0) for c in pair), default=0)
    return points - min(2, haste * first)


def _bare(call: Call, clause: Clause) -> str:
    """The clause without what the form has elsewhere: people, dates, counts, outer places."""
    text = clause.text
    for start, end in [(m.start, m.end) for m in dates(text, None)][::-1]:
        text = text[:start] + re.sub("^(?:起|开始|以来)", "", text[end:])
    for found in call.entities:
        if found.value == "person":
            text = text.replace(found.quote, "")
    text = _DANGLING.sub("", _COUNTED.sub("", text))
    for place in sorted(names(call, "place"), key=len)[::-1]:
        # one inside the clause holds it together and stays
        text = _DANGLING.sub("", text.removeprefix(place).removesuffix(place))
    return re.sub("^其(?![他它实中余])", "", text)


def _places(call: Call) -> list[str]:
    """Up to three places from wide to narrow, as they were said or rightly heard."""
    said = [f for f in address(call) if level(f) != "building"]
    wide = [f for f in said if level(f) == "district"]
    near = sorted((f for f in said if f not in wide), key=lambda f: (f.turn, f.start))
    return [f.name.replace("，", "") for f in [*wide, *near[:2]]]


def rightly(call: Call, text: str) -> str:
    """The text with the real names of places and people that were recognized by sound."""
    for found in call.entities:
        if found.name != found.quote:
            text = text.replace(found.quote, found.name)
    return text


def renamed(call: Call, clause: Clause) -> Clause:
    """The clause with those names."""
    return replace(clause, text=rightly(call, clause.text))
