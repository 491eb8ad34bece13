"""The rows that people open in a spreadsheet: CSV and XLSX, one recording a line, in Chinese.

Cells that a spreadsheet would run as a formula are defused: what a caller says, or how a
file is named, must never be executed on a supervisor's desk.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.decisions import item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.export.dialogue import related
from pipeline.export.files import encoded, whole_file
from pipeline.export.rows import Row
from pipeline.labels import graded, word
from pipeline.records import UNSAID

BOM = "\ufeff"  # without it Excel reads UTF-8 as the local code page
CELL = 32_000  # characters; a cell of a spreadsheet holds 32,767
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # XML cannot hold these
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")

YES = {True: "是", False: "否", None: ""}


def _field(row: Row, key: str) -> str:
    for line in (row["ticket"] or {}).get("fields", ()):
        if line["key"] == key:
            return line["value"]
    return UNSAID if row["ticket"] else ""


def _graded(audio: Row) -> str | None:
    grade = audio["grade"]
    return grade and graded(grade, audio["reasons"], audio["remarks"])


def _talk(row: Row, role: str, key: str) -> float | None:
    return row["talk"] and row["talk"][role][key]


def _score(row: Row, whose: str) -> float | None:
    made = (row["scorecard"] or {}).get(whose)
    return made and made["score"]


def _quality(item: str) -> Callable[[Row], str]:
    return lambda row: YES[row["qa"].get(item)]


Columns = dict[str, Callable[[Row], Any]]
FACTS: Columns = {
    "通话编号": lambda row: row["call_id"],
    "录音文件": lambda row: row["file"],
    "受理时间": lambda row: row["started_at"],
    "班次": lambda row: row["shift"],
    "员工号": lambda row: row["agent_id"],
    "来电号码": lambda row: row["caller_number"],
    "时长（秒）": lambda row: row["duration_s"],
    "状态": lambda row: word(row["status"]),
    "音质": lambda row: _graded(row["audio"]),
    "话务员说话占比": lambda row: _talk(row, "agent", "share"),
    "话务员语速（字/分）": lambda row: _talk(row, "agent", "chars_per_minute"),
    "来电人语速（字/分）": lambda row: _talk(row, "caller", "chars_per_minute"),
    "城市": lambda row: row["region"],
    "区县": lambda row: row["district"],
    "诉求类型": lambda row: row["request_type"],
    "领域": lambda row: row["domain"],
    "主办单位": lambda row: "".join(row["department"][:1]),
    "协办单位": lambda row: "、".join(row["department"][1:]),
    "办理方式": lambda row: row["disposition"],
    "受理结果": lambda row: word(row["scope"]["outcome"] or ""),
    "不受理原因": lambda row: row["scope"]["reason"],
    "依据": lambda row: row["scope"]["basis"],
    "转介": lambda row: row["scope"]["referral"],
    "紧急程度": lambda row: row["urgency"],
    "开始情绪": lambda row: row["emotion"]["start"],
    "结束情绪": lambda row: row["emotion"]["end"],
    "辱骂级别": lambda row: word(row["abusive"]["level"]),
    "辱骂者": lambda row: "、".join(map(word, row["abusive"]["who"])),
    "威胁类型": lambda row: word(row["abusive"]["threat_kind"] or ""),
    "标题": lambda row: (row["ticket"] or {}).get("title"),
    "主要内容": lambda row: (row["ticket"] or {}).get("summary"),
    "事发地址": lambda row: _field(row, "address"),
    "关联通话": lambda row: "、".join(related(row)),
    "热点": lambda row: row["relations"]["hot_spot"],
    "要素缺失": lambda row: "、".join((row["ticket"] or {}).get("missing", ())),
}
SCORES: Columns = {
    "质检得分": lambda row: _score(row, "machine"),
    "人工质检得分": lambda row: _score(row, "human"),
    "申诉": lambda row: "、".join(word(f"appeal.{one['state']}") for one in row["appeals"]),
}
CLOSING: Columns = {
    "需人工复核": lambda row: YES[row["needs_review"]],
    "复核原因": lambda row: "；".join(flag["reason"] for flag in row["review"]),
    "失败原因": lambda row: (row["failure"] or {}).get("code"),
    "sha256": lambda row: row["sha256"],
}


def columns(profile: Profile) -> Columns:
    """Head of each column -> what stands in it; a column for each QA item of the profile."""
    quality = {item.label: _quality(item.id) for item in profile.qa}
    people: Columns = {"人工复核": lambda row: _reviewed(row, profile)}
    return FACTS | SCORES | quality | people | CLOSING


def _reviewed(row: Row, profile: Profile) -> str:
    """What people decided: 承办单位 改为 城管（张三）."""
    told = []
    for one in row["reviewed"]:
        value = value_name(one["item"], one["new"], profile) if one["new"] else ""
        parts = (item_name(one["item"], profile), word(f"verb.{one['what']}"), value)
        told.append(" ".join(filter(None, parts)) + f"（{one['who']}）")
    return "；".join(told)


def csv_lines(rows: Iterable[Row], profile: Profile) -> Iterator[str]:
    """Lines of a CSV that Excel opens in Chinese, the header first."""
    table = columns(profile)
    yield BOM + _csv_line(list(table))
    for row in rows:
        yield _csv_line([cell(read(row)) for read in table.values()])


def write_xlsx(rows: Iterable[Row], out: Path, profile: Profile) -> None:
    """A workbook with a frozen header and filters; rows are streamed, not held in memory."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    table = columns(profile)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("通话")
    sheet.freeze_panes = "C2"  # the header, and which call a line is about
    for i, title in enumerate(table, 1):
        wide = {
            "主要内容": 60,
            "标题": 30,
            "录音文件": 44,
            "受理时间": 19,
            "复核原因": 40,
            "人工复核": 40,
        }
        sheet.column_dimensions[get_column_letter(i)].width = wide.get(title, 12)
    sheet.append(list(table))
    with whole_file(out) as handle:  # around the rows too: openpyxl spools them to the disk
        count = 1
        for row in rows:
            sheet.append([_dated(title, cell(read(row))) for title, read in table.items()])
            count += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table))}{count}"
        book.save(handle)


def cell(value: Any) -> Any:
    """A value fit for a cell: no formula, no control signs, not longer than a cell."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = CONTROL.sub("�", value)[:CELL]
    return f"'{text}" if FORMULA.match(text) else text


def _dated(title: str, value: Any) -> Any:
    """Times as times, so that a spreadsheet filters them by day."""
    if title != "受理时间" or not value:
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


def _csv_line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return encoded(line.getvalue()).decode()
