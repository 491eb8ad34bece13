"""A call's page: heard, read, decided on, corrected. Who may decide is said beside each."""

from typing import Any

from starlette.responses import JSONResponse, Response

from pipeline.decisions import item_name
from pipeline.errors import Overtaken
from pipeline.link.relations import Relations
from pipeline.records import CallResult
from pipeline.reviewing import ABUSE, Verdict
from pipeline.reviewsheet import told
from pipeline.roles import AGENT, CLERK, HEARING, REVEALING, SUPERVISOR
from pipeline.store import reviews
from pipeline.web import guard, trail
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may, safe_path
from pipeline.web.onekey import one_key
from pipeline.web.pages.review import onward
from pipeline.web.presence import presence
from pipeline.web.told import trouble
from pipeline.web.trail import DAY, Trail
from pipeline.workbench import scoring
from pipeline.workbench.amending import Amendment, Reviewer, amend
from pipeline.workbench.callview import view
from pipeline.workbench.deciding import take

router = guard.pages()
DECIDING = (SUPERVISOR, CLERK)
# what others say among themselves: an agent has the own calls and scores
NOT_FOR_AGENTS: dict[str, Any] = {"comments": [], "history": [], "flags": [], "decisions": []}


@router.get("/calls/{sha256}")
@may(*HEARING, AGENT)
def show(desk: ADesk, sha256: str) -> Response:
    """The call; `at`: the second to play from; `trail`: the list it was opened from."""
    result = desk.call(sha256)
    sha = result.call.recording.sha256
    asked = desk.request.query_params
    place = trail.read(asked.get("trail", ""))
    seen = view_of(desk, result)
    deciding = desk.user.role in DECIDING
    done = scoring.scored(desk.store, [sha])[sha]
    again = bool(place and place.kind == DAY and done.first not in (None, desk.user.user))
    return desk.page(
        "review/call.html",
        call=seen,
        at=asked.get("at", ""),
        trail=place,
        deciding=deciding,
        scoring=desk.user.role == CLERK,
        again=again and deciding and done.second is None,
        done=done,
        offered=lambda item: one_key(item, seen["decisions"][0], desk.lang),
        others=presence(desk.request.app).here(sha, desk.user.user) if deciding else [],
        coming=_coming(desk, place, sha),
        revealing=desk.user.role in REVEALING and not desk.unmasked(sha),
    )


@router.post("/calls/{sha256}/decide")
@may(*DECIDING)
def decide(desk: ADesk, sha256: str) -> Response:
    """Keep a verdict on one item; then the next flag, or the next call of the list."""
    result, form = desk.call(sha256), desk.form
    verdict = Verdict(
        form.get("what", ""),
        form.get("item") or None,
        form.get("to") or None,
        (form.get("reason") or "").strip() or None,
    )
    parts = {item: form.get(item, "") for item in ("abuse.who", "abuse.target")}
    try:
        take(
            desk.store,
            result,
            verdict,
            profile=desk.bench.city,
            by=reviewer(desk),
            parts=parts,
        )
    except Overtaken as error:
        return _overtaken(desk, result, error)
    if _json(desk):
        return JSONResponse({"version": _version(desk, result)})
    return desk.go(*_after(desk, result, verdict.item or ""))


@router.post("/calls/{sha256}/amend")
@may(*DECIDING)
def correct(desk: ADesk, sha256: str) -> Response:
    """Keep a correction of a turn, a role or a field, or a comment."""
    result, form = desk.call(sha256), desk.form
    wanted = Amendment(form.get("item", ""), form.get("to", ""), form.get("reason") or None)
    try:
        amend(desk.store, result.call, wanted, by=reviewer(desk))
    except Overtaken as error:
        return _overtaken(desk, result, error)
    if _json(desk):
        return JSONResponse({"version": _version(desk, result)})
    return desk.go(_here(result, trail.read(form.get("trail", ""))), desk.t("Saved."))


@router.post("/calls/{sha256}/finish")
@may(*DECIDING)
def finish(desk: ADesk, sha256: str) -> Response:
    """Finish the scorecard, and on to the next call of the sample."""
    result = desk.call(sha256)
    try:
        scoring.finish(desk.store, result, desk.bench.city, by=reviewer(desk))
    except Overtaken as error:
        return _overtaken(desk, result, error)
    return _leave(desk, result)


@router.post("/calls/{sha256}/again")
@may(*DECIDING)
def again(desk: ADesk, sha256: str) -> Response:
    """Keep a second scoring, and on to the next call of the sample."""
    result = desk.call(sha256)
    verdicts = {item: value for item, value in desk.form.items() if item.startswith("qa.")}
    scoring.score_again(desk.store, result, desk.bench.city, verdicts, by=reviewer(desk))
    return _leave(desk, result)


@router.post("/calls/{sha256}/reveal")
@may(*REVEALING)
def reveal(desk: ADesk, sha256: str) -> Response:
    """Show the numbers of this call in full for a while; that they were seen is kept.

    Back to the page that asked: `next`, or the call's.
    """
    result = desk.call(sha256)
    desk.reveal(result.call.recording.sha256)
    here = _here(result, trail.read(desk.form.get("trail", "")))
    return desk.go(safe_path(desk.form.get("next")) or here)


@router.post("/calls/{sha256}/here")
@may(*HEARING)
def here(desk: ADesk, sha256: str) -> Response:
    """Say that one has the call open (or not any more); who else has, and its version."""
    return JSONResponse(note_here(desk, desk.call(sha256), gone=bool(desk.form.get("gone"))))


def note_here(desk: Desk, result: CallResult, *, gone: bool) -> dict[str, Any]:
    """Keep for the next seconds that somebody has the call open, or not any more."""
    if gone:
        _gone(desk, result)
        return {}
    sha = result.call.recording.sha256
    others = presence(desk.request.app).here(sha, desk.user.user)
    return {"others": others, "version": _version(desk, result)}


def view_of(desk: Desk, result: CallResult) -> dict[str, Any]:
    """The call as workbench/callview.py lays it out, for this person."""
    sha, city = result.call.recording.sha256, desk.bench.city
    seen = view(
        result,
        city,
        decided=reviews.counting(desk.store, sha).get(sha, {}),
        history=reviews.of(desk.store, sha),
        version=reviews.version(desk.store, sha),
        relations=Relations(desk.store, city.links.hot_spot_calls).of(sha),
        unmasked=desk.unmasked(sha),
        lang=desk.lang,
    )
    return seen | NOT_FOR_AGENTS if desk.user.role == AGENT else seen


def reviewer(desk: Desk) -> Reviewer:
    """Who decides, having seen the version that the form carries."""
    seen = desk.form.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 16 else None
    return Reviewer(desk.user.user, desk.address, version)


def _after(desk: Desk, result: CallResult, item: str) -> tuple[str, str | None]:
    """Where to go when an item was decided: abuse ends a call of its list, of the others the
    flags come one after another."""
    place = trail.read(desk.form.get("trail", ""))
    saved = desk.t("Saved.")
    if place is None or place.kind == DAY:
        return _here(result, place), saved
    if not (place.kind == ABUSE and item in (ABUSE, "")):
        left = [flag for flag in view_of(desk, result)["flags"] if flag["open"]]
        if not all(flag["rejected"] for flag in left):
            return _here(result, place), saved
        place = place.skipped if left else place  # what was rejected stays in the list
    _gone(desk, result)
    return onward(desk, place)


def _leave(desk: Desk, result: CallResult) -> Response:
    place = trail.read(desk.form.get("trail", ""))
    if place is None:
        return desk.go(_here(result, None), desk.t("Saved."))
    _gone(desk, result)
    return desk.go(*onward(desk, place))


def _gone(desk: Desk, result: CallResult) -> None:
    presence(desk.request.app).left(result.call.recording.sha256, desk.user.user)


def _coming(desk: Desk, place: Trail | None, sha: str) -> str:
    """The call that will probably be next, whose sound the page makes ready."""
    if place is None:
        return ""
    taken = presence(desk.request.app).taken(desk.user.user) | {sha}
    found = trail.following(desk.store, place, desk.bench.city, who=desk.user.user, taken=taken)
    return found[1] if found else ""


def _overtaken(desk: Desk, result: CallResult, error: Overtaken) -> Response:
    """What the other one decided, and the way back to the call: nothing was saved."""
    if _json(desk):
        return JSONResponse({"status": 409, "detail": trouble(error, desk.lang)}, 409)
    place, city = trail.read(desk.form.get("trail", "")), desk.bench.city
    return desk.page(
        "review/overtaken.html",
        status=409,
        said=str(error),
        remedy=error.remedy,
        back=_here(result, place),
        history=[
            (item_name(one["item"], city, desk.lang), told(one, city, desk.lang), one)
            for one in view_of(desk, result)["history"][-5:]
        ],
    )


def _here(result: CallResult, place: Trail | None) -> str:
    path = f"/calls/{result.call.recording.sha256}"
    return f"{path}?trail={place}" if place else path


def _version(desk: Desk, result: CallResult) -> int:
    return reviews.version(desk.store, result.call.recording.sha256)


def _json(desk: Desk) -> bool:
    return "application/json" in desk.request.headers.get("accept", "")
