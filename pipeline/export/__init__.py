"""Writes stored results where people and other systems read them; docs/schema.md says how.

The CLI passes an iterator over the store: a month of calls is never held in memory. A file
is written beside its name and renamed, so that a reader never meets half of one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from models.base import LOT
from pipeline.collecting import uncollected
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.export.dialogue import srt, txt, work_orders
from pipeline.export.files import encoded, safe_stem, whole_file, writable
from pipeline.export.heardclips import Clips
from pipeline.export.rows import Row, row
from pipeline.export.tables import csv_lines
from pipeline.export.workbook import write_xlsx
from pipeline.link.relations import Relations
from pipeline.records import CallResult
from pipeline.store.appeals import Appeal
from pipeline.store.reviews import Review

FORMATS = ("jsonl", "csv", "xlsx", "srt", "txt", "tickets")
TABLES = ("csv", "xlsx")
DIALOGUES = {"srt": srt, "txt": txt}
NOBODY: Mapping[str, Mapping[str, Review]] = {}
NOTHING: Mapping[str, Sequence[Appeal]] = {}
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)  # rows are trees


def export(
    results: Iterable[CallResult],
    format: str,
    profile: Profile,
    *,
    relations: Relations | None = None,
    out: Path | None = None,
    stream: TextIO | None = None,
    reviewed: Mapping[str, Mapping[str, Review]] = NOBODY,
    appealed: Mapping[str, Sequence[Appeal]] = NOTHING,
    clips: Path | None = None,
    unmasked: bool = False,
) -> int:
    """Write the results to `out` (a folder for srt and txt) or to `stream`; how many.

    relations: of the store that the results come from, if they do.
    reviewed: recording -> item -> what a person decided (store.reviews.counting).
    appealed: recording -> the last step of each appeal (store.appeals.by_call).
    clips: a folder for the evidence as sound, which tables (csv, xlsx) link to.
    Raises InputInvalid for an unknown format, a target that cannot be written, or a format
    that one stream cannot carry (xlsx; srt of several calls).
    """
    if format not in FORMATS:
        raise InputInvalid(f"没有 {format} 这种格式；可选 {'、'.join(FORMATS)}")
    if clips is not None and format not in TABLES:
        raise InputInvalid(f"--clips 只用于 {'、'.join(TABLES)}")
    cutting = Clips(clips, (out or Path("x")).parent) if clips else None

    def made(result: CallResult) -> Row:
        sha256 = result.call.recording.sha256
        plain = row(
            result,
            profile,
            relations=_related(result, relations),
            reviewed=reviewed.get(sha256, {}).values(),
            appealed=appealed.get(sha256, ()),
            unmasked=unmasked,
        )
        return plain | cutting.of(result, profile, unmasked=unmasked) if cutting else plain

    counted = _Counted(map(made, results))
    if out is None:
        _to_stream(counted, format, stream, profile)
    elif format in DIALOGUES:
        _to_folder(counted, format, out)
    elif format == "xlsx":
        write_xlsx(counted, out, profile)
    else:
        with whole_file(out) as handle:
            for line in _lines(counted, format, profile):
                handle.write(encoded(line))
    return counted.count


def _related(result: CallResult, relations: Relations | None) -> Row | None:
    return relations.of(result.call.recording.sha256) if relations else None


class _Counted:
    """Passes rows on and remembers how many."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for item in self.rows:
            self.count += 1
            yield item


def _lines(rows: Iterable[Row], format: str, profile: Profile) -> Iterator[str]:
    if format == "csv":
        return csv_lines(rows, profile)
    objects = rows if format == "jsonl" else chain.from_iterable(map(work_orders, rows))
    return iter(partial(_lot, iter(objects)), "")


def _lot(objects: Iterator[Row]) -> str:
    """The lines of the next lot of objects; "" behind the last."""
    with uncollected():
        return "".join(f"{_JSON.encode(item)}\n" for item in list(islice(objects, LOT)))


def _to_stream(
    rows: Iterable[Row], format: str, stream: TextIO | None, profile: Profile
) -> None:
    if stream is None or format == "xlsx":
        raise InputInvalid(f"{format} 不能写到屏幕上：请用 --out 指定文件")
    if format not in DIALOGUES:
        for line in _lines(rows, format, profile):
            stream.write(writable(line))
        return
    for n, item in enumerate(rows):
        if n and format == "srt":
            raise InputInvalid("多通录音的 srt 要分开存放：请用 --out 指定文件夹")
        stream.write(writable(("\n" if n else "") + DIALOGUES[format](item)))


def _to_folder(rows: Iterable[Row], format: str, folder: Path) -> None:
    for item in rows:
        # The hash keeps two recordings apart that bear one name, or one once masked.
        name = f"{safe_stem(item['file'])}_{item['sha256'][:8]}.{format}"
        with whole_file(folder / name) as handle:
            handle.write(encoded(DIALOGUES[format](item)))
