"""Calls as arrays: one state to count over (Table), and where it grows (Columns)."""

import json
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.shiftreport.figures import DECLINED, GROUPS, Figures

Rows = NDArray[np.int64]  # indices of calls, by time
Told = TypeVar("Told")
EPOCH = datetime(1970, 1, 1)  # of the place's own clock
HOUR = 3600
_MORE = ("agent_id", "shift", "region", "district", "domain", "status")
KEYS = (*GROUPS.values(), *_MORE)
PASS, FAIL, OTHER, ASKS, ALERT = 1, 2, 3, 4, 8  # of a flag: its verdict, and two bits
_VERDICTS = {"pass": PASS, "fail": FAIL}
CACHED = 512  # figures of one state


class Names:
    """Codes of texts; 0: unknown. Only grows."""

    def __init__(self) -> None:
        self.listed, self.codes = [""], {"": 0}

    def code(self, name: str | None) -> int:
        """The code of a text, a new one where it was never met."""
        found = self.codes.setdefault(name or "", len(self.listed))
        if found == len(self.listed):
            self.listed.append(name or "")
        return found


class Memo:
    """What was made of some calls; each thing by one thread, while those who ask for the same
    wait."""

    def __init__(self) -> None:
        self._told: dict[Hashable, tuple[Lock, list[Any]]] = {}
        self._lock = Lock()

    def once(self, key: Hashable, make: Callable[[], Told]) -> Told:
        """What `make` gave the first time."""
        with self._lock:
            if len(self._told) >= CACHED:
                self._told.clear()
            making, made = self._told.setdefault(key, (Lock(), []))
        with making:
            if not made:
                made.append(make())
            return made[0]


class Table:
    """One state of all calls, in the order of their time. Never changed."""

    def __init__(
        self,
        numbers: NDArray[np.int64],
        seconds: NDArray[np.float64],
        keys: NDArray[np.int32],
        flags: NDArray[np.uint8],
        places: NDArray[np.object_],
        names: dict[str, Names],
        items: Names,
        memo: "Memo",
    ) -> None:
        """numbers: of each call its id in facets, seconds on the clock or -1, and its stamp;
        keys: calls x KEYS; flags: calls x items; places: their names in each call."""
        self.ids, self.at, self.stamps = numbers.T
        self.seconds, self.keys, self.flags, self.places = seconds, keys, flags, places
        self.names, self.items = names, items
        self.figures = lru_cache(CACHED)(self._figures)
        self._memo = memo

    def _figures(self, since: datetime, until: datetime, *wanted: tuple[str, str]) -> Figures:
        """What the shift report counts (shiftreport/figures.py), of the calls that began in
        [since, until) and have the values wanted."""
        return self.count(self.chosen(since, until, *wanted))

    def chosen(self, since: datetime, until: datetime, *wanted: tuple[str, str]) -> Rows:
        """The calls that began in [since, until) and have a value in each column named."""
        times = [(moment - EPOCH).total_seconds() for moment in (since, until)]
        first, last = np.searchsorted(self.at, np.ceil(times))
        rows = np.arange(first, last)
        for name, value in wanted:
            code = self.names[name].codes.get(value, -1)
            rows = rows[self.keys[rows, KEYS.index(name)] == code]
        return rows

    def once(self, rows: Rows, key: Hashable, make: Callable[[], Told]) -> Told:
        """What `make` gives of these calls: made again only where one of them changed, so that
        a run that writes today's calls leaves alone what is known of last week's."""
        return self._memo.once((key, len(rows), int(self.stamps[rows].max(initial=0))), make)

    def counter(self, name: str, rows: Rows) -> Counter[str]:
        """How many of the calls have each value of a column."""
        counts = np.bincount(self.keys[rows, KEYS.index(name)])
        listed = self.names[name].listed
        return Counter({listed[i]: int(counts[i]) for i in np.flatnonzero(counts) if i})

    def count(self, rows: Rows) -> Figures:
        """What the shift report counts, of these calls."""
        marks = self.flags[rows]
        verdicts, asks = marks & 3, (marks & ASKS) > 0
        at = self.at[rows]
        declined = self.having("outcome", rows, *DECLINED)
        return Figures(
            calls=len(rows),
            seconds=float(self.seconds[rows].sum()),
            alerts=int(((marks & ALERT) > 0).any(axis=1).sum()),
            to_review=int(self.asking(rows).sum()),
            agents=len(self.counter("agent_id", rows)),
            statuses=self.counter("status", rows),
            hours=_by_hour(at),
            declined=_by_hour(at[declined]),
            counts={group: self.counter(name, rows) for group, name in GROUPS.items()},
            asks=self._by_item(asks),
            passed=self._by_item(verdicts == PASS),
            judged=self._by_item((verdicts == PASS) | (verdicts == FAIL)),
        )

    def having(self, name: str, rows: Rows, *values: str) -> NDArray[np.bool_]:
        """Which of the calls have one of the values."""
        codes = [self.names[name].codes.get(value, -1) for value in values]
        return np.isin(self.keys[rows, KEYS.index(name)], codes)

    def asking(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of the calls a person should look at."""
        asks = ((self.flags[rows] & ASKS) > 0).any(axis=1)
        return asks | self.having("status", rows, "failed")

    def suggesting(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of the calls are suggestions on how the city is run."""
        told = self.having("outcome", rows, "record_suggestion")
        return told | self.having("request_type", rows, "建议")

    def _by_item(self, mask: NDArray[np.bool_]) -> Counter[str]:
        counts = mask.sum(axis=0)
        return Counter({self.items.listed[i]: int(counts[i]) for i in np.flatnonzero(counts)})


class Columns:
    """Where calls are put, and put again when they changed."""

    def __init__(self) -> None:
        self._where: dict[int, int] = {}  # id -> row
        self._names = {name: Names() for name in KEYS}
        self._items = Names()
        self._memo = Memo()
        self._numbers = np.zeros((0, 3), np.int64)
        self._seconds = np.zeros(0, np.float64)
        self._places = np.zeros(0, np.object_)
        self._keys = np.zeros((0, len(KEYS)), np.int32)
        self._flags = np.zeros((0, 32), np.uint8)

    def put(
        self,
        number: int,
        stamp: int,
        at: str,
        seconds: float,
        flags: str,
        places: str | None,
        *keys: str | None,
    ) -> None:
        """A call as facets has it, in place of what it was."""
        row = self._where.setdefault(number, len(self._where))
        if row == len(self._numbers):
            self._grow()
        self._numbers[row] = number, _seconds(at), stamp
        self._seconds[row] = seconds
        self._places[row] = tuple(json.loads(places)) if places else ()
        self._keys[row] = [self._names[n].code(k) for n, k in zip(KEYS, keys, strict=True)]
        marks = {self._items.code(item): mark for item, mark in _flags(flags)}
        if len(self._items.listed) > self._flags.shape[1]:
            self._flags = np.pad(self._flags, ((0, 0), (0, 32)))
        self._flags[row] = 0
        self._flags[row, list(marks)] = list(marks.values())

    def table(self) -> Table:
        """All calls as they are now, copied."""
        count = len(self._where)
        order = np.argsort(self._numbers[:count, 1], kind="stable")
        return Table(
            self._numbers[:count][order],
            self._seconds[:count][order],
            self._keys[:count][order],
            self._flags[:count, : len(self._items.listed)][order],
            self._places[:count][order],
            self._names,
            self._items,
            self._memo,
        )

    def _grow(self) -> None:
        more = max(1024, len(self._numbers))
        self._numbers = np.pad(self._numbers, ((0, more), (0, 0)))
        self._seconds = np.pad(self._seconds, (0, more))
        self._places = np.pad(self._places, (0, more))
        self._keys = np.pad(self._keys, ((0, more), (0, 0)))
        self._flags = np.pad(self._flags, ((0, more), (0, 0)))


def _seconds(at: str) -> int:
    """On the clock of the place; -1 where the time is unknown."""
    try:
        return int((datetime.fromisoformat(at).replace(tzinfo=None) - EPOCH).total_seconds())
    except ValueError:
        return -1


@lru_cache(4096)
def _flags(text: str) -> tuple[tuple[str, int], ...]:
    """Each item with its verdict and bits; many calls have the same."""
    told: list[tuple[str, str, str]] = json.loads(text)
    return tuple(
        (
            item,
            _VERDICTS.get(verdict, OTHER)
            | ASKS * (severity != "info")
            | ALERT * (severity == "alert"),
        )
        for item, verdict, severity in told
    )


def _by_hour(at: NDArray[Any]) -> Counter[int]:
    counts = np.bincount(at[at >= 0] // HOUR % 24)
    return Counter({int(hour): int(counts[hour]) for hour in np.flatnonzero(counts)})
