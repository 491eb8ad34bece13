"""What people correct in a call, and what its page shows of the machine and of them."""

from dataclasses import replace

import pytest
from reviewing_calls import (
    FINE,
    INSULT,
    NUMBER,
    THREAT,
    fill,
    reviewable,
    shown,
    store_of_four,
)

from pipeline.errors import InputInvalid
from pipeline.records import Flag
from pipeline.store import queries, reviews
from pipeline.workbench.amending import Amendment, Reviewer, amend, amended, unveiled
from pipeline.workbench.callview import marked


@pytest.fixture
def store(tmp_path):
    with store_of_four(tmp_path / "calls.db") as opened:
        yield opened


def corrected(store, number, item, to, **how):
    result = queries.result(store, store.shas[number])
    return amend(store, result.call, Amendment(item, to), by=Reviewer("质检", **how))


def test_corrected_words_stand_in_place_of_the_machine_s(store, profile):
    corrected(store, FINE, "turn.2.text", "请您不要着急，慢慢说")
    turn = shown(store, profile, FINE)["turns"][2]
    assert (turn["text"], turn["machine_text"]) == (
        "请您不要着急，慢慢说",
        "请您别着急，慢慢说",
    )
    assert queries.result(store, store.shas[FINE]).call.turns[2].text == "请您别着急，慢慢说"


def test_roles_are_swapped_at_once_but_for_those_set_by_hand(store, profile):
    corrected(store, FINE, "turn.0.speaker", "ivr")
    corrected(store, FINE, "roles", "swapped")
    roles = [turn["speaker"] for turn in shown(store, profile, FINE)["turns"]]
    assert roles == ["ivr", "agent", "caller", "agent", "caller"]
    corrected(store, FINE, "roles", "as_heard")
    assert shown(store, profile, FINE)["turns"][1]["speaker"] == "caller"


def test_a_filled_field_is_missing_no_more(store, profile):
    corrected(store, FINE, "ticket.caller", "陈先生")
    ticket = shown(store, profile, FINE)["ticket"]
    assert ([line["value"] for line in ticket["fields"]], ticket["missing"]) == (
        ["龙圣路", "陈先生"],
        [],
    )


def test_a_hidden_number_comes_back_when_words_around_it_are_corrected(store, profile):
    before = shown(store, profile, FINE)["turns"][3]["text"]
    assert NUMBER not in before and "****" in before
    corrected(store, FINE, "turn.3.text", before.replace("三天", "两天"))
    sha = store.shas[FINE]
    call = amended(queries.result(store, sha).call, reviews.counting(store, sha)[sha])
    assert call.turns[3].text == f"龙圣路停水两天了，电话{NUMBER}"
    assert NUMBER not in str(shown(store, profile, FINE))
    assert NUMBER in str(shown(store, profile, FINE, unmasked=True)["turns"])


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
    assert [one["text"] for one in shown(store, profile, FINE)["comments"]] == [
        "请组长听一下",
        "听过了",
    ]


def test_flagged_words_are_marked_where_they_were_said(store, profile):
    parts = shown(store, profile, INSULT)["turns"][1]["parts"]
    assert parts[:2] == [("你们就是一帮", ""), ("废物", "abuse")]
    assert "".join(text for text, _ in parts).endswith("<script>alert(1)</script>")


def test_the_stronger_mark_shows_where_two_overlap():
    assert marked("他骂我废物点心", [("废物点心", "quoted"), ("废物", "abuse")]) == [
        ("他骂我", ""),
        ("废物", "abuse"),
        ("点心", "quoted"),
    ]


def test_a_flag_names_the_item_that_settles_it(store, profile):
    (flag,) = shown(store, profile, THREAT)["flags"]
    assert (flag["decides"], flag["start_s"], flag["open"]) == ("abuse", 16.0, True)


def test_a_doubt_about_hearing_is_settled_by_the_call_as_a_whole(store, profile):
    made = reviewable(5)
    doubt = Flag("low_confidence", "fail", "review", "听写把握低")
    store.shas += fill(store, replace(made, call=replace(made.call, flags=(doubt,))))
    assert shown(store, profile, 5)["flags"][0]["decides"] == ""


def test_the_scorecard_has_every_item_with_its_evidence(store, profile):
    card = shown(store, profile, FINE)["scorecard"]
    assert [one["item"] for one in card] == ["qa." + item.id for item in profile.qa]
    greeting = card[0]
    assert (greeting["machine"], greeting["evidence"][0]["quote"]) == ("pass", "您好")
