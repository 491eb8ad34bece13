"""/api/v1/audit: who did what when, and whether the chain is whole."""

import json
from typing import Annotated, Any

from fastapi import HTTPException, Query
from pydantic import BaseModel

from pipeline.asked import moment
from pipeline.errors import StoreUnusable
from pipeline.roles import ADMIN
from pipeline.store import audit
from pipeline.web import guard
from pipeline.web.desk import ADesk, RowId
from pipeline.web.guard import may

router = guard.programs()
MOST = 1000


class AuditRow(BaseModel):
    """One row; `hash` is over the others and the hash of the row before."""

    id: int
    at: str
    who: str
    what: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Whole(BaseModel):
    """How far the chain goes, unbroken."""

    rows: int
    hash: str


@router.get("/audit")
@may(ADMIN)
def rows(
    desk: ADesk,
    who: str | None = None,
    what: str | None = None,
    since: str | None = None,
    until: str | None = None,
    before: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> list[AuditRow]:
    """The newest first; `before` a row's id gives the older ones."""
    wanted = audit.Wanted(who, what, moment(since, "since"), moment(until, "until"), before)
    found = map(dict, audit.listing(desk.store, wanted, limit=limit))
    return [AuditRow(**{**row, "detail": json.loads(row["detail"])}) for row in found]


@router.get("/audit/verify")
@may(ADMIN)
def verify(desk: ADesk) -> Whole:
    """409 with the first wrong row where somebody changed the audit."""
    try:
        count, mark = audit.verify(desk.store)
    except StoreUnusable as error:
        raise HTTPException(409, str(error)) from error
    return Whole(rows=count, hash=mark)
