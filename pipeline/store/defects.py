"""What is wrong with the exchange's tables, kept from a run for the report of a shift.

Personal numbers are masked before anything is kept. Reading the same tables again replaces
what was found in them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.store.queries import rows_of
from pipeline.store.store import Store

ONLY_CHOSEN = "wrong_duration"  # is looked for in the chosen calls of a run alone


@dataclass(frozen=True, slots=True)
class Known:
    """A pbx.Defect, and which calls it concerns."""

    kind: str
    file: str
    detail: str
    sha256: str | None = None  # of the recording, where it is one
    since: str | None = None  # ISO local times between which the calls began
    until: str | None = None


def keep(store: Store, tables: str, found: Iterable[Known], checked: Iterable[str]) -> None:
    """Keep what was found in these tables in place of what was found in them before.

    checked: the recordings whose length was compared this time.
    """
    with store.transaction() as db:
        db.execute(
            "DELETE FROM defects WHERE tables = ? AND (kind <> ? OR sha256 IN"
            " (SELECT value FROM json_each(?)))",
            (tables, ONLY_CHOSEN, json.dumps(list(checked))),
        )
        db.executemany(
            "INSERT OR REPLACE INTO defects VALUES (?, ?, ?, ?,"
            " (SELECT sha256 FROM recordings WHERE sha256 = ?), ?, ?)",
            [
                (one.kind, one.file, one.detail, tables, one.sha256, one.since, one.until)
                for one in found
            ],
        )


def during(store: Store, shas: Iterable[str], first: str, last: str) -> list[Known]:
    """The defects of these recordings, and those of no recording that concern calls which
    began from `first` to before `last`."""
    rows = rows_of(
        store,
        "SELECT kind, file, detail, sha256, since, until FROM defects"
        " WHERE sha256 IN (SELECT value FROM json_each(?))"
        " OR (sha256 IS NULL AND since < ? AND until >= ?) ORDER BY kind, file, detail",
        (json.dumps(list(shas)), last, first),
    )
    return [Known(*row) for row in rows]
