"""The shift lead's dashboard: figures of a stretch beside those before it, as in the report."""

from urllib.parse import urlencode

from starlette.responses import Response

from pipeline.roles import LEAD, SUPERVISOR
from pipeline.shiftreport.views import Words
from pipeline.web import board, guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.workbench import dashboard
from pipeline.workbench.dashboard import SIDES, Asked
from pipeline.workbench.windows import KINDS

router = guard.pages()


@router.get("/dashboard")
@may(LEAD, SUPERVISOR)
def show(desk: ADesk, kind: str = KINDS[0], day: str = "") -> Response:
    """A day, a week or a month; of one shift, agent, unit or region where that is chosen."""
    asked = read(desk, kind, day)
    table, words = board.table(desk), Words(desk.lang, desk.bench.city)
    now = dashboard.window_of(table, asked, desk.bench.city)
    chosen = dict(asked.chosen)

    def address(**changed: str) -> str:
        return "/dashboard?" + urlencode(
            {"kind": now.kind, "day": now.first.isoformat()} | chosen | changed
        )

    return desk.page(
        "dashboard.html",
        **dashboard.figures(table, now, asked, words),
        asked=asked,
        chosen=chosen,
        kinds=KINDS,
        sides=SIDES,
        choices=dashboard.choices(table),
        address=address,
        t=words.t,
        words=words,
        more="/dashboard/told?" + address().partition("?")[2],
    )


@router.get("/dashboard/told")
@may(LEAD, SUPERVISOR)
def told(desk: ADesk, kind: str = KINDS[0], day: str = "") -> Response:
    """Hot spots and suggestions of the same stretch, which the page puts in afterwards."""
    asked = read(desk, kind, day)
    table, words = board.table(desk), Words(desk.lang, desk.bench.city)
    now = dashboard.window_of(table, asked, desk.bench.city)
    spots, count = dashboard.spots(desk.store, table, now, asked, desk.bench.city)
    return desk.page(
        "told.html",
        spots=spots,
        spots_count=count,
        ideas=dashboard.ideas(desk.store, table, now, asked),
        window=now,
        t=words.t,
    )


def read(desk: Desk, kind: str, day: str) -> Asked:
    """What is asked for, with the sides that the address chooses. Raises InputInvalid."""
    query = desk.request.query_params
    chosen = tuple((side, query[side]) for side in SIDES if query.get(side))
    return Asked(kind, day, chosen)
