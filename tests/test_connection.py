"""Opening the file: what cannot work says why and harms nothing."""

import os
import sqlite3
from contextlib import closing

import pytest
from faking import answer

from pipeline.errors import StoreUnusable
from pipeline.store import figures, queries
from pipeline.store.store import Store


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "calls.db"
    path.write_text("录音清单\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="不是数据库"):
        Store.open(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "calls.db")) as db:
        db.execute("CREATE TABLE orders (id)")
    with pytest.raises(StoreUnusable, match="其他程序"):
        Store.open(tmp_path / "calls.db")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreUnusable, match="无法打开"):
        Store.open(tmp_path / "no" / "calls.db")


def test_reading_makes_no_new_file(tmp_path):
    with pytest.raises(StoreUnusable, match="没有这个数据库"):
        Store.open(tmp_path / "calls.db", readonly=True)
    assert not (tmp_path / "calls.db").exists()


def test_a_reader_works_while_a_writer_does(store, tmp_path):
    store.save(answer(1), heard=True)
    with store.transaction():
        with Store.open(tmp_path / "calls.db", readonly=True) as reader:
            assert figures.counts(reader)["results"] == 1


def test_a_locked_store_is_told(store, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.store.connection.BUSY_S", 0.05)
    with store.transaction():
        with pytest.raises(StoreUnusable, match="占用"):
            Store.open(tmp_path / "calls.db")


@pytest.fixture
def not_root(tmp_path):
    """Root may write everything: be nobody for the length of a test."""
    if os.getuid() != 0:
        yield
        return
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_a_store_that_may_not_be_written_can_be_read(tmp_path, request, folder_mode):
    path = tmp_path / "kept" / "calls.db"
    path.parent.mkdir()
    with Store.open(path) as store:
        store.save(answer(1, "caller: 您好"), heard=True)
    path.chmod(0o444)
    path.parent.chmod(folder_mode)
    request.getfixturevalue("not_root")
    with pytest.raises(StoreUnusable, match="只读"):
        Store.open(path)
    with Store.open(path, readonly=True) as store:
        assert len(list(queries.results(store))) == 1
