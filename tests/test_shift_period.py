"""What --shift, --since and --until mean to a report, and what it is compared with."""

import pytest
from shiftcalls import stored, told

from pipeline.errors import InputInvalid
from pipeline.shiftreport.period import period
from pipeline.shiftreport.views import Words
from pipeline.store import facts
from pipeline.store.store import Store

CALLS = (
    told(1, "caller: 甲", at="2026-07-13T09:00:00"),
    told(2, "caller: 乙", at="2026-07-14T09:00:00"),
    told(3, "caller: 丙", at="2026-07-14T23:50:00", shift="大夜班"),
    told(4, "caller: 丁", at="2026-07-15T03:00:00", shift="大夜班"),
    told(5, "caller: 戊", at="2026-07-16T10:00:00"),
)


@pytest.fixture
def store(tmp_path):
    with Store.open(stored(tmp_path / "calls.db", *CALLS)) as opened:
        yield opened


def ids(store, profile, *asked) -> str:
    about = period(store, profile, *asked)
    found = facts.facts(store, about.chosen, profile.places)
    return "".join(str(one.metadata.call_id)[1:] for one in found)


@pytest.mark.parametrize(
    ("asked", "title", "found"),
    [
        (("2026-07-14-行政班", None, None), "2026-07-14 行政班", "2"),
        (("2026-07-14 行政班", None, None), "2026-07-14 行政班", "2"),
        (("2026-7-14", None, None), "2026-07-14", "23"),
        (("2026-07-14-大夜班", None, None), "2026-07-14 大夜班", "34"),  # over midnight
        (("大夜班", None, None), "2026-07-14 大夜班", "34"),  # its last day
        ((None, None, None), "2026-07-16 行政班", "5"),  # the last shift of all
        ((None, "2026-07-14", "2026-07-15"), "2026-07-14–2026-07-15", "234"),
        ((None, "2026-07-15", None), "2026-07-15–2026-07-16", "45"),
        ((None, None, "2026-07-13"), "2026-07-13", "1"),
        (("行政班", "2026-07-13", "2026-07-14"), "2026-07-13–2026-07-14 行政班", "12"),
        (("2026-08-01-行政班", None, None), "2026-08-01 行政班", ""),  # an empty one
    ],
)
def test_a_period_holds_the_calls_that_are_meant(store, profile, asked, title, found):
    assert Words("zh", profile).title(period(store, profile, *asked)) == title
    assert ids(store, profile, *asked) == found


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("2026-07-32-行政班", None, None), "不是日期"),
        (("2026-07-14-早班", None, None), "没有班次"),
        (("早班", None, None), "没有班次"),
        (("2026-07-14", "2026-07-14", None), "不能再用"),
        ((None, "昨天", None), "不是日期"),
        ((None, "2026-08-01", "2026-07-01"), "晚于"),
    ],
)
def test_what_cannot_be_meant_is_refused(store, profile, asked, word):
    with pytest.raises(InputInvalid, match=word):
        period(store, profile, *asked)


@pytest.mark.parametrize("asked", [(None, None, None), (None, "2026-07-14", None)])
def test_a_store_without_calls_has_no_last_shift(tmp_path, profile, asked):
    with Store.open(tmp_path / "empty.db") as store:
        with pytest.raises(InputInvalid, match="lingsu run"):
            period(store, profile, *asked)


def test_earlier_stretches_are_numbered_backwards(store, profile):
    about = period(store, profile, "2026-07-16-行政班", None, None)
    earlier = facts.facts(store, about.earlier, profile.places, newest_first=True)
    assert [about.number(one.metadata) for one in earlier] == [-2, -3]
    assert about.label(-2) == "07-14"


def test_a_stretch_of_hours_is_compared_with_as_many_hours(store, profile):
    about = period(store, profile, None, "2026-07-14T08:00", "2026-07-14T20:00")
    assert about.label(-1) == "07-13 20:00"
    earlier = facts.facts(store, about.earlier, profile.places)
    assert [about.number(one.metadata) for one in earlier] == [-2]


def test_hours_run_over_midnight_with_the_shift(store, profile):
    night = period(store, profile, "2026-07-14-大夜班", None, None)
    assert night.hours == [23, 0, 1, 2, 3, 4, 5, 6, 7]
    assert len(period(store, profile, "2026-07-14", None, None).hours) == 24


def test_a_folder_can_bear_its_name(store, profile):
    about = period(store, profile, None, "2026-07-14T08:00", "2026-07-15")
    assert Words("zh", profile).slug(about) == "交班报告-2026-07-14-08-00–2026-07-15"
    night = period(store, profile, "2026-07-14-大夜班", None, None)
    assert Words("en", profile).slug(night) == "Shift-report-2026-07-14-night-shift"
