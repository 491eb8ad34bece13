"""Appeals that came as text (web form, app, letter): the same decisions as for a call.

A file of them (rowfile.py reads it) becomes Calls of one caller's turn without sound, and JUDGE
does the rest. `lingsu text` is the only user; nothing is stored.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline import provenance
from pipeline.collecting import uncollected
from pipeline.copies import replace
from pipeline.domain.profile import load_profile
from pipeline.errors import InputInvalid
from pipeline.lots import lots
from pipeline.pbx import parse_date
from pipeline.records import Call, CallResult, Metadata, Recording, Turn
from pipeline.rowfile import cell_text, column, read_rows
from pipeline.stage import together
from pipeline.tools import Tools
from pipeline.worker import Spec

# Headers of the exports we have seen, best first; compared in lower case.
COLUMNS = {
    "text": (
        "text",
        "文本",
        "内容",
        "诉求内容",
        "主要内容",
        "留言详情",
        "正文",
        "content",
        "text_nohint",
    ),
    "title": ("title", "标题", "主题", "留言主题", "诉求标题"),
    "call_id": ("id", "call_id", "编号", "工单编号", "留言编号", "序号"),
    "started_at": ("started_at", "时间", "受理时间", "留言时间", "time", "date"),
    "caller_number": ("caller_number", "phone", "联系电话", "来电号码", "电话"),
    "region": ("region", "城市", "city"),
}


def read_texts(path: Path) -> list[Call]:
    """The appeals of a file, in its order.

    A row without words becomes a Call without a turn. Raises InputInvalid with the line.
    """
    rows = list(read_rows(path))
    if not rows:
        raise InputInvalid(f"{path}：没有内容")
    names = _mapped(rows[0])
    if "text" not in names:
        allowed = "、".join(COLUMNS["text"])
        raise InputInvalid(
            f"{path}：找不到正文列；可用列名：{allowed}；文件里有：{_list(rows[0])}"
        )
    return [_call(row, names, number) for number, row in enumerate(rows, 1)]


def judge_texts(calls: Iterable[Call], spec: Spec) -> Iterator[CallResult]:
    """Decide on each, lot after lot in this process. Raises ProfileInvalid."""
    profile = load_profile(spec.profile)
    tools = Tools(spec.config, profile)
    hear, judge = spec.stages()
    # the last stage of HEAR writes digits and punctuation as JUDGE's rules expect them
    stages = (*hear[-1:], *judge)
    judge_key = provenance.judge_key(spec.config, profile)
    for some in lots(_dated(call, profile.city.pbx.dates) for call in calls):
        with uncollected():
            judged = deque(together(some, stages, tools))
        while judged:  # each is let go of
            result = judged.popleft()
            yield replace(result, judge_key=judge_key, made_with=provenance.made_with())


def _dated(call: Call, formats: Sequence[str]) -> Call:
    """The time in ISO form, as calls have it; one that cannot be read goes to `extra`."""
    said = call.recording.metadata
    if not said.started_at:
        return call
    when = parse_date(said.started_at, formats)
    lost = () if when else (("started_at", said.started_at),)
    metadata = replace(said, started_at=when, extra=said.extra + lost)
    return replace(call, recording=replace(call.recording, metadata=metadata))


def _mapped(row: Mapping[str, object]) -> dict[str, str]:
    """Our name of a column -> the file's."""
    found = {name: column(row, aliases) for name, aliases in COLUMNS.items()}
    return {name: known for name, known in found.items() if known is not None}


def _call(row: Mapping[str, object], names: Mapping[str, str], number: int) -> Call:
    said = {name: cell_text(row.get(key)) for name, key in names.items()}
    body, title = said.pop("text"), said.pop("title", "")
    text = f"{title}。{body}" if title and title not in body else body
    said["call_id"] = said.get("call_id") or str(number)
    known = {name: value for name, value in said.items() if value}
    sha256 = hashlib.sha256(f"{said['call_id']}\n{text}".encode()).hexdigest()
    others = tuple(
        (key, cell_text(value)) for key, value in row.items() if key not in names.values()
    )
    metadata = Metadata(**known, text=text, extra=others)
    turns = (Turn(0.0, 0.0, "caller", text, text, source="text"),) if text else ()
    recording = Recording(sha256, said["call_id"], metadata=metadata)
    return Call(recording, turns=turns, no_speech=None if text else "empty_text")


def _list(row: Mapping[str, object]) -> str:
    return "、".join(str(key) for key in row)
