"""Open connections to the store, lent to one request at a time.

Opening one anew for each request would read the schema each time and keep nothing cached.
Readers are opened read-only: a page that only shows cannot change anything, whatever is typed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Full, LifoQueue

from pipeline.store.store import Store

KEPT = 8  # idle connections of each kind


class Pool:
    """Stores to read and to write; safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: dict[bool, LifoQueue[Store]] = {
            write: LifoQueue(KEPT) for write in (False, True)
        }
        with self.lend(write=True):
            pass  # the tables are brought up to date before anybody reads

    @contextmanager
    def lend(self, *, write: bool = False) -> Iterator[Store]:
        """A store for as long as the block runs. Raises StoreUnusable."""
        try:
            store = self._idle[write].get_nowait()
        except Empty:
            store = Store.open(self._path, readonly=not write, lent=True)
        try:
            yield store
        except (sqlite3.Error, MemoryError):
            store.close()
            raise
        except BaseException:
            self._back(store, write)
            raise
        else:
            self._back(store, write)

    def close(self) -> None:
        """Close what is idle."""
        for idle in self._idle.values():
            while not idle.empty():
                idle.get_nowait().close()

    def _back(self, store: Store, write: bool) -> None:
        try:
            self._idle[write].put_nowait(store)
        except Full:
            store.close()
