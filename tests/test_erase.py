"""What people do: reviews and audit only grow, and what is forgotten is gone."""

import sqlite3
from dataclasses import replace

import pytest
from faking import answer

from pipeline.errors import InputInvalid, StoreUnusable
from pipeline.records import (
    Flag,
)
from pipeline.store import audit, erase, figures, reviews, search
from pipeline.store.store import Store


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def test_reviews_and_audit_can_only_grow(store):
    result = answer(1)
    sha = result.call.recording.sha256
    store.save(result, heard=True)
    reviews.add(store, reviews.Review(sha, "王", "change", "abuse", "mild", "none", "引用他人"))
    (kept,) = reviews.of(store, sha)
    assert (kept.who, kept.new, kept.reason) == ("王", "none", "引用他人")
    for statement in (
        "DELETE FROM reviews",
        "UPDATE reviews SET new = 'severe'",
        "UPDATE reviews SET who = '李', old = NULL, new = NULL, reason = NULL",
        "DELETE FROM audit",
        "UPDATE audit SET who = '李'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.db.execute(statement)


def test_a_review_needs_a_known_verb(store):
    with pytest.raises(InputInvalid, match="accept"):
        reviews.add(store, reviews.Review("0" * 64, "王", "delete"))


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit SET who = '李' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "UPDATE audit SET id = 9 WHERE id = 3",
    ],
)
def test_the_audit_notices_an_edit(store, edit):
    for what in ("login", "export", "logout"):
        audit.note(store, "王", what, {"n": 1})
    assert audit.verify(store)[0] == 3
    store.db.execute("DROP TRIGGER audit_fixed")
    store.db.execute("DROP TRIGGER audit_kept")
    store.db.execute(edit)
    with pytest.raises(StoreUnusable, match="第 [23] 行"):
        audit.verify(store)


def test_forgetting_leaves_no_word_in_the_file_and_a_line_in_the_audit(tmp_path):
    path = tmp_path / "calls.db"
    words = "独一无二的路灯在第七栋"
    with Store.open(path) as store:
        gone = answer(1, f"caller: {words}", caller_number="13900001111")
        store.remember([(gone.call.recording, ("/audio/13900001111.wav",))])
        flag = Flag("abuse", "fail", "alert", words)
        store.save(replace(gone, call=replace(gone.call, flags=(flag,))), heard=True)
        store.save(answer(2, "caller: 留下的话"), heard=True)
        sha = gone.call.recording.sha256
        reviews.add(store, reviews.Review(sha, "王", "reject", "abuse", words, None, words))
        assert erase.forget(store, sha[:6], who="王") == 1
        assert (
            not search.search(store, "路灯").calls
            and len(search.search(store, "留下的").calls) == 1
        )
        assert [r.old for r in reviews.of(store, sha)] == [None]
        assert audit.verify(store)[0] == 2
        inside = b"".join(p.read_bytes() for p in tmp_path.iterdir())
        assert "留下的话".encode() in inside
        for trace in (words, words[:3], words[-3:], "13900001111"):
            assert trace.encode() not in inside


def test_forgetting_by_age_takes_the_older_ones(store):
    for number, day in ((1, "01"), (2, "20")):
        result = answer(number, started_at=f"2026-01-{day}T08:00:00")
        store.remember([(result.call.recording, ())])
        store.save(result, heard=True)
    assert erase.forget(store, older_than="2026-01-10") == 1
    assert erase.forget(store, older_than="2026-01-10") == 0
    assert figures.counts(store)["recordings"] == 1


def test_what_was_erased_cannot_be_saved_until_it_is_taken_in_again(store):
    result = answer(1, "caller: 您好")
    store.save(result, heard=True)
    erase.forget(store, result.call.recording.sha256)
    assert not store.save(result, heard=True)
    assert figures.counts(store)["recordings"] == 0
    store.remember([(result.call.recording, ())])
    assert store.save(result, heard=True)


def test_forgetting_needs_one_of_both(store):
    with pytest.raises(InputInvalid):
        erase.forget(store)
