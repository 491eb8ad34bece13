"""Figures of a shift: what is counted, and what they are compared with."""

import pytest
from shiftcalls import rude, stored, told

from pipeline.records import Flag, Scope
from pipeline.shiftreport.figures import compared
from pipeline.shiftreport.period import period
from pipeline.shiftreport.views import Words, charts, groups, headlines, service
from pipeline.store.store import Store

POLITE = Flag("forbidden_phrase", "pass")
DECLINED = Scope("decline_explain", "封建迷信", "O9")


@pytest.fixture
def found(tmp_path, profile):
    """The shift of the 20th: four calls; nine earlier shifts of one call each."""
    before = [told(n, "caller: 甲", at=f"2026-07-{n:02d}T09:00:00") for n in range(1, 10)]
    now = [
        told(20, "caller: 停水", at="2026-07-20T08:10:00", flags=(POLITE,)),
        told(21, "caller: 风水", at="2026-07-20T08:50:00", scope=DECLINED),
        rude(22, "agent: 您好", "caller: 废物", quote="废物", at="2026-07-20T11:00:00"),
        told(23, at="2026-07-20T12:00:00", status="failed"),
    ]
    other = told(30, "caller: 乙", at="2026-07-19T20:00:00", shift="晚班")
    path = stored(tmp_path / "calls.db", *before, *now, other)
    with Store.open(path) as store:
        about = period(store, profile, "2026-07-20-行政班", None, None)
        yield compared(store, about), about


def now(lines) -> dict[str, float]:
    return {line.key: line.now for line in lines}


def test_the_last_seven_shifts_of_the_name_are_compared(found):
    comparison, _ = found
    assert comparison.labels == ("07-03", "07-04", "07-05", "07-06", "07-07", "07-08", "07-09")
    calls = comparison.headlines()[0]
    assert (calls.now, calls.before, calls.mean) == (4, (1,) * 7, 1.0)


def test_headlines_count_each_call_once(found):
    figures = now(found[0].headlines())
    assert (figures["declined"], figures["abusive"], figures["alerted"]) == (1, 1, 1)
    assert figures["to_review"] == 2  # the failed one too
    assert (figures["failed"], figures["no_speech"]) == (1, 0)


def test_groups_hold_what_was_before_and_is_no_more(found):
    reasons = found[0].lines("scope_reason")
    assert [(line.key, line.now, line.mean) for line in reasons] == [("封建迷信", 1, 0.0)]
    assert now(found[0].lines("outcomes")) == {"accept_dispatch": 2, "decline_explain": 1}


def test_a_rate_counts_only_where_the_item_applied(found):
    greeting, closing = found[0].rate("greeting"), found[0].rate("closing")
    assert (greeting.now, greeting.of, greeting.mean) == (1.0, 1, None)
    assert (closing.now, closing.of) == (0.0, 1)
    assert found[0].rate("empathy").now is None


def test_a_shift_with_nothing_before_has_no_mean(tmp_path, profile):
    with Store.open(stored(tmp_path / "one.db", told(1, "caller: 甲"))) as store:
        about = period(store, profile, None, None, None)
        comparison = compared(store, about)
    assert comparison.before == () and comparison.headlines()[0].mean is None
    assert charts(comparison, about, Words("zh", profile))["hours"]["mean"]["values"] == []


def test_views_speak_the_language_that_is_asked_for(found, profile):
    comparison, about = found
    zh, en = Words("zh", profile), Words("en", profile)
    assert headlines(comparison, zh)[0].label == "通话"
    assert headlines(comparison, en)[0].label == "Calls"
    titles = [title for title, _, _ in groups(comparison, zh)]
    assert "承办单位" in titles and "诉求类型" in titles
    forbidden = [line for line in service(comparison, zh) if "忌语" in line.label]
    assert forbidden[0].label == "不应有：服务忌语" and forbidden[0].now == "100%"
    assert [line.key for line in service(comparison, zh)] == [  # the others never applied
        *("greeting", "forbidden_phrase", "closing")
    ]
    assert charts(comparison, about, zh)["hours"]["bars"][0]["values"][:4] == [1, 0, 0, 1]


def test_sparks_end_with_this_shift(found, profile):
    calls = headlines(found[0], Words("zh", profile))[0]
    assert calls.sparks == (5.0,) * 7 + (20.0,)
    assert calls.told.split() == ["1"] * 7 + ["4"]
