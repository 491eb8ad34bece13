"""The QA clerk's sample of a day, and how far two clerks agree."""

from starlette.responses import Response

from pipeline.decisions import item_name
from pipeline.roles import CLERK, LEAD, SUPERVISOR
from pipeline.store import worklists
from pipeline.web import guard
from pipeline.web.desk import ADesk
from pipeline.web.guard import may
from pipeline.web.trail import to_score
from pipeline.workbench import scoring
from pipeline.workbench.sample import draw

router = guard.pages()


@router.get("/sample")
@may(CLERK, SUPERVISOR, LEAD)
def show(desk: ADesk, day: str = "") -> Response:
    """The calls drawn of a day, the least certain first, and who has scored them."""
    day = day or worklists.last_day(desk.store) or ""
    calls = worklists.calls_of(desk.store, day) if day else []
    drawn = draw(calls, day, desk.bench.city.sampling)
    agreements = scoring.agreements(desk.store)
    names = {one.item: item_name(one.item, desk.bench.city, desk.lang) for one in agreements}
    return desk.page(
        "review/sample.html",
        day=day,
        calls=len(calls),
        drawn=drawn,
        state=scoring.scored(desk.store, [one.call.sha256 for one in drawn]),
        mine=[one.call.sha256 for one in to_score(desk.store, drawn, desk.user.user)],
        plan=desk.bench.city.sampling,
        agreements=agreements,
        names=names,
    )
