"""The QA clerk's sample of a day and the scorings of its calls, once and twice."""

from functools import partial

import pytest
from reviewing_calls import DOUBT, FINE, shown, store_of_four, verdict

from pipeline.decisions import item_name
from pipeline.domain.sampling import Sampling
from pipeline.errors import InputInvalid
from pipeline.store import queries, reviews, worklists
from pipeline.store.worklists import Judged
from pipeline.workbench import scoring
from pipeline.workbench.amending import Reviewer
from pipeline.workbench.sample import draw


@pytest.fixture
def store(tmp_path):
    with store_of_four(tmp_path / "calls.db") as opened:
        yield opened


@pytest.fixture
def decided(store, profile):
    """decided(INSULT, "accept", "abuse"): a verdict of a supervisor."""
    return partial(verdict, store, profile)


def day_of(count, agents=4):
    return [
        Judged(f"{i:064x}", f"a{i % agents}", "2026-07-14T08:00:00", 60.0, (i * 7 % 10) / 10)
        for i in range(count)
    ]


PLAN = Sampling(share=0.1, least=2, most=60, second=0.25, seed=1)


def test_a_sample_is_the_same_whoever_draws_it():
    calls = day_of(200)
    drawn = draw(calls, "2026-07-14", PLAN)
    assert draw(reversed(calls), "2026-07-14", PLAN) == drawn
    assert draw(calls, "2026-07-15", PLAN) != drawn
    assert draw(calls, "2026-07-14", PLAN.model_copy(update={"seed": 2})) != drawn


def test_every_agent_has_a_share_and_the_least_certain_come_first():
    drawn = draw(day_of(200), "2026-07-14", PLAN)
    agents = [one.call.agent_id for one in drawn]
    assert {agent: agents.count(agent) for agent in set(agents)} == dict.fromkeys(
        ("a0", "a1", "a2", "a3"), 5
    )
    certain = [one.call.certainty for one in drawn]
    assert certain == sorted(certain)
    assert sum(one.twice for one in drawn) == 5


def test_agents_with_few_calls_have_the_least_and_a_full_day_is_cut_evenly():
    assert len(draw(day_of(8), "2026-07-14", PLAN)) == 8
    drawn = draw(day_of(400, agents=40), "2026-07-14", PLAN)
    agents = [one.call.agent_id for one in drawn]
    assert len(drawn) == 60
    assert {agents.count(agent) for agent in set(agents)} == {1, 2}
    assert len(set(agents)) == 40


def test_the_calls_of_a_day_know_how_certain_the_machine_is(store):
    found = worklists.calls_of(store, "2026-07-14")
    assert [store.shas.index(one.sha256) for one in found] == [1, 2, 3, 4]
    assert [round(one.certainty, 1) for one in found] == [0.8, 0.7, 0.6, 0.5]
    assert worklists.calls_of(store, "2026-07-13") == []
    assert worklists.last_day(store) == "2026-07-14"
    with pytest.raises(InputInvalid):
        worklists.calls_of(store, "yesterday")


def scored_twice(store, profile, number, **other):
    """The first clerk confirms the machine, the second differs where told."""
    result = queries.result(store, store.shas[number])
    scoring.finish(store, result, profile, by=Reviewer("甲"))
    verdicts = {"qa.greeting": "pass", "qa.closing": "fail"} | other
    scoring.score_again(store, result, profile, verdicts, by=Reviewer("乙"))


def test_finishing_confirms_what_nobody_decided_and_nothing_else(store, profile, decided):
    decided(FINE, "change", "qa.closing", to="pass")
    result = queries.result(store, store.shas[FINE])
    scoring.finish(store, result, profile, by=Reviewer("甲"))
    kept = reviews.counting(store, store.shas[FINE])[store.shas[FINE]]
    assert {item: (one.who, one.new) for item, one in kept.items()} == {
        "qa.closing": ("主管", "pass"),
        "qa.greeting": ("甲", "pass"),
        "scorecard": ("甲", ""),
    }


def test_a_second_scoring_decides_nothing(store, profile):
    scored_twice(store, profile, FINE, **{"qa.closing": "pass"})
    closing = shown(store, profile, FINE)["scorecard"]
    assert {one["human"]["value"] for one in closing if one["item"] == "qa.closing"} == {"fail"}
    assert scoring.scored(store, [store.shas[FINE]])[store.shas[FINE]] == scoring.Scored(
        "甲", "乙"
    )


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("second.scorecard", "复评 评分表"),
        ("second.qa.greeting", "复评 问候并主动提供帮助"),
        ("turn.3.text", "轮 3"),
        ("ticket.address", "事发地址"),
        ("abuse.target", "对谁"),
    ],
)
def test_what_people_kept_is_told_by_its_name(profile, item, name):
    assert item_name(item, profile) == name


def test_nobody_scores_a_call_twice(store, profile):
    result = queries.result(store, store.shas[FINE])
    scoring.finish(store, result, profile, by=Reviewer("甲"))
    verdicts = {"qa.greeting": "pass", "qa.closing": "fail"}
    with pytest.raises(InputInvalid, match="另一个人"):
        scoring.score_again(store, result, profile, verdicts, by=Reviewer("甲"))


def test_a_second_scoring_has_a_verdict_on_every_item(store, profile):
    result = queries.result(store, store.shas[FINE])
    with pytest.raises(InputInvalid, match="closing"):
        scoring.score_again(store, result, profile, {"qa.greeting": "pass"}, by=Reviewer("乙"))


@pytest.mark.parametrize(
    ("done", "twice", "who", "waits"),
    [
        (scoring.Scored(None, None), False, "甲", True),
        (scoring.Scored("甲", None), False, "乙", False),
        (scoring.Scored("甲", None), True, "乙", True),
        (scoring.Scored("甲", None), True, "甲", False),
        (scoring.Scored("甲", "乙"), True, "丙", False),
    ],
)
def test_a_call_of_the_sample_waits_for_whom_it_lacks(done, twice, who, waits):
    assert scoring.waits(done, twice, who) is waits


def test_agreement_is_told_of_all_items_and_of_each(store, profile):
    scored_twice(store, profile, FINE)
    scored_twice(store, profile, DOUBT, **{"qa.closing": "pass"})
    found = {one.item: one for one in scoring.agreements(store)}
    assert (found[""].calls, found[""].agreed) == (4, 0.75)
    assert found[""].kappa == pytest.approx(0.5)
    assert (found["qa.greeting"].agreed, found["qa.greeting"].kappa) == (1.0, None)


def test_kappa_of_a_published_table():
    # Cohen (1960): agreement .70 where chance gives .41 leaves .29 / .59 of what is possible
    pairs = 20 * [("a", "a")] + 5 * [("a", "b")] + 10 * [("b", "a")] + 15 * [("b", "b")]
    assert scoring.kappa(pairs) == pytest.approx(0.4)
    assert scoring.kappa([("a", "b"), ("b", "a")]) == pytest.approx(-1.0)
