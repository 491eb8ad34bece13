"""Search, dashboard, work orders, own calls and appeals: what they show, and to whom."""

import re
from dataclasses import replace

import pytest
from shift_desk import NUMBER, drafted, fill

from pipeline.store import audit, dispatches, queries, reviews

HIDDEN = "139****0123"


@pytest.fixture
def shas(office):
    """The four calls of shift_desk.py, in the order of their numbers."""
    return office.write(fill)


def fields(page, **more):
    return {"version": re.search(r'name="version" value="([^"]+)"', page.text)[1], **more}


def listed(page):
    return re.findall(r'href="/dispatch/(\w{64})', page.text)


# search


def test_hits_are_marked_harmless_and_lead_to_their_second(office, shas):
    browser = office.client("lead")
    page = browser.get("/search?q=停水，三天")
    assert page.text.count("<mark>停水，三天</mark>") == 4
    assert "<script>alert" not in page.text
    link = re.search(rf'href="(/search/{shas[3]}/1/\d+)"', page.text)[1]
    answer = browser.get(link)
    at = float(answer.headers["location"].partition("?at=")[2])
    assert answer.headers["location"].startswith(f"/calls/{shas[3]}?at=") and 5 <= at <= 9


def test_numbers_are_hidden_in_hits_and_cannot_be_searched_for(office, shas):
    browser = office.client("lead")
    page = browser.get("/search?q=我的电话")
    assert NUMBER not in page.text and HIDDEN in page.text
    assert "没有找到" in browser.get("/search?q=1390775").text


def test_filters_choose_and_pages_follow_each_other(office, shas, monkeypatch):
    browser = office.client("clerk")

    def found(query):
        return re.findall(r'<p class="head"><a href="/calls/(\w{64})"', browser.get(query).text)

    assert found("/search?q=停水&agent_id=1009") == [shas[2]]
    assert found("/search?q=&since=2026-07-13&until=2026-07-13") == [shas[4]]
    assert found("/search?outcome=decline_explain") == [shas[4]]
    program = office.program("clerk")
    seen, after = [], ""
    while after is not None:
        answer = program.get("/api/v1/search", params={"q": "停水", "limit": 3, "after": after})
        seen += [one["sha256"] for one in answer.json()["calls"]]
        after = answer.json()["after"]
    assert seen == [shas[3], shas[2], shas[1], shas[4]]
    assert browser.get("/search?since=yesterday").status_code == 400


# dashboard


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("", 3),  # the last day that has calls
        ("day=2026-07-13", 1),
        ("kind=week&day=2026-07-19", 4),
        ("kind=month&day=2026-07-01", 4),
        ("kind=month&day=2026-07-01&agent_id=1009", 1),
        ("kind=week&shift=行政班", 4),
        ("kind=week&department=nobody", 0),
        ("day=2026-07-12", 0),
    ],
)
def test_the_dashboard_counts_the_calls_of_its_stretch(office, shas, query, calls):
    told = office.program("lead").get(f"/api/v1/dashboard?{query}").json()
    counted = {one["key"]: one["now"] for one in told["headlines"]}
    assert counted["calls"] == str(calls)
    assert ("受理结果" in [one["title"] for one in told["groups"]]) == (calls > 0)
    page = office.client("lead").get(f"/dashboard?{query}")
    assert page.status_code == 200
    assert ("这段时间没有通话" in page.text) == (calls == 0)


def test_the_dashboard_compares_agents_and_tells_hot_spots_and_suggestions(office, shas):
    browser = office.client("lead")
    page = browser.get("/dashboard?kind=week&day=2026-07-14")
    assert "agent_id=1009" in page.text and "plotly.js" in page.text
    told = browser.get("/dashboard/told?kind=week&day=2026-07-14")
    assert "龙圣路" in told.text and f"/calls/{shas[3]}" in told.text
    assert NUMBER not in told.text


def test_what_is_no_stretch_is_refused(office, shas):
    browser = office.client("lead")
    assert browser.get("/dashboard?kind=year").status_code == 400
    assert browser.get("/dashboard?day=0000-00-00").status_code == 400
    assert browser.get("/dashboard?shift=没有的班").status_code == 400


# work orders


def test_drafts_that_lack_something_come_first_and_declined_calls_are_left_out(office, shas):
    browser = office.client("dispatcher")
    page = browser.get("/dispatch")
    assert listed(page) == [shas[2], shas[1], shas[3]]
    assert "来电人" in page.text and NUMBER not in page.text
    assert set(listed(browser.get("/dispatch?which=all"))) == set(shas[1:])


def test_an_edit_keeps_the_original_and_the_hidden_number_and_is_on_record(office, shas):
    browser = office.client("dispatcher")
    path = f"/dispatch/{shas[1]}"
    page = browser.get(path)
    assert NUMBER not in page.text and "▶ 00:08" in page.text
    data = fields(page) | {"f.caller": "李先生", "f.content": f"停水四天，电话{HIDDEN}。"}
    assert browser.post(f"{path}/1/edit", data=data).status_code == 303
    kept = {one.item: one for one in office.write(lambda store: reviews.of(store, shas[1]))}
    assert kept["ticket.content"].new == f"停水四天，电话{NUMBER}。"
    assert kept["ticket.caller"].old == "未提及"
    assert (
        browser.get("/dispatch").text.count("要素齐全") == 2
    )  # what is filled in lacks no more
    page = browser.get(path)
    assert "机器原稿" in page.text and "李先生" in page.text and "回访要问" not in page.text
    assert audit.verify(office.bench.pool.lend().__enter__())[0] > 0


def test_two_dispatchers_do_not_overwrite_each_other(office, shas):
    one, other = office.client("dispatcher"), office.client("dispatcher", "second")
    path = f"/dispatch/{shas[1]}"
    early = fields(one.get(path))
    other.post(f"{path}/1/edit", data=fields(other.get(path)) | {"f.caller": "李先生"})
    late = one.post(f"{path}/1/edit", data=early | {"f.caller": "赵先生"})
    assert late.status_code == 409 and "赵先生" in late.text and "second" in late.text
    assert one.post(f"{path}/1/step", data=early | {"state": "sent"}).status_code == 409
    decided = office.write(lambda store: reviews.counting(store, shas[1]))
    assert decided[shas[1]]["ticket.caller"].new == "李先生"


def test_a_part_is_split_off_and_both_are_sent_apart(office, shas):
    browser = office.client("dispatcher")
    path = f"/dispatch/{shas[1]}"
    data = fields(browser.get(path)) | {"f.title": "龙圣路路灯不亮", "split": "1"}
    browser.post(f"{path}/1/edit", data=data)
    second = browser.get(f"{path}?part=101")
    assert "龙圣路路灯不亮" in second.text and "水利局" in second.text
    assert "龙圣路路灯不亮" not in browser.get(path).text
    browser.post(f"{path}/101/step", data=fields(second, state="sent"))
    assert f"{path}?part=101" in browser.get("/dispatch?state=sent").text
    assert shas[1] in listed(browser.get("/dispatch"))
    same = fields(browser.get(path)) | {"split": "1", "f.title": "龙圣路停水1"}
    assert browser.post(f"{path}/1/edit", data=same).status_code == 400


def test_what_was_split_off_stays_apart_when_judging_finds_a_second_appeal(office, shas):
    browser, path = office.client("dispatcher"), f"/dispatch/{shas[1]}"
    browser.post(f"{path}/1/edit", data={"f.title": "龙圣路路灯不亮", "split": "1"})
    made = office.write(lambda store: queries.result(store, shas[1]))
    other = replace(made.call.ticket, fields=drafted(9).call.ticket.fields)
    again = replace(made, call=replace(made.call, more_tickets=(other,)), judge_key="later")
    office.write(lambda store: store.save(again, heard=False))
    field = re.compile('name="f.title" value="([^"]*)"')
    pages = [browser.get(f"{path}?part={part}").text for part in (1, 2, 101)]
    titles = [field.search(page)[1] for page in pages]
    assert titles == ["龙圣路停水1", "龙圣路停水9", "龙圣路路灯不亮"]


def test_an_order_is_returned_with_a_code_taken_back_and_sent(office, shas):
    browser = office.client("dispatcher")
    path = f"/dispatch/{shas[1]}"

    def step(**what):
        return browser.post(f"{path}/1/step", data=fields(browser.get(path), **what))

    assert step(state="returned").status_code == 400
    assert step(state="returned", code="99").status_code == 400
    assert step(state="returned", code="26").status_code == 400
    assert step(state="returned", code="24", reason=f"回访{NUMBER}").status_code == 303
    page = browser.get("/dispatch?state=returned")
    assert listed(page) == [shas[1]] and "要素不全" in page.text
    assert step(state="sent").status_code == 400
    assert (
        browser.post(f"{path}/1/edit", data={"version": "", "f.caller": "x"}).status_code == 400
    )
    step(state="draft")
    step(state="sent")
    assert shas[1] not in listed(browser.get("/dispatch"))
    told = office.program("lead").get("/api/v1/orders?state=sent").json()["orders"]
    assert [one["sha256"] for one in told] == [shas[1]]


def test_an_order_is_merged_only_into_a_linked_call(office, shas):
    browser = office.client("dispatcher")
    path = f"/dispatch/{shas[1]}"
    page = browser.get(path)
    assert f'name="other" value="{shas[2]}"' in page.text
    wrong = fields(page, state="merged", other=shas[3])
    assert browser.post(f"{path}/1/step", data=wrong).status_code == 400
    right = fields(page, state="merged", other=shas[2])
    assert browser.post(f"{path}/1/step", data=right).status_code == 303
    back = browser.get(f"/dispatch/{shas[2]}")
    assert 'name="other"' not in back.text  # not into what was merged away itself
    assert office.write(lambda store: dispatches.of(store, shas[1]))[-1].other == shas[2]


def test_the_agent_s_own_order_stands_beside_the_draft_with_what_differs_marked(office, shas):
    page = office.client("dispatcher").get(f"/dispatch/{shas[3]}")
    assert "<mark>三天</mark>" in page.text
    assert "<mark>" not in office.client("dispatcher").get(f"/dispatch/{shas[1]}").text


def test_numbers_are_shown_to_who_asks_and_that_is_on_record(office, shas):
    browser = office.client("dispatcher", follow=True)
    path = f"/dispatch/{shas[1]}"
    page = browser.post(f"/calls/{shas[1]}/reveal", data={"next": path})
    assert page.url.path == path
    assert NUMBER in page.text
    told = office.write(lambda store: store.db.execute("SELECT what FROM audit").fetchall())
    assert ("call.reveal",) in [tuple(row) for row in told]
    assert NUMBER not in office.client("lead").get(f"/dispatch/{shas[1]}").text


def test_orders_through_the_api(office, shas):
    program = office.program("dispatcher")
    told = program.get(f"/api/v1/calls/{shas[1]}/orders").json()
    assert told["orders"][0]["missing"] == ["来电人"] and NUMBER not in str(told)
    write = f"/api/v1/calls/{shas[1]}/orders/1"
    sent = {"fields": {"caller": "李先生"}, "version": told["version"]}
    answer = program.post(write, json=sent)
    assert answer.status_code == 200
    late = sent | {"fields": {"caller": "赵先生"}}
    assert program.post(write, json=late).status_code == 409
    assert program.post(write, json={"fields": {"nothing": "x"}}).status_code == 400
    step = {"state": "sent", "version": answer.json()["version"]}
    assert program.post(f"{write}/step", json=step).status_code == 200
    assert program.get(f"/api/v1/calls/{shas[1]}/orders").json()["orders"][0]["state"] == "sent"


# own calls and appeals


def test_an_agent_sees_own_calls_and_scores_only(office, shas):
    browser = office.client("agent")
    page = browser.get("/own")
    assert f"/own/{shas[1]}" in page.text and shas[2] not in page.text
    assert browser.get(f"/own/{shas[1]}").status_code == 200
    assert browser.get(f"/own/{shas[2]}").status_code == 404
    assert browser.post(f"/own/{shas[2]}/appeal", data={"item": "closing"}).status_code == 404
    program = office.program("agent")
    assert shas[2] not in program.get("/api/v1/own").text
    assert program.get(f"/api/v1/own/{shas[2]}").status_code == 404
    for path in ("/search", "/dashboard", "/dispatch", "/appeals"):
        assert browser.get(path).status_code == 403


def test_an_appeal_is_filed_answered_and_seen(office, shas):
    agent, clerk = office.client("agent"), office.client("clerk")
    path = f"/own/{shas[1]}"
    reason = f"说了再见，见{NUMBER}"
    assert (
        agent.post(f"{path}/appeal", data={"item": "closing", "reason": " "}).status_code == 400
    )
    assert (
        agent.post(f"{path}/appeal", data={"item": "greeting", "reason": "x"}).status_code
        == 400
    )
    assert (
        agent.post(f"{path}/appeal", data={"item": "closing", "reason": reason}).status_code
        == 303
    )
    waiting = clerk.get("/appeals")
    assert "说了再见" in waiting.text and NUMBER not in waiting.text
    data = {"state": "upheld", "to": "pass", "reason": "听到了"}
    assert clerk.post(f"/appeals/{shas[1]}/closing", data=data).status_code == 303
    page = agent.get(path)
    assert "听到了" in page.text and "撤回申诉" not in page.text
    assert "没有等待答复的申诉" in clerk.get("/appeals").text
    assert clerk.post(f"/appeals/{shas[1]}/closing", data=data).status_code == 400


def test_an_appeal_may_be_withdrawn_by_whom_it_is(office, shas):
    agent, clerk = office.program("agent"), office.program("clerk")
    filed = agent.post(f"/api/v1/own/{shas[1]}/appeal", json={"item": "closing", "reason": "x"})
    assert filed.status_code == 200
    assert [one["item"] for one in clerk.get("/api/v1/appeals").json()] == ["closing"]
    browser = office.client("agent")
    assert browser.post(f"/own/{shas[1]}/withdraw", data={"item": "closing"}).status_code == 303
    assert clerk.get("/api/v1/appeals").json() == []
    again = agent.post(f"/api/v1/own/{shas[1]}/appeal", json={"item": "closing", "reason": "y"})
    assert again.json()["state"] == "filed"
    path, item = f"/api/v1/own/{shas[1]}/withdraw", {"item": "closing"}
    assert agent.post(path, json=item).json()["state"] == "withdrawn"
    assert agent.post(path, json=item).status_code == 400
    late = {"item": "closing", "reason": "x", "state": "upheld"}
    assert clerk.post(f"/api/v1/appeals/{shas[1]}", json=late).status_code == 400
