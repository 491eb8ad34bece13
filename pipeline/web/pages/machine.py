"""The administrator's view of the machine: runs with what failed, the audit."""

import csv
import io
import json
from collections.abc import Mapping

from starlette.responses import Response

from pipeline.asked import moment
from pipeline.errors import StoreUnusable
from pipeline.export.tables import BOM, cell
from pipeline.redact import mask
from pipeline.roles import ADMIN
from pipeline.store import audit, figures
from pipeline.store.audit import Wanted
from pipeline.store.store import Store
from pipeline.summary import remedy
from pipeline.web import guard
from pipeline.web.desk import ADesk, RowId
from pipeline.web.guard import may
from pipeline.web.told import told
from pipeline.web.words import DETAILS, EXITS, VERBS

router = guard.pages()
RUNS, FAILED, LINES, EXPORTED = 50, 200, 100, 100_000


@router.get("/admin/runs")
@may(ADMIN)
def runs(desk: ADesk) -> Response:
    """The last runs, and the calls whose valid result is a failure with what to do."""
    return desk.page(
        "runs.html",
        runs=figures.last_runs(desk.store, limit=RUNS),
        failed=failures(desk.store, limit=FAILED),
        counts=figures.size(desk.store),
        exits=EXITS,
    )


@router.get("/admin/audit")
@may(ADMIN)
def trail(
    desk: ADesk,
    who: str = "",
    what: str = "",
    since: str = "",
    until: str = "",
    before: RowId | None = None,
) -> Response:
    """Who did what when, the newest first."""
    asked = {"who": who, "what": what, "since": since, "until": until}
    rows = audit.listing(desk.store, _wanted(asked, before), limit=LINES + 1)
    return desk.page(
        "audit.html",
        rows=[{**row, "detail": json.loads(row["detail"])} for row in map(dict, rows[:LINES])],
        more=rows[LINES - 1]["id"] if len(rows) > LINES else None,
        asked=asked,
        verbs=audit.verbs(desk.store),
        named=VERBS,
        keys=DETAILS,
    )


@router.post("/admin/audit/export")
@may(ADMIN)
def export(desk: ADesk) -> Response:
    """The rows asked for, as a table with their hashes; that somebody took them is a row."""
    asked = {name: desk.form.get(name, "") for name in ("who", "what", "since", "until")}
    rows = audit.listing(desk.store, _wanted(asked), limit=EXPORTED)
    audit.note(desk.store, desk.user.user, "audit.export", {"from": desk.address, **asked})
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("id", "at", "who", "what", "detail", "previous", "hash"))
    table.writerows([cell(value) for value in row] for row in rows)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(
        BOM + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers
    )


@router.post("/admin/audit/verify")
@may(ADMIN)
def verify(desk: ADesk) -> Response:
    """Whether the chain is whole, or which row is the first wrong one."""
    try:
        rows, mark = audit.verify(desk.store)
    except StoreUnusable as error:
        return desk.go("/admin/audit", told(str(error), desk.lang))
    said = desk.t("%(n)d rows, none changed; the last hash is %(mark)s.", n=rows, mark=mark)
    return desk.go("/admin/audit", said)


def failures(store: Store, *, limit: int) -> list[dict[str, str]]:
    """The calls that failed, masked, each with its remedy."""
    return [
        {
            "call": recording.sha256[:12],
            "file": mask(recording.name),
            "stage": failure.stage,
            "code": failure.code,
            "message": mask(failure.message),
            "remedy": remedy(failure.code),
        }
        for recording, failure in figures.failing(store, limit=limit)
    ]


def _wanted(asked: Mapping[str, str], before: int | None = None) -> Wanted:
    for name in ("since", "until"):
        moment(asked[name] or None, name)
    return Wanted(before=before, **{name: value or None for name, value in asked.items()})
