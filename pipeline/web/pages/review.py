"""The supervisor's queue, and the way from one call to the next."""

from starlette.responses import Response

from pipeline.roles import CLERK, SUPERVISOR
from pipeline.store import sessions, worklists
from pipeline.web import guard, trail
from pipeline.web.desk import ADesk
from pipeline.web.guard import may
from pipeline.web.presence import presence
from pipeline.web.trail import Trail
from pipeline.workbench import queue

router = guard.pages()


@router.get("/review")
@may(SUPERVISOR)
def show(desk: ADesk, show: str = queue.LISTS[0]) -> Response:
    """What waits, the worst first."""
    which = show if show in queue.LISTS else queue.LISTS[0]
    return desk.page(
        "review/queue.html",
        waiting=queue.queue(desk.store, which),
        abusive=worklists.count_abusive(desk.store),
        which=which,
        shown=queue.SHOWN,
        taken=presence(desk.request.app).taken(desk.user.user),
    )


@router.get("/next")
@may(SUPERVISOR, CLERK)
def following(desk: ADesk, at: str = "") -> Response:
    """To the next call of a list, or to the list where there is none."""
    path, told = onward(desk, trail.read(at))
    if told is not None:
        with desk.bench.pool.lend(write=True) as store:
            sessions.say(store, desk.user.id, told)
    return desk.go(path)


def onward(desk: ADesk, place: Trail | None) -> tuple[str, str | None]:
    """The address of the next call from a place on, and what to say there."""
    if place is None:
        return "/", None
    taken = presence(desk.request.app).taken(desk.user.user)
    found = trail.following(desk.store, place, desk.bench.city, who=desk.user.user, taken=taken)
    if found is None:
        return place.home, desk.t("That was the last call of this list.")
    here, sha256 = found
    return f"/calls/{sha256}?trail={here}", None
