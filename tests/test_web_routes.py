"""Who may call what: one table, and every route tried with every role and with none."""

import re

import pytest

from pipeline.roles import (
    ADMIN,
    AGENT,
    CLERK,
    DISPATCHER,
    HEARING,
    LEAD,
    REVEALING,
    ROLES,
    SUPERVISOR,
)
from pipeline.web import guard, menu
from pipeline.web.app import create_app

ANYBODY: frozenset[str] = frozenset()
EVERY = frozenset(ROLES)
ADMINS = frozenset({ADMIN})
CALLS = frozenset((*HEARING, AGENT))  # an agent: own calls, others' are not there
REVIEWERS = frozenset({SUPERVISOR, CLERK})
LEADERS = frozenset({LEAD, SUPERVISOR})
AGENTS = frozenset({AGENT})
# (method, path) -> who may. A new route gets its line here, on purpose.
TABLE: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/static/{name}"): ANYBODY,
    ("GET", "/login"): ANYBODY,
    ("POST", "/login"): ANYBODY,
    ("POST", "/language"): ANYBODY,
    ("GET", "/"): EVERY,
    ("POST", "/logout"): EVERY,
    ("GET", "/password"): EVERY,
    ("POST", "/password"): EVERY,
    ("GET", "/account"): EVERY,
    ("POST", "/account/tokens"): EVERY,
    ("POST", "/account/tokens/{number}/revoke"): EVERY,
    ("GET", "/admin/users"): ADMINS,
    ("POST", "/admin/users"): ADMINS,
    ("POST", "/admin/users/{name}/role"): ADMINS,
    ("POST", "/admin/users/{name}/disable"): ADMINS,
    ("POST", "/admin/users/{name}/reset"): ADMINS,
    ("GET", "/admin/runs"): ADMINS,
    ("GET", "/admin/settings"): ADMINS,
    ("POST", "/admin/settings/retention"): ADMINS,
    ("GET", "/admin/audit"): ADMINS,
    ("POST", "/admin/audit/export"): ADMINS,
    ("POST", "/admin/audit/verify"): ADMINS,
    ("GET", "/api/v1/openapi.json"): EVERY,
    ("GET", "/api/v1/me"): EVERY,
    ("GET", "/api/v1/users"): ADMINS,
    ("POST", "/api/v1/users"): ADMINS,
    ("PATCH", "/api/v1/users/{name}"): ADMINS,
    ("POST", "/api/v1/users/{name}/password"): ADMINS,
    ("GET", "/api/v1/audit"): ADMINS,
    ("GET", "/api/v1/audit/verify"): ADMINS,
    ("GET", "/api/v1/runs"): ADMINS,
    ("GET", "/api/v1/failures"): ADMINS,
    ("GET", "/api/v1/settings"): ADMINS,
    ("POST", "/api/v1/settings/retention"): ADMINS,
    ("GET", "/api/v1/calls"): CALLS,
    ("GET", "/api/v1/calls/{sha256}"): CALLS,
    ("GET", "/review"): frozenset({SUPERVISOR}),
    ("GET", "/next"): REVIEWERS,
    ("GET", "/sample"): REVIEWERS | {LEAD},
    ("GET", "/calls/{sha256}"): CALLS,
    ("GET", "/calls/{sha256}/sound"): CALLS,
    ("GET", "/calls/{sha256}/peaks"): CALLS,
    ("POST", "/calls/{sha256}/decide"): REVIEWERS,
    ("POST", "/calls/{sha256}/amend"): REVIEWERS,
    ("POST", "/calls/{sha256}/finish"): REVIEWERS,
    ("POST", "/calls/{sha256}/again"): REVIEWERS,
    ("POST", "/calls/{sha256}/here"): frozenset(HEARING),
    ("POST", "/calls/{sha256}/reveal"): frozenset(REVEALING),
    ("GET", "/api/v1/queue"): frozenset({SUPERVISOR}),
    ("GET", "/api/v1/sample"): REVIEWERS | {LEAD},
    ("GET", "/api/v1/agreement"): REVIEWERS | {LEAD},
    ("GET", "/api/v1/calls/{sha256}/review"): CALLS,
    ("GET", "/api/v1/calls/{sha256}/sound"): CALLS,
    ("GET", "/api/v1/calls/{sha256}/peaks"): CALLS,
    ("POST", "/api/v1/calls/{sha256}/decisions"): REVIEWERS,
    ("POST", "/api/v1/calls/{sha256}/amendments"): REVIEWERS,
    ("POST", "/api/v1/calls/{sha256}/scorecard"): REVIEWERS,
    ("POST", "/api/v1/calls/{sha256}/second-scorecard"): REVIEWERS,
    ("GET", "/search"): frozenset(HEARING),
    ("GET", "/search/{sha256}/{turn}/{index}"): frozenset(HEARING),
    ("GET", "/dashboard"): LEADERS,
    ("GET", "/dashboard/told"): LEADERS,
    ("GET", "/dispatch"): LEADERS | {DISPATCHER},
    ("GET", "/dispatch/{sha256}"): LEADERS | {DISPATCHER},
    ("POST", "/dispatch/{sha256}/{part}/edit"): frozenset({DISPATCHER}),
    ("POST", "/dispatch/{sha256}/{part}/step"): frozenset({DISPATCHER}),
    ("GET", "/own"): AGENTS,
    ("GET", "/own/{sha256}"): AGENTS,
    ("POST", "/own/{sha256}/appeal"): AGENTS,
    ("POST", "/own/{sha256}/withdraw"): AGENTS,
    ("GET", "/appeals"): REVIEWERS | {LEAD},
    ("POST", "/appeals/{sha256}/{item}"): REVIEWERS,
    ("GET", "/api/v1/search"): frozenset(HEARING),
    ("GET", "/api/v1/dashboard"): LEADERS,
    ("GET", "/api/v1/dashboard/told"): LEADERS,
    ("GET", "/api/v1/orders"): LEADERS | {DISPATCHER},
    ("GET", "/api/v1/calls/{sha256}/orders"): LEADERS | {DISPATCHER},
    ("POST", "/api/v1/calls/{sha256}/orders/{part}"): frozenset({DISPATCHER}),
    ("POST", "/api/v1/calls/{sha256}/orders/{part}/step"): frozenset({DISPATCHER}),
    ("GET", "/api/v1/own"): AGENTS,
    ("GET", "/api/v1/own/{sha256}"): AGENTS,
    ("POST", "/api/v1/own/{sha256}/appeal"): AGENTS,
    ("POST", "/api/v1/own/{sha256}/withdraw"): AGENTS,
    ("GET", "/api/v1/appeals"): REVIEWERS | {LEAD},
    ("POST", "/api/v1/appeals/{sha256}"): REVIEWERS,
    ("POST", "/api/v1/calls/{sha256}/presence"): frozenset(HEARING),
}
FILLED = {"sha256": "0" * 64}  # what stands in a place of a path; else a number nobody has


def filled(path: str) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda place: FILLED.get(place[1], "999999"), path)


def test_every_route_is_in_the_table_as_it_is_declared(office):
    assert menu.table(office.app) == TABLE


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_route_lets_in_whom_the_table_names_and_nobody_else(office, role):
    browser = office.client(role) if role else office.anonymous()
    program = office.program(role) if role else office.anonymous()
    browser.get("/login")  # as a person would come: with the cookie of who is not signed in
    # signing out last, so that the session is there for all others
    for (method, path), roles in sorted(TABLE.items(), key=lambda one: "logout" in one[0][1]):
        api = path.startswith("/api/")
        if method == "GET":
            answer = (program if api else browser).get(filled(path))
        elif api:
            answer = program.request(method, filled(path))
        else:
            answer = browser.post(filled(path))
        allowed = not roles or role in roles
        wanted = {None} if allowed else {403 if role else 401}
        if (method, path) == ("POST", "/login"):
            wanted = {401}  # its own answer to an empty form, whoever sends it
        assert _stopped(answer) in wanted, (method, path, role, answer.status_code)


def _stopped(answer) -> int | None:
    """Whether the guard answered: 401 also as the way to the sign-in page."""
    to_sign_in = answer.headers.get("location", "").startswith("/login?next=")
    return 401 if to_sign_in else {401: 401, 403: 403}.get(answer.status_code)


def test_a_route_without_a_declaration_does_not_start():
    router = guard.pages()
    with pytest.raises(LookupError, match="no roles declared"):
        router.get("/forgotten")(lambda: None)


def test_a_route_that_is_not_guarded_does_not_start(office, monkeypatch):
    from fastapi import APIRouter

    from pipeline.web import app

    bare = APIRouter()
    bare.get("/bare")(lambda: None)
    monkeypatch.setattr(app, "ROUTERS", (*app.ROUTERS, bare))
    with pytest.raises(LookupError, match="not a guarded route"):
        create_app(office.bench)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_offers_what_the_role_may_open(office, role):
    for entry in menu.entries(office.app, role):
        assert role in TABLE["GET", entry.path]
    assert office.client(role, follow=True).get("/").status_code == 200
