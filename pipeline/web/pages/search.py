"""Searching every turn: words and filters, hits marked, each a link to its second."""

from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException
from starlette.responses import Response

from pipeline.domain.schema import OUTCOMES
from pipeline.roles import HEARING
from pipeline.shiftreport.views import Words
from pipeline.store.search import Filters, Hit, Key, Page, search
from pipeline.web import board, guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.workbench.windows import DAY, read_day

router = guard.pages()
LEVELS = ("any", "mild", "severe", "threat")
CHOSEN = (
    *("shift", "agent_id", "department", "district", "request_type"),
    *("outcome", "urgency", "abuse", "flag"),
)
LONGEST = 100  # characters of what is searched for


@router.get("/search")
@may(*HEARING)
def show(desk: ADesk, q: str = "", after: str = "") -> Response:
    """The form, and what was found."""
    asked = desk.request.query_params
    given = {name: asked.get(name, "").strip() for name in (*CHOSEN, "since", "until")}
    started = bool(asked)
    found = Page((), None)
    if started:
        found = search(desk.store, q[:LONGEST], filters(given), after=read_key(after))
    address = {"q": q} | {name: value for name, value in given.items() if value}
    following = ""
    if found.after is not None:
        following = "/search?" + urlencode(address | {"after": key_text(found.after)})
    return desk.page(
        "search.html",
        q=q,
        given=given,
        started=started,
        found=found,
        pieces=pieces,
        first=not after,
        following=following,
        choices=_choices(desk),
        words=Words(desk.lang, desk.bench.city),
    )


@router.get("/search/{sha256}/{turn}/{index}")
@may(*HEARING)
def play(desk: ADesk, sha256: str, turn: int, index: int) -> Response:
    """To the call, at the second at which a character of a turn was said."""
    call = desk.call(sha256).call
    if not 0 <= turn < len(call.turns) or index < 0:
        raise HTTPException(404)
    return desk.go(f"/calls/{call.recording.sha256}?at={call.turns[turn].at(index):.2f}")


def filters(given: dict[str, str]) -> Filters:
    """What was chosen; days as they are written in the form. Raises InputInvalid."""
    chosen: dict[str, Any] = {name: given.get(name) or None for name in CHOSEN}
    since, until = (given.get(name, "") for name in ("since", "until"))
    if since:
        chosen["since"] = read_day(since).isoformat()
    if until:
        chosen["until"] = (read_day(until) + DAY).isoformat()
    return Filters(**chosen)


def pieces(hit: Hit) -> list[tuple[str, bool]]:
    """The text of a hit, cut where it is marked."""
    found: list[tuple[str, bool]] = []
    end = 0
    for first, last in hit.marks:
        found += [(hit.text[end:first], False), (hit.text[first:last], True)]
        end = last
    return [piece for piece in [*found, (hit.text[end:], False)] if piece[0]]


def key_text(key: Key) -> str:
    """A key as it stands in an address."""
    return f"{key.id}~{key.started_at}"


def read_key(text: str) -> Key | None:
    """The reverse; None where there is none."""
    number, _, at = text.partition("~")
    return Key(at, int(number)) if number.isdecimal() and len(number) < 16 else None


def _choices(desk: Desk) -> dict[str, list[str]]:
    table = board.table(desk)
    known = {
        name: sorted(one for one in table.names[name].listed if one)
        for name in ("shift", "agent_id", "department", "district", "request_type", "urgency")
    }
    flags = sorted(one for one in table.items.listed if one)
    return known | {"outcome": list(OUTCOMES), "abuse": list(LEVELS), "flag": flags}
