"""Calls that go through the stages by the lot come out as each would alone."""

from dataclasses import replace

from models.base import ModelUnavailable
from pipeline.lots import lots
from pipeline.records import Call, Recording
from pipeline.stage import process, stage, together


@stage(needs=("recording",), adds=("language",))
def first(call: Call, tools) -> Call:
    tools.append((call.recording.path, "first"))
    if call.recording.path == "b":
        raise ModelUnavailable("gone")
    return replace(call, language="yue")


@stage(needs=("recording",), adds=("no_speech",))
def second(call: Call, tools) -> Call:
    tools.append((call.recording.path, "second"))
    return replace(call, no_speech="tone" if call.recording.path == "c" else None)


CALLS = [Call(Recording(name * 8, name)) for name in "abc"]


def test_each_stage_takes_the_whole_lot_and_a_failure_stops_nobody_else():
    met: list[tuple[str, str]] = []
    results = together(CALLS, (first, second), met)
    assert met == [
        ("a", "first"),
        ("b", "first"),
        ("c", "first"),
        ("a", "second"),
        ("c", "second"),
    ]
    assert [one.status for one in results] == ["ok", "failed", "no_speech"]
    assert results[1].failure is not None and results[1].failure.stage == "first"


def test_a_lot_gives_what_each_call_gives_alone():
    def timeless(result):
        return replace(result, stage_seconds=tuple(name for name, _ in result.stage_seconds))

    alone = [process(call, (first, second), []) for call in CALLS]
    assert list(map(timeless, together(CALLS, (first, second), []))) == list(
        map(timeless, alone)
    )


def test_lots_keep_the_order_and_are_asked_for_one_by_one():
    asked: list[int] = []
    items = (asked.append(n) or n for n in range(5))
    some = lots(items, 2)
    assert next(some) == [0, 1] and asked == [0, 1]
    assert list(some) == [[2, 3], [4]]
    assert list(lots([], 2)) == []
