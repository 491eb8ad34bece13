"""Around every request: its host and size are checked, its answer gets the headers that keep
a browser from doing harm, and a line of the log is written, without query and words.
"""

import logging
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("lingsu.web")
LARGEST = 256 * 1024  # bytes of a request; nothing is uploaded
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " media-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000"


class Border:
    """The outermost layer of the workbench."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], secure: bool) -> None:
        self._app, self._hosts = app, frozenset(hosts)
        self._always = [(k.encode(), v.encode()) for k, v in ALWAYS.items()]
        if secure:
            self._always.append((b"strict-transport-security", HSTS.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the lifespan of the application passes unchanged."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        begun, told = time.perf_counter(), {"status": 0}

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                message = {**message, "headers": self._headers(message["headers"])}
            await send(message)

        try:
            wrong = self._wrong(scope)
            if wrong:
                await _plain(marked, wrong)
            else:
                await self._limited(scope, receive, marked)
        finally:
            spent = (time.perf_counter() - begun) * 1000
            path = ascii(scope["path"])
            log.info("%s %s %d %.0f ms", scope["method"], path, told["status"], spent)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:  # more than its head told
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    def _wrong(self, scope: Scope) -> int:
        headers = dict(scope["headers"])
        try:
            host = urlsplit("//" + headers.get(b"host", b"").decode("ascii")).hostname
        except ValueError:
            return 400
        if host is None or host not in self._hosts:
            return 421  # misdirected: a name that is not ours leads here
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413
        return 0

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in given}
        made = [*given, *(one for one in self._always if one[0] not in names)]
        if b"cache-control" not in names:
            made.append((b"cache-control", b"no-store"))  # pages hold what callers said
        return made


async def _plain(send: Send, status: int) -> None:
    text = {400: b"bad request", 413: b"too large", 421: b"unknown host"}[status]
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
