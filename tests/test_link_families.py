"""Links of invented families of calls, judged by all of JUDGE: how many right and found."""

from datetime import datetime, timedelta

import pytest
from faking import answer
from families import APART_H, calls, pairs

from pipeline.config import load_config
from pipeline.link.run import link_calls
from pipeline.plan import JUDGE
from pipeline.stage import process
from pipeline.stages.normalize import normalize
from pipeline.store import links
from pipeline.store.store import Store
from pipeline.tools import Tools

BEGUN = datetime(2026, 7, 13, 8, 0)


@pytest.fixture(scope="module")
def found(profile, tmp_path_factory):
    """Kind of link -> pairs of calls, by their place in families.calls()."""
    tools = Tools(load_config(), profile)
    ends: dict[str, int] = {}
    with Store.open(tmp_path_factory.mktemp("families") / "calls.db") as store:
        for number, (_, caller, words) in enumerate(calls()):
            at = BEGUN + timedelta(hours=APART_H * number)
            said = {"started_at": at.isoformat(), "caller_number": f"139000000{caller}"}
            lines = (
                "agent: 您好，12345热线，请讲",
                f"caller: {words}",
                "agent: 好的，给您登记",
            )
            made = answer(number + 1, *lines, region="贵港市", **said)
            result = process(made.call, (normalize, *JUDGE), tools)
            ends[made.call.recording.sha256] = number
            store.remember([(result.call.recording, ())])
            store.save(result, heard=True)
        link_calls(store, profile)
        kinds: dict[str, set[tuple[int, int]]] = {}
        for one in links.of(store, list(ends)):
            pair = tuple(sorted((ends[one.sha256], ends[one.other])))
            kinds.setdefault(one.kind, set()).add(pair)
    return kinds


def rates(found: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> tuple[float, float]:
    """Precision and recall."""
    return len(found & wanted) / max(len(found), 1), len(found & wanted) / len(wanted)


def test_other_callers_on_one_matter_are_found_and_neighbours_are_not(found):
    precision, recall = rates(found["duplicate"], pairs(same_caller=False))
    assert precision >= 0.9 and recall >= 0.8, (precision, recall)


def test_a_caller_who_calls_again_is_told_apart_from_one_with_another_matter(found):
    assert found["repeat"] == pairs(same_caller=True)
    own = {
        (i, j)
        for i, one in enumerate(calls())
        for j, other in enumerate(calls())
        if i < j and one[1] == other[1]
    }
    assert found["same_caller"] == own
