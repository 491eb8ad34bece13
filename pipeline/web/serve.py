"""Runs the workbench with uvicorn until it is told to stop; its log says no caller's word."""

import logging
import sys
import traceback
from types import TracebackType

import uvicorn

from pipeline.web.app import create_app
from pipeline.web.bench import Bench
from pipeline.web.settings import Settings

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, ...]


class Reticent(logging.Formatter):
    """A traceback without the error's message, which may hold what somebody said or typed."""

    def formatException(self, ei: Caught) -> str:
        """The kinds and the lines alone."""
        kind, _, trace = ei
        where = (f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(trace))
        return "\n".join([getattr(kind, "__name__", ""), *where])


def serve(bench: Bench) -> None:
    """Answer requests until Ctrl-C or SIGTERM."""
    _log_to_stderr()
    settings = bench.settings
    uvicorn.run(
        create_app(bench),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=str(settings.tls_key) if settings.tls_key else None,
        proxy_headers=settings.proxy is not None,
        forwarded_allow_ips=settings.proxy,
        server_header=False,
        access_log=False,  # headers.py writes one without the query
        log_config=None,
        ws="none",
        timeout_graceful_shutdown=5,
    )


def address(settings: Settings) -> str:
    """Where a browser finds it."""
    scheme = "https" if settings.secure else "http"
    host = min(settings.names) if settings.names else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" + ("" if settings.proxy else f":{settings.port}")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Reticent("%(asctime)s %(levelname)s %(message)s"))
    for name in ("lingsu.web", "uvicorn"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
