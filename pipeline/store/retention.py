"""How many days each class of data is kept, where the administrator chose it in the workbench.

What is chosen here goes before the configuration file, which says the rest. `lingsu forget
--expired` enforces both (expire.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pipeline.config import RetentionConfig
from pipeline.errors import InputInvalid
from pipeline.store import audit
from pipeline.store.connection import now
from pipeline.store.expire import Days
from pipeline.store.queries import rows_of
from pipeline.store.store import Store
from pipeline.store.users import By

CLASSES = tuple(one.name for one in fields(Days))  # audio, transcript, ticket, audit
MOST = 36_500  # days


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose for a class."""

    days: int  # 0: until somebody erases it
    who: str
    at: str


def configured(keep: RetentionConfig) -> Days:
    """What the configuration says."""
    return Days(**{name: getattr(keep, f"{name}_days") for name in CLASSES})


def chosen(store: Store) -> dict[str, Chosen]:
    """Class -> the choice that counts."""
    rows = rows_of(store, "SELECT class, days, who, at FROM retention", ())
    return {row["class"]: Chosen(row["days"], row["who"], row["at"]) for row in rows}


def days(store: Store, configured: Days) -> Days:
    """The days that count."""
    own = {name: one.days for name, one in chosen(store).items()}
    return Days(**{name: own.get(name, getattr(configured, name)) for name in CLASSES})


def choose(store: Store, wanted: Mapping[str, int | None], *, by: By) -> int:
    """Keep the choices and give how many differ from before; None: as the configuration says.

    Raises InputInvalid for what is no class or no number of days.
    """
    before = {name: one.days for name, one in chosen(store).items()}
    changed = {name: new for name, new in wanted.items() if new != before.get(name)}
    if wrong := [name for name in changed if name not in CLASSES]:
        raise InputInvalid(f"没有这些类别：{'、'.join(wrong)}")
    if any(new is not None and not 0 <= new <= MOST for new in changed.values()):
        raise InputInvalid(f"天数要在 0 到 {MOST} 之间；0 为直到人工删除")
    with store.transaction(durable=True) as db:
        for name, new in changed.items():
            db.execute("DELETE FROM retention WHERE class = ?", (name,))
            if new is not None:
                db.execute(
                    "INSERT INTO retention VALUES (?, ?, ?, ?)", (name, new, by.who, now())
                )
            detail = {"class": name, "old": before.get(name), "new": new, "from": by.address}
            audit.add(db, by.who, "retention.set", detail)
    return len(changed)
