"""/api/v1/calls: which there are, and one in full, as `lingsu export` writes it."""

from typing import Annotated, Any, Literal

from fastapi import HTTPException, Path, Query
from pydantic import BaseModel

from pipeline.asked import moment
from pipeline.export.rows import row
from pipeline.link.relations import Relations
from pipeline.roles import AGENT, HEARING, REVEALING
from pipeline.store import audit, reviews, shelf
from pipeline.web import guard
from pipeline.web.desk import ADesk
from pipeline.web.guard import may

router = guard.programs()
MOST = 200
Sha = Annotated[str, Path(pattern="^[0-9a-f]{6,64}$", description="SHA-256, or its start")]


class CallEntry(BaseModel):
    """One call of a list."""

    sha256: str
    started_at: str | None
    agent_id: str | None
    shift: str | None
    duration_s: float
    status: Literal["ok", "no_speech", "failed"]
    outcome: str
    request_type: str | None
    department: str | None
    urgency: str | None
    abuse: str
    review: int


class CallPage(BaseModel):
    """A page of calls; `after` asks for the next one, null where this is the last."""

    calls: list[CallEntry]
    after: str | None


@router.get("/calls")
@may(*HEARING, AGENT)
def calls(
    desk: ADesk,
    agent: str | None = None,
    since: str | None = None,
    until: str | None = None,
    status: Literal["ok", "no_speech", "failed"] | None = None,
    after: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> CallPage:
    """The newest first. An agent sees own calls, whatever `agent` says."""
    if desk.user.role == AGENT:
        agent = desk.user.agent_id
    wanted = shelf.Wanted(agent, moment(since, "since"), moment(until, "until"), status, after)
    found = shelf.page(desk.store, wanted, limit=limit + 1)
    listed = [CallEntry.model_validate(one, from_attributes=True) for one in found[:limit]]
    return CallPage(calls=listed, after=listed[-1].sha256 if len(found) > limit else None)


@router.get("/calls/{sha256}")
@may(*HEARING, AGENT)
def call(desk: ADesk, sha256: Sha, unmasked: bool = False) -> dict[str, Any]:
    """One call, the object of docs/schema.md. `unmasked`: nothing hidden, which is kept."""
    result = desk.call(sha256)
    whole = result.call.recording.sha256
    if unmasked:
        if desk.user.role not in REVEALING:
            raise HTTPException(403)
        with desk.bench.pool.lend(write=True) as store:
            detail = {"call": whole[:8], "from": desk.address}
            audit.note(store, desk.user.user, "call.reveal", detail)
    city = desk.bench.city
    relations = Relations(desk.store, city.links.hot_spot_calls).of(whole)
    reviewed = reviews.counting(desk.store, whole).get(whole, {}).values()
    return row(result, city, relations=relations, reviewed=reviewed, unmasked=unmasked)
