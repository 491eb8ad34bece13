"""What people decided about calls. Rows are only added; no machine result ever touches them."""

from dataclasses import dataclass

from pipeline.errors import InputInvalid
from pipeline.store import audit
from pipeline.store.connection import explained, now
from pipeline.store.store import Store

VERBS = ("accept", "change", "reject")
KEPT = "(new IS NOT NULL OR reason IS NOT NULL)"  # a decision whose words were not erased


@dataclass(frozen=True, slots=True)
class Review:
    """One decision of one person on one item of a call."""

    sha256: str
    who: str
    what: str  # one of VERBS
    item: str = ""  # "department", "abuse", "qa.greeting" ...; "": the call as a whole
    old: str | None = None  # what the machine said
    new: str | None = None  # what it is, the old value where that was accepted; of a call ""
    reason: str | None = None  # of a rejection always there
    at: str = ""  # set by the store


def add(store: Store, *decided: Review, origin: str = "") -> None:
    """Keep decisions, all or none, on the disk when this returns.

    origin: the address they came from, where that is not this machine's keyboard.
    Raises InputInvalid for another verb.
    """
    for review in decided:
        if review.what not in VERBS:
            raise InputInvalid(f"复核结论只能是 {'、'.join(VERBS)}，收到 {review.what!r}")
    with store.transaction(durable=True) as db:
        for review in decided:
            db.execute(
                "INSERT INTO reviews (sha256, who, what, item, old, new, reason, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(review.sha256, review.who, review.what, review.item),
                    *(review.old, review.new, review.reason, now()),
                ),
            )
            detail = {"call": review.sha256[:8], "item": review.item}
            if origin:
                detail["from"] = origin
            audit.add(db, review.who, f"review.{review.what}", detail)


def of(store: Store, sha256: str) -> list[Review]:
    """The decisions on a call, oldest first; the words of erased ones are gone."""
    return _read(store, "sha256 = ?", sha256)


def counting(store: Store, sha256: str | None = None) -> dict[str, dict[str, Review]]:
    """Recording -> item -> the decision that counts: the latest, where it was not erased.

    sha256: of this recording alone.
    """
    found: dict[str, dict[str, Review]] = {}
    newest = "id IN (SELECT max(id) FROM reviews GROUP BY sha256, item)"
    here = "sha256 IN (SELECT sha256 FROM recordings)"
    these = "" if sha256 is None else " AND sha256 = ?"
    values = () if sha256 is None else (sha256,)
    for review in _read(store, f"{newest} AND {here} AND {KEPT}{these}", *values):
        found.setdefault(review.sha256, {})[review.item] = review
    return found


def _read(store: Store, where: str, *values: str) -> list[Review]:
    columns = "sha256, who, what, item, old, new, reason, at"
    with explained(store.path):
        rows = store.db.execute(
            f"SELECT {columns} FROM reviews WHERE {where} ORDER BY id", values
        ).fetchall()
    return [Review(*row) for row in rows]
