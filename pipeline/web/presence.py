"""Who has which call open: two reviewers on one call see each other.

In memory alone: it is about the next seconds. A page says every few seconds that it is open.
"""

import time
from collections.abc import Callable
from threading import Lock

from starlette.applications import Starlette

GONE_S = 20.0  # pages report every 6 s; a throttled background tab less often


class Presence:
    """Safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[tuple[str, str], float] = {}  # (call, person) -> last seen
        self._lock = Lock()

    def here(self, sha256: str, who: str) -> list[str]:
        """Note that somebody has a call open; gives the others who have."""
        with self._lock:
            now = self._clock()
            self._open[sha256, who] = now
            self._open = {one: at for one, at in self._open.items() if now - at < GONE_S}
            return sorted(name for sha, name in self._open if sha == sha256 and name != who)

    def left(self, sha256: str, who: str) -> None:
        """Note that somebody has closed a call."""
        with self._lock:
            self._open.pop((sha256, who), None)

    def taken(self, who: str) -> set[str]:
        """The calls that others have open."""
        with self._lock:
            now = self._clock()
            return {
                sha
                for (sha, name), at in self._open.items()
                if name != who and now - at < GONE_S
            }


def presence(app: Starlette) -> Presence:
    """The one of a workbench."""
    if not hasattr(app.state, "presence"):
        app.state.presence = Presence()
    return app.state.presence
