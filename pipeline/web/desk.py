"""What an endpoint has in hand: who asks, the store, what was sent, and how to answer.

`desk: ADesk` as an endpoint's parameter is all it needs. The store can be written to only
where the request may change something (POST); a GET has one that cannot.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from pydantic import Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.errors import InputInvalid
from pipeline.records import CallResult
from pipeline.roles import AGENT, HEARING, REVEALING
from pipeline.store import audit, queries, sessions
from pipeline.store.sessions import Identity
from pipeline.store.store import Store
from pipeline.store.users import By
from pipeline.web import guard, menu
from pipeline.web.bench import Bench
from pipeline.web.words import language, said

REVEALED_S = 15 * 60.0  # how long numbers stay in full once somebody asked for them
YEAR_S = 365 * 24 * 3600
RowId = Annotated[int, Field(ge=0, lt=2**63)]  # as far as SQLite counts


class Desk:
    """One request, seen from an endpoint."""

    def __init__(self, request: Request, store: Store) -> None:
        self.request, self.store = request, store
        self.bench: Bench = request.app.state.bench
        self.form: Mapping[str, str] = request.state.form
        self.who: Identity | None = request.state.who
        self.lang = language(request.cookies)

    @property
    def user(self) -> Identity:
        """Who asks. Only where a role is declared, so that somebody is signed in."""
        if self.who is None:
            raise HTTPException(401)
        return self.who

    @property
    def address(self) -> str:
        """From where the request comes."""
        return self.request.client.host if self.request.client else ""

    @property
    def by(self) -> By:
        """Who changes something, for the audit."""
        return By(self.user.user, self.address)

    def t(self, text: str, **values: object) -> str:
        """A sentence in the language of the page: t("Saved %(n)d.", n=3)."""
        return said(text, self.lang, **values)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a template; who, menu, csrf, path and flash are there for base.html."""
        cookie = self.request.state.csrf_of or guard.new_key()
        flash = None
        if self.who is not None:
            flash = sessions.said(self.store, self.who.id)
            if flash is not None:
                with self.bench.pool.lend(write=True) as store:
                    sessions.shown(store, self.who.id)
        made = self.bench.templates[self.lang].get_template(template)
        text = made.render(
            who=self.who,
            menu=menu.entries(self.request.app, self.who.role if self.who else None),
            csrf=guard.csrf(self.bench, cookie),
            path=self.request.url.path,
            here=self._here(),
            flash=flash,
            **values,
        )
        answer = HTMLResponse(text, status)
        if cookie != self.request.state.csrf_of:
            set_cookie(self.bench, answer, "lingsu-before", cookie, samesite="strict")
        return answer

    def _here(self) -> str:
        """Where to come back to: what a POST has shown has no address of its own."""
        url = self.request.url
        if self.request.method not in guard.SAFE:
            return "/"
        return f"{url.path}?{url.query}" if url.query else url.path

    def go(self, path: str, flash: str | None = None) -> Response:
        """To another page, which says `flash` at its top."""
        if flash is not None and self.who is not None:
            sessions.say(self.store, self.who.id, flash)
        return RedirectResponse(path, 303)

    def call(self, sha256: str) -> CallResult:
        """A call that this person may open, by its id or the beginning of it.

        Raises HTTPException 404: there is none, or it is another agent's (nobody learns
        which).
        """
        try:
            result = queries.result(self.store, sha256)
        except InputInvalid as error:
            raise HTTPException(404) from error
        agent = result.call.recording.metadata.agent_id
        own = self.user.role == AGENT and agent is not None and agent == self.user.agent_id
        if not own and self.user.role not in HEARING:
            raise HTTPException(404)
        return result

    def unmasked(self, sha256: str) -> bool:
        """Whether numbers of this call are shown in full: asked for, allowed, not yet over."""
        if self.user.role not in REVEALING:
            return False
        return sessions.revealed(self.store, self.user.id, sha256, self.bench.clock())

    def reveal(self, sha256: str) -> None:
        """Show the numbers of this call in full for a while, and keep who saw them."""
        if self.user.role not in REVEALING:
            raise HTTPException(403)
        detail = {"call": sha256[:8], "from": self.address}
        audit.note(self.store, self.user.user, "call.reveal", detail)
        until = self.bench.clock() + REVEALED_S
        sessions.reveal(self.store, self.user.id, sha256, until)


def set_cookie(
    bench: Bench, answer: Response, name: str, value: str, *, samesite: Any = "lax", **how: Any
) -> None:
    """A cookie that no script reads and, under TLS, no unencrypted request carries."""
    answer.set_cookie(
        guard.cookie_name(bench, name),
        value,
        path="/",
        httponly=True,
        secure=bench.settings.secure,
        samesite=samesite,
        **how,
    )


def _desk(request: Request) -> Iterator[Desk]:
    bench: Bench = request.app.state.bench
    with bench.pool.lend(write=request.method not in guard.SAFE) as store:
        yield Desk(request, store)


ADesk = Annotated[Desk, Depends(_desk)]
