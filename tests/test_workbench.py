"""What waits for people, and what they decide: it outranks what the machine said."""

from dataclasses import replace

import pytest
from reviewing_calls import DOUBT, FINE, INSULT, NUMBER, THREAT, fill, reviewable

from pipeline.domain.sampling import Sampling
from pipeline.errors import InputInvalid, Overtaken
from pipeline.records import Flag
from pipeline.reviewing import Verdict
from pipeline.store import audit, queries, reviews, worklists
from pipeline.store.store import Store
from pipeline.store.worklists import Judged
from pipeline.workbench import scoring
from pipeline.workbench.amending import Amendment, Reviewer, amend, amended, unveiled
from pipeline.workbench.callview import marked, view
from pipeline.workbench.deciding import take
from pipeline.workbench.queue import queue
from pipeline.workbench.sample import draw

ME = Reviewer("主管")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        opened.shas = [""] + fill(opened, *map(reviewable, (INSULT, THREAT, DOUBT, FINE)))
        yield opened


@pytest.fixture
def decided(store, profile):
    """decided(INSULT, "accept", "abuse"): a verdict of a supervisor."""

    def make(number, what, item=None, to=None, reason=None, by=ME, **parts):
        result = queries.result(store, store.shas[number])
        verdict = Verdict(what, item, to, reason)
        return take(store, result, verdict, profile=profile, by=by, parts=parts)

    return make


def seen(store, profile, number, **how):
    """The call as a page shows it."""
    sha = store.shas[number]
    return view(
        queries.result(store, sha),
        profile,
        decided=reviews.counting(store, sha).get(sha, {}),
        history=reviews.of(store, sha),
        version=reviews.version(store, sha),
        **how,
    )


def numbers(store, listed):
    return [store.shas.index(one.sha256) for one in listed]


def test_threats_come_before_insults_and_doubts_stand_apart(store):
    assert numbers(store, queue(store)) == [THREAT, INSULT]
    assert numbers(store, queue(store, "other")) == [DOUBT]
    assert worklists.count_abusive(store) == 2


def test_a_decided_call_leaves_the_queue(store, decided):
    decided(THREAT, "accept", "abuse")
    assert numbers(store, queue(store)) == [INSULT]
    decided(INSULT, "accept")
    assert (queue(store), worklists.count_abusive(store)) == ([], 0)
    assert numbers(store, queue(store, "other")) == [DOUBT]


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
    level = seen(store, profile, INSULT)["decisions"][0]
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
    assert seen(store, profile, INSULT)["decisions"][0]["human"]["value"] == "mild"
    assert numbers(store, queue(store)) == [THREAT]


def test_every_decision_is_in_the_audit(store, decided):
    decided(INSULT, "accept", "abuse")
    last = store.db.execute("SELECT who, what FROM audit ORDER BY id DESC").fetchone()
    assert tuple(last) == ("主管", "review.accept")
    audit.verify(store)


# corrections


def corrected(store, number, item, to, **how):
    result = queries.result(store, store.shas[number])
    return amend(store, result.call, Amendment(item, to), by=Reviewer("质检", **how))


def test_corrected_words_stand_in_place_of_the_machine_s(store, profile):
    corrected(store, FINE, "turn.2.text", "请您不要着急，慢慢说")
    turn = seen(store, profile, FINE)["turns"][2]
    assert (turn["text"], turn["machine_text"]) == (
        "请您不要着急，慢慢说",
        "请您别着急，慢慢说",
    )
    assert queries.result(store, store.shas[FINE]).call.turns[2].text == "请您别着急，慢慢说"


def test_roles_are_swapped_at_once_but_for_those_set_by_hand(store, profile):
    corrected(store, FINE, "turn.0.speaker", "ivr")
    corrected(store, FINE, "roles", "swapped")
    roles = [turn["speaker"] for turn in seen(store, profile, FINE)["turns"]]
    assert roles == ["ivr", "agent", "caller", "agent", "caller"]
    corrected(store, FINE, "roles", "as_heard")
    assert seen(store, profile, FINE)["turns"][1]["speaker"] == "caller"


def test_a_filled_field_is_missing_no_more(store, profile):
    corrected(store, FINE, "ticket.caller", "陈先生")
    ticket = seen(store, profile, FINE)["ticket"]
    assert ([line["value"] for line in ticket["fields"]], ticket["missing"]) == (
        ["龙圣路", "陈先生"],
        [],
    )


def test_a_hidden_number_comes_back_when_words_around_it_are_corrected(store, profile):
    shown = seen(store, profile, FINE)["turns"][3]["text"]
    assert NUMBER not in shown and "****" in shown
    corrected(store, FINE, "turn.3.text", shown.replace("三天", "两天"))
    sha = store.shas[FINE]
    call = amended(queries.result(store, sha).call, reviews.counting(store, sha)[sha])
    assert call.turns[3].text == f"龙圣路停水两天了，电话{NUMBER}"
    assert NUMBER not in str(seen(store, profile, FINE))
    assert NUMBER in str(seen(store, profile, FINE, unmasked=True)["turns"])


@pytest.mark.parametrize("typed", ["电话139***0123", "****和139****0123", "*"])
def test_other_stars_than_those_shown_are_refused(typed):
    with pytest.raises(InputInvalid, match="星号"):
        unveiled(typed, "电话139****0123", f"电话{NUMBER}")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("没有号码", "没有号码"), ("他的电话139****0123。", f"他的电话{NUMBER}。")],
)
def test_a_number_may_be_taken_out_or_kept(typed, kept):
    assert unveiled(typed, "电话139****0123", f"电话{NUMBER}") == kept


@pytest.mark.parametrize(
    ("item", "to"),
    [
        ("turn.99.text", "x"),
        ("turn.0.speaker", "robot"),
        ("turn.0.text", " "),
        ("turn.0.text", "长" * 2_001),
        ("turn.0.text", "您好，12345热线"),
        ("ticket.nothing", "x"),
        ("roles", "x"),
        ("abuse", "none"),
        ("qa.greeting", "pass"),
    ],
)
def test_what_a_call_does_not_have_cannot_be_corrected(store, item, to):
    with pytest.raises(InputInvalid):
        corrected(store, FINE, item, to)
    assert reviews.of(store, store.shas[FINE]) == []


def test_a_comment_is_kept_with_who_and_when(store, profile):
    corrected(store, FINE, "comment", "请组长听一下")
    corrected(store, FINE, "comment", "听过了")
    assert [one["text"] for one in seen(store, profile, FINE)["comments"]] == [
        "请组长听一下",
        "听过了",
    ]


# what a page shows


def test_flagged_words_are_marked_where_they_were_said(store, profile):
    parts = seen(store, profile, INSULT)["turns"][1]["parts"]
    assert parts[:2] == [("你们就是一帮", ""), ("废物", "abuse")]
    assert "".join(text for text, _ in parts).endswith("<script>alert(1)</script>")


def test_the_stronger_mark_shows_where_two_overlap():
    assert marked("他骂我废物点心", [("废物点心", "quoted"), ("废物", "abuse")]) == [
        ("他骂我", ""),
        ("废物", "abuse"),
        ("点心", "quoted"),
    ]


def test_a_flag_names_the_item_that_settles_it(store, profile):
    (flag,) = seen(store, profile, THREAT)["flags"]
    assert (flag["decides"], flag["start_s"], flag["open"]) == ("abuse", 16.0, True)


def test_a_doubt_about_hearing_is_settled_by_the_call_as_a_whole(store, profile):
    made = reviewable(5)
    doubt = Flag("low_confidence", "fail", "review", "听写把握低")
    store.shas += fill(store, replace(made, call=replace(made.call, flags=(doubt,))))
    assert seen(store, profile, 5)["flags"][0]["decides"] == ""


def test_the_scorecard_has_every_item_with_its_evidence(store, profile):
    card = seen(store, profile, FINE)["scorecard"]
    assert [one["item"] for one in card] == ["qa." + item.id for item in profile.qa]
    greeting = card[0]
    assert (greeting["machine"], greeting["evidence"][0]["quote"]) == ("pass", "您好")


# the sample


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


# scorings


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
    closing = seen(store, profile, FINE)["scorecard"][-3:]
    assert {one["human"]["value"] for one in closing if one["item"] == "qa.closing"} == {"fail"}
    assert scoring.scored(store, [store.shas[FINE]])[store.shas[FINE]] == scoring.Scored(
        "甲", "乙"
    )


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
