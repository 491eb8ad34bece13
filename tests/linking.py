"""Made-up calls that have been judged, for the tests of links: judged(1, "caller: 停水了")."""

from collections.abc import Sequence
from dataclasses import replace

from faking import answer

from pipeline.records import Abuse, CallResult, Decision, Finding
from pipeline.store.store import Store

CALLER, OTHER = "13900000051", "13800000052"
WATER = ("水务", "水务.供水", "停水")
LAMPS = ("城管", "城管.照明", "路灯")


def judged(
    number: int,
    *lines: str,
    at: str = "2026-07-14T08:00:00",
    caller: str | None = CALLER,
    matter: Sequence[str] = (),
    places: Sequence[str] = (),
    district: str | None = None,
    abuse: str = "none",
    call_id: str | None = None,
) -> CallResult:
    """A result: its unit, topic and word of the matter, roads that it names, caller's abuse."""
    said = {"started_at": at, "caller_number": caller, "region": "贵港市", "call_id": call_id}
    result = answer(number, *(lines or ("caller: 您好",)), **said)
    made: dict = {"district": Decision(district), "region": Decision("贵港市")}
    made["entities"] = tuple(
        Finding("entity", "entity.place.road", 0, place, 0.0, 1.0, "place", place)
        for place in places
    )
    if matter:
        unit, topic, quote = matter
        found = Finding("domain", topic, 0, quote, 0.0, 1.0, "", unit)
        made |= {"departments": (Decision(unit),), "domain": Decision("领域", None, (found,))}
    if abuse != "none":
        found = Finding("abuse", "rude", 0, "骂人的话", 0.0, 1.0, abuse)
        made["abuse"] = Abuse(abuse, ("caller",), findings=(found,))
    return replace(result, call=replace(result.call, **made))


def keep(store: Store, *results: CallResult) -> None:
    """Store the results as a run does."""
    for result in results:
        store.remember([(result.call.recording, ())])
        store.save(result, heard=True)


def sha(number: int) -> str:
    """The identity of the call that judged(number) makes."""
    return answer(number).call.recording.sha256
