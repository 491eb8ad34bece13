"""The administrator's pages: accounts, runs, settings, audit."""

import csv
import io
import json
import re

import pytest
from shiftcalls import told
from typer.testing import CliRunner
from webbing import PASSWORD, sign_in

import cli
from pipeline.store import audit, users


def one_time(page) -> str:
    return re.search(r'<code class="secret">([^<]+)</code>', page.text)[1]


def test_an_account_is_made_with_a_password_for_one_sign_in(office):
    admin = office.client("admin")
    made = admin.post("/admin/users", data={"name": "王芳", "role": "clerk"})
    browser = office.anonymous()
    assert sign_in(browser, "王芳", one_time(made)).status_code == 303
    assert browser.get("/account").headers["location"] == "/password"
    row = office.write(lambda store: audit.listing(store, audit.Wanted(what="user"), limit=1))
    assert (row[0]["who"], row[0]["what"]) == ("admin", "user.add")
    assert '"new":"clerk"' in row[0]["detail"] and '"from":"testclient"' in row[0]["detail"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "x", "role": "root"}, "没有"),
        ({"name": "a b", "role": "clerk"}, "账号名"),
        ({"name": "admin", "role": "clerk"}, "已经有"),
        ({"name": "x", "role": "agent"}, "工号"),
        ({"name": "x", "role": "clerk", "agent_id": "1007"}, "话务员"),
    ],
)
def test_an_account_that_cannot_be_says_why(office, fields, said):
    answer = office.client("admin").post("/admin/users", data=fields)
    assert answer.status_code == 400 and said in answer.text


def test_a_shut_account_is_out_at_once_and_may_come_back(office):
    admin, clerk = office.client("admin"), office.client("clerk")
    admin.post("/admin/users/clerk/disable", data={"enable": "0"})
    assert clerk.get("/account").headers["location"].startswith("/login")
    assert sign_in(office.anonymous(), "clerk").status_code == 401
    admin.post("/admin/users/clerk/disable", data={"enable": "1"})
    assert sign_in(office.anonymous(), "clerk").status_code == 303


def test_the_last_administrator_cannot_go(office):
    admin = office.client("admin")
    for path, fields in (("disable", {"enable": "0"}), ("role", {"role": "lead"})):
        answer = admin.post(f"/admin/users/admin/{path}", data=fields)
        assert answer.status_code == 400 and "最后一个管理员" in answer.text
    office.account("admin", "second")
    assert admin.post("/admin/users/admin/role", data={"role": "lead"}).status_code == 303
    assert office.write(lambda store: users.find(store, "admin")).role == "lead"


def test_a_forgotten_password_is_replaced_and_the_old_one_opens_nothing(office):
    office.account("lead")
    once = one_time(office.client("admin").post("/admin/users/lead/reset"))
    assert sign_in(office.anonymous(), "lead", PASSWORD).status_code == 401
    assert sign_in(office.anonymous(), "lead", once).status_code == 303


def test_failed_calls_are_listed_with_what_to_do_and_masked(office):
    failed = told(3, status="failed")

    def keep(store):
        store.remember([(failed.call.recording, ("/x/13912345678.wav",))])
        store.save(failed, heard=False)
        store.begin_run("h", "j", 5)

    office.write(keep)
    page = office.client("admin").get("/admin/runs").text
    assert failed.call.recording.sha256[:12] in page
    assert failed.failure.code in page and "运行" in page
    (row,) = office.program("admin").get("/api/v1/failures").json()
    assert (row["code"], row["call"]) == (
        failed.failure.code,
        failed.call.recording.sha256[:12],
    )
    (run,) = office.program("admin").get("/api/v1/runs").json()
    assert (run["asked"], run["exit"]) == (5, "running")


def test_settings_show_profile_and_retention(office):
    page = office.client("admin").get("/admin/settings").text
    assert "retention.transcript_days" in page and office.bench.city.digest[:16] in page
    told = office.program("admin").get("/api/v1/settings").json()
    assert told["profile"]["digest"] == office.bench.city.digest
    assert told["config"]["retention"]["transcript_days"] == 0
    files = re.findall(r'<th scope="row">([a-z]+)\.toml</th><td><span class="tag">自带', page)
    assert {"qa", "ticket", "returns"} <= set(files)


def test_the_administrator_chooses_how_long_data_is_kept_and_forgetting_keeps_to_it(office):
    office.write(lambda store: store.remember([(told(1).call.recording, ("/x",))]))
    office.write(lambda store: store.save(told(1, "caller: 停水了"), heard=True))
    admin, db = office.client("admin"), str(office.bench.settings.db)
    place = "/admin/settings/retention"
    for wrong in ("-1", "1.5", "99999", "x"):
        assert admin.post(place, data={"transcript_days": wrong}).status_code == 400
    saved = admin.post(place, data={"transcript_days": "3", "audio_days": ""})
    assert saved.status_code == 303 and 'value="3"' in admin.get("/admin/settings").text
    forget = ["forget", "--expired", "--yes", "--db", db]
    assert "转写 1" in CliRunner().invoke(cli.app, forget).stderr
    wanted = audit.Wanted(what="retention")
    rows = office.write(lambda store: audit.listing(store, wanted, limit=9))
    kept = [json.loads(row["detail"]) for row in rows]
    assert [(one["class"], one["old"], one["new"]) for one in kept] == [("transcript", None, 3)]
    program = office.program("admin")
    assert program.post(f"/api/v1{place[6:]}", json={"ticket": -1}).status_code == 400
    told_now = program.post(
        f"/api/v1{place[6:]}", json={"transcript": None, "ticket": 9}
    ).json()
    assert [(one["key"], one["days"]) for one in told_now][1:3] == [
        ("transcript_days", 0),
        ("ticket_days", 9),
    ]


def test_the_audit_is_filtered_paged_and_exported(office):
    admin = office.client("admin")
    many = 130

    def keep(store):
        for number in range(many):
            audit.note(store, "=cmd|x", "probe", {"n": number})

    office.write(keep)
    page = admin.get("/admin/audit", params={"what": "probe"})
    assert page.text.count(">probe</td>") == 100
    older = re.search(r'href="(/admin/audit\?[^"]+)"', page.text)[1].replace("&amp;", "&")
    assert admin.get(older).text.count(">probe</td>") == many - 100
    table = admin.post("/admin/audit/export", data={"what": "probe"})
    assert table.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(table.text.lstrip("\ufeff"))))
    assert len(rows) == many + 1 and rows[1][2] == "'=cmd|x"  # no formula
    assert "导出审计" in admin.get("/admin/audit").text


def test_an_edited_audit_is_found_out(office):
    admin = office.client("admin", follow=True)
    assert "没有改动" in admin.post("/admin/audit/verify").text

    def edit(store):
        store.db.execute("DROP TRIGGER audit_fixed")
        store.db.execute("UPDATE audit SET who = 'nobody' WHERE id = 2")

    office.write(edit)
    assert "第 2 行被改动" in admin.post("/admin/audit/verify").text
    answer = office.program("admin").get("/api/v1/audit/verify")
    assert answer.status_code == 409 and "第 2 行" in answer.json()["detail"]
