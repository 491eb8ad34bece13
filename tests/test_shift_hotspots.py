"""Hot spots: one matter at one place, told of more than once."""

from shiftcalls import told

from pipeline.export.rows import row
from pipeline.shiftreport.hotspots import districts, hot_spots, linked


def spots(profile, *calls):
    return hot_spots([row(call, profile) for call in calls], profile)


def test_two_calls_on_one_matter_at_one_place_are_a_hot_spot(profile):
    found = spots(
        profile,
        told(1, "caller: 甲", places=("龙圣路",), caller_number="13900000001"),
        told(2, "caller: 乙", places=("港北区龙圣路",), at="2026-07-14T10:00:00"),
        told(3, "caller: 丙", places=("龙圣路",), domain="教育"),  # another matter
        told(4, "caller: 丁", places=("人民路",)),  # another place
    )
    (spot,) = found
    assert (spot.place, spot.domain, spot.calls) == ("龙圣路", "公用事业", ("C1", "C2"))
    assert (spot.callers, spot.first, spot.last) == (
        *(2, "2026-07-14 09:00:00", "2026-07-14 10:00:00"),
    )


def test_one_caller_who_calls_twice_is_one_caller(profile):
    twice = [
        told(n, "caller: 甲", places=("龙圣路",), caller_number="13900000001") for n in (1, 2)
    ]
    assert spots(profile, *twice)[0].callers == 1


def test_names_that_sound_alike_are_one_place(profile):
    found = spots(
        profile,
        told(1, "caller: 甲", places=("龙圣路",)),
        told(2, "caller: 乙", places=("龙胜路",)),
        told(3, "caller: 丙", places=("龙山路",)),  # sounds otherwise
    )
    assert [(spot.place, spot.also) for spot in found] == [("龙圣路", ("龙胜路",))]


def test_places_of_the_same_calls_are_one_hot_spot(profile):
    both = [told(n, "caller: 甲", places=("龙圣路", "金田花园")) for n in (1, 2)]
    assert [(spot.place, spot.also) for spot in spots(profile, *both)] == [
        ("龙圣路", ("金田花园",))
    ]


def test_a_district_alone_is_no_hot_spot(profile):
    assert spots(profile, *[told(n, "caller: 甲", places=("港北区",)) for n in (1, 2)]) == []


def test_districts_are_counted_by_matter():
    rows = [{"district": d, "domain": m} for d, m in [("甲", "水"), ("甲", "水"), (None, "水")]]
    assert districts(rows) == [("甲", "水", 2)]


def test_linked_calls_are_grouped_through_each_other():
    ids = {"a": "1", "b": "2", "c": "3", "d": "4"}
    pairs = [("a", "b", "same_caller"), ("b", "c", "same_caller"), ("c", "d", "duplicate")]
    found = linked(pairs, ids)
    assert [(one.kind, one.calls) for one in found] == [
        ("same_caller", ("1", "2", "3")),
        ("duplicate", ("3", "4")),
    ]
    assert linked([], ids) == []
