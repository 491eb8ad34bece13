"""Connections are lent to one at a time, kept for the next, and closed beyond a few."""

import sqlite3
from contextlib import ExitStack
from threading import Thread

import pytest

from pipeline.errors import StoreUnusable
from pipeline.store import users
from pipeline.web.pool import KEPT, Pool


@pytest.fixture
def pool(tmp_path):
    made = Pool(tmp_path / "calls.db")
    yield made
    made.close()


def test_who_reads_cannot_write_and_sees_what_was_written(pool):
    with pool.lend() as store, pytest.raises(StoreUnusable, match="只读"):
        users.add(store, "li", "lead", "hash", by=users.By("test"))
    with pool.lend(write=True) as store:
        users.add(store, "li", "lead", "hash", by=users.By("test"))
    with pool.lend() as store:
        assert [user.name for user in users.listing(store)] == ["li"]


def test_a_connection_is_lent_again_but_never_twice_at_once(pool):
    with pool.lend() as first, pool.lend() as second:
        assert first is not second
    with pool.lend() as again:
        assert again in (first, second)


def test_many_at_once_have_one_each_and_a_few_are_kept(pool):
    with ExitStack() as stack:
        lent = [stack.enter_context(pool.lend()) for _ in range(KEPT + 3)]
        assert len({id(store) for store in lent}) == KEPT + 3
    closed = 0
    for store in lent:
        try:
            store.db.execute("SELECT 1")
        except sqlite3.ProgrammingError:
            closed += 1
    assert closed == 3


def test_threads_share_it(pool):
    wrong = []

    def ask():
        for _ in range(50):
            with pool.lend() as store:
                if users.listing(store):
                    wrong.append(store)

    threads = [Thread(target=ask) for _ in range(KEPT * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_connection_that_failed_is_not_lent_again(pool):
    with pytest.raises(sqlite3.OperationalError), pool.lend() as broken:
        broken.db.execute("SELECT nonsense FROM nowhere")
    with pool.lend() as store:
        assert store is not broken
