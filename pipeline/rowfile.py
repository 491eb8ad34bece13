"""Reads a file of rows by column name: JSONL, a JSON array, CSV, TSV or XLSX.

For appeals that came as text (texts.py) and a city's history (training/dataset.py). What the
file is shows in its bytes, whatever it is called; text may be UTF-8, UTF-16 or GB18030.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import InputInvalid, cause
from pipeline.pbx import decoded

HEADER_BYTES = 2000  # of a table: enough to see what parts its columns
ZIP = b"PK\x03\x04"  # how a workbook begins
Rows = Iterator[dict[str, Any]]


def read_rows(path: Path) -> Rows:
    """The rows in their order. Raises InputInvalid naming the file and, for JSON, the line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(f"{path}：打不开（{cause(error)}）") from error
    if data.startswith(ZIP):
        return _workbook(data, path)
    text = decoded(data)
    if text is None:
        raise InputInvalid(f"{path}：不是文本，也不是 xlsx；旧式 Excel 文件请另存为 CSV")
    return _objects(text, path) if text.lstrip()[:1] in ("{", "[") else _cells(text, path)


def column(header: Iterable[str], names: Sequence[str]) -> str | None:
    """The header that goes by one of these names, the first name first; None without one.

    names: in lower case; blanks around a header do not count.
    """
    here = {key.strip().lower(): key for key in header}
    return next((here[name] for name in names if name in here), None)


def cell_text(value: object) -> str:
    """Text without what JSON may hold and no file can: half of a surrogate pair, NUL."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()


def _objects(text: str, path: Path) -> Rows:
    array = text.lstrip().startswith("[")
    # not splitlines: a text may hold U+2028, which is no end of a JSON line
    pieces = [(1, text)] if array else list(enumerate(text.split("\n"), 1))
    for number, piece in pieces:
        if not piece.strip():
            continue
        try:
            found = json.loads(piece)
        except json.JSONDecodeError as error:
            line = error.lineno if array else number
            raise InputInvalid(f"{path} 第 {line} 行：不是 JSON（{error.msg}）") from error
        for row in found if array else [found]:
            if not isinstance(row, dict):
                raise InputInvalid(f'{path} 第 {number} 行：应是对象，如 {{"text": "……"}}')
            yield row


def _cells(text: str, path: Path) -> Rows:
    header = text[:HEADER_BYTES].split("\n", 1)[0]
    delimiter = max("\t,;", key=header.count)
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        for row in reader:
            yield {key: value for key, value in row.items() if isinstance(key, str)}
    except csv.Error as error:
        raise InputInvalid(f"{path} 第 {reader.line_num} 行：{error}") from error


def _workbook(data: bytes, path: Path) -> Rows:
    """The first sheet; its first row holds the names."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook  # 0.2 s

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise InputInvalid(f"{path}：不是可读的 Excel 文件，请另存为 CSV") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = [str(cell or "") for cell in next(rows, ())]
        for row in rows:
            cells = (str(cell) if isinstance(cell, date) else cell for cell in row)
            yield dict(zip(header, cells, strict=False))
    finally:
        book.close()
