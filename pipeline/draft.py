"""The draft's own words: title and summary, put together from what was said.

The agent's read-back is the best material, for it sums the appeal up in the words of a
dispatcher; the caller's most telling clauses fill it up, or stand in for it. Clauses are
only chosen and shortened: every word was said in the call or belongs to FRAMES
(supported.py tells).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.address import address, name
from pipeline.clauses import (
    ANSWERING,
    ASK,
    PASSING,
    WANTS,
    WISH,
    Clause,
    bare_wish,
    clauses,
    is_address,
    is_courtesy,
    names,
    reported,
    told,
)
from pipeline.headline import (
    DEMAND,
    ENDS,
    NO_WORDS,
    URGENT,
    VERBS,
    misnamed,
    rightly,
    title,
    urgent,
)
from pipeline.people import asks_name
from pipeline.readback import confirmed, read_back
from pipeline.records import Call, Finding
from pipeline.supported import shortened

FRAMES = (
    *(
        "来电人",
        "反映",
        "咨询",
        "建议",
        "表扬",
        "举报",
        "希望",
        "话务员答复",
        "有关部门",
        "热线",
    ),
    *(NO_WORDS, URGENT, DEMAND, *ENDS.values()),
)
OPENS = {**VERBS, "举报": "举报"}  # request type -> how the summary opens
TOLD_LENGTH = 90  # characters of what the caller says: more is not read at a glance
READ_LENGTH = 30  # where the agent summed it up, the caller's own words add less
ANSWER_CLAUSES = 2  # of a sentence
ANSWERS = 2  # sentences, where the matter was answered and not passed on
NEW = 0.45  # share of pairs of characters that may have been told before
WORTH = 2.0  # of a clause that is told
PLACES = 4  # that stand before the facts

_SENTENCE = re.compile("[^。？！；…]+[。？！；…]*")
_BEGUN = re.compile("给|把|为|对|在")
_ADDRESSED = re.compile("[你您](?!们)")
_OTHERS = re.compile(
    "(?:爸|妈|父亲|母亲|老公|老婆|儿子?|女儿|哥|弟|姐|妹|孩子|老人|他|她)的?(?:名字)?(?:叫|是)$"
)
_SELF = re.compile("我姓|免贵|我叫|我的名字|本人")
_MYSELF = re.compile("(?:我叫|我姓|本人|免贵姓?)$")
# 老人叫什么: another's name is asked for, unless the caller's is, too
_THEIRS = re.compile(
    "(?:老人|父亲|母亲|爸|妈|爱人|孩子|病人|患者|当事人|他|她)(?:家)?的?(?:名字|姓名|叫|姓|贵姓|怎么称呼)"
)
_YOURS = re.compile("[您你](?:叫|贵?姓|怎么称呼|的(?:名字|姓名|全名))")
_CALLED = re.compile("(?:^|[，。！？])(?:好的?|行|嗯|再见|谢谢)?$")  # before 周老师，


@dataclass(frozen=True, slots=True)
class Draft:
    """Title and summary, the clauses they rest on, what is wanted and what was answered."""

    title: str
    headline: tuple[Clause, ...]  # what the title is made of
    summary: str
    facts: tuple[Clause, ...]
    wishes: tuple[Clause, ...]
    answer: tuple[Clause, ...]
    where: tuple[Finding, ...]  # its places as an address


def draft(call: Call) -> Draft:
    """Title and summary from the agent's read-back and the caller's clauses."""
    read, everything = (
        [clause for clause in some if _says(clause)] for some in (read_back(call), told(call))
    )
    put = confirmed(call, read)
    said = [c for c in everything if c.score > 0]
    if not said and not read:
        said = [c for c in everything if len(c.text) > 4 and not is_courtesy(c.text)]
    kind = call.request_type.value or ""
    wishes, places = _wishes(kind, read, said), names(call, "place")
    facts = _filled(
        [c for c in read or put if c not in wishes],
        [c for c in said if c not in wishes and _tells(c, kind, places)],
    )
    answer = _answer(call, {c.turn for c in read})
    where = tuple(address(call))
    head, headline = title(call, read, put, said, where=where)
    opening = f"来电人{_name(call)}{OPENS.get(kind, '反映')}"
    parts = [f"{opening}：{_joined(_placed(where, facts))}"] if facts else []
    if wishes:
        lead = "" if facts else opening
        asked = [c.text if kind == "咨询" else _bare(call, c) for c in wishes]
        parts.append(
            f"{lead}{'，' if lead else ''}{'' if kind == '咨询' else '希望'}{_joined(asked)}"
        )
    if not parts:
        parts.append(f"{opening}：{NO_WORDS}")
    if answer:
        parts.append(f"话务员答复：{_joined(_texts(answer))}")
    told_of = rightly("；".join(parts), misnamed(call))
    summary = f"{URGENT if urgent(call) else ''}{told_of}。"
    chosen = tuple(facts), tuple(wishes), tuple(answer)
    return Draft(head, tuple(headline), summary, *chosen, where)


def caller(call: Call) -> Finding | None:
    """Who calls: who says 我叫, a name given when asked for, or the agent's form of address."""
    people = [f for f in call.entities if f.value == "person"]
    own = (f for f in people if call.turns[f.turn].speaker != "agent" and _says_own(call, f))
    return next(own, None) or next((f for f in people if _is_caller(call, f)), None)


def _says_own(call: Call, found: Finding) -> bool:
    lead = _before(call, found) + "姓" * found.quote.startswith("姓")
    return _MYSELF.search(lead) is not None


def _is_caller(call: Call, found: Finding) -> bool:
    """Whether the caller answers with the name, or the agent calls him by it."""
    turn, lead = call.turns[found.turn], _before(call, found)
    before = call.turns[found.turn - 1] if found.turn else None
    if turn.speaker == "agent":
        called = _CALLED.search(lead) and turn.text.startswith("，", len(lead + found.quote))
        return bool(called) or found.name.endswith(("先生", "女士"))
    asked = before is not None and before.speaker == "agent" and _asks_own(before.text)
    return (asked or _SELF.search(turn.text) is not None) and not _OTHERS.search(lead)


def _asks_own(text: str) -> bool:
    """Whether the agent asks for the caller's own name."""
    return asks_name(text) and bool(_YOURS.search(text) or not _THEIRS.search(text))


def _before(call: Call, found: Finding) -> str:
    """The words of the turn up to the name."""
    text = call.turns[found.turn].text
    return text[: text.find(found.quote)]


def _name(call: Call) -> str:
    found = caller(call)
    called = (found.normal or found.name) if found else ""
    return "" if called.startswith("姓") else called


def _wishes(kind: str, read: list[Clause], said: list[Clause]) -> list[Clause]:
    wishes = [c for c in read if WISH.search(c.text)]
    said = [c for c in said if not _ADDRESSED.search(c.text)]  # asked of the agent alone
    if not wishes:
        meant = ASK if kind == "咨询" else WISH
        if kind != "咨询" and not any(WISH.search(c.text) for c in said):
            meant = WANTS
        least = 4 if kind == "咨询" else 5  # 怎么报销
        wishes = [c for c in said if meant.search(c.text) and len(c.text) >= least][:2]
        wishes += [c for c in said if kind != "咨询" and _goes_on(wishes, c)]
    return sorted(wishes, key=lambda c: (c.turn, c.start))


def _says(clause: Clause) -> bool:
    """Whether it is no wish, or one for something: not 要求好好好, nor 要求支付其, which was
    cut short."""
    if not WISH.search(clause.text):
        return True
    bare = bare_wish(clause.text)
    return not (is_courtesy(bare) or bare.endswith("其"))


def _tells(clause: Clause, kind: str, places: Iterable[str]) -> bool:
    """Whether the clause is of the matter: not a bare address, nor, of a complaint, a wish."""
    wish = kind not in VERBS and WISH.search(clause.text)
    return not wish and not is_address(clause.text, places)


def _bare(call: Call, wish: Clause) -> str:
    return shortened(bare_wish(wish.text), wish.text, call.turns[wish.turn].text)


def _goes_on(wishes: list[Clause], clause: Clause) -> bool:
    """Whether the clause says what a wish only began: 能不能给孩子，再考一次."""
    return clause not in wishes and any(
        wish.turn == clause.turn
        and clause.start - wish.end in (0, 1)
        and _BEGUN.match(bare_wish(wish.text))
        for wish in wishes
    )


def _placed(places: Sequence[Finding], facts: list[Clause]) -> list[str]:
    """The facts as told, the places that they leave out before them."""
    texts = [c.text for c in facts]
    together = "".join(texts).replace("，", "")
    missing = [
        f.name.replace("，", "")
        for f in places
        if f.quote.replace("，", "") not in together and name(f) not in together
    ]
    where = "".join(missing[:PLACES])
    if where and texts and any(texts[0].startswith(f.quote) for f in places):
        return [where + texts[0], *texts[1:]]
    return [where, *texts] if where else texts


def _filled(facts: list[Clause], said: list[Clause]) -> list[Clause]:
    """The facts, and as many of the best clauses that add something as there is room for."""
    room = (READ_LENGTH if len(facts) > 1 else TOLD_LENGTH) - sum(
        len(c.text) + 1 for c in facts
    )
    chosen = list(facts)
    best = sorted(said, key=lambda c: -c.score)
    worthy = [c for c in best if c.score >= WORTH]
    for clause in worthy or ([] if facts else best[:2]):
        if len(clause.text) >= room:
            continue
        if _overlap(clause.text, "，".join(c.text for c in chosen)) < NEW:
            chosen.append(clause)
            room -= len(clause.text) + 1
    extra = sorted(chosen[len(facts) :], key=lambda c: (c.turn, c.start))
    return [*facts, *extra]


def _overlap(text: str, other: str) -> float:
    """Share of the text's pairs of characters that the other has too."""
    pairs = {text[k : k + 2] for k in range(len(text) - 1)}
    return sum(map(other.__contains__, pairs)) / max(len(pairs), 1)


def _answer(call: Call, summed_up: set[int]) -> list[Clause]:
    """What the agent told the caller: the answer itself, or where the matter goes."""
    passed = call.scope.outcome in ("accept_dispatch", "merge", "emergency_transfer")
    wanted = PASSING if passed else ANSWERING
    told_: list[tuple[float, list[Clause]]] = []
    for i, turn in call.said("agent"):
        for sentence in _SENTENCE.finditer(turn.text):
            said = sentence.group()
            asks = said.endswith("？") and i not in summed_up  # a summing-up ends in 对吗？
            if i < 2 or asks or not wanted.search(said):
                continue
            here = [
                replace(c, text=reported(c.text))
                for c in clauses(call, i)
                if sentence.start() <= c.start < sentence.end() and not is_courtesy(c.text)
            ]
            if i in summed_up:  # only what it adds to the summing-up
                here = [c for c in here if wanted.search(c.text)]
            points = 20 * len(set(wanted.findall(said))) + min(len(said), 60)
            if here:
                told_.append((points, here[:ANSWER_CLAUSES]))
    best = sorted(told_, key=lambda one: -one[0])[: 1 if passed else ANSWERS]
    return sorted((c for _, here in best for c in here), key=lambda c: (c.turn, c.start))


def _texts(chosen: Iterable[Clause]) -> list[str]:
    return [c.text for c in chosen]


def _joined(texts: Iterable[str]) -> str:
    return "，".join(dict.fromkeys(texts))
