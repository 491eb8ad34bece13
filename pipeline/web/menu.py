"""What the menu offers to whom: every entry whose route the person's role may call."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.roles import ROLES
from pipeline.web.words import _

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    path: str
    label: str  # English; translated where it is shown


# In the order of the menu; the first one that a role may open is its first page.
ENTRIES = (
    Entry("/review", _("Flagged calls")),
    Entry("/dashboard", _("Dashboard")),
    Entry("/sample", _("QA sample")),
    Entry("/dispatch", _("Work orders")),
    Entry("/own", _("My calls")),
    Entry("/appeals", _("Appeals")),
    Entry("/search", _("Search")),
    Entry("/admin/users", _("Accounts")),
    Entry("/admin/runs", _("Runs")),
    Entry("/admin/settings", _("Settings")),
    Entry("/admin/audit", _("Audit")),
)
ACCOUNT = "/account"  # where a role goes that has no page of its own


def entries(app: "FastAPI", role: str | None) -> tuple[Entry, ...]:
    """The menu of a role; empty for who is not signed in."""
    return tuple(one for one in ENTRIES if role in _allowed(app).get(one.path, ()))


def home(app: "FastAPI", role: str) -> str:
    """The first page of a role."""
    found = entries(app, role)
    return found[0].path if found else ACCOUNT


def table(app: "FastAPI") -> dict[tuple[str, str], frozenset[str]]:
    """(method, path) -> roles that may call it, of every route; empty: anybody.

    Raises LookupError for a route that is not guarded.
    """
    found: dict[tuple[str, str], frozenset[str]] = {}
    for route in app.routes:
        roles: Any = getattr(route, "roles", None)
        if not isinstance(roles, frozenset) or not roles <= set(ROLES):
            raise LookupError(f"{route}: not a guarded route")
        for method in route.methods:  # type: ignore[attr-defined]
            found[method, route.path] = roles  # type: ignore[attr-defined]
    return found


@lru_cache(maxsize=8)
def _allowed(app: "FastAPI") -> dict[str, frozenset[str]]:
    return {path: roles for (method, path), roles in table(app).items() if method == "GET"}
