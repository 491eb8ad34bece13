"""What an inquiry is about, as an office would head it: the matter and the procedure.

驾照期满换证 tells more than any clause of somebody who comes to it slowly. Both words were
said, the procedure more than once; headline.py makes titles of them.
"""

import re
from collections import Counter
from collections.abc import Iterable

from pipeline.clauses import Clause
from pipeline.records import Call, Finding

ROLES = ("agent", "caller", "unknown")
TWICE = 2  # what is said once may be said in passing
LEAST = 4  # characters: a procedure alone tells too little
LONGEST = 8  # of the procedure with the words before it
_PROCEDURE = re.compile(
    "补[办领缴录]|换[证领]|转[移入出]|迁[移入出]|提取|备案|报销|注销|参保|续[缴签]|申领|领取|认证|年[审检]"
    "|审批|开通|过户|[落入]户|[入转]学|报名|减免|退[费休]|认定|鉴定|评[残定]|挂失|结算|贷款|上牌|接种|资助|救助|缴费|预约"
)
_NO_PART = re.compile(
    "[在去到给的了是不也就要会能想您你我他她它这那个和跟与把被或用有再先来从为没让按一几多少什么怎]"
)


def procedure(call: Call, subjects: Iterable[Finding]) -> tuple[str, list[Clause]]:
    """The matter and the procedure in one, and where they were said; "": cannot be told.

    subjects: short words that named the unit or the domain.
    """
    said = [(i, turn.text) for i, turn in enumerate(call.turns) if turn.speaker in ROLES]
    found = [Clause(i, *m.span(), m.group()) for i, t in said for m in _PROCEDURE.finditer(t)]
    counted = Counter(one.text for one in found)
    name, times = counted.most_common(1)[0] if counted else ("", 0)
    whole = "\n".join(text for _, text in said)
    own = "\n".join(turn.text for _, turn in call.said("caller", "unknown"))
    named = [f for f in subjects if not _NO_PART.search(f.quote)]
    about = max(named, key=lambda f: own.count(f.quote) * len(f.quote), default=None)
    if times < TWICE or about is None or about.quote not in own:
        return "", []
    matter = _joined(about.quote, _grown(name, whole))
    if len(matter) < LEAST:
        return "", []
    return matter, [clause_of(call, about), next(one for one in found if one.text == name)]


def _grown(name: str, whole: str) -> str:
    """The name with what mostly stands before it: 期满换证."""
    while len(name) < LONGEST:
        before = Counter(whole[m.start() - 1] for m in re.finditer(name, whole) if m.start())
        sign, times = before.most_common(1)[0] if before else ("", 0)
        usual = times >= TWICE and 2 * times > before.total()
        if not usual or not re.fullmatch("[一-龥]", sign) or _NO_PART.match(sign):
            return name
        name = sign + name
    return name


def _joined(matter: str, name: str) -> str:
    """Both, what they share once."""
    if matter in name:
        return name
    shared = next((k for k in range(len(matter), 0, -1) if name.startswith(matter[-k:])), 0)
    return matter + name[shared:]


def clause_of(call: Call, found: Finding) -> Clause:
    """The words of a finding."""
    start = call.turns[found.turn].text.find(found.quote)
    return Clause(found.turn, start, start + len(found.quote), found.quote)
