"""What is sent of a call: only what is dispatched, as documented, as people left it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from shiftcalls import told

from pipeline.push.orders import orders, waits
from pipeline.records import Decision, Finding, Flag, Scope, Ticket, TicketField
from pipeline.store.reviews import Review

NUMBER = "13907750123"
SCHEMAS = [json.loads(Path(f"docs/{n}.json").read_text("utf-8")) for n in ("schema", "order")]


@pytest.fixture
def call():
    made = told(1, "agent: 您好", f"caller: 路灯坏了，电话{NUMBER}", caller_number=NUMBER)
    found = Finding("ticket", "r", 1, "路灯坏了", 5.0, 6.0)
    lines = (TicketField("purpose", "诉求目的", "修好路灯", True, (found,)),)
    ticket = Ticket("路灯不亮", f"来电人（{NUMBER}）反映路灯坏了。", lines)
    unit = Decision("城管", 0.9, (replace(found, kind="department"),))
    flags = (Flag("closing", "fail", findings=(found,)),)
    call = replace(made.call, ticket=ticket, departments=(unit,), flags=flags)
    return replace(made, call=call)


def sent(result, profile, reviewed=None, **more):
    told = {"relations": None, "reviewed": reviewed or {}} | more
    return list(orders(result, profile, **told))


def change(item, new, what="change"):
    return {
        item: Review("0" * 64, "张三", what, item, "旧", new, "看过", "2026-07-14T10:00:00")
    }


def test_an_order_keeps_to_its_schema_which_is_valid(call, profile):
    pair = [(one["$id"], Resource.from_contents(one)) for one in SCHEMAS]
    Draft202012Validator.check_schema(SCHEMAS[1])
    checker = Draft202012Validator(SCHEMAS[1], registry=Registry().with_resources(pair))
    for reviewed in ({}, change("department", "供电"), change("urgency", "紧急")):
        (order,) = sent(call, profile, reviewed)
        plain = json.loads(order.data)
        assert [error.message for error in checker.iter_errors(plain)] == []
        assert not set(plain) ^ set(SCHEMAS[1]["required"])


def test_numbers_are_masked_unless_asked_and_no_dialogue_leaves(call, profile):
    (order,), (bare,) = sent(call, profile), sent(call, profile, unmasked=True)
    assert NUMBER.encode() not in order.data and b"139****0123" in order.data
    assert NUMBER.encode() in bare.data and order.key != bare.key
    assert "turns" not in order.body
    assert {one["claim"] for one in order.body["evidence"]} == {
        "department:城管",
        "ticket.purpose",
    }


@pytest.mark.parametrize(
    ("outcome", "count"),
    [
        ("accept_dispatch", 1),
        ("record_suggestion", 1),
        ("merge", 1),
        ("answer_now", 0),
        ("decline_explain", 0),
        ("refer", 0),
        ("emergency_transfer", 0),
        ("no_request", 0),
    ],
)
def test_only_what_is_dispatched_becomes_an_order(call, profile, outcome, count):
    result = replace(call, call=replace(call.call, scope=Scope(outcome)))
    assert len(sent(result, profile)) == count


def test_a_failed_call_has_none(profile):
    assert not sent(told(1, "caller: 停水", status="failed"), profile)


def test_the_key_is_of_the_content_and_the_id_of_the_order(call, profile):
    (one,), (same,) = sent(call, profile), sent(call, profile)
    assert one.key == same.key and len(one.key) == 32
    title = replace(call.call.ticket, title="路灯灭了")
    (other,) = sent(replace(call, call=replace(call.call, ticket=title)), profile)
    assert other.key != one.key and other.order_id == one.order_id


def test_what_a_person_decided_is_sent_in_place_of_the_machines(call, profile):
    reviewed = change("department", "供电") | change("urgency", "紧急")
    (order,) = sent(call, profile, reviewed)
    assert order.body["department"][0] == "供电" and order.body["urgency"] == "紧急"
    lines = {line["key"]: line["value"] for line in order.body["ticket"]["fields"]}
    assert lines["lead_unit"] == "供电" and lines["urgency"] == "紧急"
    assert {one["item"] for one in order.body["reviewed"]} == {"department", "urgency"}
    assert call.call.departments[0].value == "城管"  # what the machine said stays stored


def test_a_call_that_a_person_declines_is_not_sent_and_one_that_he_takes_is(call, profile):
    assert not sent(call, profile, change("scope", "O8"))
    assert not sent(call, profile, change("scope", "O99"))  # a code of another profile
    declined = replace(call, call=replace(call.call, scope=Scope("refer", code="O8")))
    assert not sent(declined, profile)
    (order,) = sent(declined, profile, change("scope", "accept_dispatch"))
    lines = {line["key"]: line["value"] for line in order.body["ticket"]["fields"]}
    assert order.body["scope"]["in_scope"] is True and lines["handling"] == "转办"


def test_what_a_dispatcher_did_is_what_is_sent(call, profile):
    title, asked = change("ticket.title", "文化路路灯不亮"), change("ticket2.title", "另一件事")
    (order,) = sent(call, profile, title)
    assert order.body["ticket"]["title"] == "路灯不亮"  # this form has no such line
    lines = (*call.call.ticket.fields, TicketField("title", "标题", "路灯不亮", True))
    ticket = replace(call.call.ticket, fields=lines)
    whole = replace(call, call=replace(call.call, ticket=ticket))
    one, other = sent(whole, profile, title | asked, states={1: "draft", 2: "draft"})
    assert [o.body["ticket"]["title"] for o in (one, other)] == ["文化路路灯不亮", "另一件事"]
    assert other.order_id == one.order_id[:-1] + "2"
    (left,) = sent(whole, profile, title | asked, states={1: "returned", 2: "sent"})
    assert left.number == 2
    assert not sent(whole, profile, states={1: "merged"})


def test_a_line_that_somebody_filled_in_is_missing_no_more(call, profile):
    lines = (TicketField("address", "事发地址", "未提及", True),)
    ticket = replace(call.call.ticket, fields=lines, missing=("事发地址",), asks=("在哪里？",))
    whole = replace(call, call=replace(call.call, ticket=ticket))
    (order,) = sent(whole, profile, change("ticket.address", "文化路12号"))
    assert order.body["ticket"]["missing"] == order.body["ticket"]["asks"] == []


def test_what_was_only_confirmed_or_rejected_leaves_the_draft_as_it_was(call, profile):
    for what in ("accept", "reject"):
        (order,) = sent(call, profile, change("urgency", None, what))
        assert order.body["ticket"]["title"] == "路灯不亮"


def test_a_call_waits_until_what_it_asks_is_decided(call):
    flag = Flag("no_department", "fail", "review", "没有单位")
    asking = replace(call, call=replace(call.call, flags=(flag,)))
    assert not waits(call, {}) and waits(asking, {})
    assert not waits(asking, change("department", "城管"))
    assert waits(asking, change("department", None, "reject"))
    assert not waits(asking, change("", "", "accept"))


def test_an_order_says_whether_anything_is_still_to_be_decided(call, profile):
    flag = Flag("abuse", "fail", "alert", "辱骂")
    asking = replace(call, call=replace(call.call, flags=(flag,)))
    (open_one,), (done,) = (
        sent(asking, profile),
        sent(asking, profile, change("abuse", "mild", "accept")),
    )
    assert open_one.body["needs_review"] is True and done.body["needs_review"] is False


def test_what_was_split_off_has_a_number_that_judging_never_gives(call, profile):
    edit = change("ticket101.purpose", "修好井盖")
    one, split = sent(call, profile, edit, states={101: "draft"})
    assert split.order_id == one.order_id.removesuffix("1") + "101"
    (line,) = split.body["ticket"]["fields"]
    assert (
        line["value"] == "修好井盖" and one.body["ticket"]["fields"][0]["value"] == "修好路灯"
    )
    second = replace(call, call=replace(call.call, more_tickets=(call.call.ticket,)))
    numbers = [order.number for order in sent(second, profile, edit, states={101: "sent"})]
    assert numbers == [1, 2, 101]
