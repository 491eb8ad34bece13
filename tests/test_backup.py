"""Backups while others write, and what comes back of them."""

import threading

import pytest
from faking import answer

from pipeline.errors import InputInvalid, StoreUnusable
from pipeline.store import audit, backup, erase, queries, sessions, users
from pipeline.store.store import Store


def filled(path, *numbers):
    with Store.open(path) as store:
        for number in numbers:
            store.save(answer(number, f"caller: 第{number}通的话"), heard=True)
    return path


def shas(path):
    with Store.open(path, readonly=True) as store:
        return {one.call.recording.sha256 for one in queries.results(store)}


def test_a_backup_made_while_a_run_writes_is_whole(tmp_path):
    path, stop = filled(tmp_path / "calls.db", 0), threading.Event()

    def write():
        with Store.open(path) as store:
            for number in range(1, 400):
                if stop.is_set():
                    return
                store.save(answer(number, f"caller: 第{number}通的话"), heard=True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Store.open(path) as store:
            made = [tmp_path / f"copy{i}.db" for i in range(3)]
            sizes = [backup.backup(store, one, "王") for one in made]
    finally:
        stop.set()
        writer.join()
    assert all(sizes) and [one.stat().st_mode & 0o77 for one in made] == [0, 0, 0]
    for one in made:
        with Store.open(one, readonly=True) as copy:
            assert copy.db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            audit.verify(copy)
    assert shas(made[0]) <= shas(made[2]) <= shas(path)
    assert sorted(p.name for p in tmp_path.glob("*copy*")) == [one.name for one in made]


def test_a_backup_is_not_written_over_another_file(tmp_path):
    path = filled(tmp_path / "calls.db", 1)
    with Store.open(path) as store, pytest.raises(InputInvalid, match="不会覆盖"):
        backup.backup(store, path, "王")


def test_what_is_restored_is_what_was_backed_up(tmp_path):
    path, copy = filled(tmp_path / "calls.db", 1, 2), tmp_path / "copy.db"
    with Store.open(path) as store:
        backup.backup(store, copy, "王")
    before = shas(path)
    filled(path, 3)
    backup.restore(copy, path, "王")
    assert shas(path) == before
    with Store.open(path) as store:
        rows = audit.listing(store, audit.Wanted(), limit=9)
        assert [row["what"] for row in rows] == ["restore", "backup"]
        audit.verify(store)


def test_what_was_erased_since_the_backup_does_not_come_back(tmp_path):
    path, copy = filled(tmp_path / "calls.db", 1, 2), tmp_path / "copy.db"
    with Store.open(path) as store:
        backup.backup(store, copy, "王")
        gone = answer(1).call.recording.sha256
        erase.forget(store, gone, who="王")
    assert backup.restore(copy, path, "王") == 1
    assert gone not in shas(path) and len(shas(path)) == 1
    assert "第1通的话".encode() not in path.read_bytes()


def test_nobody_is_still_signed_in_after_a_restore(tmp_path):
    path, copy = filled(tmp_path / "calls.db", 1), tmp_path / "copy.db"
    with Store.open(path) as store:
        users.add(store, "wang", "lead", "hash", by=users.By("test"))
        sessions.begin(store, "wang", "key", 0.0, "")
        backup.backup(store, copy, "王")
    backup.restore(copy, path, "王")
    with Store.open(path) as store:
        assert store.db.execute("SELECT count(*) FROM sessions").fetchone()[0] == 0


def test_a_store_in_use_is_not_replaced(tmp_path):
    path, copy = filled(tmp_path / "calls.db", 1), tmp_path / "copy.db"
    with Store.open(path) as store:
        backup.backup(store, copy, "王")
        queries.result(store, answer(1).call.recording.sha256)
        with pytest.raises(StoreUnusable, match="lingsu web"):
            backup.restore(copy, path, "王")
    assert len(shas(path)) == 1


@pytest.mark.parametrize("damage", [b"no database at all", b""])
def test_a_damaged_store_is_replaced(tmp_path, damage):
    path, copy = filled(tmp_path / "calls.db", 1), tmp_path / "copy.db"
    with Store.open(path) as store:
        backup.backup(store, copy, "王")
    path.write_bytes(damage)
    backup.restore(copy, path, "王")
    assert len(shas(path)) == 1


def test_what_is_no_backup_of_ours_replaces_nothing(tmp_path):
    path, copy = filled(tmp_path / "calls.db", 1), tmp_path / "copy.db"
    copy.write_bytes(b"SQLite format 3\0" + b"\0" * 4000)
    with pytest.raises(StoreUnusable):
        backup.restore(copy, path, "王")
    assert len(shas(path)) == 1
    assert not list(tmp_path.glob(".*"))
