"""A workbench for tests: over a store of their own, with people who are signed in.

def test_x(office):                       # the fixture of conftest.py
    page = office.client("clerk").get("/...")
    answer = office.client("clerk").post("/...", data={"item": "abuse"})   # with CSRF token
    office.write(lambda store: reviews.add(store, ...))
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from starlette.testclient import TestClient

from pipeline import passwords
from pipeline.config import load_config
from pipeline.domain.profile import Profile
from pipeline.store import tokens, users
from pipeline.store.store import Store
from pipeline.web import guard
from pipeline.web.app import create_app
from pipeline.web.bench import Bench
from pipeline.web.settings import Settings

PASSWORD = "a-long-enough-one"
BASE = "http://127.0.0.1:8345"
Answer = TypeVar("Answer")
BY = users.By("test")


class Browser(TestClient):
    """A browser that does what our pages do: it sends the CSRF token with each POST."""

    bench: Bench

    def post(self, url: Any, **how: Any) -> Any:
        """csrf=False: without the token."""
        headers = dict(how.pop("headers", None) or {})
        if how.pop("csrf", True):
            session, before = (
                self.cookies.get(guard.cookie_name(self.bench, name), "")
                for name in ("lingsu", "lingsu-before")
            )
            headers.setdefault("x-csrf-token", guard.csrf(self.bench, session or before))
        return super().post(url, headers=headers, **how)


class Office:
    """The workbench with its people; `at` moves its clock."""

    def __init__(self, db: Path, profile: Profile, **settings: Any) -> None:
        made = Settings(db, load_config(), **settings)
        self.at = 1_800_000_000.0
        self.bench = Bench.open(made)
        self.bench.city, self.bench.clock = profile, lambda: self.at
        self.app = create_app(self.bench)

    def write(self, act: Callable[[Store], Answer]) -> Answer:
        """Do something with the store."""
        with self.bench.pool.lend(write=True) as store:
            return act(store)

    def account(self, role: str, name: str = "", agent_id: str = "") -> str:
        """An account of that role, once; gives its name."""
        name = name or (f"{role}{agent_id}")
        agent_id = agent_id or ("1007" if role == "agent" else "")

        def add(store: Store) -> None:
            if users.find(store, name) is None:
                kept = passwords.hashed(PASSWORD)
                users.add(store, name, role, kept, by=BY, agent_id=agent_id)
                users.set_password(store, name, kept, by=BY, own=True)

        self.write(add)
        return name

    def anonymous(self, *, follow: bool = False) -> Browser:
        """A browser that nobody signed in with."""
        browser = Browser(
            self.app, base_url=BASE, follow_redirects=follow, raise_server_exceptions=False
        )
        browser.bench = self.bench
        return browser

    def client(
        self, role: str, name: str = "", agent_id: str = "", *, follow: bool = False
    ) -> Browser:
        """A browser in which a person of that role is signed in; an agent is 1007."""
        browser = self.anonymous(follow=follow)
        answer = sign_in(browser, self.account(role, name, agent_id))
        assert answer.status_code in (200, 303), answer.text
        return browser

    def program(self, role: str, name: str = "", agent_id: str = "") -> TestClient:
        """A program with a token of a person of that role, for /api/v1."""
        user = self.account(role, name, agent_id)
        token = self.write(
            lambda store: tokens.make(store, user, "test", self.at + 86400.0, by=BY)
        )
        headers = {"Authorization": f"Bearer {token}"}
        return TestClient(self.app, base_url=BASE, headers=headers, follow_redirects=False)

    def close(self) -> None:
        """Let go of the store."""
        self.bench.pool.close()


def csrf_of(page: Any) -> str:
    """The token that a page carries."""
    found = re.search(r'name="csrf" content="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def sign_in(browser: Browser, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Fill in the form of /login."""
    fields = {"csrf": csrf_of(browser.get("/login")), "name": name, "password": password}
    return browser.post("/login", csrf=False, data=fields | more)
