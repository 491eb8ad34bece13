"""What people did about a call, as plain objects: decisions and appeals. Used by rows.py."""

from typing import Any

from pipeline.store.appeals import Appeal
from pipeline.store.reviews import Review


def decided(one: Review) -> dict[str, Any]:
    """A decision on an item, or on the call as a whole."""
    return {
        "item": one.item,
        "what": one.what,
        "old": one.old or None,
        "new": one.new or None,
        "reason": one.reason,
        "who": one.who,
        "at": _moment(one.at),
    }


def appealed(one: Appeal) -> dict[str, Any]:
    """The last step of an appeal against a QA item."""
    return {
        "item": one.item,
        "state": one.state,
        "against": one.against,
        "reason": one.reason,
        "who": one.who,
        "at": _moment(one.at),
    }


def _moment(at: str) -> str:
    return at[:19].replace("T", " ")
