"""kill -9 at any moment: nothing lost, nothing doubled, the next run goes on."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.store import figures, queries, search
from pipeline.store.store import Store


def start(folder: Path, count: int, workers: int, seconds: float) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "faking.py", str(folder), str(count), str(workers)],
        cwd=Path(__file__).parent,
        env={
            **os.environ,
            "FAKE_HEAR_S": str(seconds),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        start_new_session=True,
    )


def stored(folder: Path) -> int:
    """Results so far, read by somebody else while the driver works."""
    if not (folder / "calls.db").exists():
        return 0
    try:
        with closing(sqlite3.connect(folder / "calls.db", timeout=5)) as db:
            return db.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:  # killed before the tables were made
        return 0


def kill_and_finish(folder: Path, *, kills: int, count: int, workers: int, chance) -> list[int]:
    """Kill `kills` drivers, each a random while after its first new result, then finish."""
    at = []
    for _ in range(kills):
        driver = start(folder, count, workers, 0.02)
        before, end = stored(folder), time.monotonic() + 30
        early = chance.random() < 0.2  # while it starts; else once results come
        while not early and stored(folder) == before:
            assert driver.poll() is None and time.monotonic() < end
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 1.0 if early else 0.1))
        driver.send_signal(signal.SIGKILL)
        driver.wait()
        at.append(stored(folder))
    assert start(folder, count, workers, 0.0).wait(timeout=120) == 0
    return at


def check(folder: Path, count: int) -> None:
    with Store.open(folder / "calls.db") as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        store.db.execute("INSERT INTO spoken (spoken) VALUES ('integrity-check')")
        rows = store.db.execute("SELECT sha256, status FROM results").fetchall()
        assert len(rows) == len({row["sha256"] for row in rows}) == count
        assert {row["status"] for row in rows} == {"ok"}
        assert len(list(queries.results(store))) == count
        assert len(search.search(store, "路灯坏", limit=10 * count).calls) == count
        assert store.db.execute("SELECT count(*) FROM claims").fetchone()[0] == 0


def test_two_kills_lose_nothing_and_double_nothing(tmp_path):
    at = kill_and_finish(tmp_path, kills=2, count=30, workers=1, chance=random.Random(7))
    assert at == sorted(at)  # what was stored stays stored
    check(tmp_path, 30)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_twenty_kills_at_random_moments(tmp_path, workers):
    chance = random.Random(workers)
    at = kill_and_finish(tmp_path, kills=20, count=200, workers=workers, chance=chance)
    assert at == sorted(at) and 0 < at[-1] < 200
    check(tmp_path, 200)


@pytest.mark.slow
def test_two_drivers_at_once_double_nothing(tmp_path):
    both = [start(tmp_path, 60, 1, 0.02) for _ in range(2)]
    assert [driver.wait(timeout=120) for driver in both] == [0, 0]
    check(tmp_path, 60)


@pytest.mark.slow
def test_ctrl_c_ends_the_driver_soon_and_keeps_what_is_finished(tmp_path):
    driver = start(tmp_path, 500, 2, 0.05)
    while stored(tmp_path) < 3:
        time.sleep(0.05)
    os.killpg(driver.pid, signal.SIGINT)  # a terminal's Ctrl-C reaches the workers too
    assert driver.wait(timeout=10) == 1
    done = stored(tmp_path)
    assert 3 <= done < 500
    with Store.open(tmp_path / "calls.db") as store:
        assert figures.last_runs(store)[0].exit == "interrupted"
