"""What people decided about calls. Rows are only added; no machine result ever touches them."""

from dataclasses import dataclass

from pipeline.errors import InputInvalid
from pipeline.store import audit
from pipeline.store.connection import explained, now
from pipeline.store.store import Store

VERBS = ("accept", "change", "reject")


@dataclass(frozen=True, slots=True)
class Review:
    """One decision of one person on one item of a call."""

    sha256: str
    who: str
    what: str  # one of VERBS
    item: str = ""  # "abuse", "department", a QA item, a ticket field ...; "": the call
    old: str | None = None  # what the machine said
    new: str | None = None  # what it should be
    reason: str | None = None
    at: str = ""  # set by the store


def add(store: Store, review: Review) -> None:
    """Keep a decision, on the disk when this returns. Raises InputInvalid for another verb."""
    if review.what not in VERBS:
        raise InputInvalid(f"复核结论只能是 {'、'.join(VERBS)}，收到 {review.what!r}")
    with store.transaction(durable=True) as db:
        db.execute(
            "INSERT INTO reviews (sha256, who, what, item, old, new, reason, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(review.sha256, review.who, review.what, review.item),
                *(review.old, review.new, review.reason, now()),
            ),
        )
        detail = {"call": review.sha256[:8], "item": review.item}
        audit.add(db, review.who, f"review.{review.what}", detail)


def of(store: Store, sha256: str) -> list[Review]:
    """The decisions on a call, oldest first."""
    columns = "sha256, who, what, item, old, new, reason, at"
    with explained(store.path):
        rows = store.db.execute(
            f"SELECT {columns} FROM reviews WHERE sha256 = ? ORDER BY id", (sha256,)
        ).fetchall()
    return [Review(*row) for row in rows]
