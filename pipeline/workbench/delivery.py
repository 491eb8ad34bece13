"""Whether an order that was sent has arrived elsewhere: what `lingsu push` kept of it.

The workbench itself sends nothing: `lingsu push --sent` takes what a dispatcher marked.
"""

from dataclasses import dataclass

from pipeline.store import pushes
from pipeline.store.dispatches import SENT, Step
from pipeline.store.pushes import Push
from pipeline.store.store import Store

SETTINGS = ("certificate", "redirect", "unauthorized", "no_such_place", "no_receipt")
ARRIVED, FAILED, WAITS, NOWHERE = "arrived", "failed", "waits", "nowhere"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an order after it was sent."""

    state: str  # nowhere: no other system is configured, and none was ever sent to
    receipt: str | None = None  # of the version that the other system has, if any
    reason: str = ""  # why it failed: push.REASON of labels_push.py
    said: str = ""  # the other side's own words, masked
    at: str = ""

    @property
    def fix(self) -> str:
        """What to do about a failure, as a key of labels.py."""
        if self.reason in SETTINGS:
            return "push.fix.settings"
        return "push.fix.refused" if self.reason == "refused" else "push.fix.later"


def delivery(
    store: Store, sha256: str, part: int, last: Step | None, *, target: str
) -> Delivery | None:
    """Of an order that is sent, or that the other system had before; else None.

    last: what became of it last; None: it is a draft yet.
    target: push.url of the configuration; "": whatever system it was sent to.
    """
    tried = [one for one in pushes.of(store, sha256, target or None) if one.number == part]
    taken = _newest([one for one in tried if one.state == "accepted"])
    receipt = taken.receipt if taken else None
    if last is None or last.state != SENT:
        return Delivery(ARRIVED, receipt, at=taken.at) if taken else None
    if taken and taken.at > last.at:
        return Delivery(ARRIVED, receipt, at=taken.at)
    newest = _newest(tried)
    if newest and newest.at >= last.at and newest.state in ("refused", "undelivered"):
        return Delivery(FAILED, receipt, newest.reason, newest.said, newest.at)
    return Delivery(WAITS if target or tried else NOWHERE, receipt)


def _newest(tried: list[Push]) -> Push | None:
    return max(tried, key=lambda one: one.at, default=None)
