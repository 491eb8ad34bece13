"""Search: any words of a turn, whatever punctuation the recognizer wrote, and what filters."""

from dataclasses import replace
from datetime import datetime

import pytest
from faking import answer
from shiftcalls import rude, told

from pipeline.errors import InputInvalid
from pipeline.store import expire, grams, search
from pipeline.store.search import Filters
from pipeline.store.store import Store


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def saved(store, *results):
    for one in results:
        store.remember([(one.call.recording, (one.call.recording.path,))])
        store.save(one, heard=True)


def turns(store, text, **filters):
    page = search.search(store, text, Filters(**filters))
    return [hit.turn for call in page.calls for hit in call.hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯坏了", [1]),
        ("路灯", [1, 2]),
        ("灯", [1, 2]),
        ("了", [1, 4]),  # the last character of a turn
        ("路灯坏了没有", []),
        ("楼下的路灯", []),
        ("路灯，坏了", [1]),  # punctuation is the recognizer's
        ("定下", []),  # across two turns
        ("100%", [3]),
        ("１００", [3]),
        ("ＡＰＰ", [4]),
        ("app", [4]),
        ("先 生", [5]),
    ],
)
def test_words_are_found_as_they_stand_in_a_turn(store, text, found):
    lines = ("agent: 您好", "caller: 楼下路灯坏了", "agent: 哪个路灯", "caller: 100%确定")
    lines += ("caller: 下载App了", "agent: 先，生")
    saved(store, answer(1, *lines))
    assert turns(store, text) == found


@pytest.mark.parametrize("text", ['"路灯', "路灯 AND", "(路灯", "路灯*", "NEAR(路灯"])
def test_what_the_index_reads_as_a_command_is_only_words(store, text):
    saved(store, answer(1, "caller: 路灯"))
    assert turns(store, text) in ([0], [])


def test_nothing_but_signs_cannot_be_searched_for(store):
    with pytest.raises(InputInvalid, match="字词"):
        search.search(store, "%")


def test_only_the_newest_transcript_is_searched(store):
    saved(store, answer(1, "caller: 路灯坏了"))
    saved(store, replace(answer(1, "caller: 绿灯坏了"), hear_key="better"))
    assert not turns(store, "路灯坏") and turns(store, "绿灯坏") == [0]


def test_a_hidden_number_is_not_found_and_its_visible_part_is_marked_where_it_stands(store):
    saved(store, told(1, "caller: 电话13812345678", caller_number="13812345678"))
    assert turns(store, "1381234") == [] and turns(store, "13812345678") == []
    (call,) = search.search(store, "5678").calls
    assert call.hits[0].text == "电话138****5678" and call.hits[0].marks == ((9, 13),)


def test_calls_come_newest_first_and_page_after_page_without_gap_or_double(store):
    days = {i: f"2026-07-{1 + i % 5:02d}T09:00:00" for i in range(1, 12)}
    saved(store, *(told(i, "caller: 路灯坏了", at=at) for i, at in days.items()))
    seen, after = [], None
    while True:
        page = search.search(store, "路灯", after=after, limit=4)
        seen += page.calls
        after = page.after
        if after is None:
            break
    times = [one.key.started_at for one in seen]
    assert times == sorted(times, reverse=True) and len({one.sha256 for one in seen}) == 11


def test_filters_choose_calls_with_words_and_without(store):
    saved(
        store,
        told(1, "caller: 停水", type="咨询"),
        told(2, "caller: 停水", agent_id="1009", at="2026-07-15T09:00:00"),
        rude(3, "agent: 您好", "caller: 停水，废物", quote="废物"),
    )

    def numbers(text="", **filters):
        found = search.search(store, text, Filters(**filters)).calls
        return sorted(int(one.title[1]) for one in found)

    assert numbers() == numbers("停水") == [1, 2, 3]
    assert numbers("停水", request_type="咨询") == [1]
    assert numbers("停水", agent_id="1009") == numbers(since="2026-07-15") == [2]
    assert numbers(until="2026-07-15") == [1, 3]
    assert numbers(flag="abuse") == numbers(abuse="any") == numbers(abuse="severe") == [3]
    assert numbers(flag="greeting") == []  # it passed: nobody is asked
    assert numbers("废物", request_type="咨询") == []


def test_a_new_judgement_and_new_metadata_are_searched_by(store):
    first = told(1, "caller: 停水", type="咨询")
    saved(store, first)
    again = replace(first.call, request_type=replace(first.call.request_type, value="投诉"))
    store.save(replace(first, call=again, judge_key="better"), heard=True)
    assert not search.search(store, "", Filters(request_type="咨询")).calls
    metadata = replace(first.call.recording.metadata, agent_id="2000")
    moved = replace(first.call.recording, metadata=metadata)
    store.remember([(moved, (moved.path,))])
    assert len(search.search(store, "停水", Filters(agent_id="2000")).calls) == 1


def test_words_that_expired_are_in_no_index(store):
    saved(store, told(1, "caller: 停水", at="2020-07-14T09:00:00"))
    expire.expire(store, expire.Days(transcript=1), at=datetime(2026, 1, 1), who="night")
    assert store.db.execute("SELECT count(*) FROM spoken").fetchone()[0] == 0
    assert turns(store, "停水") == [] and len(search.search(store, "").calls) == 1


def test_the_end_of_what_is_looked_through_is_a_page_to_go_on_from(store, monkeypatch):
    monkeypatch.setattr(search, "SCANNED", 2)
    lines = [("caller: 路灯", "caller: 灯坏")] * 3 + [("caller: 路灯坏",)]
    newest_first = enumerate(lines[::-1], 1)
    saved(store, *(told(i, *said, at=f"2026-07-0{i}T09:00:00") for i, said in newest_first))
    page = search.search(store, "路灯坏")
    assert page.calls == () and page.after is not None
    page = search.search(store, "路灯坏", after=page.after)
    assert len(page.calls) == 1


def test_the_pattern_takes_no_star_for_punctuation():
    assert grams.pattern("138567").search("138****567") is None
    assert grams.pattern("停水").search("停、水")
