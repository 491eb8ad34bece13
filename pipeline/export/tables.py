"""The table that people open in a spreadsheet, one recording a line; as CSV here.

workbook.py writes it as XLSX. Cells that a spreadsheet would run as a formula are defused:
what a caller says, or how a file is named, must never be executed on a supervisor's desk.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.decisions import QA, item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.export.files import encoded
from pipeline.export.orders import related
from pipeline.export.rows import Row
from pipeline.labels import graded, word
from pipeline.records import UNSAID

BOM = "\ufeff"  # without it Excel reads UTF-8 as the local code page
CELL = 32_000  # characters; a cell of a spreadsheet holds 32,767
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # XML cannot hold these
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")

Columns = dict[str, Callable[[Row], Any]]
Told = dict[str, Callable[[Row, str], Any]]  # of a language, too


def _yes(value: bool | None, lang: str) -> str:
    return "" if value is None else word("是" if value else "否", lang)


def _field(row: Row, key: str, lang: str) -> str:
    for line in (row["ticket"] or {}).get("fields", ()):
        if line["key"] == key:
            return word(line["value"], lang)
    return word(UNSAID, lang) if row["ticket"] else ""


def _of_all(row: Row, key: str) -> str:
    """What the orders of all appeals of the call say, one a line."""
    orders = [row["ticket"], *row["more_tickets"]] if row["ticket"] else []
    return "\n".join(order[key] for order in orders)


def _graded(audio: Row, lang: str) -> str | None:
    grade = audio["grade"]
    return grade and graded(grade, audio["reasons"], audio["remarks"], lang=lang)


def _talk(row: Row, role: str, key: str) -> float | None:
    return row["talk"] and row["talk"][role][key]


def _listed(values: Iterable[str | None], lang: str) -> str:
    return word("r.list", lang).join(word(value, lang) for value in values if value)


def _score(row: Row, whose: str) -> float | None:
    made = (row["scorecard"] or {}).get(whose)
    return made and made["score"]


def _appeal(one: Row) -> str:
    return f"appeal.{one['state']}"


def _quality(item: str) -> Callable[[Row, str], str]:
    return lambda row, lang: _yes(row["qa"].get(item), lang)


FACTS: Told = {
    "通话编号": lambda row, lang: row["call_id"],
    "录音文件": lambda row, lang: row["file"],
    "受理时间": lambda row, lang: row["started_at"],
    "班次": lambda row, lang: word(row["shift"] or "", lang),
    "员工号": lambda row, lang: row["agent_id"],
    "来电号码": lambda row, lang: row["caller_number"],
    "时长（秒）": lambda row, lang: row["duration_s"],
    "状态": lambda row, lang: word(row["status"], lang),
    "音质": lambda row, lang: _graded(row["audio"], lang),
    "话务员说话占比": lambda row, lang: _talk(row, "agent", "share"),
    "话务员语速（字/分）": lambda row, lang: _talk(row, "agent", "chars_per_minute"),
    "来电人语速（字/分）": lambda row, lang: _talk(row, "caller", "chars_per_minute"),
    "城市": lambda row, lang: row["region"],
    "区县": lambda row, lang: row["district"],
    "诉求类型": lambda row, lang: word(row["request_type"] or "", lang),
    "领域": lambda row, lang: word(row["domain"] or "", lang),
    "主办单位": lambda row, lang: _listed(row["department"][:1], lang),
    "协办单位": lambda row, lang: _listed(row["department"][1:], lang),
    "办理方式": lambda row, lang: word(row["disposition"] or "", lang),
    "受理结果": lambda row, lang: word(row["scope"]["outcome"] or "", lang),
    "不受理原因": lambda row, lang: word(row["scope"]["reason"] or "", lang),
    "依据": lambda row, lang: row["scope"]["basis"],
    "转介": lambda row, lang: row["scope"]["referral"],
    "紧急程度": lambda row, lang: word(row["urgency"] or "", lang),
    "开始情绪": lambda row, lang: word(row["emotion"]["start"] or "", lang),
    "结束情绪": lambda row, lang: word(row["emotion"]["end"] or "", lang),
    "辱骂级别": lambda row, lang: word(row["abusive"]["level"], lang),
    "辱骂者": lambda row, lang: _listed(row["abusive"]["who"], lang),
    "威胁类型": lambda row, lang: word(row["abusive"]["threat_kind"] or "", lang),
    "标题": lambda row, lang: _of_all(row, "title"),
    "主要内容": lambda row, lang: _of_all(row, "summary"),
    "事发地址": lambda row, lang: _field(row, "address", lang),
    "关联通话": lambda row, lang: "、".join(related(row["relations"])),
    "热点": lambda row, lang: row["relations"]["hot_spot"],
    "要素缺失": lambda row, lang: _listed((row["ticket"] or {}).get("missing", ()), lang),
}
SCORES: Told = {
    "质检得分": lambda row, lang: _score(row, "machine"),
    "人工质检得分": lambda row, lang: _score(row, "human"),
    "申诉": lambda row, lang: _listed((_appeal(one) for one in row["appeals"]), lang),
}
CLOSING: Told = {
    "需人工复核": lambda row, lang: _yes(row["needs_review"], lang),
    "失败原因": lambda row, lang: (row["failure"] or {}).get("code"),
    "sha256": lambda row, lang: row["sha256"],
}
WIDE = {
    "主要内容": 60,
    "标题": 30,
    "录音文件": 44,
    "受理时间": 19,
    "复核原因": 40,
    "人工复核": 40,
    "不受理原因": 18,
    "依据": 24,
    "转介": 24,
    "事发地址": 30,
    "要素缺失": 24,
    "音质": 18,
    "sha256": 20,
}
NARROW = 12
WRAPPED = 30  # columns at least so wide break their lines


def columns(profile: Profile, lang: str = "zh") -> Columns:
    """Head of each column -> what stands in it; a column for each QA item of the profile."""
    quality: Told = {item.id: _quality(item.id) for item in profile.qa}
    people: Told = {
        "人工复核": lambda row, lang: _reviewed(row, profile, lang),
        "复核原因": lambda row, lang: _reasons(row, profile, lang),
    }
    heads = {item.id: item_name(QA + item.id, profile, lang) for item in profile.qa}
    return {
        heads.get(key) or word(key, lang): _in(lang, read)
        for key, read in (FACTS | SCORES | quality | people | CLOSING).items()
    }


def _in(lang: str, read: Callable[[Row, str], Any]) -> Callable[[Row], Any]:
    return lambda row: read(row, lang)


def widths(table: Iterable[str], lang: str = "zh") -> list[int]:
    """How wide each column of the heads is, in characters."""
    known = {word(head, lang): width for head, width in WIDE.items()}
    return [known.get(head, NARROW) for head in table]


def _reviewed(row: Row, profile: Profile, lang: str) -> str:
    """What people decided: 承办单位 改为 城管（张三）."""
    told = []
    for one in row["reviewed"]:
        value = value_name(one["item"], one["new"], profile, lang) if one["new"] else ""
        verb = word(f"verb.{one['what']}", lang)
        parts = (item_name(one["item"], profile, lang), verb, value)
        told.append(" ".join(filter(None, parts)) + word("by", lang).format(one["who"]))
    return word("then", lang).join(told)


def _reasons(row: Row, profile: Profile, lang: str) -> str:
    """Why a person should look; sentences are the profile's, in Chinese."""
    flags = row["review"]
    told = [flag["reason"] if lang == "zh" else word(flag["item"], lang) for flag in flags]
    return word("then", lang).join(told)


def csv_lines(rows: Iterable[Row], profile: Profile) -> Iterator[str]:
    """Lines of a CSV that Excel opens in Chinese, the header first.

    A row that has `clips` (heardclips.py) gets a column with the first one's place.
    """
    table: Columns | None = None
    for row in rows:
        if table is None:
            table = columns(profile) | _clips_of(row)
            yield BOM + _csv_line(list(table))
        yield _csv_line([cell(read(row)) for read in table.values()])
    if table is None:
        yield BOM + _csv_line(list(columns(profile)))


def _clips_of(row: Row) -> Columns:
    return {"片段": first_clip} if "clips" in row else {}


def first_clip(row: Row) -> str:
    """Where the first clip of a call lies, or why there is none."""
    return row["clips"][0]["file"] if row["clips"] else row["silent"] or ""


def cell(value: Any) -> Any:
    """A value fit for a cell: no formula, no control signs, not longer than a cell."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = CONTROL.sub("�", value)[:CELL]
    return f"'{text}" if FORMULA.match(text) else text


def _csv_line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return encoded(line.getvalue()).decode()
