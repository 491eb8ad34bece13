"""A run that stores calls while reviewers are at work: for web_load.py --writing.

Through the store and in a process of its own, as `lingsu run` does: a claim, then recording,
transcript, result and what the triggers keep, in one transaction a call. Nothing is heard or
judged, so that the figures are of the store alone.
"""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from web_calls import made_up

PATH = "/written.wav"  # of what is stored here, and taken away afterwards
FIRST = 10_000_000  # no call of the store has such a number
LIMIT_S = 60.0
SHARES = {"p50": 0.5, "p95": 0.95, "max": 1.0}


@contextmanager
def writing(db: Path, a_minute: float) -> Iterator[dict[str, Any]]:
    """Store so many calls a minute; afterwards the dictionary tells how many, how fast."""
    told: dict[str, Any] = {}
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    run = multiprocessing.get_context("spawn").Process(
        target=write, args=(db, a_minute, theirs), daemon=True
    )
    run.start()
    try:
        yield told
    finally:
        ours.send("stop")
        told |= ours.recv()
        run.join(LIMIT_S)


def write(db: Path, a_minute: float, end: Connection) -> None:
    """Store calls until something arrives; send back what it took, in milliseconds."""
    from pipeline.store.store import Store

    dice, took = random.Random(4), []
    with Store.open(db) as store:
        run = store.begin_run("hear", "judge", 0)
        for number in count(FIRST):
            made = made_up(number, dice)
            recording = replace(made.call.recording, path=PATH)
            begun = time.perf_counter()
            store.remember([(recording, (PATH,))])
            store.claim(recording.sha256, run, limit_s=LIMIT_S)
            store.save(
                replace(made, call=replace(made.call, recording=recording)), heard=True, run=run
            )
            took.append(1000 * (time.perf_counter() - begun))
            if end.poll(max(0.0, 60 / a_minute - (time.perf_counter() - begun))):
                break
        store.end_run(run, "done", len(took), 0)
        store.db.execute("DELETE FROM recordings WHERE path = ?", (PATH,))
    took.sort()
    at = {name: took[int(share * (len(took) - 1))] for name, share in SHARES.items()}
    end.send({"stored": len(took), **{name: round(one, 1) for name, one in at.items()}})
