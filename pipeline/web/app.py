"""Puts the workbench together: every route, in order, behind the border."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from pipeline import __version__
from pipeline.web import faults, menu
from pipeline.web.api import calls, people, review, schema, shift, trail
from pipeline.web.api import machine as watched
from pipeline.web.bench import Bench
from pipeline.web.headers import Border
from pipeline.web.pages import (
    account,
    call,
    dashboard,
    dispatch,
    files,
    machine,
    own,
    sample,
    search,
    settings,
    sound,
)
from pipeline.web.pages import people as accounts
from pipeline.web.pages import review as queue

ROUTERS = (
    files.router,
    account.router,
    accounts.router,
    machine.router,
    settings.router,
    queue.router,
    sample.router,
    call.router,
    sound.router,
    search.router,
    dashboard.router,
    dispatch.router,
    own.router,
    # /api/v1
    schema.router,
    people.router,
    trail.router,
    watched.router,
    calls.router,
    review.router,
    shift.router,
)
# Whatever the environment says: nothing is sent anywhere.
QUIET = TelemetryConfig(auto_configure=False, tracing=False, metrics=False, logs=False)


class Workbench(FastAPI):
    """The application behind its border, also where an answer is about a defect of ours."""

    def build_middleware_stack(self) -> ASGIApp:
        """Outermost the border."""
        settings = self.state.bench.settings
        inner = super().build_middleware_stack()
        return Border(inner, hosts=settings.hosts, secure=settings.secure)


def create_app(bench: Bench) -> FastAPI:
    """The application. Raises LookupError for a route that declares no roles."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        bench.pool.close()

    app = Workbench(
        title="Lingsu",
        version=__version__,
        openapi_url=None,  # api/schema.py has it, guarded
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry=QUIET,
    )
    app.state.bench = bench
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    menu.table(app)
    faults.install(app)
    return app
