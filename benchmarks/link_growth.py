"""How the cost of linking grows with the number of calls: seconds, calls a second, memory.

    python benchmarks/link_growth.py [--calls 10000 100000 1000000]

Made-up facts (what linking reads of a call, pipeline/linkrecords.py) of a city with as many
calls a day as hotlines report, in the order of their time, go through the same Linker as real
ones into a temporary SQLite file. Callers and places are drawn with a long tail, some days have
a burst at one place. Each size runs in a process of its own and prints one JSON
line; `cpu_seconds` is what is left of `seconds` on a machine that does nothing else.
"""

import argparse
import hashlib
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
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


def link(count: int) -> dict:
    """Link so many calls in this process."""
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
        work = cpu = 0.0
        waiting = made_up(count)
        while some := list(islice(waiting, TOGETHER)):
            facts = [Facts(**one, norm=words.norm(one["terms"])) for one in some]
            begun, used = time.perf_counter(), time.process_time()
            keep(store, linker, facts, found)
            work += time.perf_counter() - begun
            cpu += time.process_time() - used
        size = (Path(folder) / "a.db").stat().st_size
    return {
        "calls": count,
        "seconds": round(work, 1),
        "cpu_seconds": round(cpu, 1),
        "calls_a_second": round(count / work),
        "links": dict(sorted(found.items())),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(size / 1e6),
    }


def keep(store, linker, facts, found: Counter) -> None:
    """One transaction of recordings, facts and links."""
    with store.transaction() as db:
        db.executemany(
            "INSERT INTO recordings VALUES (?, '', 0, 0, 0, '', '{}', '', '', '', '', '', '')",
            [(one.sha256,) for one in facts],
        )
        for one in facts:
            found.update(linker.link(db, one, "stamp"))


def main() -> None:
    """Measure each size and print its line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--calls", type=int, nargs="+", default=[10_000, 100_000])
    asked = options.parse_args()
    context = multiprocessing.get_context("spawn")
    for count in asked.calls:
        with context.Pool(1) as pool:
            told = pool.apply(link, (count,))
        print(json.dumps({"benchmark": "link_growth", **told}), flush=True)


if __name__ == "__main__":
    main()
