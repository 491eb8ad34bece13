"""Draft work orders: the list, and one call's orders to edit, split, merge, return, send."""

from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException
from starlette.responses import Response

from pipeline.domain.schema import REQUEST_TYPES
from pipeline.errors import Overtaken
from pipeline.export.rows import DISPOSITIONS
from pipeline.link.relations import Relations
from pipeline.records import CallResult
from pipeline.redact import hiding, mask
from pipeline.roles import DISPATCHER, LEAD, SUPERVISOR
from pipeline.shiftreport.views import Words
from pipeline.store import dispatches
from pipeline.store.dispatches import DRAFT, STATES, Draft, Step
from pipeline.web import board, guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.web.pages.search import filters, key_text, read_key
from pipeline.web.told import trouble
from pipeline.workbench import dispatching
from pipeline.workbench.delivery import Delivery, delivery
from pipeline.workbench.dispatching import Dispatcher
from pipeline.workbench.drafts import as_left

router = guard.pages()
READING = (DISPATCHER, SUPERVISOR, LEAD)
SHOWN = 50
CHOSEN = ("department", "district", "request_type", "urgency", "shift", "since", "until")
# what goes to a unit; emergencies were put through, and somebody must have written them down
DISPATCHED = tuple(k for k, said in DISPOSITIONS.items() if said in ("派单", "转接应急"))
LISTED = {"dispatch": DISPATCHED, "all": ()}  # which drafts: to be sent on, or every one


@router.get("/dispatch")
@may(*READING)
def show(desk: ADesk, state: str = DRAFT, which: str = "dispatch", after: str = "") -> Response:
    """Drafts, those that lack most first; or what was sent, returned, merged."""
    if state not in STATES or which not in LISTED:
        raise HTTPException(404)
    query = desk.request.query_params
    given = {name: query.get(name, "").strip() for name in CHOSEN}
    found: list[tuple[Step | None, Draft]] = []
    following = ""
    if state == DRAFT:
        drafts, following = _drafts(desk, given, which, after)
        found += [(None, line) for line in drafts]
    else:
        listed = dispatches.latest(desk.store, state)
        lines = dispatches.titles(desk.store, [one.sha256 for one in listed])
        left = as_left(desk.store, lines.values(), desk.bench.city)
        known = {line.sha256: line for line in left}
        found += [(one, known[one.sha256]) for one in listed if one.sha256 in known]
    table = board.table(desk)
    return desk.page(
        "dispatch.html",
        state=state,
        states=STATES,
        which=which,
        split=dispatching.SPLIT,
        given=given,
        found=found,
        following=following,
        choices={
            name: sorted(one for one in table.names[name].listed if one)
            for name in ("department", "district", "request_type", "urgency", "shift")
        },
        hidden=lambda line, text: mask(text, line.numbers),
        codes=_codes(desk),
        became=lambda one: became(desk, one.sha256, one.part, one),
        words=Words(desk.lang, desk.bench.city),
    )


@router.get("/dispatch/{sha256}")
@may(*READING)
def order(desk: ADesk, sha256: str, part: int = 1) -> Response:
    """One call's orders, with the evidence of each line."""
    return _page(desk, desk.call(sha256), part)


@router.post("/dispatch/{sha256}/{part}/edit")
@may(DISPATCHER)
def edit(desk: ADesk, sha256: str, part: int) -> Response:
    """Keep the lines that were typed anew; with `split`, as a further order."""
    result = desk.call(sha256)
    typed = {k.removeprefix("f."): v for k, v in desk.form.items() if k.startswith("f.")}
    try:
        if desk.form.get("split"):
            part = dispatching.split(desk.store, result, typed, by=dispatcher(desk))
            told = desk.t("Split off: this is another order of the call.")
        else:
            count = dispatching.edit(desk.store, result, part, typed, by=dispatcher(desk))
            told = desk.t("Saved.") if count else desk.t("Nothing was changed.")
    except Overtaken as error:
        return _page(
            desk, result, part, status=409, wrong=trouble(error, desk.lang), typed=typed
        )
    return desk.go(_here(result, part), told)


@router.post("/dispatch/{sha256}/{part}/step")
@may(DISPATCHER)
def step(desk: ADesk, sha256: str, part: int) -> Response:
    """Send, return with a code, merge, or take back; then to the list."""
    result, form = desk.call(sha256), desk.form
    state = form.get("state", "")
    wanted = Step(
        result.call.recording.sha256,
        part,
        desk.user.user,
        state if state in STATES else "",
        form.get("code") or None,
        form.get("other") or None,
        (form.get("reason") or "").strip() or None,
    )
    try:
        dispatching.take(
            desk.store, result, wanted, profile=desk.bench.city, by=dispatcher(desk)
        )
    except Overtaken as error:
        return _page(desk, result, part, status=409, wrong=trouble(error, desk.lang))
    if state == DRAFT:
        return desk.go(_here(result, part), desk.t("Taken back: it is a draft again."))
    return desk.go("/dispatch", desk.t("Saved."))


def became(desk: Desk, sha256: str, part: int, last: Step | None) -> Delivery | None:
    """Whether an order has arrived in the system that is configured."""
    target = desk.bench.settings.config.push.url
    return delivery(desk.store, sha256, part, last, target=target)


def dispatcher(desk: Desk) -> Dispatcher:
    """Who saves, having seen the version that the form carries."""
    return Dispatcher(desk.user.user, desk.address, desk.form.get("version") or None)


def _drafts(
    desk: Desk, given: dict[str, str], which: str, after: str
) -> tuple[list[Draft], str]:
    missing, _, rest = after.partition("~")
    key = read_key(rest)
    place = (int(missing), *key) if key and missing.isdecimal() and len(missing) < 6 else None
    lines = dispatches.drafts(
        desk.store, filters(given), outcomes=LISTED[which], after=place, limit=SHOWN + 1
    )
    following = ""
    if len(lines) > SHOWN:
        last = lines[SHOWN - 1]
        address = {name: value for name, value in given.items() if value} | {"which": which}
        address["after"] = f"{last.missing}~{key_text(last.key)}"
        following = "/dispatch?" + urlencode(address)
    return as_left(desk.store, lines[:SHOWN], desk.bench.city), following


def _page(
    desk: Desk,
    result: CallResult,
    part: int,
    *,
    status: int = 200,
    wrong: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    sha, city = result.call.recording.sha256, desk.bench.city
    unmasked = desk.unmasked(sha)
    found = dispatching.orders(desk.store, result, unmasked=unmasked)
    shown = next((one for one in found if one.part == part), None)
    if shown is None:
        raise HTTPException(404)
    words = Words(desk.lang, city)
    return desk.page(
        "order.html",
        status=status,
        order=shown,
        parts=[one.part for one in found],
        result=result,
        delivery=became(desk, shown.sha256, shown.part, shown.last),
        hidden=hiding(result.call, unmasked=unmasked),
        version=dispatches.version(desk.store, sha),
        typed=typed or {},
        wrong=wrong,
        may_edit=desk.user.role == DISPATCHER and shown.state == DRAFT,
        may_step=desk.user.role == DISPATCHER,
        follows=dispatching.FOLLOWS[shown.state],
        links=_links(desk, sha),
        codes=_codes(desk),
        unmasked=unmasked,
        listed=_listed(desk),
        words=words,
    )


def _links(desk: Desk, sha256: str) -> list[dict[str, Any]]:
    """The calls that this one may belong to, best first, and whether it may be merged there."""
    able = dispatching.candidates(desk.store, sha256)
    found = Relations(desk.store, desk.bench.city.links.hot_spot_calls).of(sha256)["links"]
    lines = dispatches.titles(desk.store, [one["sha256"] for one in found])
    best: dict[str, dict[str, Any]] = {}
    for one in found:
        line = lines.get(one["sha256"])
        if line is None or one["sha256"] in best:
            continue
        more = {"line": line, "title": mask(line.title, line.numbers)}
        best[one["sha256"]] = {**one, **more, "able": one["sha256"] in able}
    return list(best.values())


def _codes(desk: Desk) -> dict[str, str]:
    chinese = desk.lang == "zh"
    return {one.code: one.label if chinese else one.english for one in desk.bench.city.returns}


def _listed(desk: Desk) -> dict[str, list[str]]:
    """What may be put into a line, offered while typing."""
    return {
        "lead_unit": [unit.name for unit in desk.bench.city.departments],
        "request_type": list(REQUEST_TYPES),
        "urgency": ["一般", "紧急", "特急"],
    }


def _here(result: CallResult, part: int) -> str:
    return f"/dispatch/{result.call.recording.sha256}?part={part}"
