"""Who may call an endpoint: declared beside it, checked before anything of it runs.

    @router.get("/admin/users")
    @may(ADMIN)
    def show(desk: ADesk) -> Response: ...

A route without a declaration fails when the workbench starts. Pages know people by the
session's cookie and want a CSRF token with whatever changes something; /api/v1 knows programs
by `Authorization: Bearer` alone, which no browser sends by itself.
"""

import hmac
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute, APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from pipeline.store import sessions, tokens
from pipeline.store.sessions import Identity
from pipeline.web.bench import Bench

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
PUBLIC: frozenset[str] = frozenset()  # nobody need be signed in
SAFE = ("GET", "HEAD")
FIELDS = 500  # of a form, at most
FORM = "application/x-www-form-urlencoded"
PASSWORD, LOGOUT, LOGIN = "/password", "/logout", "/login"


def may(*roles: str) -> Callable[[Endpoint], Endpoint]:
    """Declare which roles may call the endpoint."""
    if not roles:
        raise ValueError("name the roles, or declare the endpoint @public")
    return _declared(frozenset(roles))


def public(endpoint: Endpoint) -> Endpoint:
    """Declare that anybody may call the endpoint."""
    return _declared(PUBLIC)(endpoint)


def _declared(roles: frozenset[str]) -> Callable[[Endpoint], Endpoint]:
    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.roles = roles  # type: ignore[attr-defined]
        return endpoint

    return declare


class Guarded(APIRoute):
    """A route that lets nobody in who is not declared. Raises LookupError without one."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        if not hasattr(endpoint, "roles"):
            raise LookupError(f"{path}: no roles declared for {endpoint.__name__}")
        self.roles: frozenset[str] = endpoint.roles
        super().__init__(path, endpoint, **how)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind its guard."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            stopped = await self.stop(request, request.app.state.bench)
            return stopped if stopped is not None else await handle(request)

        return guarded

    async def stop(self, request: Request, bench: Bench) -> Response | None:
        """An answer in place of the endpoint's, or None: go on. Raises HTTPException."""
        raise NotImplementedError


class PageRoute(Guarded):
    """A page, or what a page sends."""

    async def stop(self, request: Request, bench: Bench) -> Response | None:
        """To the sign-in page, to the password page, or 403."""
        unsafe = request.method not in SAFE
        request.state.form = await _form(request) if unsafe else {}
        await run_in_threadpool(recognize, request, bench)
        who = request.state.who
        if self.roles and who is None:
            return _sign_in(request)
        if unsafe:
            _refuse_forged(request, bench)
        if (
            who
            and who.must_change
            and self.roles
            and request.url.path not in (PASSWORD, LOGOUT)
        ):
            return RedirectResponse(PASSWORD, 303)
        if self.roles and who and who.role not in self.roles:
            raise HTTPException(403)
        return None


class ApiRoute(Guarded):
    """A route of /api/v1."""

    async def stop(self, request: Request, bench: Bench) -> Response | None:
        """401 without a valid token, 403 for a role that may not."""
        request.state.form = {}
        request.state.who = None
        request.state.csrf_of = ""
        if request.query_params.keys() & {"token", "access_token", "api_key"}:
            raise HTTPException(400, "a token belongs into the Authorization header")
        if not self.roles:
            return None
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        who = None
        if scheme.lower() == "bearer" and token.strip():
            who = await run_in_threadpool(_bearer, bench, token.strip())
        if who is None:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        if who.role not in self.roles:
            raise HTTPException(403)
        if request.method not in SAFE and await request.body():
            if _media_type(request) != "application/json":
                raise HTTPException(415, "send application/json")
        request.state.who = who
        return None


def recognize(request: Request, bench: Bench) -> None:
    """Note whose session the browser has, and the cookie that its forms belong to."""
    cookie = request.cookies.get(cookie_name(bench, "lingsu"), "")
    who = _session(bench, cookie) if cookie else None
    request.state.who = who
    request.state.csrf_of = cookie if who else anonymous(request, bench)


def pages() -> APIRouter:
    """A router of pages; include it in pipeline/web/app.py."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


def programs() -> APIRouter:
    """A router of /api/v1; include it in pipeline/web/app.py."""
    return APIRouter(prefix="/api/v1", route_class=ApiRoute)


def cookie_name(bench: Bench, name: str) -> str:
    """With TLS no other host of the domain, and nothing unencrypted, can set such a cookie."""
    return f"__Host-{name}" if bench.settings.secure else name


def csrf(bench: Bench, cookie: str) -> str:
    """The token that belongs to a session's cookie, or to the cookie before one."""
    return bench.keyed("csrf", cookie)


def new_key() -> str:
    """What nobody can guess: the value of a cookie."""
    return secrets.token_urlsafe(32)


def anonymous(request: Request, bench: Bench) -> str:
    """The cookie that stands for a session before there is one."""
    return request.cookies.get(cookie_name(bench, "lingsu-before"), "")


def safe_path(path: str | None) -> str | None:
    """A path of this workbench to go to afterwards; None for anything else."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    if not path.isascii() or any(ord(sign) < 0x21 or sign == "\\" for sign in path):
        return None
    return path


def _session(bench: Bench, cookie: str) -> Identity | None:
    key, now = bench.keyed("session", cookie), bench.clock()
    with bench.pool.lend() as store:
        found = sessions.find(store, key, now, bench.limits)
    if found is None:
        return None
    who, stale = found
    if stale:
        with bench.pool.lend(write=True) as store:
            sessions.touch(store, key, now)
    return who


def _bearer(bench: Bench, token: str) -> Identity | None:
    with bench.pool.lend() as store:
        found = tokens.find(store, token, bench.clock())
    if found is None:
        return None
    who, unused_today = found
    if unused_today:
        with bench.pool.lend(write=True) as store:
            tokens.touch(store, token)
    return who


def _sign_in(request: Request) -> Response:
    if request.method not in SAFE or "application/json" in request.headers.get("accept", ""):
        raise HTTPException(401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?next={quote(here, safe='')}", 303)


def _refuse_forged(request: Request, bench: Bench) -> None:
    """Raises 403 unless the request comes from a page of ours that this person was shown."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "another site sent this")
    sent = request.headers.get("x-csrf-token") or request.state.form.get("csrf", "")
    cookie = request.state.csrf_of
    wanted = csrf(bench, cookie)
    if not cookie or not hmac.compare_digest(sent.encode(), wanted.encode()):
        raise HTTPException(403, "csrf")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of a name; JSON is left to the endpoint."""
    body, kind = await request.body(), _media_type(request)
    if kind == "application/json" or not body:
        return {}
    if kind != FORM:
        raise HTTPException(415, "send a form or application/json")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise HTTPException(400, "not a form") from error
    return dict(pairs)
