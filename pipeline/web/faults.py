"""What is answered when something is wrong: a page for people, JSON for programs.

Neither shows more than what it is: no trace of the code, nothing that was typed.
"""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pipeline.errors import LingsuError
from pipeline.web import guard
from pipeline.web.desk import Desk
from pipeline.web.told import told
from pipeline.web.words import _, language

log = logging.getLogger("lingsu.web")
SAID = {
    400: _("The request is not understood."),
    401: _("Please sign in."),
    403: _("Your role may not do this, or the page was open for too long: load it again."),
    404: _("There is no such page or call."),
    405: _("This page cannot do that."),
    409: _("Somebody else changed this in the meantime: load the page again."),
    413: _("That is too large."),
    415: _("This kind of content is not taken."),
    422: _("A value is missing or out of range."),
    429: _("Too many attempts: wait a quarter of an hour, or ask the administrator."),
    500: _("Something went wrong here. The administrator finds it in the log."),
    503: _("The database cannot be reached just now: try again."),
}
TOLD = {"input_invalid": 400, "overtaken": 409}  # errors whose words are for who asked


def install(app: FastAPI) -> None:
    """Make the application answer so."""
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(LingsuError, _ours)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _defect)


def answer(request: Request, status: int, detail: str = "", **headers: str) -> Response:
    """The page or object for a status. detail: a sentence of ours, said beside it."""
    if _program(request):
        told = detail or HTTPStatus(status).phrase
        return JSONResponse({"status": status, "detail": told}, status, headers)
    bench = request.app.state.bench
    if not hasattr(request.state, "who"):  # a path that no route has was not guarded
        request.state.form = {}
        guard.recognize(request, bench)
    with bench.pool.lend() as store:
        said = SAID.get(status, SAID[400 if status < 500 else 500])
        made = Desk(request, store).page(
            "error.html", status=status, code=status, said=said, detail=detail
        )
    made.headers.update(headers)
    return made


def _program(request: Request) -> bool:
    wants = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or "application/json" in wants


def _http(request: Request, error: HTTPException) -> Response:
    detail = error.detail if _program(request) else ""
    return answer(request, error.status_code, detail, **dict(error.headers or {}))


def _invalid(request: Request, error: Any) -> Response:
    places = sorted({".".join(map(str, one["loc"])) for one in error.errors()})
    return answer(request, 422, "; ".join(places) if _program(request) else "")


def _ours(request: Request, error: LingsuError) -> Response:
    if error.code in TOLD:
        return answer(request, TOLD[error.code], told(str(error), language(request.cookies)))
    log.error("code=%s %s", error.code, error)
    return answer(request, 503 if error.retryable else 500)


def _defect(request: Request, error: Exception) -> Response:
    return answer(request, 500)
