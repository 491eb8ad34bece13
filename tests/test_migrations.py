"""Migrations: every older file comes up to date with what it held, whole or not at all."""

import sqlite3

import pytest

from pipeline.errors import StoreUnusable
from pipeline.store import migrations
from pipeline.store.migrations import STEPS, migrate, version
from pipeline.store.store import Store

RECORDING = (
    "INSERT INTO recordings VALUES"
    " (?, '/a.wav', 1.0, 1, 8000, 'pcm', '{}', 'd', 't', 'a', 's', 'c', 't')"
)


def schema(db):
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return rows.fetchall()


def at_step(path, step):
    """A file as a Lingsu of that time left it, with a row in it."""
    db = sqlite3.connect(path, isolation_level=None)
    migrate(db, steps=STEPS[:step])
    if step:
        db.execute(RECORDING, ("a" * 64,))
    return db


@pytest.mark.parametrize("step", range(len(STEPS) + 1))
def test_a_file_of_any_step_comes_up_to_date_with_what_it_held(tmp_path, step):
    at_step(tmp_path / "old.db", step).close()
    with Store.open(tmp_path / "old.db") as old, Store.open(tmp_path / "new.db") as new:
        assert version(old.db) == len(STEPS)
        assert list(map(tuple, schema(old.db))) == list(map(tuple, schema(new.db)))
        kept = old.db.execute("SELECT count(*) FROM recordings").fetchone()[0]
        assert kept == (1 if step else 0)


def test_migrating_twice_changes_nothing(tmp_path):
    db = at_step(tmp_path / "a.db", len(STEPS))
    before = schema(db)
    migrate(db)
    assert schema(db) == before
    db.close()


def test_a_step_that_fails_leaves_the_step_before(tmp_path):
    db = at_step(tmp_path / "a.db", 1)
    broken = (
        *STEPS[:1],
        "CREATE TABLE half (a) STRICT;\nCREATE TABLE extra (a INTEGER);\nOops;\n",
    )
    before = schema(db)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, steps=broken)
    assert version(db) == 1 and schema(db) == before
    db.close()


def test_a_file_of_a_newer_program_is_refused(tmp_path):
    db = at_step(tmp_path / "a.db", len(STEPS))
    db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    db.close()
    with pytest.raises(StoreUnusable, match="更新版本"):
        Store.open(tmp_path / "a.db")


def test_the_files_are_marked_as_ours(tmp_path):
    db = at_step(tmp_path / "a.db", 1)
    assert db.execute("PRAGMA application_id").fetchone()[0] == migrations.APPLICATION
    db.close()


def test_triggers_stay_whole_when_a_step_is_cut_into_statements():
    for step in STEPS:
        for statement in migrations.statements(step):
            assert statement.count("BEGIN") == statement.count("END;")


def test_every_table_is_strict(tmp_path):
    db = at_step(tmp_path / "a.db", len(STEPS))
    rows = db.execute("PRAGMA table_list").fetchall()
    loose = {row[1] for row in rows if row[2] == "table" and not row[5]}
    assert loose == {"sqlite_schema", "sqlite_temp_schema"}
    db.close()
