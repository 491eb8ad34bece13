"""The review queue: what still asks a person, the worst first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.records import Flag
from pipeline.redact import mask
from pipeline.reviewing import ABUSE, doubted
from pipeline.store import reviews, worklists
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.store.worklists import Asking

LISTS = ("abuse", "other")  # flagged abuse and threats; whatever else asks a person
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call of the queue with the flags that nobody has decided on."""

    sha256: str
    level: str  # of abuse: threat, possible (not said outright), severe, mild, none
    urgency: str | None
    started_at: str | None
    agent_id: str | None
    caller_number: str | None  # masked
    seconds: float
    flags: tuple[Flag, ...]  # their words masked

    @property
    def quote(self) -> str:
        """The words that the first flag is about, where it is about words."""
        return next((found.quote for found in self.flags[0].findings), "")


def queue(store: Store, which: str = "abuse", *, limit: int = SHOWN) -> list[Waiting]:
    """The first calls of one of LISTS, worst first."""
    return list(islice(each(store, which), limit))


def each(store: Store, which: str) -> Iterator[Waiting]:
    """All of them, read as they are asked for."""
    for asking in worklists.asking(store, abusive=which == "abuse"):
        decided = reviews.counting(store, asking.sha256).get(asking.sha256, {})
        found = _waiting(asking, decided)
        if found.flags:
            yield found


def _waiting(asking: Asking, decided: dict[str, Review]) -> Waiting:
    closed = {item for item, one in decided.items() if one.what != "reject"}
    known = [asking.caller_number or "", *asking.hidden]
    flags = [flag for flag in asking.flags if doubted(flag) not in closed]
    flags.sort(key=lambda flag: doubted(flag) != ABUSE)
    return Waiting(
        sha256=asking.sha256,
        level=asking.level,
        urgency=asking.urgency,
        started_at=asking.started_at,
        agent_id=asking.agent_id,
        caller_number=mask(asking.caller_number, known) if asking.caller_number else None,
        seconds=asking.seconds,
        flags=tuple(_masked(flag, known) for flag in flags),
    )


def _masked(flag: Flag, known: list[str]) -> Flag:
    findings = tuple(replace(f, quote=mask(f.quote, known)) for f in flag.findings)
    return replace(flag, reason=mask(flag.reason, known), findings=findings)
