"""Sends one order and waits for its receipt: tries again where that helps, and says why not.

The contract is in docs/push.md. run.py decides what is sent; nothing here knows of the store.
"""

import json
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.errors import InputInvalid, cause
from pipeline.push.target import Target
from pipeline.redact import mask

if TYPE_CHECKING:
    import httpx2

MOST = 64 * 1024  # bytes of an answer; a receipt is a few hundred
SHOWN = 200  # characters of a receipt, or of what the other side says is wrong
# The address or the token is wrong, not this order: no other would be taken either.
ASTRAY = {401: "unauthorized", 403: "unauthorized", 404: "no_such_place", 405: "no_such_place"}
DUPLICATE = 409  # the key was used before; a good receipt comes with it


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order."""

    state: str  # accepted, refused (the order's fault), undelivered
    reason: str = ""  # push.REASON of labels_push.py; "" where it was accepted
    status: int | None = None  # HTTP
    receipt: str | None = None
    said: str = ""  # the other side's own words, masked
    attempts: int = 1
    stop: bool = False  # whatever is sent next would fare no better
    again: bool = False  # another attempt may help ...
    after_s: float = 0.0  # ... not before


class Sender:
    """A connection to a target. Use it as a context manager, from one thread."""

    def __init__(
        self,
        target: Target,
        *,
        wait: Callable[[float], None] = time.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self.target, self._wait, self._dice = target, wait, dice
        self._client = _client(target)

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, data: bytes, key: str) -> Answer:
        """Send an order, as often as the settings allow; raises nothing that the other side
        or the network can cause."""
        settings = self.target.settings
        for attempt in range(1, settings.attempts + 1):
            answer = replace(self._once(data, key), attempts=attempt)
            if not answer.again or attempt == settings.attempts:
                return answer
            if answer.after_s > settings.longest_wait_s:
                return replace(answer, stop=True)
            self._wait(max(self._backoff(attempt), answer.after_s))
        raise AssertionError("attempts is at least 1")

    def _backoff(self, attempt: int) -> float:
        """Seconds: doubled each time, shortened by up to a half so that many do not return
        at once."""
        settings = self.target.settings
        longest = min(settings.backoff_s * 2 ** (attempt - 1), settings.longest_wait_s)
        return longest * (0.5 + self._dice() / 2)

    def _once(self, data: bytes, key: str) -> Answer:
        import httpx2

        try:
            with self._client.stream(
                "POST", self.target.url, content=data, headers={"Idempotency-Key": key}
            ) as response:
                return self._read(response, self._body(response))
        except (httpx2.TimeoutException, TimeoutError):
            return Answer("undelivered", "timeout", again=True)
        except httpx2.ConnectError as error:
            if _certificate(error):
                return Answer("undelivered", "certificate", stop=True)
            return Answer("undelivered", "unreachable", again=True)
        except httpx2.HTTPError:  # cut off, or no HTTP at all
            return Answer("undelivered", "broken", again=True)

    def _body(self, response: "httpx2.Response") -> bytes:
        """The answer, as far as it is read; an endless one is given up at the timeout."""
        until = time.monotonic() + self.target.settings.timeout_s
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST:
                break
            if time.monotonic() > until:
                raise TimeoutError
        return body[:MOST]

    def _read(self, response: "httpx2.Response", body: bytes) -> Answer:
        status, receipt = response.status_code, _receipt(body, self.target.settings.receipt)
        said = mask(" ".join(body.decode("utf-8", errors="replace").split()))[:SHOWN]
        told: dict[str, Any] = {"status": status, "said": said}
        if 200 <= status < 300 or (status == DUPLICATE and receipt):
            if receipt is None:
                return Answer("undelivered", "no_receipt", again=True, **told)
            return Answer("accepted", status=status, receipt=receipt)
        if status == 429 or status >= 500:
            after = _after(response.headers.get("Retry-After"))
            reason = "busy" if status == 429 else "server_error"
            return Answer("undelivered", reason, again=True, after_s=after, **told)
        if 300 <= status < 400:
            return Answer("undelivered", "redirect", stop=True, **told)
        if status in ASTRAY:
            return Answer("undelivered", ASTRAY[status], stop=True, **told)
        return Answer("refused", "refused", **told)


def _client(target: Target) -> "httpx2.Client":
    """No redirects, no proxies or logins from the environment, certificates checked."""
    import httpx2

    headers = {"User-Agent": f"lingsu/{__version__}", "Content-Type": "application/json"}
    headers["Accept"] = "application/json"
    if target.token:
        headers["Authorization"] = f"Bearer {target.token}"
    verify: ssl.SSLContext | bool = True
    if target.settings.ca_file:
        try:
            verify = ssl.create_default_context(cafile=target.settings.ca_file)
        except (OSError, ssl.SSLError) as error:
            named = f"push.ca_file {target.settings.ca_file}"
            raise InputInvalid(f"{named}：证书文件读不了（{cause(error)}）") from error
    return httpx2.Client(
        headers=headers,
        verify=verify,
        timeout=target.settings.timeout_s,
        follow_redirects=False,
        trust_env=False,
    )


def _receipt(body: bytes, path: str) -> str | None:
    """The receipt number at a path of keys (data.id); "" where none is asked for."""
    if not path:
        return ""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    return str(found).strip()[:SHOWN] or None


def _after(header: str | None) -> float:
    """Seconds that Retry-After asks for, as a number or as a date; 0 where it is neither."""
    text = (header or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    try:
        wanted = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=UTC)
    return max(0.0, (wanted - datetime.now(UTC)).total_seconds())


def _certificate(error: BaseException) -> bool:
    """Whether the connection failed for its certificate."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
