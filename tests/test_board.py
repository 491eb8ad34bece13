"""The columns in memory count what the report counts, and follow the store."""

from dataclasses import replace
from datetime import datetime

import pytest
from shiftcalls import REGION, SHIFT, rude, stored
from shiftcalls import told as judged

from pipeline.records import Scope
from pipeline.shiftreport.figures import figures
from pipeline.shifts import Selection
from pipeline.store import erase, facts
from pipeline.store.store import Store
from pipeline.workbench.board import Board

DAY = (datetime(2026, 7, 14), datetime(2026, 7, 15))


@pytest.fixture
def store(tmp_path):
    calls = (
        judged(1, "caller: 停水", scope=Scope("refer", reason="诉讼仲裁")),
        rude(2, "agent: 您好", "caller: 废物", quote="废物", at="2026-07-14T23:59:59"),
        judged(3, status="failed"),
        judged(4, "caller: 停电", at="2026-07-15T00:00:00", agent_id="1009"),
    )
    with Store.open(stored(tmp_path / "calls.db", *calls)) as opened:
        yield opened


def test_it_counts_what_the_report_counts(store):
    table = Board().fresh(store)
    chosen = Selection(since=DAY[0], until=DAY[1])
    assert table.figures(*DAY) == figures(facts.facts(store, chosen, ()))
    assert table.figures(*DAY).calls == 3


@pytest.mark.parametrize(
    ("wanted", "calls"),
    [
        ((("agent_id", "1009"),), 1),
        ((("agent_id", "1007"), ("abuse", "severe")), 1),
        ((("shift", SHIFT), ("region", REGION)), 4),
        ((("shift", "nobody's"),), 0),
    ],
)
def test_calls_are_chosen_by_their_values(store, wanted, calls):
    figures = Board().fresh(store).figures(datetime.min, datetime.max, *wanted)
    assert figures.calls == calls


def test_it_follows_the_store_and_a_state_once_given_stays(store):
    board = Board()
    before = board.fresh(store)
    assert board.fresh(store) is before
    late = judged(5, "caller: 停水", at="2026-07-14T08:00:00")
    store.remember([(late.call.recording, ("/audio/made-up.wav",))])
    store.save(late, heard=True)
    changed = judged(1, "caller: 停水")
    store.save(replace(changed, judge_key="better"), heard=True)
    after = board.fresh(store)
    assert (before.figures(*DAY).calls, after.figures(*DAY).calls) == (3, 4)
    declined = [one.figures(*DAY).count("outcomes", "refer") for one in (before, after)]
    assert declined == [1, 0]
    erase.forget(store, changed.call.recording.sha256)
    assert board.fresh(store).figures(*DAY).calls == 3


def test_an_empty_store_has_nothing_to_count(tmp_path):
    with Store.open(tmp_path / "empty.db") as empty:
        assert Board().fresh(empty).figures(*DAY).calls == 0


def test_what_was_made_of_calls_is_made_again_only_when_one_of_them_changed(store):
    board, made = Board(), []

    def told(days):
        table = board.fresh(store)
        return table.once(table.chosen(*days), "x", lambda: made.append(days) or len(made))

    later = (DAY[1], datetime(2026, 7, 16))
    assert [told(DAY), told(later), told(DAY), told(later)] == [1, 2, 1, 2]
    call = judged(9, "caller: 停水", at="2026-07-15T08:00:00")
    store.remember([(call.call.recording, ("/audio/made-up.wav",))])
    store.save(call, heard=True)
    assert [told(DAY), told(later)] == [1, 3]
    erase.forget(store, call.call.recording.sha256)
    assert [told(DAY), told(later)] == [4, 5]  # nothing is kept of what was erased
