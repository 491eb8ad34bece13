"""An agent's own calls and scores, appeals against them, and who answers those."""

from typing import Any

from fastapi import HTTPException
from starlette.responses import Response

from pipeline import appealing
from pipeline.decisions import QA, VERDICTS, item_name, value_name
from pipeline.labels import word
from pipeline.records import CallResult
from pipeline.redact import mask
from pipeline.roles import AGENT, CLERK, LEAD, SUPERVISOR
from pipeline.store import appeals, dispatches
from pipeline.store.appeals import ANSWERS, OPEN, Appeal
from pipeline.web import board, guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.web.pages.search import key_text, read_key
from pipeline.workbench import own
from pipeline.workbench.windows import DAY

router = guard.pages()
SHOWN = 30
ANSWERED = 30  # answered appeals on the page


@router.get("/own")
@may(AGENT)
def show(desk: ADesk, after: str = "") -> Response:
    """The own calls, newest first, and the own mean."""
    agent, city = agent_of(desk), desk.bench.city
    calls = own.calls(desk.store, agent, city, after=read_key(after), limit=SHOWN + 1)
    standing = None
    if until := own.last_moment(desk.store, agent):
        table = board.table(desk)
        rows = table.chosen(until - own.DAYS * DAY, until, ("agent_id", agent))
        key = ("own", agent, until, own.decided_last(desk.store))
        standing = table.once(
            rows, key, lambda: own.standing(desk.store, agent, city, until=until)
        )
    return desk.page(
        "own.html",
        calls=calls[:SHOWN],
        following=f"/own?after={key_text(calls[SHOWN - 1].key)}" if len(calls) > SHOWN else "",
        standing=standing,
        days=own.DAYS,
        name=lambda item: item_name(QA + item, city, desk.lang),
    )


@router.get("/own/{sha256}")
@may(AGENT)
def scorecard(desk: ADesk, sha256: str) -> Response:
    """One own call's scorecard, where an item may be appealed against."""
    result = desk.call(sha256)
    made = own.scorecard(desk.store, result, desk.bench.city, desk.lang)
    if made is None:
        raise HTTPException(404)
    recording = result.call.recording
    return desk.page("scored.html", card=made, recording=recording)


@router.post("/own/{sha256}/appeal")
@may(AGENT)
def appeal(desk: ADesk, sha256: str) -> Response:
    """File an appeal against an item, with a reason."""
    result, form = desk.call(sha256), desk.form
    appealing.file(
        desk.store,
        result,
        form.get("item", ""),
        reason=form.get("reason", ""),
        who=desk.user.user,
        profile=desk.bench.city,
    )
    return desk.go(_own(result), desk.t("The appeal is filed. The answer will stand here."))


@router.post("/own/{sha256}/withdraw")
@may(AGENT)
def withdraw(desk: ADesk, sha256: str) -> Response:
    """Take an appeal back."""
    result, item = desk.call(sha256), desk.form.get("item", "")
    appealing.withdraw(desk.store, result, item, who=desk.user.user, profile=desk.bench.city)
    return desk.go(_own(result), desk.t("The appeal is withdrawn."))


@router.get("/appeals")
@may(SUPERVISOR, CLERK, LEAD)
def waiting(desk: ADesk) -> Response:
    """The appeals that wait for an answer, oldest first, and those answered lately."""
    filed = appeals.latest(desk.store, state=OPEN)
    done = [one for one in appeals.latest(desk.store) if one.state in ANSWERS][-ANSWERED:]
    lines = dispatches.titles(desk.store, [one.sha256 for one in (*filed, *done)])
    return desk.page(
        "appeals.html",
        filed=[_told(desk, one, lines) for one in filed],
        done=[_told(desk, one, lines) for one in done[::-1]],
        verdicts=[one for one in VERDICTS if one != "fail"],
        may_answer=desk.user.role in (SUPERVISOR, CLERK),
    )


@router.post("/appeals/{sha256}/{item}")
@may(SUPERVISOR, CLERK)
def answer(desk: ADesk, sha256: str, item: str) -> Response:
    """Uphold an appeal, which changes the item, or reject it; with a reason."""
    form = desk.form
    appealing.answer(
        desk.store,
        desk.call(sha256),
        item,
        state=form.get("state", ""),
        reason=form.get("reason", ""),
        who=desk.user.user,
        profile=desk.bench.city,
        to=form.get("to") or "pass",
    )
    return desk.go("/appeals", desk.t("The appeal is answered."))


def agent_of(desk: Desk) -> str:
    """The number of the agent who asks. Raises HTTPException 404: the account has none."""
    if not desk.user.agent_id:
        raise HTTPException(404)
    return desk.user.agent_id


def _told(desk: Desk, one: Appeal, lines: dict[str, dispatches.Draft]) -> dict[str, Any]:
    city, line = desk.bench.city, lines[one.sha256]
    steps = [step for step in appeals.of(desk.store, one.sha256) if step.item == one.item]
    return {
        "sha256": one.sha256,
        "item": one.item,
        "name": item_name(QA + one.item, city, desk.lang),
        "against": value_name(QA + one.item, one.against, city, desk.lang),
        "state": word(f"appeal.{one.state}", desk.lang),
        "title": mask(line.title, line.numbers),
        "started_at": line.key.started_at[:16].replace("T", " "),
        "agent_id": line.agent_id,
        "steps": [
            {**own.told(step), "state": word(f"appeal.{step.state}", desk.lang)}
            for step in steps
        ],
    }


def _own(result: CallResult) -> str:
    return f"/own/{result.call.recording.sha256}"
