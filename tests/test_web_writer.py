"""The writer of benchmarks/web_load.py stores as a run does, beside readers, and cleans up."""

import time
from pathlib import Path

import pytest

from pipeline.store import audit, queries
from pipeline.store.store import Store


@pytest.mark.slow
def test_calls_appear_to_a_reader_and_are_taken_away_again(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path("benchmarks").absolute()))
    from web_writer import writing

    db, seen = tmp_path / "calls.db", 0
    Store.open(db).close()
    with writing(db, 6000) as told, Store.open(db, readonly=True) as reader:
        until = time.monotonic() + 30
        while seen < 3 and time.monotonic() < until:
            seen = len(list(queries.results(reader)))
    assert seen >= 3 and told["stored"] >= 3 and told["p50"] <= told["p95"] <= told["max"]
    with Store.open(db) as store:
        assert list(queries.results(store)) == [] and audit.verify(store)
