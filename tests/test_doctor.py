"""What doctor says of machines that lack something."""

import sqlite3
import sys

import pytest

from pipeline import doctor
from pipeline.store import audit
from pipeline.store.store import Store


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine with an empty cache, asked only for libraries that load at once."""
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(doctor, "LIBRARIES", {"pydantic": "pydantic"})
    return tmp_path


def named(name: str, **asked) -> doctor.Check:
    return next(check for check in doctor.checks(**asked) if check.name == name)


def test_what_is_wrong_always_comes_with_a_remedy_and_what_is_right_never(machine):
    for check in doctor.checks(db=machine / "calls.db"):
        assert bool(check.remedy) == (not check.ok), check.name


def test_missing_weights_name_the_command_that_brings_them():
    assert "lingsu models pull base" in named("模型 base").remedy


def test_the_detector_is_there_without_any_download():
    assert named("模型 silero").ok


def test_a_library_that_does_not_load_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "LIBRARIES", {"no_such_module": "no-such", "json": "pydantic"})
    check = named("依赖库")
    assert not check.ok and "no-such" in check.detail and "pydantic" not in check.detail


def test_a_shared_library_that_is_missing_is_no_traceback(monkeypatch):
    def fail(name):
        raise OSError("libcudart.so.13: cannot open shared object file")

    monkeypatch.setattr(doctor.importlib, "import_module", fail)
    assert not named("依赖库").ok


def test_an_old_python_is_told_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    check = named("Python 版本")
    assert not check.ok and "3.10.4" in check.detail and "3.11" in check.remedy


def test_sqlite_here_has_the_trigram_index():
    assert named("SQLite").ok


def test_a_cache_that_cannot_be_made_is_reported(machine, monkeypatch):
    (machine / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LINGSU_CACHE", str(machine / "file"))
    assert "LINGSU_CACHE" in named("模型缓存目录").remedy


def test_too_little_memory_advises_one_worker(monkeypatch):
    monkeypatch.setattr(doctor, "_available_memory", lambda: 500_000_000)
    assert "--workers 1" in named("处理器与内存").remedy


def test_a_store_that_is_not_there_yet_is_no_fault(machine):
    check = named("数据库", db=machine / "calls.db")
    assert check.ok and not (machine / "calls.db").exists()


def test_a_file_that_is_no_store_is_reported(machine):
    (machine / "calls.db").write_bytes(b"not a database at all" * 100)
    assert not named("数据库", db=machine / "calls.db").ok


def test_somebody_elses_database_is_not_taken_for_a_store(machine):
    with sqlite3.connect(machine / "other.db") as db:
        db.execute("create table songs (title text)")
    db.close()
    assert not named("数据库", db=machine / "other.db").ok


def test_an_altered_audit_is_a_fault_and_a_whole_one_tells_its_last_hash(machine):
    with Store.open(machine / "calls.db") as store:
        mark = audit.note(store, "王", "export", {"calls": 3})
        assert mark[:16] in named("数据库", db=machine / "calls.db").detail
        store.db.execute("DROP TRIGGER audit_fixed")
        store.db.execute("UPDATE audit SET who = '李'")
    assert not named("数据库", db=machine / "calls.db").ok
