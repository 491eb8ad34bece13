"""Questions to the store: the right calls, by choice, by id and by their words."""

import pytest
from faking import answer

from pipeline.domain.schema import Region, Shift
from pipeline.errors import InputInvalid
from pipeline.shifts import select
from pipeline.store import queries
from pipeline.store.store import Store

PLACES = (
    Region(
        name="小城",
        hotline=(),
        area_code="0000",
        shifts=(
            Shift(name="白班", start="08:00", end="20:00"),
            Shift(name="夜班", start="20:00", end="08:00"),
        ),
        districts=(),
    ),
)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "123"),
        ({"since": "2026-07-15"}, "23"),
        ({"until": "2026-07-15"}, "12"),  # a bare date includes that day
        ({"until": "2026-07-15T08:00:00"}, "1"),
        ({"since": "2026-07-15", "until": "2026-07-15"}, "2"),
        ({"agents": ["1007"]}, "13"),
        ({"agents": ["1007", "1012"]}, "123"),
        ({"shifts": ["夜班"]}, "3"),
        ({"shifts": ["夜班"], "until": "2026-07-15"}, "3"),  # the night of the 15th
        ({"shifts": ["夜班"], "since": "2026-07-16"}, ""),
    ],
)
def test_only_the_chosen_calls_come_back(store, asked, found):
    for number, started, agent, shift in (
        (1, "2026-07-14T08:00:00", "1007", "白班"),
        (2, "2026-07-15T08:00:00", "1012", "白班"),
        (3, "2026-07-16T02:00:00", "1007", "夜班"),
    ):
        said = {"agent_id": agent, "shift": shift, "region": "小城"}
        result = answer(number, started_at=started, **said)
        store.remember([(result.call.recording, ())])
        store.save(result, heard=True)
    chosen = select(PLACES, **asked)
    kept = [r.call.recording.sha256[0] for r in queries.results(store, chosen, PLACES)]
    heard = [sha[0] for sha, _ in queries.transcripts(store, chosen, PLACES)]
    assert kept == heard == list(found)


def test_results_of_one_status(store):
    store.save(answer(1), heard=True)
    store.save(answer(2, status="failed"), heard=True)
    assert [r.call.recording.sha256[0] for r in queries.results(store, status="failed")] == [
        "2"
    ]


@pytest.mark.parametrize("said", ["ff", "", "%", "20260714-10", "20260714"])
def test_an_id_that_names_no_call_is_refused(store, said):
    store.save(answer(1, call_id="20260714-1007"), heard=True)
    with pytest.raises(InputInvalid, match="没有这通录音"):
        queries.result(store, said)


def test_a_call_is_found_by_the_id_of_the_exchange(store):
    made = answer(1, call_id="20260714-1007"), answer(2, call_id="20260714081533")
    for one in (*made, answer(3)):
        store.save(one, heard=True)
    for one in made:
        known = one.call.recording
        assert queries.full_id(store, f" {known.metadata.call_id} ") == known.sha256


def test_an_id_that_the_exchange_gave_twice_lists_both(store):
    for number in (1, 2):
        store.save(answer(number, call_id="20260714-1007"), heard=True)
    with pytest.raises(InputInvalid, match="不止一通"):
        queries.full_id(store, "20260714-1007")


def test_a_prefix_of_two_calls_lists_both(store):
    store.save(answer(0x1, "caller: 甲"), heard=True)
    store.save(answer(0x21, "caller: 乙"), heard=True)
    with pytest.raises(InputInvalid, match="10000.*12000"):
        queries.full_id(store, "1")
    assert queries.result(store, "12").call.turns[0].text == "乙"
