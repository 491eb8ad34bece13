"""Calls for the tests of the shift report: a store filled with results made from words."""

from dataclasses import replace
from pathlib import Path

from faking import answer

from pipeline.records import Abuse, CallResult, Decision, Finding, Flag, Scope, Sound, Ticket
from pipeline.store.store import Store

REGION, SHIFT = "贵港市", "行政班"


def told(number: int, *lines: str, at: str = "2026-07-14T09:00:00", **given) -> CallResult:
    """A judged call: told(1, "caller: 停水了", places=("龙圣路",), type="投诉")."""
    said = {"started_at": at, "agent_id": "1007", "region": REGION, "shift": SHIFT}
    said |= {
        key: given.pop(key) for key in ("agent_id", "shift", "caller_number") if key in given
    }
    status = given.pop("status", "ok")
    made = answer(number, *lines, status=status, call_id=f"C{number}", **said)
    if status == "failed":
        return made
    places = tuple(
        Finding("entity", "place", 0, p, 0, 1, "place") for p in given.pop("places", ())
    )
    call = replace(
        made.call,
        entities=places,
        request_type=Decision(given.pop("type", "投诉")),
        domain=Decision(given.pop("domain", "公用事业")),
        departments=(Decision("水务"),),
        urgency=Decision("一般"),
        emotion_end=Decision("平静"),
        scope=given.pop("scope", Scope("accept_dispatch")),
        sound=Sound(grade="good"),
        ticket=Ticket(given.pop("title", f"第{number}通"), "来电人反映：停水。"),
        **given,
    )
    return replace(made, call=call)


def rude(number: int, *lines: str, quote: str, **given) -> CallResult:
    """A call in whose second turn the caller swears."""
    turn = 1
    found = (Finding("abuse", "rude", turn, quote, 6.0, 7.0, "severe"),)
    return told(
        number,
        *lines,
        abuse=Abuse("severe", ("caller",), findings=found),
        flags=(
            Flag("greeting", "pass", "info"),
            Flag("closing", "fail", "info"),
            Flag("abuse", "fail", "alert", "来电人辱骂", found),
        ),
        **given,
    )


def stored(path: Path, *results: CallResult) -> Path:
    """A store that holds these."""
    with Store.open(path) as store:
        store.remember((one.call.recording, (one.call.recording.path,)) for one in results)
        for one in results:
            store.save(one, heard=one.status != "failed")
    return path
