"""A push as a whole: nothing twice, nothing lost, whatever the other side or a kill does."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from receiving import drop, receiving, slow, status, taken, taken_unheard
from shiftcalls import stored, told
from typer.testing import CliRunner

import cli
from pipeline.linkrecords import Link
from pipeline.push.orders import Order
from pipeline.push.target import TOKEN
from pipeline.records import Flag, Ticket
from pipeline.store import audit, dispatches, erase, links, pushes, queries, reviews
from pipeline.store.dispatches import Step
from pipeline.store.reviews import Review
from pipeline.store.store import Store

FAST = "[push]\nbackoff_s = 0.0\nattempts = 2\ntimeout_s = 5.0\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A store of three calls to be sent, settings without pauses, no token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(TOKEN, raising=False)
    Path("fast.toml").write_text(FAST)
    stored(Path("lingsu.db"), *(told(n, "caller: 停水了") for n in (1, 2, 3)))
    return tmp_path


def push(*typed: str):
    """`lingsu push` with these words; status 0 and 1 are answers, 2 an error."""
    return CliRunner().invoke(cli.app, ["push", *typed, "--config", "fast.toml"])


def pushed(*typed: str) -> dict:
    return json.loads(push(*typed, "--json").stdout)


def letters() -> list[dict]:
    file = Path("lingsu.db.undelivered.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_every_order_arrives_once_with_its_receipt_and_a_second_run_sends_nothing():
    with receiving() as system:
        first, again = pushed(system.url), pushed(system.url)
    assert [one["receipt"] for one in first["accepted"]] == ["GD0001", "GD0002", "GD0003"]
    assert again["accepted"] == [] and again["before"] == 3
    assert len(system.seen) == 3 and len({key for key in system.keys}) == 3
    with Store.open(Path("lingsu.db")) as store:
        (row,) = pushes.of(store, system.orders[0]["sha256"])
        known = (row.state, row.receipt, row.status, row.attempts)
        assert known == ("accepted", "GD0001", 201, 1)
        assert audit.verify(store)[0] == 2


def test_a_call_shows_what_was_sent_of_it():
    sha = told(1).call.recording.sha256
    with receiving() as system:
        push(system.url, "--id", sha)
        shown = CliRunner().invoke(cli.app, ["show", sha[:8]]).stdout
    assert "GD0001" in shown and "对方已收" in shown and system.url in shown.replace("\n", "")


def test_calls_are_chosen_as_for_an_export():
    sha = told(2).call.recording.sha256
    with receiving() as system:
        assert len(pushed(system.url, "--id", sha[:8])["accepted"]) == 1
        assert pushed(system.url, "--since", "2026-07-15")["accepted"] == []
        assert len(pushed(system.url, "--agent", "1007")["accepted"]) == 2
    assert system.orders[0]["sha256"] == sha


def test_what_waits_for_a_person_is_sent_only_when_asked_for():
    asking = told(4, "caller: 停电", flags=(Flag("abuse", "fail", "alert", "辱骂"),))
    stored(Path("lingsu.db"), asking)
    with receiving() as system:
        told_first = pushed(system.url)
        assert (len(told_first["accepted"]), told_first["waiting"]) == (3, 1)
        assert len(pushed(system.url, "--all")["accepted"]) == 1
    assert system.orders[3]["needs_review"] is True


def test_what_a_dispatcher_released_waits_for_nobody_and_what_he_returned_is_no_order():
    flags = (Flag("abuse", "fail", "alert", "辱骂"),)
    calls = [told(n, "caller: 停电", flags=flags) for n in (4, 5)]
    stored(Path("lingsu.db"), *calls)
    with Store.open(Path("lingsu.db")) as store:
        for call, state in zip(calls, ("sent", "returned"), strict=True):
            sha = call.call.recording.sha256
            code = "26" if state == "returned" else None
            dispatches.add(store, sha, Step(sha, 1, "王", state, code, reason="x"))
    with receiving() as system:
        found = pushed(system.url)
    shas = {one["sha256"] for one in system.orders}
    assert len(found["accepted"]) == 4 and calls[0].call.recording.sha256 in shas


def test_a_draft_that_changed_goes_again_only_when_asked_for_under_the_same_id():
    with receiving() as system:
        pushed(system.url)
        other = told(1, "caller: 停水了", title="又停水了")
        stored(Path("lingsu.db"), replace(other, judge_key="newer"))
        assert pushed(system.url)["changed"] == 1
        assert len(pushed(system.url, "--changed")["accepted"]) == 1
    assert len(system.orders) == 4
    assert system.orders[3]["order_id"] == system.orders[0]["order_id"]
    assert system.keys[3] != system.keys[0]


def test_a_refused_order_is_kept_in_the_file_and_sent_again_only_from_there():
    with receiving(taken, status(422, '{"error": "缺地址"}')) as system:
        done = push(system.url)
        assert done.exit_code == 1
        assert "--dead-letter lingsu.db.undelivered.jsonl" in done.stdout
        (letter,) = letters()
        assert (letter["reason"], letter["status"]) == ("refused", 422)
        assert "缺地址" in letter["said"] and letter["order"]["ticket"]
        later = push(system.url, "--json")
        assert later.exit_code == 0  # it waits for a person: cron need not tell of it again
        told = json.loads(later.stdout)
        assert told["refused"][0]["said"] == letter["said"] and told["left"] == []
        assert len(system.seen) == 3 and len(letters()) == 1
        again = push(system.url, "--dead-letter", "lingsu.db.undelivered.jsonl")
        assert again.exit_code == 0 and letters() == []
        assert not Path("lingsu.db.undelivered.jsonl").exists()
    assert len(system.orders) == 3 and system.keys[3] == letter["key"]


def test_a_refused_order_that_was_changed_is_sent_again():
    with receiving(status(422)) as system:
        refused = pushed(system.url)["left"][0]["order_id"]
        number = next(n for n in (1, 2, 3) if refused.startswith(_sha(n)[:16]))
        other = told(number, "caller: 停水了", title="补了地址")
        stored(Path("lingsu.db"), replace(other, judge_key="newer"))
        found = pushed(system.url)
    assert [one["order_id"] for one in found["accepted"]] == [refused]
    assert found["refused"] == []


def _judged_again(store):
    other = told(2, "caller: 停水了", title="又停水了")
    store.save(replace(other, judge_key="newer"), heard=True)


def _reviewed(store):
    reviews.add(store, Review(_sha(2), "王", "change", "urgency", "一般", "紧急"))


def _taken_back(store):
    dispatches.add(store, _sha(2), Step(_sha(2), 1, "王", "returned", "26", reason="x"))


def _linked(store):
    with store.transaction() as db:
        links.put_links(db, [Link(_sha(2), _sha(2), "duplicate", 0.9, {})])


def _sha(number):
    return told(number).call.recording.sha256


@pytest.mark.parametrize("happens", [_judged_again, _reviewed, _taken_back, _linked])
def test_a_call_is_read_again_only_when_something_happened_to_it(monkeypatch, happens):
    read = []
    real = queries.result
    monkeypatch.setattr(
        queries, "result", lambda store, sha: read.append(sha) or real(store, sha)
    )
    with receiving() as system:
        pushed(system.url)
        assert len(read) == 3 and pushed(system.url)["before"] == 3 and len(read) == 3
        with Store.open(Path("lingsu.db")) as store:
            happens(store)
        pushed(system.url)
        assert read[3:] == [_sha(2)]
        pushed(system.url, "--changed")  # other orders are wanted: all are looked at
    assert len(read) == 7


def test_calls_that_wait_are_counted_without_being_read_until_they_are_wanted(monkeypatch):
    asking = told(4, "caller: 停电", flags=(Flag("abuse", "fail", "alert", "辱骂"),))
    stored(Path("lingsu.db"), asking)
    with receiving() as system:
        pushed(system.url)
        with monkeypatch.context() as unread:
            unread.delattr(queries, "result")
            assert pushed(system.url)["waiting"] == 1
        assert len(pushed(system.url, "--all")["accepted"]) == 1


def test_the_file_is_its_owners_alone_and_holds_masked_numbers():
    number = "13907750123"
    one = told(5, "caller: 停水", caller_number=number)
    ticket = Ticket("停水", f"来电人（{number}）反映停水。")
    one = replace(one, call=replace(one.call, ticket=ticket))
    stored(Path("lingsu.db"), one)
    with receiving(*[status(422)] * 4) as system:
        push(system.url)
    file = Path("lingsu.db.undelivered.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert number not in file.read_text() and "139****0123" in file.read_text()


def test_a_system_that_is_down_is_not_asked_about_every_call():
    stored(Path("lingsu.db"), *(told(n, "caller: 停水了") for n in range(4, 10)))
    with receiving(*[status(503)] * 6) as system:
        first = pushed(system.url)
        assert (first["stopped"], first["unsent"], len(letters())) == ("server_error", 6, 3)
        assert len(system.seen) == 6  # three orders, two attempts each
        second = pushed(system.url)
    assert len(second["accepted"]) == 9 and letters() == []


@pytest.mark.parametrize("code", [401, 404, 302])
def test_a_wrong_token_or_address_stops_at_the_first_order(code):
    with receiving(status(code)) as system:
        first = pushed(system.url)
        assert first["unsent"] == 2 and len(system.seen) == 1
        assert len(pushed(system.url)["accepted"]) == 3  # put right: nothing was lost
    assert letters() == []


def test_the_token_is_sent_and_shows_in_no_output_file_or_store(monkeypatch, here):
    monkeypatch.setenv(TOKEN, "s3cret-token")
    with receiving(status(422), drop, drop) as system:
        done = push(system.url)
    assert system.seen[0][1]["Authorization"] == "Bearer s3cret-token"
    assert "s3cret-token" not in done.output
    assert all(b"s3cret-token" not in p.read_bytes() for p in here.iterdir() if p.is_file())


def test_nothing_is_sent_in_a_dry_run():
    done = push("--dry-run")
    orders = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(orders) == 3 and orders[0]["ticket"]["title"] == "第1通"
    with Store.open(Path("lingsu.db")) as store:
        assert not pushes.of(store, orders[0]["sha256"])


def test_a_forgotten_call_takes_what_was_sent_of_it_along_and_its_letter_is_not_sent():
    with receiving(taken, status(422), taken) as system:
        push(system.url)
        (letter,) = letters()
        with Store.open(Path("lingsu.db")) as store:
            erase.forget(store, letter["order"]["sha256"])
            assert not pushes.of(store, letter["order"]["sha256"])
        again = pushed(system.url, "--dead-letter", "lingsu.db.undelivered.jsonl")
    assert again["accepted"] == [] and len(system.seen) == 3 and letters() == []


def test_lingsu_forget_takes_the_letters_of_the_call_along():
    with receiving(status(422), status(422)) as system:
        push(system.url)
    gone, left = letters()
    sha = gone["order"]["sha256"]
    done = CliRunner().invoke(cli.app, ["forget", sha[:8], "--yes"])
    assert done.exit_code == 0 and letters() == [left]


def test_two_systems_each_get_every_order():
    with receiving() as one, receiving() as other:
        pushed(one.url)
        assert len(pushed(other.url)["accepted"]) == 3
    assert one.keys == other.keys


@pytest.mark.parametrize(("limit_s", "sent"), [(60.0, 2), (-1.0, 3)])
def test_what_another_living_process_is_sending_is_left_to_it_for_a_while(
    monkeypatch, limit_s, sent
):
    order = json.loads(push("--dry-run").stdout.splitlines()[0])
    sha = order["sha256"]
    with receiving() as system, Store.open(Path("lingsu.db")) as store:
        with monkeypatch.context() as patched:
            patched.setattr("pipeline.store.owner.me", lambda: "another-host 1 -")
            key = Order(sha, 1, order).key
            assert pushes.begin(store, sha, 1, system.url, key, limit_s=limit_s) == "mine"
        found = pushed(system.url)
    assert (len(found["accepted"]), found["elsewhere"]) == (sent, 3 - sent)


@pytest.mark.parametrize("line", ["no json", "{}", '{"order": {"sha256": "x"}}', "[1]"])
def test_a_file_that_is_none_of_ours_is_refused_and_left(line):
    Path("letters.jsonl").write_text(line)
    done = push("http://127.0.0.1:9/x", "--dead-letter", "letters.jsonl")
    assert done.exit_code == 2 and "第 1 行" in done.output
    assert Path("letters.jsonl").read_text() == line


def test_a_letter_that_was_edited_is_refused():
    with receiving(status(422)) as system:
        push(system.url)
        file = Path("lingsu.db.undelivered.jsonl")
        file.write_text(file.read_text().replace("第1通", "另一个标题"))
        done = push(system.url, "--dead-letter", str(file))
        assert done.exit_code == 2 and len(system.seen) == 3


def test_a_letter_file_cannot_be_mixed_with_a_choice_of_calls():
    Path("letters.jsonl").write_text("")
    done = push("http://127.0.0.1:9/x", "--dead-letter", "letters.jsonl", "--shift", "行政班")
    assert done.exit_code == 2 and "--dead-letter" in done.output


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["http://gongdan.example/x"], "--insecure-http"),
        (["https://user:pass@gongdan.example/x"], TOKEN),
        ([], "push.url"),
    ],
)
def test_an_unsafe_address_is_refused_before_anything_is_sent(typed, told):
    done = push(*typed)
    assert done.exit_code == 2 and told in done.output and "pass" not in done.output


def test_english_is_spoken_when_asked():
    with receiving(status(422)) as system:
        done = push(system.url, "--lang", "en")
    assert "Not delivered" in done.stdout and "The order was refused" in done.stdout


@pytest.mark.parametrize("step", [taken_unheard, drop])
def test_a_killed_push_goes_on_where_it_was_and_nothing_arrives_twice(step):
    """Killed while the second order is on its way: taken by the other side, or lost."""
    running: list[subprocess.Popen] = []

    def kill():
        if len(system.seen) == 2:
            os.kill(running[0].pid, signal.SIGKILL)
            running[0].wait()

    with receiving(taken, step, check=kill) as system:
        root = str(Path(cli.__file__).parent)
        typed = [sys.executable, f"{root}/cli.py", "push", system.url, "--config", "fast.toml"]
        running.append(subprocess.Popen(typed, env={**os.environ, "PYTHONPATH": root}))
        assert running[0].wait(60) == -signal.SIGKILL
        with Store.open(Path("lingsu.db")) as store:
            rows = store.db.execute("SELECT state FROM pushes ORDER BY id").fetchall()
            assert [row["state"] for row in rows] == ["accepted", "sending"]
        again = pushed(system.url)
    assert again["before"] == 1 and len(again["accepted"]) == 2
    assert len(system.orders) == 3 and len(set(system.keys)) == 3


def test_ctrl_c_keeps_what_was_answered_and_writes_the_letters():
    def interrupt():
        if len(system.seen) == 2:
            time.sleep(0.2)  # until it waits for the answer: in a __del__ it would be lost
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    with receiving(status(422), slow(0.5), check=interrupt) as system:
        done = push(system.url)
        assert done.exit_code == 130
        assert [one["reason"] for one in letters()] == ["refused"]
        assert len(pushed(system.url)["accepted"]) == 2
