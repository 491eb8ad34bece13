"""The review's pages and API: the way through a list, two at once, and what nobody may see."""

import re

import pytest
from reviewing_calls import DOUBT, FINE, INSULT, NUMBER, THREAT, fill, reviewable, sounding

from pipeline.store import audit, reviews
from pipeline.web.trail import Trail, read

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def shas(office, tmp_path):
    """The four calls with their sound, in the order of their numbers."""
    calls = [sounding(reviewable(n), tmp_path, n) for n in (INSULT, THREAT, DOUBT, FINE)]
    return [""] + office.write(lambda store: fill(store, *calls))


def fields(page, **more):
    """The version and the trail that a call's page carries, with what is filled in."""
    version = re.search(r'data-version="(\d+)"', page.text)[1]
    trail = re.search(r'data-trail="([^"]*)"', page.text)[1]
    return {"version": version, "trail": trail, **more}


def test_the_queue_lists_the_worst_first_and_masked(office, shas):
    page = office.client("supervisor").get("/review")
    listed = re.findall(r'href="/calls/(\w{64})\?trail=abuse\.(\d)', page.text)
    assert listed == [(shas[THREAT], "0"), (shas[INSULT], "1")]
    assert NUMBER not in page.text and "139****0123" in page.text
    other = office.client("supervisor").get("/review?show=other")
    assert shas[DOUBT] in other.text and shas[FINE] not in other.text


def test_the_queue_is_a_supervisor_s_first_page(office, shas):
    page = office.client("supervisor", follow=True).get("/")
    assert page.url.path == "/review"
    assert office.client("clerk", follow=True).get("/").url.path == "/sample"


def test_accepting_opens_the_next_call_and_the_last_one_leads_back(office, shas):
    browser = office.client("supervisor")
    for number, following in ((THREAT, f"/calls/{shas[INSULT]}"), (INSULT, "/review")):
        page = browser.get(f"/calls/{shas[number]}?trail=abuse.0")
        data = fields(page, what="accept", item="abuse")
        answer = browser.post(f"/calls/{shas[number]}/decide", data=data)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(following)
    assert "看完" in browser.get("/review").text


def test_one_button_rejects_with_its_reason(office, shas):
    browser = office.client("supervisor")
    page = browser.get(f"/calls/{shas[INSULT]}?trail=abuse.1")
    reasons = re.findall(r'name="reason" value="([^"]+)" data-quick="(\d)"', page.text)
    assert reasons[0] == ("语气急，没有辱骂", "1")
    data = fields(page, what="reject", item="abuse", reason=reasons[0][0])
    assert browser.post(f"/calls/{shas[INSULT]}/decide", data=data).status_code == 303
    (kept,) = office.write(lambda store: reviews.of(store, shas[INSULT]))
    assert (kept.new, kept.reason, kept.who) == ("none", reasons[0][0], "supervisor")


def test_a_rejected_doubt_keeps_its_place_and_the_way_leads_on(office, shas):
    browser = office.client("supervisor")
    path = f"/calls/{shas[DOUBT]}"
    data = fields(browser.get(f"{path}?trail=other.0"), what="reject", item="department")
    answer = browser.post(f"{path}/decide", data=data | {"reason": "机器判断不对"})
    assert answer.headers["location"] == "/review?show=other"  # it was the only one
    assert shas[DOUBT] in browser.get("/review?show=other").text
    data = fields(browser.get(f"{path}?trail=other.0"), what="change", item="department")
    browser.post(f"{path}/decide", data=data | {"to": "供电"})
    assert shas[DOUBT] not in browser.get("/review?show=other").text


def test_what_is_decided_is_in_the_audit_with_its_address(office, shas):
    browser = office.client("supervisor")
    page = browser.get(f"/calls/{shas[INSULT]}")
    browser.post(
        f"/calls/{shas[INSULT]}/decide", data=fields(page, what="accept", item="abuse")
    )
    row = office.write(
        lambda store: store.db.execute("SELECT * FROM audit ORDER BY id DESC").fetchone()
    )
    assert (row["who"], row["what"]) == ("supervisor", "review.accept")
    assert "testclient" in row["detail"]
    office.write(audit.verify)


def test_the_later_of_two_reviewers_is_told_on_a_page_of_its_own(office, shas):
    first, second = office.client("supervisor", "甲"), office.client("supervisor", "乙")
    path = f"/calls/{shas[INSULT]}"
    pages = [one.get(f"{path}?trail=abuse.1") for one in (first, second)]
    assert "甲 也正在看这一通" in pages[1].text
    first.post(f"{path}/decide", data=fields(pages[0], what="accept", item="abuse"))
    data = fields(pages[1], what="change", item="abuse", to="mild")
    late = second.post(f"{path}/decide", data=data)
    assert late.status_code == 409
    assert "甲" in late.text and "没有保存" in late.text and "确认 严重辱骂" in late.text
    assert f'href="{path}?trail=abuse.1"' in late.text
    script = second.post(f"{path}/decide", data=data, headers={"accept": "application/json"})
    assert (script.status_code, script.json()["status"]) == (409, 409)
    decided = office.write(lambda store: reviews.of(store, shas[INSULT]))
    assert [(one.who, one.what) for one in decided] == [("甲", "accept")]


def test_reviewers_see_each_other_until_one_leaves(office, shas):
    first, second = office.client("supervisor", "甲"), office.client("clerk", "乙")
    path = f"/calls/{shas[INSULT]}"
    first.get(path)
    told = second.post(f"{path}/here").json()
    assert told == {"others": ["甲"], "version": 0}
    first.post(f"{path}/here", data={"gone": "1"})
    assert second.post(f"{path}/here").json()["others"] == []


def test_a_call_that_somebody_has_open_is_not_the_next_one(office, shas):
    office.client("supervisor", "甲").get(f"/calls/{shas[THREAT]}")
    answer = office.client("supervisor", "乙").get("/next?at=abuse.0")
    assert answer.headers["location"] == f"/calls/{shas[INSULT]}?trail=abuse.1"


@pytest.mark.parametrize("at", ["", "abuse.99", "abuse.x", "x.0", "day.nonsense.0", "day..0"])
def test_where_no_call_comes_next_the_list_is_shown(office, shas, at):
    answer = office.client("supervisor").get("/next", params={"at": at})
    assert answer.status_code == 303
    assert answer.headers["location"] in ("/", "/review?show=abuse")


@pytest.mark.parametrize("trail", [Trail("abuse", 3), Trail("day", 0, "2026-07-14")])
def test_a_trail_is_read_as_it_was_written(trail):
    assert read(str(trail)) == trail


def test_what_a_caller_says_is_never_markup(office, shas):
    for path in (f"/calls/{shas[INSULT]}", "/review", "/sample"):
        assert SCRIPT not in office.client("supervisor").get(path).text
    page = office.client("supervisor").get(f"/calls/{shas[INSULT]}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert not re.search(r"<script(?! src=)|\son\w+=|style=", page.text)


def test_numbers_in_full_are_for_supervisors_and_each_look_is_kept(office, shas):
    path = f"/calls/{shas[FINE]}"
    browser = office.client("supervisor")
    assert NUMBER not in browser.get(path).text
    assert browser.post(f"{path}/reveal").headers["location"] == path
    assert NUMBER in browser.get(path).text
    row = office.write(
        lambda store: store.db.execute("SELECT * FROM audit ORDER BY id DESC").fetchone()
    )
    assert (row["who"], row["what"]) == ("supervisor", "call.reveal")
    assert NUMBER not in row["detail"]
    assert NUMBER not in office.client("clerk").get(path).text
    office.at += 16 * 60
    assert NUMBER not in browser.get(path).text


def test_an_agent_hears_own_calls_and_no_other(office, shas):
    own, other = office.client("agent"), office.client("agent", agent_id="2099")
    for part in ("", "/sound", "/peaks"):
        path = f"/calls/{shas[INSULT]}{part}"
        assert (own.get(path).status_code, other.get(path).status_code) == (200, 404)
    clerk = office.client("clerk")
    clerk.post(f"/calls/{shas[INSULT]}/amend", data={"item": "comment", "to": "只给同事看"})
    page = own.get(f"/calls/{shas[INSULT]}").text
    assert "/decide" not in page and "/amend" not in page
    assert "只给同事看" not in page and "问候并主动提供帮助" in page
    told = office.program("agent").get(f"/api/v1/calls/{shas[INSULT]}/review")
    assert "只给同事看" not in told.text and told.json()["scorecard"]


def test_the_sample_of_the_last_day_and_the_way_through_it(office, shas):
    browser = office.client("clerk")
    page = browser.get("/sample")
    listed = re.findall(r'href="/calls/(\w{64})\?trail=(day\.2026-07-14\.\d)"', page.text)
    assert len(listed) == 2  # of one agent's four calls the least
    sha, trail = listed[0]
    call = browser.get(f"/calls/{sha}?trail={trail}")
    answer = browser.post(f"/calls/{sha}/finish", data=fields(call))
    assert answer.headers["location"] == f"/calls/{listed[1][0]}?trail=day.2026-07-14.0"
    assert "✓ clerk" in browser.get("/sample").text


def test_a_second_clerk_scores_blind_and_their_agreement_is_shown(office, shas):
    first, second = office.client("clerk", "甲"), office.client("clerk", "乙")
    pages = re.findall(r'href="/calls/(\w{64})\?trail=day', first.get("/sample").text)
    for sha in pages:
        first.post(f"/calls/{sha}/finish", data=fields(first.get(f"/calls/{sha}")))
    (sha,) = re.findall(r'href="/calls/(\w{64})\?trail=day', second.get("/sample").text)
    page = second.get(f"/calls/{sha}?trail=day.2026-07-14.0")
    assert "复评" in page.text and "✓ 甲" not in page.text
    assert "verdict tag" not in page.text and "评分表" not in page.text
    verdicts = {"qa.greeting": "pass", "qa.closing": "pass"}
    assert second.post(f"/calls/{sha}/again", data=fields(page)).status_code == 400
    answer = second.post(f"/calls/{sha}/again", data=fields(page, **verdicts))
    assert answer.headers["location"].startswith("/sample")
    assert "50 %" in second.get("/sample").text
    told = office.program("clerk", "甲").get("/api/v1/agreement").json()
    assert told[0]["item"] == "" and told[0]["calls"] == 2


def test_words_are_corrected_from_the_page(office, shas):
    browser = office.client("clerk")
    path = f"/calls/{shas[FINE]}"
    data = fields(browser.get(path), item="turn.0.text", to="您好，一二三四五热线")
    json = {"accept": "application/json"}
    told = browser.post(f"{path}/amend", data=data, headers=json).json()
    assert told["version"] > 0
    assert "您好，一二三四五热线" in browser.get(path).text
    late = browser.post(f"{path}/amend", data=data | {"to": "喂"}, headers=json)
    assert late.status_code == 409
    wrong = browser.post(f"{path}/amend", data={"item": "turn.0.speaker", "to": "x"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("day", ["2026-07-01", "1' OR '1", "nonsense"])
def test_a_day_without_calls_or_sense(office, shas, day):
    answer = office.client("clerk").get("/sample", params={"day": day})
    assert answer.status_code == (200 if day == "2026-07-01" else 400)
