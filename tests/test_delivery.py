"""What a dispatcher sent leaves by `lingsu push --sent`, once, and the page says whether it has
arrived."""

import json
import re
from dataclasses import replace
from itertools import count

import pytest
from receiving import receiving, status, taken
from shift_desk import calls, fill
from typer.testing import CliRunner

import cli
from pipeline.push.target import TOKEN
from pipeline.records import Scope
from pipeline.store import dispatches, pushes

TEXT = "no such unit"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Each step and each push a second after the one before: times are kept to the second."""
    seconds = count()
    for module in (pushes, dispatches):
        monkeypatch.setattr(module, "now", lambda: f"2027-01-01T00:00:{next(seconds):02}+00:00")
    monkeypatch.delenv(TOKEN, raising=False)


@pytest.fixture
def shas(office):
    return office.write(fill)


def push(office, url, *typed):
    """`lingsu push --sent`, as cron runs it; the workbench knows the address, too."""
    config = office.bench.settings.config
    named = config.model_copy(update={"push": config.push.model_copy(update={"url": url})})
    office.bench.settings = replace(office.bench.settings, config=named)
    db = office.bench.settings.db
    fast = db.with_suffix(".toml")
    fast.write_text(f"[push]\nurl = '{url}'\nbackoff_s = 0.0\nattempts = 1\n")
    words = ["push", "--sent", "--db", str(db), "--config", str(fast), "--json", *typed]
    return json.loads(CliRunner().invoke(cli.app, words).stdout)


def step(browser, sha, state, part=1):
    path = f"/dispatch/{sha}"
    version = re.search(r'name="version" value="([^"]+)"', browser.get(path).text)[1]
    answer = browser.post(f"{path}/{part}/step", data={"version": version, "state": state})
    assert answer.status_code == 303


def became(browser, sha):
    found = re.search(r'data-delivery="(\w+)"', browser.get(f"/dispatch/{sha}").text)
    return found and found[1]


def test_an_order_leaves_once_and_the_page_says_that_it_arrived(office, shas):
    browser = office.client("dispatcher")
    assert became(browser, shas[1]) is None
    step(browser, shas[1], "sent")
    assert became(browser, shas[1]) == "nowhere"  # nothing is configured
    with receiving(taken) as system:
        push(office, "http://127.0.0.1:9/nobody")
        assert became(browser, shas[1]) == "failed"
        told = push(office, system.url)
        assert [one["receipt"] for one in told["accepted"]] == ["GD0001"]
        assert push(office, system.url)["accepted"] == []
    assert [one["sha256"] for one in system.orders] == [shas[1]]  # no other draft left
    assert (
        became(browser, shas[1]) == "arrived"
        and "GD0001" in browser.get(f"/dispatch/{shas[1]}").text
    )
    assert "Arrived" in english(browser).get("/dispatch?state=sent").text
    line = office.program("lead").get("/api/v1/orders?state=sent").json()["orders"][0]
    assert line["delivery"]["state"] == "arrived"


def test_what_is_sent_again_goes_again_only_where_it_changed(office, shas):
    browser = office.client("dispatcher")
    with receiving(taken) as system:
        step(browser, shas[1], "sent")
        push(office, system.url)
        step(browser, shas[1], "draft")
        assert became(browser, shas[1]) == "arrived"  # the other system has it still
        step(browser, shas[1], "sent")
        assert became(browser, shas[1]) == "waits"
        assert push(office, system.url)["before"] == 1  # the same version: confirmed, not sent
        assert became(browser, shas[1]) == "arrived" and len(system.seen) == 1
        step(browser, shas[1], "draft")
        office.client("dispatcher").post(
            f"/dispatch/{shas[1]}/1/edit", data={"f.caller": "李先生"}
        )
        step(browser, shas[1], "sent")
        assert len(push(office, system.url)["accepted"]) == 1
    ids = {one["order_id"] for one in system.orders}
    assert len(system.orders) == 2 and len(ids) == 1  # a new version of one order


def test_what_the_other_side_refuses_is_told_with_its_words_and_a_remedy(office, shas):
    browser = english(office.client("dispatcher"))
    step(browser, shas[1], "sent")
    with receiving(status(422, TEXT)) as system:
        push(office, system.url)
    page = browser.get(f"/dispatch/{shas[1]}").text
    assert became(browser, shas[1]) == "failed"
    assert TEXT in page and "Take it back" in page


def test_an_emergency_leaves_where_a_dispatcher_sends_it(office):
    made = calls()[0]
    urgent = replace(made, call=replace(made.call, scope=Scope("emergency_transfer")))
    sha = office.write(lambda store: fill(store, [urgent, calls()[1]]))[1]
    step(office.client("dispatcher"), sha, "sent")
    with receiving(taken) as system:
        push(office, system.url)
    assert [one["disposition"] for one in system.orders] == ["派单"]


def english(browser):
    browser.cookies.set("lingsu-lang", "en")
    return browser
