"""/api/v1 of search, dashboard, work orders, own calls and appeals: what their pages do."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from pipeline import appealing
from pipeline.appealsheet import plain as plain_appeals
from pipeline.export.rows import Row
from pipeline.redact import mask
from pipeline.roles import AGENT, CLERK, DISPATCHER, HEARING, LEAD, SUPERVISOR
from pipeline.shiftreport.views import Words
from pipeline.store import appeals, dispatches, search
from pipeline.store.appeals import OPEN
from pipeline.store.dispatches import STATES, Step
from pipeline.web import board, guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.web.pages import dispatch as orders
from pipeline.web.pages.dashboard import read
from pipeline.web.pages.own import agent_of
from pipeline.web.pages.search import CHOSEN, LONGEST, filters, key_text, read_key
from pipeline.workbench import dashboard as figures
from pipeline.workbench import dispatching, own
from pipeline.workbench.delivery import Delivery
from pipeline.workbench.dispatching import Dispatcher
from pipeline.workbench.drafts import as_left

router = guard.programs()
MOST = 100
Limit = Annotated[int, Query(ge=1, le=MOST)]


class Sent(BaseModel):
    """What every change of an order carries."""

    model_config = ConfigDict(extra="forbid")

    version: str | None = Field(None, description="of the orders as they were read")


class SentLines(Sent):
    """Lines of an order, typed anew."""

    fields: dict[str, str] = Field(description="key of the form -> text")
    split: bool = Field(False, description="keep them as a further order of the call")


class SentStep(Sent):
    """What becomes of an order."""

    state: Literal["draft", "sent", "returned", "merged"]
    code: str | None = None
    other: str | None = Field(None, description="SHA-256 of the call it is merged into")
    reason: str | None = Field(None, max_length=500)


class SentItem(BaseModel):
    """An item that was appealed against."""

    model_config = ConfigDict(extra="forbid")

    item: str


class SentAppeal(SentItem):
    """An appeal against an item, or its answer."""

    reason: str = Field(max_length=500)
    state: Literal["upheld", "rejected"] | None = Field(None, description="of an answer")
    to: str = Field("pass", description="what the item becomes where it is upheld")


@router.get("/search")
@may(*HEARING)
def find(desk: ADesk, q: str = "", after: str = "", limit: Limit = 20) -> Row:
    """Calls by words and filters (since, until, shift, agent_id, department, district,
    request_type, outcome, urgency, abuse, flag), newest first; `after` asks for the next."""
    query = desk.request.query_params
    given = {name: query.get(name, "") for name in (*CHOSEN, "since", "until")}
    found = search.search(
        desk.store, q[:LONGEST], filters(given), after=read_key(after), limit=limit
    )
    calls = [asdict(one) | {"started_at": one.key.started_at} for one in found.calls]
    for call in calls:
        del call["key"]
    return {"calls": calls, "after": found.after and key_text(found.after)}


@router.get("/dashboard")
@may(LEAD, SUPERVISOR)
def counted(desk: ADesk, kind: Literal["day", "week", "month"] = "day", day: str = "") -> Row:
    """Figures of a stretch beside those before it, by shift, agent, unit and district."""
    asked, table = read(desk, kind, day), board.table(desk)
    words = Words(desk.lang, desk.bench.city)
    now = figures.window_of(table, asked, desk.bench.city)
    made = figures.figures(table, now, asked, words)
    shown = ("headlines", "service", "load")
    return {
        "kind": now.kind,
        "since": now.start.isoformat(),
        "until": now.until.isoformat(),
        "compared_with": list(made["labels"]),
        **{name: [asdict(one) for one in made[name]] for name in shown},
        "groups": [
            {"title": title, "lines": [asdict(one) for one in lines], "more": more}
            for title, lines, more in made["groups"]
        ],
        "charts": made["charts"],
        "parts": [
            {**part, "lines": [asdict(line) for line in part["lines"]]}
            for part in made["parts"]
        ],
    }


@router.get("/dashboard/told")
@may(LEAD, SUPERVISOR)
def told(desk: ADesk, kind: Literal["day", "week", "month"] = "day", day: str = "") -> Row:
    """Hot spots and suggestions of the same stretch."""
    asked, table, city = read(desk, kind, day), board.table(desk), desk.bench.city
    now = figures.window_of(table, asked, city)
    spots, _ = figures.spots(desk.store, table, now, asked, city)
    ideas = figures.ideas(desk.store, table, now, asked)
    return {"spots": [asdict(one) for one in spots], "ideas": [asdict(one) for one in ideas]}


@router.get("/orders")
@may(*orders.READING)
def listed(desk: ADesk, state: Literal["draft", "sent", "returned", "merged"] = "draft") -> Row:
    """Drafts to be dispatched, those that lack most first; or the last of another state."""
    if state == STATES[0]:
        found = dispatches.drafts(
            desk.store, search.Filters(), outcomes=orders.DISPATCHED, limit=MOST
        )
        left = as_left(desk.store, found, desk.bench.city)
        return {"orders": [_line(one) for one in left]}
    steps = dispatches.latest(desk.store, state)
    lines = dispatches.titles(desk.store, [one.sha256 for one in steps])
    return {
        "orders": [
            _line(lines[one.sha256])
            | asdict(one)
            | _became(orders.became(desk, one.sha256, one.part, one))
            for one in steps
        ]
    }


@router.get("/calls/{sha256}/orders")
@may(*orders.READING)
def of_call(desk: ADesk, sha256: str) -> Row:
    """The orders of a call with their version, numbers hidden."""
    result = desk.call(sha256)
    found = dispatching.orders(desk.store, result)
    version = dispatches.version(desk.store, result.call.recording.sha256)
    return {"version": version, "orders": [_order(desk, one) for one in found]}


@router.post("/calls/{sha256}/orders/{part}")
@may(DISPATCHER)
def write(desk: ADesk, sha256: str, part: int, sent: SentLines) -> Row:
    """Keep lines that were typed anew, or split them off."""
    result, by = desk.call(sha256), Dispatcher(desk.user.user, desk.address, sent.version)
    if sent.split:
        part = dispatching.split(desk.store, result, sent.fields, by=by)
    else:
        dispatching.edit(desk.store, result, part, sent.fields, by=by)
    return {"part": part, "version": dispatches.version(desk.store, _sha(result))}


@router.post("/calls/{sha256}/orders/{part}/step")
@may(DISPATCHER)
def step(desk: ADesk, sha256: str, part: int, sent: SentStep) -> Row:
    """Send an order, return it with a code, merge it, or take it back."""
    result = desk.call(sha256)
    wanted = Step(
        _sha(result), part, desk.user.user, sent.state, sent.code, sent.other, sent.reason
    )
    by = Dispatcher(desk.user.user, desk.address, sent.version)
    dispatching.take(desk.store, result, wanted, profile=desk.bench.city, by=by)
    return {"version": dispatches.version(desk.store, _sha(result))}


@router.get("/own")
@may(AGENT)
def own_calls(desk: ADesk, after: str = "", limit: Limit = 30) -> Row:
    """The agent's own calls with their scores, newest first."""
    agent, city = agent_of(desk), desk.bench.city
    found = own.calls(desk.store, agent, city, after=read_key(after), limit=limit)
    return {
        "calls": [asdict(one) | {"started_at": one.key.started_at} for one in found],
        "after": key_text(found[-1].key) if len(found) == limit else None,
    }


@router.get("/own/{sha256}")
@may(AGENT)
def own_card(desk: ADesk, sha256: str) -> Row:
    """The scorecard of an own call, with appeals."""
    made = own.scorecard(desk.store, desk.call(sha256), desk.bench.city, desk.lang)
    if made is None:
        raise HTTPException(404)
    return {**made, "machine": asdict(made["machine"]),
            "human": made["human"] and asdict(made["human"])}  # fmt: skip


@router.post("/own/{sha256}/appeal")
@may(AGENT)
def file(desk: ADesk, sha256: str, sent: SentAppeal) -> Row:
    """File an appeal against an item."""
    made = appealing.file(
        desk.store, desk.call(sha256), sent.item,
        reason=sent.reason, who=desk.user.user, profile=desk.bench.city,
    )  # fmt: skip
    return plain_appeals([made])[0]


@router.post("/own/{sha256}/withdraw")
@may(AGENT)
def take_back(desk: ADesk, sha256: str, sent: SentItem) -> Row:
    """Take an open appeal back."""
    result, city = desk.call(sha256), desk.bench.city
    made = appealing.withdraw(desk.store, result, sent.item, who=desk.user.user, profile=city)
    return plain_appeals([made])[0]


@router.get("/appeals")
@may(SUPERVISOR, CLERK, LEAD)
def waiting(desk: ADesk) -> list[Row]:
    """The appeals that wait for an answer, oldest first."""
    return plain_appeals(appeals.latest(desk.store, state=OPEN))


@router.post("/appeals/{sha256}")
@may(SUPERVISOR, CLERK)
def answer(desk: ADesk, sha256: str, sent: SentAppeal) -> Row:
    """Uphold an open appeal, or reject it."""
    made = appealing.answer(
        desk.store, desk.call(sha256), sent.item, state=sent.state or "",
        reason=sent.reason, who=desk.user.user, profile=desk.bench.city, to=sent.to,
    )  # fmt: skip
    return plain_appeals([made])[0]


def _line(one: dispatches.Draft) -> Row:
    plain: dict[str, Any] = asdict(one) | {"title": mask(one.title, one.numbers)}
    plain |= {"started_at": one.key.started_at, "lacking": list(one.lacking)}
    del plain["numbers"], plain["key"]
    return plain


def _sha(result: Any) -> str:
    return result.call.recording.sha256


def _order(desk: Desk, one: dispatching.Order) -> Row:
    return dispatching.plain(one) | _became(orders.became(desk, one.sha256, one.part, one.last))


def _became(found: Delivery | None) -> Row:
    return {"delivery": found and asdict(found)}
