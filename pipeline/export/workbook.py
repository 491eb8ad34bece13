"""The table of calls as a workbook: frozen head, filters, links to clips, readable widths.

Rows are streamed into the file, not held in memory. shiftreport/workbook.py uses the parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.export.files import whole_file
from pipeline.export.rows import Row
from pipeline.export.tables import WRAPPED, cell, columns, first_clip, widths

CLIPS = ("通话编号", "片段", "从（秒）", "到（秒）", "所据", "原话")
CLIP_WIDTHS = (24, 24, 10, 10, 40, 80)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file beside the workbook, whose name is ours."""

    file: str
    text: str

    @property
    def formula(self) -> str:
        """As a spreadsheet writes it; a quote within a string is doubled."""
        file, text = (part.replace('"', '""') for part in (self.file, self.text))
        return f'=HYPERLINK("{file}","{text}")'


def write_xlsx(rows: Iterable[Row], out: Path, profile: Profile) -> None:
    """Write the rows to a workbook; those that have `clips` get a sheet of them, too."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    table = columns(profile)
    made: dict[str, Sheet] = {}
    with whole_file(out) as handle:  # around the rows too: openpyxl spools them to the disk
        for row in rows:
            if not made:
                made = _sheets(book, list(table), clips="clips" in row)
            line = [_dated(title, read(row)) for title, read in table.items()]
            if "片段" in made:
                line.insert(1, _clip(row))
                for clip in row["clips"]:
                    made["片段"].add(_clip_line(row, clip))
            made["通话"].add(line)
        for sheet in (made or _sheets(book, list(table), clips=False)).values():
            sheet.close()
        book.save(handle)


class Sheet:
    """A sheet that lines are added to."""

    def __init__(
        self, book: Any, name: str, heads: Sequence[str], wide: Sequence[int], freeze: str
    ) -> None:
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import get_column_letter

        self._sheet = book.create_sheet(name)
        self._sheet.freeze_panes = freeze
        for i, width in enumerate(wide, 1):
            self._sheet.column_dimensions[get_column_letter(i)].width = width
        self._last, self._count = get_column_letter(len(heads)), 1
        self._wide = wide
        top = Alignment(vertical="top")
        self._plain, self._wrapped = top, Alignment(vertical="top", wrap_text=True)
        self._linked = Font(color="0563C1", underline="single")
        bold, broken = Font(bold=True), Alignment(vertical="center", wrap_text=True)
        self._sheet.append([self._cell(cell(h), font=bold, alignment=broken) for h in heads])

    def add(self, line: Sequence[Any]) -> None:
        """A line of values; only Links stay formulas."""
        self._sheet.append([self._made(*pair) for pair in zip(line, self._wide, strict=True)])
        self._count += 1

    def close(self) -> None:
        """Filters over all that was added."""
        self._sheet.auto_filter.ref = f"A1:{self._last}{self._count}"

    def _made(self, value: Any, width: int) -> Any:
        alignment = self._wrapped if width >= WRAPPED else self._plain
        if isinstance(value, Link):
            return self._cell(value.formula, font=self._linked, alignment=alignment)
        if isinstance(value, Rate):
            return self._cell(value.value, number_format="0%", alignment=alignment)
        return self._cell(cell(value), alignment=alignment)

    def _cell(self, value: Any, **style: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell

        made = WriteOnlyCell(self._sheet, value)
        for name, what in style.items():
            setattr(made, name, what)
        return made


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, 0..1, that a spreadsheet shows as a percentage."""

    value: float


def _sheets(book: Any, heads: list[str], *, clips: bool) -> dict[str, Sheet]:
    wide = widths(heads)
    if not clips:
        return {"通话": Sheet(book, "通话", heads, wide, "C2")}  # which call a line is about
    heads, wide = [heads[0], "片段", *heads[1:]], [wide[0], 16, *wide[1:]]
    return {
        "通话": Sheet(book, "通话", heads, wide, "C2"),
        "片段": Sheet(book, "片段", CLIPS, CLIP_WIDTHS, "C2"),
    }


def _clip(row: Row) -> Any:
    """The first clip of the call; the others are on their sheet."""
    count = len(row["clips"])
    return Link(first_clip(row), f"听（{count} 段）") if count else row["silent"]


def _clip_line(row: Row, clip: Row) -> list[Any]:
    name = clip["file"].rsplit("/", 1)[-1]
    told = (clip["start_s"], clip["end_s"], clip["what"], clip["quotes"])
    return [row["call_id"], Link(clip["file"], name), *told]


def _dated(title: str, value: Any) -> Any:
    """Times as times, so that a spreadsheet filters them by day."""
    if title != "受理时间" or not value:
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value
