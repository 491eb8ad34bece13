"""report.xlsx: seven sheets with frozen heads and filters.

Cells are made harmless as in every table that leaves: what a caller says is never a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.export.dialogue import clock
from pipeline.export.rows import Row
from pipeline.export.tables import columns, widths
from pipeline.export.workbook import Link, Rate, Sheet
from pipeline.shiftreport.figures import GROUPS, Comparison, Line
from pipeline.shiftreport.gathered import Gathered, Suggestion
from pipeline.shiftreport.hotspots import HotSpot
from pipeline.shiftreport.listen import FOLDER, Card
from pipeline.shiftreport.views import Words
from pipeline.store.defects import Known

WIDE = 46  # columns of words
NARROW = 14
WORDY = (
    *("reason", "title", "r.sentence", "content", "r.missed", "r.call_ids"),
    *("file", "r.sheet_defect", "message"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name, its heads (keys of labels) and its lines."""

    name: str
    heads: tuple[str, ...]
    lines: Iterable[Sequence[Any]]
    wide: Sequence[int] = ()  # of each column; none: by its head


def write_workbook(
    out: Path,
    words: Words,
    compared: Comparison,
    gathered: Gathered,
    spots: Sequence[HotSpot],
    cards: Sequence[Card],
    defects: Sequence[Known],
) -> None:
    """Write all sheets."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    table = columns(words.profile, words.lang)
    calls = ([read(one) for read in table.values()] for one in gathered.rows)
    clips = {card.row["sha256"]: card.clips[0].file for card in cards if card.clips}
    for page in (
        _overview(words, compared),
        Page("sheet.calls", tuple(table), calls, widths(table, words.lang)),
        _review(words, gathered.rows, clips),
        _quality(words, gathered.rows),
        _spots(words, spots),
        _ideas(words, gathered.suggestions),
        _defects(words, defects),
    ):
        _add(book, page, words)
    book.save(out)


def _add(book: Any, page: Page, words: Words) -> None:
    heads = [words.t(head) for head in page.heads]
    wide = page.wide or [WIDE if head in WORDY else NARROW for head in page.heads]
    sheet = Sheet(book, words.t(page.name), heads, wide, "A2")
    for line in page.lines:
        sheet.add(line)
    sheet.close()


def _overview(words: Words, found: Comparison) -> Page:
    heads = ("r.group", "item", "r.now", "share", "mean", *found.labels)
    return Page("sheet.overview", heads, _overview_lines(words, found))


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


def _review(words: Words, rows: Iterable[Row], clips: dict[str, str]) -> Page:
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
                link = Link(f"{FOLDER}/{file}", words.t("r.listen_to")) if file else None
                marks = [words.t(flag["severity"]), words.item(flag["item"]), words.why(flag)]
                yield [*marks, second, *head, title, link]

    heads = ("severity", "item", "reason", "r.second", "id", "started_at", "agent_id")
    ordered = sorted(lines(), key=lambda line: line[0] != words.t("alert"))
    return Page("sheet.review", (*heads, "title", "r.listen_to"), ordered)


def _quality(words: Words, rows: Iterable[Row]) -> Page:
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
    return Page("sheet.quality", (*heads, *(words.item(item.id) for item in items)), lines())


def _spots(words: Words, spots: Iterable[HotSpot]) -> Page:
    heads = ("r.place", "domain", "calls", "r.callers", "r.when", "r.call_ids")
    comma = words.t("r.list")
    lines = (
        [
            comma.join((spot.place, *spot.also)),
            *(words.t(spot.domain), len(spot.calls), spot.callers),
            *(f"{spot.first} – {spot.last}", comma.join(spot.calls)),
        ]
        for spot in spots
    )
    return Page("sheet.spots", heads, lines)


def _ideas(words: Words, ideas: Iterable[Suggestion]) -> Page:
    heads = ("domain", "title", "r.sentence", "id", "started_at")
    lines = (
        [words.t(one.domain), one.title, one.sentence, one.call_id, one.started_at]
        for one in ideas
    )
    return Page("sheet.ideas", heads, lines)


def _defects(words: Words, defects: Iterable[Known]) -> Page:
    """What is wrong with the exchange's table; the details are written in Chinese."""
    heads = ("r.sheet_defect", "code", "file", *(("message",) if words.lang == "zh" else ()))
    lines = (
        [words.t(f"defect.{one.kind}"), one.kind, one.file, one.detail][: len(heads)]
        for one in defects
    )
    return Page("sheet.defects", heads, lines)
