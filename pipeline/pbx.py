"""Reads what a telephone exchange writes: its export table and the names of its files.

metadata.py joins the two and is the only user. Headers, date formats and the pattern of the
names are the profile's ([pbx] in city.toml). Tables are met as they come: UTF-8 with or
without BOM, UTF-16, GB18030; comma, tab or semicolon; titles above the header; cells that
Excel has been at. Whatever is wrong becomes a Defect and the reading goes on.
"""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from typing import Any

from pipeline.domain.schema import Pbx
from pipeline.errors import cause
from pipeline.ingest import shown
from pipeline.records import Metadata

CHINA = timezone(timedelta(hours=8))  # times with a zone are told in this one
DELIMITERS = ",\t;|"
HEADER_CHARS = 20_000  # csv refuses cells of more than 131072
HEADER_WITHIN = 10  # lines: a title and the date of the export may stand above the header
WANTED = ("file", "started_at", "agent_id", "caller_number")  # told when the table lacks one
TEXT_FIELDS = frozenset(f.name for f in fields(Metadata)) - {"extra", "shift", "text"}
NOBODY = {"", "-", "--", "/", "null", "none", "n/a", "nan", "未知", "匿名", "anonymous"}
DIRECTIONS = {"in": ("in", "呼入", "来电", "入"), "out": ("out", "呼出", "去电", "外呼", "出")}


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with the table, for the report; it never stops a run."""

    kind: str  # missing_row, row_without_file, wrong_duration, duplicate_row, bad_date, ...
    file: str  # base name of the recording, or of the table
    detail: str  # Chinese


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    file: str  # base name as written; a call id where the table names no files
    metadata: Metadata
    duration_s: float | None  # as the exchange counted it


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read, with what was wrong with it."""

    path: str
    rows: tuple[Row, ...]
    defects: tuple[Defect, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The header: its cells, and which of them are fields."""

    header: tuple[str, ...]
    mapped: dict[int, str]

    @property
    def unmapped(self) -> list[str]:
        return [h for i, h in enumerate(self.header) if h and i not in self.mapped]

    def name(self, i: int) -> str:
        """What column i is called; one beyond the header has a number."""
        return self.header[i] if i < len(self.header) and self.header[i] else f"列{i + 1}"


def read_table(path: str, pbx: Pbx) -> Table:
    """Read a table; one that cannot be read at all has no rows and says why."""
    try:
        with open(path, "rb") as file:
            text = decoded(file.read())
    except OSError as error:
        return _unreadable(path, f"打不开：{cause(error)}")
    if text is None:
        return _unreadable(path, "不是文本表格（若是 Excel 文件，请另存为 CSV）")
    lines = list(io.StringIO(text, newline=""))
    delimiter, at, mapped = _header(lines, pbx)
    if not {"file", "call_id"} & set(mapped.values()):
        return _unreadable(path, "找不到文件名或通话编号列，请核对 profile 的 [pbx.columns]")
    defects = [
        Defect("missing_column", shown(_base(path)), "缺少列：" + "/".join(pbx.columns[name]))
        for name in WANTED
        if name in pbx.columns and name not in mapped.values()
    ]
    rows = []
    reader = csv.reader(lines[at:], delimiter=delimiter)
    try:
        columns = _Columns(tuple(cell.strip() for cell in next(reader)), mapped)
        if columns.unmapped:
            detail = "未映射的列：" + "、".join(columns.unmapped)
            defects.append(Defect("extra_columns", shown(_base(path)), detail))
        for cells in reader:
            row, wrong = _row([_cell(cell) for cell in cells], columns, pbx)
            rows += [row] if row else []
            name = shown(row.file if row else _base(path))
            where = f"第 {at + reader.line_num} 行"
            defects += [Defect(kind, name, f"{where}：{detail}") for kind, detail in wrong]
    except csv.Error as error:
        defects.append(Defect("unreadable_table", shown(_base(path)), f"读到一半出错：{error}"))
    return Table(path, tuple(rows), tuple(defects))


def decoded(data: bytes) -> str | None:
    """The text of a table in whatever Chinese encoding it is; None for what is not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4096] or data.startswith(b"PK\x03\x04"):
        return None
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut in the middle of its last character
            return data.decode("utf-8-sig", "ignore")
    return data.decode("gb18030", "replace")


def from_name(path: str, pbx: Pbx) -> Metadata:
    """What the file's name tells, by the profile's pattern; nothing where it does not fit."""
    match = re.search(pbx.name_pattern, os.path.splitext(_base(path))[0])
    if match is None:
        return Metadata()
    said = {key: value for key, value in match.groupdict().items() if value}
    when = said.pop("date", "") + said.pop("time", "")
    if "started_at" not in said and when:
        said["started_at"] = when
    values, _ = _values(said, pbx)
    return _metadata({key: value for key, value in values.items() if key in TEXT_FIELDS})


def parse_date(text: str, formats: Sequence[str]) -> str | None:
    """ISO local time to the second, by the first format that fits; None if none does."""
    text = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", text)
    candidates = [(text, fmt) for fmt in formats]
    if digits == text and len(digits) == 14:
        candidates.append((digits, "%Y%m%d%H%M%S"))
    for value, fmt in candidates:
        try:
            return _local(datetime.strptime(value, fmt))
        except ValueError:
            continue
    try:
        return _local(datetime.fromisoformat(text)) if len(text) >= 16 else None
    except ValueError:
        return None


def parse_seconds(text: str) -> float | None:
    """Seconds from 44, 44.3, 44秒, 1分20秒, 1:20 or 00:01:20; None for anything else."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    if re.fullmatch(r"\d+(:\d{1,2}){1,2}(\.\d+)?", text):
        seconds = 0.0
        for part in text.split(":"):
            seconds = seconds * 60 + float(part)
        return seconds
    spoken = re.fullmatch(r"(?:(\d+)时)?(?:(\d+)分钟?)?(?:(\d+(?:\.\d+)?)(?:秒|s)?)?", text)
    if not text or spoken is None:
        return None
    hours, minutes, seconds_ = (float(part or 0) for part in spoken.groups())
    return hours * 3600 + minutes * 60 + seconds_


def parse_number(text: str) -> str | None:
    """A telephone number as digits without the country's code; "" for a withheld one.

    None for what is no number, such as 1.39E+10, which Excel makes of a long one. Digits that
    the exchange masked stay asterisks.
    """
    text = unicodedata.normalize("NFKC", text)
    if text.strip().casefold() in NOBODY:
        return ""
    text = re.sub(r"\.0+$", "", re.sub(r"[\s()-]", "", text))
    text = re.sub(r"^(\+|00)86|^86(?=1\d{10}$)", "", text)
    return text if re.fullmatch(r"[\d*#]+", text) else None


def _header(lines: list[str], pbx: Pbx) -> tuple[str, int, dict[int, str]]:
    """Delimiter, line and mapped columns of the header: where most columns are known."""
    known = {_plain(h): name for name, headers in pbx.columns.items() for h in headers}
    best: tuple[str, int, dict[int, str]] = (",", 0, {})
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        for delimiter in DELIMITERS:
            cells = next(csv.reader([line[:HEADER_CHARS]], delimiter=delimiter), [])
            mapped: dict[int, str] = {}
            for i, cell in enumerate(cells):
                name = known.get(_plain(cell))
                if name and name not in mapped.values():  # the first of two wins
                    mapped[i] = name
            if len(mapped) > len(best[2]):
                best = delimiter, at, mapped
    return best


def _plain(header: str) -> str:
    """A header without case, width, blanks and a unit in brackets: 通话时长（秒）."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"\([^)]*\)$|[\s_\ufeff]", "", text)


def _row(
    cells: list[str], columns: _Columns, pbx: Pbx
) -> tuple[Row | None, list[tuple[str, str]]]:
    """The row, None for a blank one or one that names no file, and what is wrong with it."""
    if not any(cells):
        return None, []
    said = {columns.mapped[i]: cell for i, cell in enumerate(cells) if i in columns.mapped}
    name = _base(said.pop("file", "").replace("\\", "/")) or said.get("call_id", "")
    if not name:
        return None, [("row_without_file", "没有文件名")]
    values, wrong = _values(said, pbx)
    if any(cells[len(columns.header) :]):
        wrong.append(("extra_columns", "比表头多出单元格"))
    extra = tuple(
        (columns.name(i), cell)
        for i, cell in enumerate(cells)
        if cell and i not in columns.mapped
    )
    duration = values.pop("duration_s", None)
    return Row(name, _metadata(values, extra), float(duration) if duration else None), wrong


def _metadata(values: dict[str, str], extra: tuple[tuple[str, str], ...] = ()) -> Metadata:
    """Fields that Metadata has; a profile may map more, they stay beside the unmapped."""
    known: dict[str, Any] = {k: v for k, v in values.items() if k in TEXT_FIELDS}
    more = tuple((k, v) for k, v in values.items() if k not in TEXT_FIELDS)
    return Metadata(**known, extra=extra + more)


def _values(said: dict[str, str], pbx: Pbx) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The cells in normal form, and (kind, detail) for those that could not be read."""
    values, wrong = dict(said), []
    said = {key: value for key, value in said.items() if value}
    if "started_at" in said:
        when = parse_date(said["started_at"], pbx.dates)
        values["started_at"] = when or ""
        if when is None:
            wrong.append(("bad_date", f"时间无法识别：{said['started_at'][:40]}"))
    if "caller_number" in said:
        number = parse_number(said["caller_number"])
        values["caller_number"] = number or ""
        if number is None:  # the number itself is not repeated: it is a caller's
            wrong.append(("bad_number", "来电号码无法识别（是否被 Excel 改成了科学计数法？）"))
    if "duration_s" in said:
        seconds = parse_seconds(said["duration_s"])
        values["duration_s"] = "" if seconds is None else repr(seconds)
        if seconds is None:
            wrong.append(("bad_number", f"时长无法识别：{said['duration_s'][:40]}"))
    if "agent_id" in said:
        values["agent_id"] = re.sub(r"\.0+$", "", said["agent_id"])
    if "direction" in said:
        way = said["direction"].casefold()
        known = [key for key, starts in DIRECTIONS.items() if way.startswith(starts)]
        values["direction"] = known[0] if known else way
    return {key: value for key, value in values.items() if value}, wrong


def _cell(cell: str) -> str:
    """A cell without what Excel's users put around numbers: ="1007", '1007, a tab."""
    cell = cell.strip().strip("\ufeff\u200b")
    quoted = re.fullmatch(r'="?([^"]*)"?', cell)
    cell = (quoted.group(1) if quoted else cell).removeprefix("'").strip()
    return "" if cell.casefold() in NOBODY else cell


def _local(when: datetime) -> str | None:
    if when.tzinfo is not None:
        when = when.astimezone(CHINA).replace(tzinfo=None)
    if not 1990 <= when.year < 2100:  # 1900-01-00 and 9999-12-31 stand for "none"
        return None
    return when.replace(microsecond=0).isoformat()


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _unreadable(path: str, why: str) -> Table:
    return Table(path, (), (Defect("unreadable_table", shown(_base(path)), why),))
