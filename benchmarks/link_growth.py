"""How the cost of linking grows with the number of calls: seconds, calls a second, memory.

    python benchmarks/link_growth.py [--calls 10000 100000 1000000]

Made-up facts (what linking reads of a call, pipeline/linkrecords.py) of a city with as many
calls a day as hotlines report, in the order of their time, go through the same Linker as real
ones into a temporary SQLite file. Callers and places are drawn with a long tail, some days have
a burst at one place. One process links them all and prints a JSON line at each size (a
multiple of 200): `us_a_call` are microseconds of the processor for each call since the size
before, `cpu_seconds` what is left of `seconds` on a machine that does nothing else.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

A_DAY = 1_000  # calls: the two cities of the articles have 800 and 2,000
PLACES, PEOPLE = 5_000, 300_000  # of one city: more calls mean more days, not more places
VOCABULARY, TOPICS, UNITS = 20_000, 170, 33  # n-grams; the default profile


def made_up(count: int, seed: int = 1) -> Iterator[dict]:
    """Facts as keywords, by time."""
    dice = random.Random(seed)
    burst = ("", 0)
    for number in range(count):
        if number % A_DAY == 0:  # a burst a day: 50 calls on one matter at one place
            burst = (f"路{long_tail(dice, PLACES)}", dice.randrange(TOPICS))
        topic = burst[1] if number % 20 == 0 else long_tail(dice, TOPICS)
        place = burst[0] if number % 20 == 0 else f"路{long_tail(dice, PLACES)}"
        more = (f"苑{long_tail(dice, PLACES)}",) if dice.random() < 0.5 else ()
        sited = dice.random() < 0.8
        yield {
            "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
            "at": 1_700_000_000 + number * 86_400 // A_DAY,
            "number": f"1{long_tail(dice, PEOPLE):010d}" if dice.random() < 0.97 else "",
            "region": "城",
            "district": f"区{len(place) % 5}" if dice.random() < 0.7 else None,
            "units": (f"单位{topic % UNITS}",),
            "topics": (f"事项{topic}",),
            "places": (place, *more) if sited else (),
            "sounds": (place, *more) if sited else (),
            "abuse": "severe" if dice.random() < 0.01 else "none",
            "sorry": 1.0 if dice.random() < 0.01 else 0.0,
            "terms": frozenset(long_tail(dice, VOCABULARY) for _ in range(40)),
        }


def long_tail(dice: random.Random, size: int) -> int:
    """A number below `size`; the first is drawn once in the root of `size` times."""
    return int(size * dice.random() ** 2)


def link(sizes: list[int]) -> Iterator[dict]:
    """Link as many calls as the largest size in this process; figures at each size."""
    from pipeline.domain.profile import load_profile
    from pipeline.link.run import TOGETHER, Linker
    from pipeline.link.words import Words
    from pipeline.linkrecords import Facts
    from pipeline.store.store import Store

    names = [f"词{i}" for i in range(VOCABULARY)]
    idf = [3.0 + 5.0 * i / VOCABULARY for i in range(VOCABULARY)]
    words = Words(names, idf, None, "")
    linker = Linker(load_profile().links, words, "k")
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "a.db") as store:
        file = Path(folder) / "a.db"
        waiting, done, work, spent = made_up(sizes[-1]), 0, 0.0, Spent()
        before, since = 0, Spent()
        while some := list(islice(waiting, TOGETHER)):
            facts = [Facts(**one, norm=words.norm(one["terms"])) for one in some]
            begun, used = time.perf_counter(), Spent.now()
            keep(store, linker, facts, found)
            work += time.perf_counter() - begun
            spent += Spent.now() - used
            done += len(some)
            if done in sizes:
                last, calls = spent - since, done - before
                yield {
                    "calls": done,
                    "seconds": round(work, 1),
                    "cpu_seconds": round(spent.user + spent.system, 1),
                    "us_a_call": {
                        "user": round(last.user / calls * 1e6),
                        "system": round(last.system / calls * 1e6),
                    },
                    "links": dict(sorted(found.items())),
                    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                    "file_mb": round(file.stat().st_size / 1e6),
                }
                before, since = done, spent


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor."""

    user: float = 0.0
    system: float = 0.0

    @classmethod
    def now(cls) -> "Spent":
        """Of this process so far."""
        times = os.times()
        return cls(times.user, times.system)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.user + other.user, self.system + other.system)

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.user - other.user, self.system - other.system)


def keep(store, linker, facts, found: Counter) -> None:
    """One transaction of recordings, facts and links."""
    with store.transaction() as db:
        db.executemany(
            "INSERT INTO recordings VALUES (?, '', 0, 0, 0, '', '{}', '', '', '', '', '', '')",
            [(one.sha256,) for one in facts],
        )
        for one in facts:
            found.update(link.kind for link in linker.link(db, one, "stamp"))


def main() -> None:
    """Print a line at each size."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--calls", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    for told in link(sorted(options.parse_args().calls)):
        print(json.dumps({"benchmark": "link_growth", **told}), flush=True)


if __name__ == "__main__":
    main()
