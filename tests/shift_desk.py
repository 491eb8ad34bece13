"""A store for the tests of search, dashboard, work orders and an agent's own calls.

Call 1 is 1007's and lacks its caller, call 2 is 1009's on the same matter (and is linked to
it), call 3 is complete and carries the agent's own order in its metadata, call 4 is declined.
"""

from dataclasses import replace

from shiftcalls import told

from pipeline.linkrecords import Link
from pipeline.records import CallResult, Finding, Flag, Scope, Ticket, TicketField
from pipeline.store import links
from pipeline.store.store import Store

NUMBER = "13907750123"
SAID = (
    "agent: 您好，12345热线",
    "caller: <script>alert(1)</script>龙圣路停水，三天了",
    f"caller: 我的电话是{NUMBER}",
    "agent: 好的，再见",
)
QA = (
    Flag("greeting", "pass", "info", "符合", (Finding("qa", "g", 0, "您好", 0.0, 1.0),)),
    Flag("closing", "fail", "info", "没有道别", (Finding("qa", "c", 3, "再见", 15.0, 16.0),)),
)


def drafted(number: int, **given) -> CallResult:
    """A judged call with a draft of six lines."""
    caller, extra = given.pop("caller", "未提及"), given.pop("extra", ())
    place = Finding("ticket.address", "r", 1, "龙圣路", 8.0, 9.0)
    fields = (
        TicketField("ticket_id", "工单编号", f"T{number}", required=True),
        TicketField("title", "标题", f"龙圣路停水{number}", required=True),
        TicketField("content", "主要内容", f"来电人反映：停水，电话{NUMBER}。", required=True),
        TicketField("address", "事发地址", "龙圣路", required=True, findings=(place,)),
        TicketField("caller", "来电人", caller, required=True),
        TicketField("lead_unit", "主办单位", "水利局", required=True),
    )
    missing = ("来电人",) if caller == "未提及" else ()
    given = {"caller_number": NUMBER, "places": ("龙圣路",), "flags": QA} | given
    made = told(number, *SAID, **given)
    recording = made.call.recording
    metadata = replace(recording.metadata, extra=tuple(extra))
    ticket = Ticket(f"龙圣路停水{number}", "来电人反映：停水。", fields, missing)
    call = replace(made.call, ticket=ticket, recording=replace(recording, metadata=metadata))
    return replace(made, call=call)


def calls() -> list[CallResult]:
    """The four."""
    own = (("主要内容", "来电人反映：停水三天。"), ("备注", "急"))
    return [
        drafted(1, at="2026-07-14T09:00:00"),
        drafted(2, at="2026-07-14T10:00:00", agent_id="1009"),
        drafted(3, at="2026-07-14T11:00:00", caller="王女士", extra=own, type="建议"),
        drafted(4, at="2026-07-13T09:00:00", scope=Scope("decline_explain", reason="封建迷信")),
    ]


def fill(store: Store, made: list[CallResult] | None = None) -> list[str]:
    """Store the four calls; gives their SHA-256, [0] is nobody's."""
    made = made or calls()
    for one in made:
        store.remember([(one.call.recording, (one.call.recording.path,))])
        store.save(one, heard=True)
    shas = [one.call.recording.sha256 for one in made]
    with store.transaction() as db:
        evidence = {"places": ["龙圣路"], "hours": 1.0}
        links.put_links(db, [Link(shas[1], shas[0], "duplicate", 0.9, evidence)])
    return ["", *shas]
