"""From what the user named to what a run works on: files, their tables, the chosen calls.

Used by the CLI (and later by the page that starts a run). Joins ingest.py, metadata.py and
shifts.py; nothing is opened here that they do not open.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import ingest, metadata, pbx
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.ingest import Item, Skipped
from pipeline.pbx import Defect, Table
from pipeline.records import Metadata
from pipeline.redact import mask
from pipeline.shifts import Selection
from pipeline.store import defects as stored
from pipeline.store import queries
from pipeline.store.defects import Known
from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class Gathered:
    """The chosen recordings with their metadata, and what was left out or is wrong."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    defects: tuple[Defect, ...]
    declared: dict[str, float]  # sha256 -> seconds by the table
    tables: str  # their paths; "": there are none
    whose: "Whose"

    @property
    def lost(self) -> bool:
        """Whether a file that was meant could not be taken: the run is not all done."""
        return any(one.code in ("missing", "unreadable", "empty") for one in self.skipped)

    @property
    def shas(self) -> list[str]:
        """The recordings' ids."""
        return [item.recording.sha256 for item in self.items]


def gather(
    sources: Sequence[str],
    profile: Profile,
    *,
    table: Path | None = None,
    settle_s: float = 0.0,
    chosen: Selection,
) -> Gathered:
    """Find the recordings, wait for those still being written, attach what tables say.

    table: the exchange's table; None: those that lie beside the recordings.
    Raises InputInvalid where there is nothing to work on or the table is not there.
    """
    if table is not None and not table.is_file():
        raise InputInvalid(f"{table}：没有这个元数据表")
    found = ingest.find_files(sources)
    if not found.files:
        wrong = [f"{ingest.shown(one.path)}：{one.message}" for one in found.skipped[:1]]
        named = "、".join(map(ingest.shown, sources))
        raise InputInvalid(*wrong or [f"{named}：里面没有录音文件"])
    still, growing = ingest.settled(found.files, settle_s)
    items, unreadable = ingest.identify(still)
    paths = (str(table),) if table else metadata.find_tables(found.folders)
    tables = [pbx.read_table(path, profile.city.pbx) for path in paths]
    folders_only = all(os.path.isdir(source) for source in sources)
    present = (*found.files, *(s.path for s in found.skipped)) if folders_only else None
    items, defects = metadata.attach(items, tables, profile, present=present)
    whose = Whose(items, tables)
    items = tuple(i for i in items if chosen.takes(i.recording.metadata, profile.places))
    skipped = (*found.skipped, *growing, *unreadable)
    declared = metadata.declared_seconds(items, tables)
    return Gathered(items, skipped, defects, declared, "\n".join(sorted(paths)), whose)


def all_defects(store: Store, gathered: Gathered) -> tuple[Defect, ...]:
    """What is wrong with the tables, lengths included now that the sound was decoded; kept
    for the report, too."""
    wrong, checked = [], []
    for item in gathered.items:
        sha = item.recording.sha256
        real = queries.seconds(store, [sha]) if sha in gathered.declared else 0.0
        if real:
            checked.append(sha)
            name = item.recording.path
            wrong.append(metadata.check_duration(name, gathered.declared[sha], real))
    defects = (*gathered.defects, *filter(None, wrong))
    if gathered.tables:
        known = map(gathered.whose.known, defects)
        stored.keep(store, gathered.tables, known, checked)
    return defects


class Whose:
    """Which call a defect is about, by the name of the file that it names."""

    def __init__(self, items: Sequence[Item], tables: Sequence[Table]) -> None:
        rows: list[tuple[str, str | None, Metadata]] = [
            (row.file, None, row.metadata) for table in tables for row in table.rows
        ]
        rows += [
            (name, item.recording.sha256, item.recording.metadata)
            for item in items
            for name in item.names
        ]
        self._about = {_told(file): (sha, metadata) for file, sha, metadata in rows}
        times = [metadata.started_at for *_, metadata in rows if metadata.started_at]
        self._span = (min(times), max(times)) if times else (None, None)

    def known(self, defect: Defect) -> Known:
        """The defect with its call; one of a whole table concerns all its calls."""
        sha, metadata = self._about.get(defect.file, (None, Metadata()))
        number = metadata.caller_number or ""
        at = metadata.started_at
        since, until = (at, at) if at else self._span
        file, detail = (mask(text, [number]) for text in (defect.file, defect.detail))
        return Known(defect.kind, file, detail, sha, since, until)


def _told(path: str) -> str:
    """A file's name as defects tell it."""
    return ingest.shown(path.rsplit("/", 1)[-1])
