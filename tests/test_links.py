"""Links between calls: found in any order, within their windows, each with its reasons."""

from dataclasses import replace

import pytest
from linking import CALLER, LAMPS, OTHER, WATER, judged, keep, sha

from pipeline.link.relations import Relations
from pipeline.link.run import link_calls
from pipeline.store import erase, links
from pipeline.store.store import Store

ROAD = {"matter": WATER, "places": ("民主路",)}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def found(store, *numbers: int):
    """(later, earlier, kind) of all links of these calls."""
    ends = {sha(number): number for number in range(1, 30)}
    own = links.of(store, [sha(number) for number in numbers or range(1, 30)])
    return {(ends[one.sha256], ends[one.other], one.kind) for one in own}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_people_on_one_matter_at_one_place_are_duplicates_whichever_came_first(
    store, profile, order
):
    calls = {
        1: judged(1, "caller: 民主路停水了，一滴水都没有", caller=CALLER, **ROAD),
        2: judged(
            2, "caller: 停水了你们知道吗", at="2026-07-15T09:00:00", caller=OTHER, **ROAD
        ),
    }
    for number in order:
        keep(store, calls[number])
        link_calls(store, profile)
    (link,) = links.of(store, [sha(1)])
    assert (link.sha256, link.other, link.kind) == (sha(2), sha(1), "duplicate")
    assert link.evidence["numbers"] == ["138****0052", "139****0051"]
    assert link.evidence["places"] == ["民主路"]
    assert link.evidence["matter"] == ["水务.供水"]
    assert link.evidence["hours"] == 25.0
    assert any("停水" in word for word in link.evidence["words"])


@pytest.mark.parametrize(
    "other",
    [
        {"at": "2026-07-24T08:00:00"},  # outside of the window
        {"places": ("人民路",)},
        {"places": ()},
        {"matter": LAMPS},
        {"matter": ()},
        {"district": "港南区"},  # each district has its 民主路
    ],
)
def test_what_differs_in_place_matter_or_days_is_no_duplicate(store, profile, other):
    one = judged(1, district="港北区", caller=OTHER, **ROAD)
    keep(store, one, judged(2, **{**ROAD, "at": "2026-07-14T09:00:00", **other}))
    link_calls(store, profile)
    assert not found(store)


def test_a_district_that_one_call_does_not_tell_is_no_contradiction(store, profile):
    keep(store, judged(1, district="港北区", **ROAD), judged(2, caller=OTHER, **ROAD))
    link_calls(store, profile)
    assert {kind for *_, kind in found(store)} == {"duplicate"}


def test_a_place_that_was_written_in_other_characters_is_the_same_place(store, profile):
    heard = {"matter": WATER, "caller": OTHER}
    one = judged(1, places=("楼盛路", "龙圣路"), **heard)
    other = judged(2, places=("龙胜路",), matter=WATER)
    another = judged(3, places=("龙山路",), matter=WATER, caller="13700000053")
    keep(store, one, other, another)
    link_calls(store, profile)
    (link,) = links.of(store, [sha(n) for n in (1, 2, 3)])
    assert link.kind == "duplicate"
    assert link.evidence["places"] in (["龙圣路≈龙胜路"], ["龙胜路≈龙圣路"])
    assert Relations(store, 2).of(sha(1))["hot_spot"] in ("龙圣路停水", "龙胜路停水")


def test_one_caller_on_one_matter_is_a_repeat_and_on_another_only_the_same_caller(
    store, profile
):
    keep(
        store,
        judged(1, "caller: 路灯坏了", matter=LAMPS),
        judged(2, "caller: 路灯还是坏的", at="2026-07-16T08:00:00", matter=LAMPS),
        judged(3, "caller: 停水了", at="2026-07-17T08:00:00", matter=WATER),
    )
    assert link_calls(store, profile) == {"same_caller": 3, "repeat": 1}
    assert (2, 1, "repeat") in found(store)


def test_calls_outside_the_window_are_not_of_the_same_caller_any_more(store, profile):
    days = profile.links.same_caller.days
    assert days == 30
    keep(
        store,
        judged(1, at="2026-07-01T08:00:00"),
        judged(2, at="2026-07-31T08:00:00"),
        judged(3, at="2026-07-31T08:00:01"),
    )
    link_calls(store, profile)
    assert found(store, 1) == {(2, 1, "same_caller")}


@pytest.mark.parametrize("number", [None, "", "139****0051", "12345", "95598"])
def test_without_a_number_of_ones_own_there_is_no_same_caller(store, profile, number):
    keep(store, judged(1, caller=number), judged(2, caller=number, at="2026-07-14T08:05:00"))
    link_calls(store, profile)
    assert not found(store)


def test_one_number_in_other_writings_is_one_caller(store, profile):
    writings = ("139 0000 0051", "+8613900000051", "013900000051", "１３９００００００５１")
    calls = [
        judged(n, caller=text, at=f"2026-07-14T0{n}:00:00")
        for n, text in enumerate(writings, 1)
    ]
    keep(store, *calls)
    assert link_calls(store, profile) == {"same_caller": 6}


def test_who_was_abusive_and_comes_back_to_apologise_is_noticed(store, profile):
    sorry = "caller: 刚才我讲话太难听了，是我不对，谢谢你"
    keep(
        store,
        judged(1, abuse="severe"),
        judged(2, sorry, at="2026-07-14T08:10:00"),
        judged(3, sorry, at="2026-07-14T08:10:00", caller=OTHER),  # was never rude
    )
    link_calls(store, profile)
    (link,) = [one for one in links.of(store, [sha(2)]) if one.kind == "apology"]
    assert link.other == sha(1) and link.evidence["abuse"] == "severe"
    assert "是我不对" in link.evidence["sorry"]
    assert not found(store, 3)


@pytest.mark.parametrize(
    "words", ["谢谢你，再见", "不好意思，打扰一下", "要他们给我道歉", "你们还没有向我道歉"]
)
def test_thanks_alone_or_an_apology_that_is_demanded_is_none(store, profile, words):
    later = judged(2, f"caller: {words}", at="2026-07-14T08:10:00")
    keep(store, judged(1, abuse="severe"), later)
    link_calls(store, profile)
    assert found(store) == {(2, 1, "same_caller")}


def test_linking_twice_finds_nothing_new_and_a_new_call_is_compared_with_the_old(
    store, profile
):
    keep(store, judged(1))
    assert link_calls(store, profile) == {}
    assert link_calls(store, profile) == {}
    keep(store, judged(2, at="2026-07-14T08:10:00"))
    assert link_calls(store, profile, [sha(1)]) == {}  # 2 was not asked about
    assert link_calls(store, profile, [sha(2)]) == {"same_caller": 1}


def test_links_of_calls_that_are_judged_again_are_no_news(store, profile):
    both = judged(1), judged(2, at="2026-07-14T08:10:00")
    keep(store, *both)
    assert link_calls(store, profile) == {"same_caller": 1}
    for one in both:
        store.save(replace(one, judge_key="newer"), heard=True)
    keep(store, judged(3, at="2026-07-14T08:20:00"))
    assert link_calls(store, profile) == {"same_caller": 2}  # the third call's, each once
    assert len(found(store)) == 3


def test_a_call_that_is_judged_otherwise_gets_other_links(store, profile):
    keep(store, judged(1, caller=OTHER, **ROAD), judged(2, **ROAD))
    link_calls(store, profile)
    assert {kind for *_, kind in found(store)} == {"duplicate"}
    again = judged(2, matter=LAMPS, places=("民主路",))
    store.save(replace(again, judge_key="newer"), heard=True)
    link_calls(store, profile)
    assert not found(store)


def test_other_rules_link_again(store, profile):
    keep(store, judged(1), judged(2, at="2026-07-20T08:00:00"))
    link_calls(store, profile)
    rules = profile.links
    narrow = {"same_caller": rules.same_caller.model_copy(update={"days": 1.0})}
    rules = rules.model_copy(update=narrow)
    link_calls(store, replace(profile, links=rules, links_digest="other"))
    assert not found(store)


def test_a_busy_number_is_compared_with_its_nearest_calls_only(store, profile):
    calls = [judged(n, at=f"2026-07-14T08:{n:02}:00") for n in range(1, 29)]
    keep(store, *calls)
    link_calls(store, profile)
    most = profile.links.same_caller.most
    assert len(found(store, 28)) == most == 20
    assert (28, 27, "same_caller") in found(store, 28)


def test_forgetting_a_call_takes_its_links_and_facts_with_it(tmp_path, profile):
    path = tmp_path / "calls.db"
    with Store.open(path) as store:
        keep(
            store,
            judged(1, caller=OTHER, **ROAD),
            judged(2, **ROAD),
            judged(3, at="2026-07-15T08:00:00"),
        )
        link_calls(store, profile)
        assert {(2, 1, "duplicate"), (3, 2, "same_caller")} <= found(store)
        erase.forget(store, sha(2))
        assert not found(store, 2) and not links.facts_of(store, [sha(2)])
        assert not store.db.execute("SELECT count(*) FROM links").fetchone()[0]
        left = store.db.execute("SELECT DISTINCT block FROM link_blocks").fetchall()
        assert [row[0] for row in left] == ["min zu lu|水务"]
        erase.forget(store, sha(1))
        assert not store.db.execute("SELECT count(*) FROM link_blocks").fetchone()[0]
        erase.forget(store, sha(3))
        inside = b"".join(p.read_bytes() for p in tmp_path.iterdir())
        for trace in ("民主路", "min zu lu", OTHER, CALLER, "水务.供水"):
            assert trace.encode() not in inside
