"""What waits for people, and what they decide: it outranks what the machine said."""

from dataclasses import replace
from functools import partial

import pytest
from reviewing_calls import (
    DOUBT,
    INSULT,
    THREAT,
    fill,
    reviewable,
    shown,
    store_of_four,
    verdict,
)

from pipeline.errors import InputInvalid, Overtaken
from pipeline.records import Finding, Flag
from pipeline.reviewing import Verdict
from pipeline.store import audit, queries, reviews, worklists
from pipeline.workbench.amending import Reviewer
from pipeline.workbench.deciding import take
from pipeline.workbench.queue import queue


@pytest.fixture
def store(tmp_path):
    with store_of_four(tmp_path / "calls.db") as opened:
        yield opened


@pytest.fixture
def decided(store, profile):
    """decided(INSULT, "accept", "abuse"): a verdict of a supervisor."""
    return partial(verdict, store, profile)


def numbers(store, listed):
    return [store.shas.index(one.sha256) for one in listed]


def test_threats_come_before_insults_and_doubts_stand_apart(store):
    assert numbers(store, queue(store)) == [THREAT, INSULT]
    assert numbers(store, queue(store, "other")) == [DOUBT]
    assert worklists.count_abusive(store) == 2


@pytest.fixture
def hinted(store):
    """A call whose flag asks about a threat that was not said outright."""
    made = reviewable(5)
    found = (Finding("danger", "model:turns", 3, "停水三天", 16.0, 18.0, "violence"),)
    flag = Flag("possible_danger", "fail", "review", "话里可能有伤人之意", found)
    made = replace(made, call=replace(made.call, flags=(*made.call.flags, flag)))
    store.shas += fill(store, made)
    return 5


def test_a_possible_threat_stands_behind_the_threats(store, hinted):
    assert [one.level for one in queue(store)] == ["threat", "possible", "severe"]
    assert numbers(store, queue(store)) == [THREAT, hinted, INSULT]


@pytest.mark.parametrize(
    ("what", "kept"), [("accept", ("change", "threat")), ("reject", ("accept", "none"))]
)
def test_a_possible_threat_is_one_or_is_none(store, hinted, profile, what, kept):
    result = queries.result(store, store.shas[hinted])
    said = Verdict(what, "abuse", reason="只是气话")
    (made,) = take(store, result, said, profile=profile, by=Reviewer("甲"))
    assert (made.what, made.new or made.old) == kept
    assert numbers(store, queue(store)) == [THREAT, INSULT]


def test_a_decided_call_leaves_the_queue(store, decided):
    decided(THREAT, "accept", "abuse")
    assert numbers(store, queue(store)) == [INSULT]
    decided(INSULT, "accept")
    assert (queue(store), worklists.count_abusive(store)) == ([], 0)
    assert numbers(store, queue(store, "other")) == [DOUBT]


def test_abuse_comes_before_what_else_is_flagged_in_its_call(store, profile):
    made = reviewable(5)
    abuse = reviewable(INSULT).call
    mild = replace(abuse.flags[-1], severity="review")
    flags = (Flag("greeting", "fail", "review", "没有问候"), Flag("emergency", "fail", "alert"))
    call = replace(made.call, abuse=replace(abuse.abuse, level="mild"), flags=(*flags, mild))
    store.shas += fill(store, replace(made, call=call))
    assert numbers(store, queue(store)) == [THREAT, INSULT, 5]
    assert [flag.item for flag in queue(store)[2].flags] == ["abuse", "emergency", "greeting"]
    first = shown(store, profile, 5)["flags"][0]
    assert (first["item"], first["id"]) == ("abuse", 2)


def test_what_is_left_of_a_decided_call_waits_among_the_doubts(store, decided):
    made = reviewable(5)
    flags = (*reviewable(INSULT).call.flags, Flag("unsure_scope", "fail", "review", "拿不准"))
    abuse = reviewable(INSULT).call.abuse
    store.shas += fill(store, replace(made, call=replace(made.call, abuse=abuse, flags=flags)))
    decided(5, "accept", "abuse")
    assert numbers(store, queue(store)) == [THREAT, INSULT]
    (left,) = [one for one in queue(store, "other") if one.sha256 == store.shas[5]]
    assert [flag.item for flag in left.flags] == ["unsure_scope"]


def test_a_rejected_flag_of_abuse_says_that_there_is_none(store, decided):
    (kept,) = decided(INSULT, "reject", "abuse", reason="语气急，没有辱骂")
    assert (kept.what, kept.old, kept.new) == ("change", "severe", "none")
    assert numbers(store, queue(store)) == [THREAT]


def test_a_rejection_without_a_reason_is_refused(decided):
    with pytest.raises(InputInvalid, match="理由"):
        decided(INSULT, "reject", "abuse")


def test_whom_it_hit_is_kept_with_the_level(store, decided, profile):
    parts = {"abuse.who": "caller", "abuse.target": "agent"}
    decided(INSULT, "change", "abuse", to="mild", **parts)
    level = shown(store, profile, INSULT)["decisions"][0]
    assert level["human"]["value"] == "mild"
    assert [(part["item"], part["value"]) for part in level["parts"]] == list(parts.items())


def test_a_change_to_what_the_machine_says_confirms_it(decided):
    kept = decided(INSULT, "change", "abuse", to="severe", **{"abuse.target": "agent"})
    assert [(one.what, one.item) for one in kept] == [
        ("accept", "abuse"),
        ("change", "abuse.target"),
    ]


def test_nobody_is_hit_where_there_was_no_abuse(decided):
    parts = {"abuse.target": "agent"}
    (kept,) = decided(INSULT, "change", "abuse", to="none", reason="误判", **parts)
    assert kept.item == "abuse"


def test_an_unknown_target_keeps_nothing(store, decided):
    with pytest.raises(InputInvalid):
        decided(INSULT, "accept", "abuse", **{"abuse.target": "the moon"})
    assert reviews.of(store, store.shas[INSULT]) == []


def test_the_later_of_two_reviewers_is_told_and_nothing_is_lost(store, decided):
    version = reviews.version(store, store.shas[INSULT])
    decided(INSULT, "accept", "abuse", by=Reviewer("先来", seen=version))
    with pytest.raises(Overtaken, match="先来"):
        decided(INSULT, "change", "abuse", to="mild", by=Reviewer("后来", seen=version))
    assert [(one.who, one.what) for one in reviews.of(store, store.shas[INSULT])] == [
        ("先来", "accept")
    ]


def test_what_a_person_decided_outlives_another_judgement(store, decided, profile):
    decided(INSULT, "change", "abuse", to="mild")
    store.save(replace(reviewable(INSULT), judge_key="later"), heard=True)
    assert shown(store, profile, INSULT)["decisions"][0]["human"]["value"] == "mild"
    assert numbers(store, queue(store)) == [THREAT]


def test_every_decision_is_in_the_audit(store, decided):
    decided(INSULT, "accept", "abuse")
    last = store.db.execute("SELECT who, what FROM audit ORDER BY id DESC").fetchone()
    assert tuple(last) == ("主管", "review.accept")
    audit.verify(store)
