"""The draft's own words: title and summary, put together from what was said.

The agent's read-back is the best material, for it sums the appeal up in the words of a
dispatcher; the caller's most telling clauses fill it up, or stand in for it. Clauses are
only chosen and shortened: every character was said in the call or belongs to FRAMES.
"""

import re
from dataclasses import dataclass, replace

from pipeline.clauses import (
    ANSWERING,
    ASK,
    PASSING,
    WISH,
    Clause,
    clauses,
    is_courtesy,
    read_back,
    reported,
    told,
    worth,
)
from pipeline.dates import dates
from pipeline.records import Call

FRAMES = (
    "来电人",
    "反映",
    "咨询",
    "建议",
    "希望",
    "话务员答复",
    "其",
    "有关部门",
    "热线",
    "无具体内容",
)
TITLE_LENGTH = 20  # characters that a work order's list shows
MOST = 3.5  # that a clause's words can add to its score as a title
TOLD_LENGTH = 110  # characters of what the caller says: more is not read at a glance
ANSWER_CLAUSES = 5
VERBS = {"咨询": "咨询", "建议": "建议"}  # request type -> how the summary opens; else 反映

_SENTENCE = re.compile("[^。？！；…]+[。？！；…]*")
_COUNTED = re.compile(
    r"(?:[\d一二两三四五六七八九十几]+多?[个盏户名块米棵辆台处根条张]|大概|一共|差不多)"
)
# 有没有 and 到底 keep their first character, 受不了 its last: 没有补偿 is not what was asked.
_DANGLING = re.compile(
    "^(?:有关部门|那个|门口|这边|这里|现在|有(?!没|无|关)|到(?!底|处)|是(?!不|否)|其(?![他它实中余])"
    "|[在从的把由跟和说起想])+|(?:的|从|(?<!不)了|(?<![实现正存])在)+$"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Title and summary, the clauses they rest on, what is wanted and what was answered."""

    title: str
    headline: Clause | None  # what the title is made of
    summary: str
    facts: tuple[Clause, ...]
    wishes: tuple[Clause, ...]
    answer: tuple[Clause, ...]


def draft(call: Call) -> Draft:
    """Title and summary from the agent's read-back and the caller's clauses."""
    read = read_back(call)
    everything = told(call)
    said = [c for c in everything if c.score > 0]
    if not said and not read:
        said = [c for c in everything if len(c.text) > 4 and not is_courtesy(c.text)]
    kind = call.request_type.value or ""
    wishes = [c for c in read if WISH.search(c.text)]
    if not wishes:
        meant = ASK if kind == "咨询" else WISH
        wishes = [c for c in said if meant.search(c.text) and len(c.text) > 4][:2]
    facts = _filled([c for c in read if c not in wishes], [c for c in said if c not in wishes])
    answer = _answer(call, {c.turn for c in read})
    wish = "咨询" if kind == "咨询" else "希望"
    parts = [f"来电人{VERBS.get(kind, '反映')}：{_joined(facts)}"] if facts else []
    if wishes:
        parts.append(f"{'' if facts else '来电人'}{wish}：{_joined(wishes)}")
    if not parts:
        parts.append("来电人反映：无具体内容")
    if answer:
        parts.append(f"话务员答复：{_joined(answer)}")
    summary = _rightly(call, "；".join(parts)) + "。"
    headline = _headline(call, read, said)
    title = _title(call, _bare(call, headline) if headline else "无具体内容")
    return Draft(title, headline, summary, tuple(facts), tuple(wishes), tuple(answer))


def _filled(facts: list[Clause], said: list[Clause]) -> list[Clause]:
    """The facts, and as many of the best clauses that add something as there is room for."""
    room = TOLD_LENGTH - sum(len(c.text) + 1 for c in facts)
    chosen = list(facts)
    for clause in sorted(said, key=lambda c: -c.score):
        if clause.score < 1 or len(clause.text) >= room:
            continue
        if _overlap(clause.text, "，".join(c.text for c in chosen)) < 0.5:
            chosen.append(clause)
            room -= len(clause.text) + 1
    extra = sorted(chosen[len(facts) :], key=lambda c: (c.turn, c.start))
    return [*facts, *extra]


def _overlap(text: str, other: str) -> float:
    """Share of the text's pairs of characters that the other has too."""
    pairs = {text[k : k + 2] for k in range(len(text) - 1)}
    return sum(pair in other for pair in pairs) / max(len(pairs), 1)


def _answer(call: Call, summed_up: set[int]) -> list[Clause]:
    """What the agent told the caller: the answer itself, or where the matter goes."""
    passed = call.scope.outcome in ("accept_dispatch", "merge", "emergency_transfer")
    wanted = PASSING if passed else ANSWERING
    best: list[Clause] = []
    most = 0
    for i, turn in call.said("agent"):
        for sentence in _SENTENCE.finditer(turn.text):
            said = sentence.group()
            if i < 2 or said.endswith("？") or not wanted.search(said):
                continue
            here = [
                replace(c, text=reported(c.text))
                for c in clauses(call, i)
                if sentence.start() <= c.start < sentence.end() and not is_courtesy(c.text)
            ]
            if i in summed_up:  # only what it adds to the summing-up
                here = [c for c in here if wanted.search(c.text)]
            points = 20 * len(set(wanted.findall(said))) + min(len(said), 60)
            if here and points > most:
                best, most = here[:ANSWER_CLAUSES], points
    return best


def _joined(chosen: list[Clause]) -> str:
    return "，".join(dict.fromkeys(c.text for c in chosen))


def _headline(call: Call, read: list[Clause], said: list[Clause]) -> Clause | None:
    """The clause that says in a few words what the matter is."""
    kind = call.request_type.value or ""
    meant = ASK if kind == "咨询" else WISH
    matter = [f for unit in call.departments for f in unit.findings]
    # what the agent sums up is nearer to a title than what the caller tells
    pool = [replace(c, score=worth(c, (), matter) + 1.5) for c in read]
    # an inquiry names its subject first; a complaint may come to it slowly
    haste = 0.2 if kind == "咨询" else 0.05
    pool += [replace(c, score=c.score - min(2, haste * n)) for n, c in enumerate(said)]
    best, most = None, -9.0
    for clause in pool:
        if clause.score + MOST <= most:  # _bare takes its time
            continue
        text = _bare(call, clause)
        if not 3 < len(text) <= TITLE_LENGTH - 2:
            continue
        points = clause.score + min(len(text), 8) / 8 - max(0, len(text) - 13) / 3
        points -= 0.7 * len(re.findall(r"\d+", text)) + 1.5 * bool(re.search("你|吗$", text))
        points += 1.5 * bool(meant.search(text)) * (1 if kind in VERBS else -1)
        points += kind in VERBS and text.startswith(kind)
        if points > most:
            best, most = clause, points
    return best or max(said, key=lambda c: c.score, default=None)


def _title(call: Call, matter: str) -> str:
    """Where and what, in at most TITLE_LENGTH characters."""
    verb = VERBS.get(call.request_type.value or "", "")
    matter = _rightly(call, matter)
    matter = (matter if matter.startswith(verb) else verb + matter)[:TITLE_LENGTH]
    places = [p for p in _places(call) if p not in matter]
    while places and len("".join(places) + matter) > TITLE_LENGTH:
        places.pop()
    return "".join(places) + matter


def _places(call: Call) -> list[str]:
    """Up to three places from wide to narrow, as they were said or rightly heard."""
    said = [f for f in call.entities if f.value == "place" and "building" not in f.rule]
    wide = [f.name for f in said if "district" in f.rule][:1]
    return wide + [f.name.replace("，", "") for f in said if "district" not in f.rule][:2]


def _rightly(call: Call, text: str) -> str:
    """The text with the real names of places and people that were recognized by sound."""
    for found in call.entities:
        if found.name != found.quote:
            text = text.replace(found.quote, found.name)
    return text


def _bare(call: Call, clause: Clause) -> str:
    """The clause without what the form has elsewhere: people, dates, counts, outer places."""
    text = clause.text
    for start, end in [(m.start, m.end) for m in dates(text, None)][::-1]:
        text = text[:start] + re.sub("^(?:起|开始|以来)", "", text[end:])
    for found in call.entities:
        if found.value == "person":
            text = text.replace(found.quote, "")
    text = _DANGLING.sub("", _COUNTED.sub("", text))
    places = sorted((f.quote for f in call.entities if f.value == "place"), key=len)
    for place in places[::-1]:  # one inside the clause holds it together and stays
        text = _DANGLING.sub("", text.removeprefix(place).removesuffix(place))
    return re.sub("(?<!尤)其(?!他它实中余)", "", text)
