"""Gives each recording what the exchange's tables and the file names say of it.

Between ingest.py, which found the files, and the batch, which hears them. The table wins
over the name; whatever does not fit is returned as a Defect and never stops the run.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.domain.profile import Profile
from pipeline.domain.schema import Region
from pipeline.ingest import ASIDE, Item, shown
from pipeline.pbx import Defect, Row, Table, from_name
from pipeline.records import Metadata
from pipeline.shifts import shift_of

WRONG_BY_S = 2.0  # exchanges count ringing or whole seconds
WRONG_BY = 0.05  # of the recording's length
SAME_TIME_S = 120  # the table notes the ringing, the name the answer
FROM_NAME = ("started_at", "agent_id", "caller_number", "direction")  # compared and filled


def find_tables(folders: Iterable[str]) -> tuple[str, ...]:
    """The tables beside the recordings, else one level up: audio/ beside its table."""
    folders = tuple(folders)
    parents = tuple(sorted({os.path.dirname(os.path.abspath(folder)) for folder in folders}))
    for places in (folders, parents):
        paths = (os.path.join(place, name) for place in places for name in ASIDE)
        if found := tuple(path for path in paths if os.path.isfile(path)):
            return found
    return ()


def attach(
    items: Sequence[Item],
    tables: Sequence[Table],
    profile: Profile,
    *,
    present: Iterable[str] | None = None,
) -> tuple[tuple[Item, ...], tuple[Defect, ...]]:
    """Fill each item's metadata from its row and its name, with region and shift.

    present: every path that lies in the searched folders, also those not taken this time; a
    row that fits none of them is reported. None: files were named one by one, so rows are not.
    """
    defects = [defect for table in tables for defect in table.defects]
    index = [(_folder(table), _index(table, defects)) for table in tables]
    agents = _agents(tables, profile.places)
    filled, used = [], set()
    for item in items:
        row = _row_of(item, index)
        named = from_name(item.names[0], profile.city.pbx)
        if row is not None:
            used.add(id(row))
            defects += _disagreements(item, row.metadata, named)
        elif tables:
            defects.append(_defect("missing_row", item.names[0], "元数据表里没有这通录音"))
        metadata = _merged(row.metadata if row else Metadata(), named)
        metadata = _placed(metadata, profile.places, agents)
        filled.append(replace(item, recording=replace(item.recording, metadata=metadata)))
    if present is not None:
        here = {key for path in present for key in _keys(path)}
        defects += [
            _defect("row_without_file", row.file, "元数据表里有这一行，但没有对应的录音文件")
            for table in tables
            for row in table.rows
            if id(row) not in used and not here.intersection(_keys(row.file))
        ]
    return tuple(filled), tuple(defects)


def declared_seconds(items: Sequence[Item], tables: Sequence[Table]) -> dict[str, float]:
    """What the tables say the recordings last: SHA-256 to seconds, where they say it."""
    index = [(_folder(table), _index(table, [])) for table in tables]
    rows = {item.recording.sha256: _row_of(item, index) for item in items}
    return {
        sha: row.duration_s
        for sha, row in rows.items()
        if row is not None and row.duration_s is not None
    }


def check_duration(path: str, declared_s: float, real_s: float) -> Defect | None:
    """A defect where the table's length is not the recording's."""
    if abs(declared_s - real_s) <= max(WRONG_BY_S, WRONG_BY * real_s):
        return None
    detail = f"表中 {declared_s:g} 秒，实际 {real_s:.1f} 秒"
    return _defect("wrong_duration", path, detail)


def region_of(metadata: Metadata, places: Sequence[Region]) -> Region | None:
    """The region that the table names, else the one whose queue it is, else the only one."""
    for region in places:
        if metadata.region and metadata.region.rstrip("市") == region.name.rstrip("市"):
            return region
    for region in places:
        if metadata.queue and any(re.search(q, metadata.queue) for q in region.queues):
            return region
    return places[0] if len(places) == 1 else None


def _folder(table: Table) -> str:
    return os.path.dirname(os.path.abspath(table.path))


def _index(table: Table, defects: list[Defect]) -> dict[str, Row]:
    """Rows by each form of their file's name; the first of two rows stands."""
    rows: dict[str, Row] = {}
    for row in table.rows:
        full = _keys(row.file)[0]
        if full in rows and _keys(rows[full].file)[0] == full:
            same = rows[full].metadata == row.metadata
            detail = "重复的行" + ("" if same else "，内容不同，采用第一行")
            defects.append(_defect("duplicate_row", row.file, detail))
            continue
        for key in _keys(row.file):
            rows.setdefault(key, row)
    return rows


def _keys(path: str) -> tuple[str, ...]:
    """Forms a file's name is looked up by: whole, and without its extension.

    The second finds recordings that were converted after the export.
    """
    name = unicodedata.normalize("NFC", path.rsplit("/", 1)[-1]).casefold()
    return name, os.path.splitext(name)[0]


def _row_of(item: Item, index: Sequence[tuple[str, dict[str, Row]]]) -> Row | None:
    """The item's row: by the whole name before the stem, in the nearest folder's table."""
    for form in (0, 1):
        for name in item.names:
            folder = os.path.dirname(os.path.abspath(name))
            near = sorted(index, key=lambda pair: -_nearness(pair[0], folder))
            for _, rows in near:
                if row := rows.get(_keys(name)[form]):
                    return row
    return None


def _nearness(table_folder: str, folder: str) -> int:
    """Length of the table's folder where it holds the file's, else 0."""
    held = folder == table_folder or folder.startswith(table_folder.rstrip("/") + "/")
    return len(table_folder) if held else 0


def _merged(table: Metadata, named: Metadata) -> Metadata:
    """The table's values, the name's where the table is silent."""
    missing = {
        field: getattr(named, field)
        for field in (*FROM_NAME, "call_id", "queue", "region")
        if getattr(table, field) is None
    }
    return replace(table, **missing)


def _disagreements(item: Item, table: Metadata, named: Metadata) -> list[Defect]:
    labels = dict(zip(FROM_NAME, ("开始时间", "坐席工号", "来电号码", "方向"), strict=True))
    return [
        _defect("disagrees", item.names[0], f"{label}：表与文件名不一致，以表为准")
        for field, label in labels.items()
        if (ours := getattr(table, field))
        and (theirs := getattr(named, field))
        and not _agree(field, ours, theirs)
    ]


def _agree(field: str, ours: str, theirs: str) -> bool:
    if field == "started_at":
        apart = datetime.fromisoformat(ours) - datetime.fromisoformat(theirs)
        return abs(apart.total_seconds()) <= SAME_TIME_S
    if "*" in ours:  # masked by the exchange
        return re.fullmatch(re.escape(ours).replace(r"\*", r"\d+?"), theirs) is not None
    return ours.lstrip("0") == theirs.lstrip("0")


def _agents(tables: Sequence[Table], places: Sequence[Region]) -> dict[str, str]:
    """Agents whose calls are all of one region: their calls without a row are too."""
    seen: dict[str, set[str]] = {}
    for table in tables:
        for row in table.rows:
            region = region_of(row.metadata, places)
            if row.metadata.agent_id and region:
                seen.setdefault(row.metadata.agent_id, set()).add(region.name)
    return {agent: next(iter(names)) for agent, names in seen.items() if len(names) == 1}


def _placed(metadata: Metadata, places: Sequence[Region], agents: dict[str, str]) -> Metadata:
    region = region_of(metadata, places)
    if region is None and metadata.region is None:
        name = agents.get(metadata.agent_id or "")
        region = next((place for place in places if place.name == name), None)
    if region is None:
        return metadata
    shift = shift_of(metadata.started_at, region)
    return replace(metadata, region=region.name, shift=shift[0] if shift else None)


def _defect(kind: str, path: str, detail: str) -> Defect:
    return Defect(kind, shown(path.rsplit("/", 1)[-1]), detail)
