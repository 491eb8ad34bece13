"""Which draft work orders leave, and what is sent of each: docs/order.json.

An order is a part of the exported row of its call, with people's decisions in place of the
machine's. Used by run.py; nothing here knows of HTTP.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.domain.profile import Profile
from pipeline.export.files import encoded
from pipeline.export.rows import Row, row
from pipeline.provenance import canonical
from pipeline.push.settled import settled
from pipeline.records import CallResult
from pipeline.reviewing import open_flags
from pipeline.store.dispatches import MERGED, RETURNED
from pipeline.store.dispatches import SENT as BY_HAND
from pipeline.store.reviews import Review

DISPATCHED = "派单"  # the disposition of calls that become a work order
SENT = (
    *("call_id", "pbx_call_id", "sha256", "started_at", "shift", "agent_id"),
    *("caller_number", "direction", "duration_s", "region", "district", "request_type"),
    *("domain", "department", "scope", "disposition", "emotion", "abusive", "urgency"),
    *("confidence", "review", "reviewed"),
)
DECISIONS = ("region", "district", "request_type", "domain", "department", "scope", "urgency")


GONE = (RETURNED, MERGED)  # what a dispatcher took out of the orders
NO_STEPS: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """A draft work order as it is sent."""

    sha256: str  # of the recording
    number: int  # which of the call's orders, from 1
    body: Row

    @property
    def order_id(self) -> str:
        """The same for every version of the order."""
        return self.body["order_id"]

    @property
    def data(self) -> bytes:
        """The bytes that are sent."""
        return encoded(canonical(self.body))

    @property
    def key(self) -> str:
        """Of this version: the Idempotency-Key."""
        return hashlib.sha256(self.data).hexdigest()[:32]


def orders(
    result: CallResult,
    profile: Profile,
    *,
    relations: Row | None,
    reviewed: Mapping[str, Review],
    states: Mapping[int, str] = NO_STEPS,
    unmasked: bool = False,
) -> Iterator[Order]:
    """The work orders of a call, one for each appeal; none where it is not to be dispatched
    and no dispatcher sent it all the same.

    reviewed: item -> what a person decided, as far as it counts.
    states: number of an order -> what a dispatcher did with it last (store.dispatches).
    """
    result, numbers = settled(result, reviewed, profile, states)
    people = reviewed.values()
    plain = row(result, profile, relations=relations, reviewed=people, unmasked=unmasked)
    if plain["ticket"] is None:
        return
    tickets = (plain["ticket"], *plain["more_tickets"])
    for place, (number, ticket) in enumerate(zip(numbers, tickets, strict=True), 1):
        state = states.get(number)
        if state in GONE or (state != BY_HAND and plain["disposition"] != DISPATCHED):
            continue
        body: Row = {"order_id": f"{plain['sha256'][:16]}-{number}"}
        body |= {key: plain[key] for key in SENT} | {"disposition": DISPATCHED}
        body["needs_review"] = waits(result, reviewed)
        body["ticket"] = ticket
        body["evidence"] = list(_evidence(plain, place))
        yield Order(plain["sha256"], number, body)


def waits(result: CallResult, reviewed: Mapping[str, Review]) -> bool:
    """Whether the call waits for a person; such a draft leaves only when asked for."""
    return bool(open_flags(result, reviewed))


def _evidence(plain: Row, place: int) -> Iterator[Row]:
    """What the decisions and the lines of this order rest on; nothing of quality or abuse."""
    name = "ticket" if place == 1 else f"ticket{place}"
    for one in plain["evidence"]:
        part = one["claim"].partition(":")[0]
        if part in DECISIONS or part.startswith(f"{name}."):
            yield one
