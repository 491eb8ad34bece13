"""The commands of whoever answers for the data, as typed."""

import json

import pytest
from faking import answer
from typer.testing import CliRunner

import cli
from pipeline.store import audit, queries
from pipeline.store.store import Store


@pytest.fixture
def db(tmp_path, monkeypatch):
    """A store with one call in the current folder."""
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "lingsu.db") as store:
        store.save(answer(1, "caller: 路灯不亮"), heard=True)
    return tmp_path / "lingsu.db"


def lingsu(*words, **how):
    return CliRunner().invoke(cli.app, words, **how)


def test_accounts_are_made_changed_shut_and_listed(db):
    made = lingsu("users", "add", "王芳", "agent", "--agent", "1007")
    assert "一次性密码" in made.stderr and made.exit_code == 0
    assert lingsu("users", "role", "王芳", "clerk").exit_code == 0
    assert lingsu("users", "disable", "王芳").exit_code == 0
    (row,) = json.loads(lingsu("users", "list", "--json").stdout)
    assert (row["name"], row["role"], row["agent_id"]) == ("王芳", "clerk", "")
    assert row["shut"]
    assert lingsu("users", "disable", "王芳", "--enable").exit_code == 0
    assert "一次性密码" in lingsu("users", "reset", "王芳").stderr
    assert "王芳" in lingsu("users", "list").stdout
    with Store.open(db, readonly=True) as store:
        what = [row["what"] for row in audit.listing(store, audit.Wanted("", None), limit=9)]
        assert what == []  # everybody is named
        assert audit.verify(store)[0] == 5


def test_an_account_that_is_not_there_is_named(db):
    answer = lingsu("users", "reset", "nobody")
    assert answer.exit_code == 2 and "nobody" in answer.stderr


def test_an_edit_of_the_audit_is_found(db):
    lingsu("users", "add", "li", "lead")
    assert json.loads(lingsu("audit", "verify", "--json").stdout)["rows"] == 1
    with Store.open(db) as store:
        store.db.execute("DROP TRIGGER audit_fixed")
        store.db.execute("UPDATE audit SET who = 'x'")
    answer = lingsu("audit", "verify")
    assert answer.exit_code == 2 and "第 1 行" in answer.stderr


def test_a_backup_comes_back_and_what_was_forgotten_does_not(db):
    sha = answer(1).call.recording.sha256
    assert lingsu("backup", "copy.db").exit_code == 0
    assert lingsu("backup", "copy.db").exit_code == 2
    assert lingsu("forget", sha[:12], "--yes").exit_code == 0
    assert lingsu("restore", "copy.db", input="n\n").exit_code == 1
    restored = lingsu("restore", "copy.db", "--yes")
    assert restored.exit_code == 0 and "1 通已再次删除" in restored.stderr
    with Store.open(db, readonly=True) as store:
        assert list(queries.results(store)) == []


def test_what_has_expired_goes_by_the_configuration(db, tmp_path):
    config = tmp_path / "city.toml"
    config.write_text("[retention]\ntranscript_days = 1\nticket_days = 1\n")
    with Store.open(db) as store:
        store.db.execute("UPDATE recordings SET first_seen = '2020-01-01T00:00:00+08:00'")
    assert lingsu("forget", "--expired", "abcdef", "--yes").exit_code == 2
    assert "整通 0" in lingsu("forget", "--expired", "--yes").stderr  # kept by default
    told = lingsu("forget", "--expired", "--config", str(config), "--yes")
    assert "整通 1" in told.stderr and told.exit_code == 0
