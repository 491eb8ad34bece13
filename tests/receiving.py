"""A work-order system for the tests of push: a real HTTP server that fails as it is told.

    with receiving(status(503), drop, taken) as system: ...

Each step answers one request; when the steps are used up every order is taken. A key that was
taken is answered with its first receipt, as docs/push.md asks of a receiver.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Step = Callable[["_Handler"], None]


class System:
    """What the server saw and took."""

    def __init__(self, *steps: Step, check: Callable[[], None] = lambda: None) -> None:
        self.steps = list(steps)
        self.seen: list[tuple[str, dict[str, str], bytes]] = []  # key, headers, body
        self.receipts: dict[str, str] = {}  # key -> receipt
        self.orders: list[dict] = []  # taken
        self.url = ""
        self.check = check  # runs while a request is answered

    @property
    def keys(self) -> list[str]:
        """Of all requests, in their order."""
        return [key for key, _, _ in self.seen]

    def take(self, key: str, body: bytes) -> str:
        """The receipt of an order, the same for the same key."""
        if key not in self.receipts:
            self.receipts[key] = f"GD{len(self.receipts) + 1:04d}"
            self.orders.append(json.loads(body))
        return self.receipts[key]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        system: System = self.server.system
        system.seen.append((self.headers["Idempotency-Key"], dict(self.headers), body))
        system.check()
        self.body, self.key = body, self.headers["Idempotency-Key"]
        (system.steps.pop(0) if system.steps else taken)(self)

    def do_GET(self) -> None:
        self.server.system.seen.append(("GET", {}, b""))

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def taken(handler: _Handler) -> None:
    """The order is taken, or was: its receipt."""
    receipt = handler.server.system.take(handler.key, handler.body)
    handler.reply(201, json.dumps({"receipt": receipt}).encode())


def taken_unheard(handler: _Handler) -> None:
    """The order is taken, and the connection lost before the answer."""
    handler.server.system.take(handler.key, handler.body)
    drop(handler)


def drop(handler: _Handler) -> None:
    """The connection is lost."""
    handler.close_connection = True
    handler.connection.close()


def status(code: int, body: str = "{}", **headers: str) -> Step:
    """An answer with this status."""
    return lambda handler: handler.reply(code, body.encode(), **headers)


def garbage(handler: _Handler) -> None:
    """No HTTP at all."""
    handler.wfile.write(b"\x00\xff\x13 hello\r\n\r\n")
    handler.close_connection = True


def slow(seconds: float) -> Step:
    """Nothing for so long."""

    def step(handler: _Handler) -> None:
        time.sleep(seconds)
        drop(handler)

    return step


def drip(handler: _Handler) -> None:
    """An answer that never ends, a byte at a time."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True


@contextmanager
def receiving(*steps: Step, **more: Callable[[], None]) -> Iterator[System]:
    """The server on a port of its own."""
    system = System(*steps, **more)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.system = True, system
    server.handle_error = lambda *_: None
    system.url = f"http://127.0.0.1:{server.server_address[1]}/api/orders"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
