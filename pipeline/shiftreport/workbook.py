"""report.xlsx: six sheets with frozen heads and filters.

Cells are made harmless as in every table that leaves: what a caller says is never a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.export.dialogue import clock
from pipeline.export.rows import Row
from pipeline.export.tables import cell, columns
from pipeline.shiftreport.figures import GROUPS, Comparison, Line
from pipeline.shiftreport.gathered import Gathered, Suggestion
from pipeline.shiftreport.hotspots import HotSpot
from pipeline.shiftreport.listen import Card
from pipeline.shiftreport.views import Words

WIDE = 46  # columns of words
NARROW = 14
WORDY = ("reason", "title", "r.sentence", "content", "r.missed", "r.call_ids", "file")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its heads (keys of labels) and its lines."""

    name: str
    heads: tuple[str, ...]
    lines: Iterable[Sequence[Any]]


def write_workbook(
    out: Path,
    words: Words,
    compared: Comparison,
    gathered: Gathered,
    spots: Sequence[HotSpot],
    cards: Sequence[Card],
) -> None:
    """Write all sheets."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    table = columns(words.profile)
    calls = ([read(one) for read in table.values()] for one in gathered.rows)
    clips = {card.row["sha256"]: card.clips[0].file for card in cards if card.clips}
    for sheet in (
        _overview(words, compared),
        Sheet("sheet.calls", tuple(table), calls),
        _review(words, gathered.rows, clips),
        _quality(words, gathered.rows),
        _spots(spots),
        _ideas(gathered.suggestions),
    ):
        _add(book, sheet, words)
    book.save(out)


def _add(book: Any, sheet: Sheet, words: Words) -> None:
    from openpyxl.utils import get_column_letter

    made = book.create_sheet(words.t(sheet.name))
    made.freeze_panes = "A2"
    for i, head in enumerate(sheet.heads, 1):
        width = WIDE if head in WORDY or head in ("主要内容", "标题", "复核原因") else NARROW
        made.column_dimensions[get_column_letter(i)].width = width
    made.append([cell(words.t(head)) for head in sheet.heads])
    count = 1
    for line in sheet.lines:
        made.append([_value(made, one) for one in line])
        count += 1
    made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.heads))}{count}"


def _value(sheet: Any, one: Any) -> Any:
    """A cell; only the links that are made here stay formulas."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(one, Rate):
        made = WriteOnlyCell(sheet, one.value)
        made.number_format = "0%"
        return made
    return one.formula if isinstance(one, Link) else cell(one)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, 0..1, that a spreadsheet shows as a percentage."""

    value: float


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file beside the workbook, whose name is ours."""

    file: str
    text: str

    @property
    def formula(self) -> str:
        """As a spreadsheet writes it."""
        return f'=HYPERLINK("{self.file}","{self.text}")'


def _overview(words: Words, found: Comparison) -> Sheet:
    heads = ("r.group", "item", "r.now", "share", "mean", *found.labels)
    return Sheet("sheet.overview", heads, _overview_lines(words, found))


def _overview_lines(words: Words, found: Comparison) -> Iterator[list[Any]]:
    def told(group: str, label: str, line: Line, *, rate: bool = False) -> list[Any]:
        share = None if rate or line.share is None else Rate(round(line.share, 3))
        values = [_rounded(value, rate) for value in (line.now, line.mean, *line.before)]
        return [words.t(group), label, values[0], share, *values[1:]]

    for line in found.headlines():
        yield told("r.headlines", words.t(line.key), line)
    for group in GROUPS:
        name = words.unit if group == "department" else words.t
        for line in found.lines(group):
            yield told(group, name(line.key), line)
    for item in words.profile.qa:
        label = words.item(item.id)
        label = label if item.good else words.t("r.item_bad", label)
        yield told("r.kept", label, found.rate(item.id), rate=True)
    for line in found.asks():
        yield told("r.load", words.item(line.key), line)
    for hour in range(24):
        series = [float(one.hours[hour]) for one in (*found.before, found.now)]
        if any(series):
            line = Line(str(hour), series[-1], tuple(series[:-1]))
            yield told("r.by_hour", f"{hour:02d}", line)


def _rounded(value: float | None, rate: bool) -> float | Rate | None:
    if value is None:
        return None
    return Rate(round(value, 3)) if rate else round(value, 3)


def _review(words: Words, rows: Iterable[Row], clips: dict[str, str]) -> Sheet:
    def lines() -> Iterator[list[Any]]:
        for one in rows:
            head = [one["call_id"], one["started_at"], one["agent_id"]]
            title = (one["ticket"] or {}).get("title")
            if one["failure"]:
                why = one["failure"]["code"]
                yield [words.t("review"), words.t("failed"), why, None, *head, title, None]
            for flag in one["review"]:
                second = None if flag["start_s"] is None else clock(flag["start_s"])
                file = clips.get(one["sha256"])
                link = Link(file, words.t("r.listen_to")) if file else None
                marks = [words.t(flag["severity"]), words.item(flag["item"]), flag["reason"]]
                yield [*marks, second, *head, title, link]

    heads = ("severity", "item", "reason", "r.second", "id", "started_at", "agent_id")
    ordered = sorted(lines(), key=lambda line: line[0] != words.t("alert"))
    return Sheet("sheet.review", (*heads, "title", "r.listen_to"), ordered)


def _quality(words: Words, rows: Iterable[Row]) -> Sheet:
    items = words.profile.qa

    def lines() -> Iterator[list[Any]]:
        for one in rows:
            kept = {
                item.id: None if (there := one["qa"][item.id]) is None else there == item.good
                for item in items
            }
            missed = [words.item(key) for key, value in kept.items() if value is False]
            marks = ["" if value is None else "✓" if value else "✗" for value in kept.values()]
            facts = [one["agent_id"], one["call_id"], one["started_at"], len(missed)]
            yield [*facts, words.t("r.list").join(missed), *marks]

    heads = ("agent_id", "id", "started_at", "r.missed_n", "r.missed")
    return Sheet("sheet.quality", (*heads, *(words.item(item.id) for item in items)), lines())


def _spots(spots: Iterable[HotSpot]) -> Sheet:
    heads = ("r.place", "domain", "calls", "r.callers", "r.when", "r.call_ids")
    lines = (
        [
            "、".join((spot.place, *spot.also)),
            *(spot.domain, len(spot.calls), spot.callers),
            *(f"{spot.first} – {spot.last}", "、".join(spot.calls)),
        ]
        for spot in spots
    )
    return Sheet("sheet.spots", heads, lines)


def _ideas(ideas: Iterable[Suggestion]) -> Sheet:
    heads = ("domain", "title", "r.sentence", "id", "started_at")
    lines = ([i.domain, i.title, i.sentence, i.call_id, i.started_at] for i in ideas)
    return Sheet("sheet.ideas", heads, lines)
