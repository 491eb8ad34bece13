"""A store with calls to review, for the tests of the workbench and its pages.

Call 1 is rude (severe), 2 threatens, 3 is in doubt about its unit, 4 is fine. Each has sound
where `folder` is given: a tone a turn, five seconds long, in the codec that is asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from shiftcalls import rude, told
from sounds import tone, write

from pipeline.ingest import sha256_of
from pipeline.records import (
    Abuse,
    CallResult,
    Choice,
    Decision,
    Finding,
    Flag,
    Ticket,
    TicketField,
)
from pipeline.reviewing import Verdict
from pipeline.store import queries, reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.workbench.amending import Reviewer
from pipeline.workbench.callview import view
from pipeline.workbench.deciding import take

NUMBER = "13907750123"
SAID = (
    "agent: 您好，12345热线",
    "caller: 你们就是一帮废物<script>alert(1)</script>",
    "agent: 请您别着急，慢慢说",
    f"caller: 龙圣路停水三天了，电话{NUMBER}",
    "agent: 好的，再见",
)
INSULT, THREAT, DOUBT, FINE = 1, 2, 3, 4
QA = (
    Flag("greeting", "pass", "info", "符合", (Finding("qa", "g", 0, "您好", 0.0, 1.0),)),
    Flag("closing", "fail", "info", "没有道别"),
)


def reviewable(number: int, *, day: str = "2026-07-14", agent: str = "1007") -> CallResult:
    """One of the four calls, judged."""
    given = {
        "at": f"{day}T0{number}:00:00",
        "agent_id": agent,
        "caller_number": NUMBER,
        "title": f"第{number}通",
    }
    if number == INSULT:
        made = rude(number, *SAID, quote="废物", **given)
    elif number == THREAT:
        found = (Finding("abuse", "threat", 3, "停水三天", 16.0, 18.0, "threat"),)
        alert = Flag("violence", "fail", "alert", "通话中有暴力威胁，请人工判断是否上报", found)
        made = told(
            number,
            *SAID,
            abuse=Abuse("threat", ("caller",), "violence", found),
            flags=(*QA, alert),
            **given,
        )
    else:
        doubts = (Flag("unsure_department", "fail", "review", "承办单位拿不准：城管或供电"),)
        made = told(number, *SAID, flags=QA + (doubts if number == DOUBT else ()), **given)
    call = made.call
    if number == INSULT:
        call = replace(call, flags=QA + call.flags[-1:])
    fields = (
        TicketField("address", "事发地址", "龙圣路", required=True),
        TicketField("caller", "来电人", required=True),
    )
    ticket = Ticket(f"第{number}通", f"来电人反映：停水，电话{NUMBER}。", fields, ("来电人",))
    unit = Decision("城管", 0.9 - number / 10, others=(Choice("供电", 0.1),))
    return replace(made, call=replace(call, ticket=ticket, departments=(unit,)))


def sounding(
    made: CallResult, folder: Path, number: int, codec: str = "pcm_s16le"
) -> CallResult:
    """The same call with a recording: turn i sounds at 300 + 100 i hertz."""
    turns = made.call.turns
    sound = np.concatenate([tone(300 + 100 * i + number, 5) for i in range(len(turns))])
    rate = 8_000 if codec != "pcm_s16le" else 16_000
    path = write(folder / f"call{number}.wav", sound[:: 16_000 // rate], codec=codec, rate=rate)
    recording = replace(
        made.call.recording,
        sha256=sha256_of(path),
        path=path,
        seconds=5.0 * len(turns),
        channels=1,
    )
    return replace(made, call=replace(made.call, recording=recording))


def fill(store: Store, *results: CallResult) -> list[str]:
    """Keep these calls; gives their SHA-256."""
    store.remember((one.call.recording, (one.call.recording.path,)) for one in results)
    for one in results:
        store.save(one, heard=True)
    return [one.call.recording.sha256 for one in results]


@contextmanager
def store_of_four(path: Path) -> Iterator[Store]:
    """A store that holds the four calls; its `shas` are theirs by number."""
    with Store.open(path) as opened:
        shas = fill(opened, *map(reviewable, (INSULT, THREAT, DOUBT, FINE)))
        opened.shas = ["", *shas]  # type: ignore[attr-defined]
        yield opened


def shown(store, profile, number, **how):
    """The call as a page shows it."""
    sha = store.shas[number]
    return view(
        queries.result(store, sha),
        profile,
        decided=reviews.counting(store, sha).get(sha, {}),
        history=reviews.of(store, sha),
        version=reviews.version(store, sha),
        **how,
    )


def verdict(
    store, profile, number, what, item=None, to=None, reason=None, by=None, **parts
) -> list[Review]:
    """A supervisor's verdict on a call."""
    result = queries.result(store, store.shas[number])
    made = Verdict(what, item, to, reason)
    by = by or Reviewer("主管")
    return take(store, result, made, profile=profile, by=by, parts=parts)
