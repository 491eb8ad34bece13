"""What somebody tries who does not belong here, and what comes of it: the OWASP list.

docs/security.md tells the same to people; each of its rows names a test of this file or of
test_web_routes.py (forced browsing), test_web_api.py (other people's calls).
"""

import logging
import re
from urllib.parse import quote

import pytest
from shiftcalls import told
from starlette.testclient import TestClient
from webbing import PASSWORD, csrf_of, sign_in

from pipeline.store import audit, tokens, users
from pipeline.web import guard
from pipeline.web.headers import LARGEST

EVIL = "<script>alert(1)</script>"


def cookie(browser, name="lingsu"):
    return browser.cookies.get(name)


def rows(office, what):
    wanted = audit.Wanted(what=what)
    return office.write(lambda store: audit.listing(store, wanted, limit=99))


# Injection


@pytest.mark.parametrize("said", ["' OR '1'='1", "x' UNION SELECT * FROM users --", '"; DROP'])
def test_sql_in_a_filter_is_a_word_like_any_other(office, said):
    admin, program = office.client("admin"), office.program("lead")
    for field in ("who", "what"):
        assert (
            "Nothing"
            in admin.get(
                "/admin/audit", params={field: said}, headers={"cookie": _english(admin)}
            ).text
        )
    assert program.get("/api/v1/calls", params={"agent": said}).json()["calls"] == []
    assert program.get("/api/v1/calls", params={"after": said}).status_code == 422
    assert program.get(f"/api/v1/calls/{quote(said, safe='')}").status_code == 422
    assert sign_in(office.anonymous(), said, said).status_code == 401
    assert {user.name for user in office.write(users.listing)} == {"admin", "lead"}


def _english(browser) -> str:
    return f"lingsu={cookie(browser)}; lingsu-lang=en"


def test_a_page_that_shows_cannot_write_whatever_is_typed(office):
    import sqlite3

    with office.bench.pool.lend() as store, pytest.raises(sqlite3.OperationalError):
        store.db.execute("UPDATE users SET role = 'admin'")


def test_a_script_in_a_name_is_shown_as_text(office):
    """In a file's name, a failure, an agent's id, an audit row, a sign-in, an address."""
    failed = told(3, status="failed")

    def keep(store):
        store.remember([(failed.call.recording, (f"/x/{EVIL}.wav",))])
        store.save(failed, heard=False)
        store.db.execute("UPDATE recordings SET path = ?", (f"/x/{EVIL}.wav",))
        audit.note(store, EVIL, "probe", {EVIL: EVIL})

    office.write(keep)
    office.account("agent", "li", EVIL)
    admin = office.client("admin")
    places = ("/admin/runs", "/admin/users", "/admin/audit", f"/admin/audit?who={quote(EVIL)}")
    pages = [admin.get(place) for place in places]
    pages += [
        sign_in(office.anonymous(), EVIL),
        office.anonymous().get(f"/login?next={quote('/' + EVIL)}"),
        admin.post("/admin/users", data={"name": EVIL, "role": EVIL}),
        admin.get(f"/{quote(EVIL)}"),
    ]
    for page in pages:
        assert EVIL not in page.text and "<script>" not in page.text, page.url
        assert page.headers["content-type"].startswith("text/html")
    assert sum("&lt;script&gt;" in page.text for page in pages) >= 5


def test_no_page_has_a_script_or_a_style_of_its_own(office):
    admin = office.client("admin")
    for place in ("/admin/users", "/admin/runs", "/admin/settings", "/admin/audit", "/account"):
        text = admin.get(place).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", text), place


def test_a_formula_in_the_audit_does_not_run_in_a_spreadsheet(office):
    office.write(lambda store: audit.note(store, "=1+1", "probe", {}))
    table = office.client("admin").post("/admin/audit/export", data={"what": "probe"})
    assert ",'=1+1," in table.text


@pytest.mark.parametrize("sign", ["%0d%0aSet-Cookie:%20a=b", "%0aX: y", "%00"])
def test_a_line_break_makes_no_header(office, sign):
    browser = office.anonymous()
    answer = browser.get(f"/account?x={sign}")
    page = browser.get(answer.headers["location"])
    fields = {"name": office.account("lead"), "password": PASSWORD, "csrf": csrf_of(page)}
    done = browser.post(f"/login?{sign}", data=fields | {"next": f"/a{sign}\r\nX: y"})
    for one in (answer, page, done):
        assert "x" not in one.headers and "a=b" not in str(one.headers.get("set-cookie"))
    assert done.headers["location"] == "/"


# Broken access control


def test_no_path_leads_out_of_the_static_files(office):
    for path in (
        "..%2f..%2fsettings.py",
        "%2e%2e/app.py",
        "..%5capp.py",
        "base.css%00.js",
        "/etc/passwd",
        "....//app.py",
        "%252e%252e%252fapp.py",
        "base.css/../../app.py",
    ):
        browser = office.anonymous()
        assert browser.get("/static/base.css").status_code == 200
        answer = browser.get(f"/static/{path}")
        assert answer.status_code == 404 and "import" not in answer.text


def test_what_is_not_a_page_is_not_found(office):
    for path in (
        "/app.py",
        "/.git/config",
        "/lingsu.db",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/admin",
        "/admin/",
        "/ADMIN/USERS",
        "//admin/users",
        "/admin/users/",
        "/api/v1/users/",
    ):
        assert office.anonymous().get(f"http://127.0.0.1:8345{path}").status_code == 404


def test_nobody_revokes_another_s_token(office):
    program = office.program("lead")
    answer = office.client("clerk").post("/account/tokens/1/revoke")
    assert answer.status_code == 400 and program.get("/api/v1/me").status_code == 200


def test_a_demoted_person_has_the_new_role_at_the_next_request(office):
    office.account("admin", "second")
    browser, program = office.client("admin"), office.program("admin")
    assert program.get("/api/v1/users").status_code == 200
    by = users.By("second")
    office.write(lambda store: users.change_role(store, "admin", "clerk", by=by))
    assert browser.get("/admin/users").headers["location"].startswith("/login")
    assert program.get("/api/v1/users").status_code == 403
    assert program.get("/api/v1/me").json()["role"] == "clerk"


def test_a_shut_account_s_token_is_gone_for_good(office):
    office.account("admin")
    program, by = office.program("lead"), users.By("admin")
    office.write(lambda store: users.disable(store, "lead", by=by))
    assert program.get("/api/v1/me").status_code == 401
    office.write(lambda store: users.disable(store, "lead", by=by, enable=True))
    assert program.get("/api/v1/me").status_code == 401


def test_a_role_cannot_be_slipped_into_another_form(office):
    clerk, program = office.client("clerk"), office.program("admin")
    more = {"role": "admin", "must_change": "0", "disabled": "", "user": "admin"}
    new = {"old": PASSWORD, "new": "another-long-one", "again": "another-long-one"}
    assert clerk.post("/password", data=new | more).status_code == 303
    clerk.post("/account/tokens", data={"label": "x", "days": "1"} | more)
    user = office.write(lambda store: users.find(store, "clerk"))
    assert user.role == "clerk"
    assert [one["label"] for one in office.write(lambda s: tokens.listing(s, "clerk"))] == ["x"]
    body = {"name": "li", "role": "lead", "password": "chosen-by-me", "must_change": False}
    assert program.post("/api/v1/users", json=body).status_code == 422
    assert program.patch("/api/v1/users/clerk", json={"password": "x"}).status_code == 422


def test_signing_in_leads_nowhere_else(office):
    for place in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "http:evil.example",
        "///evil.example",
        "/%0a/evil",
        "evil",
        " //evil.example",
    ):
        browser = office.anonymous()
        page = browser.get("/login", params={"next": place})
        here, after = re.findall(r'name="next" value="([^"]*)"', page.text)
        assert here.startswith("/login?next=") and after in ("", "/%0a/evil")
        answer = sign_in(browser, office.account("lead"), next=place)
        assert answer.headers["location"] in ("/", "/%0a/evil")


# Cross-site requests


def test_a_form_of_another_site_changes_nothing(office):
    admin = office.client("admin")
    fields = {"name": "evil", "role": "admin"}
    refused = [
        admin.post("/admin/users", csrf=False, data=fields),
        admin.post("/admin/users", csrf=False, data=fields | {"csrf": "0" * 64}),
        admin.post("/admin/users", csrf=False, data=fields | {"csrf": ""}),
        admin.post("/admin/users", data=fields, headers={"Origin": "https://evil.example"}),
        admin.post("/admin/users", data=fields, headers={"Origin": "null"}),
        admin.post("/admin/users", csrf=False, data=fields, headers={"x-csrf-token": b"\xe9"}),
    ]
    assert [one.status_code for one in refused] == [403] * 6
    assert office.write(lambda store: users.find(store, "evil")) is None
    same = {"Origin": "http://127.0.0.1:8345"}
    assert admin.post("/admin/users", data=fields, headers=same).status_code == 200


def test_another_session_s_token_is_not_taken(office):
    admin, clerk = office.client("admin"), office.client("clerk")
    theirs = csrf_of(clerk.get("/account"))
    fields = {"name": "evil", "role": "admin", "csrf": theirs}
    assert admin.post("/admin/users", csrf=False, data=fields).status_code == 403


def test_nobody_is_signed_in_by_another_site(office):
    browser, fields = office.anonymous(), {"name": office.account("lead"), "password": PASSWORD}
    assert browser.post("/login", csrf=False, data=fields).status_code == 403
    empty = fields | {"csrf": guard.csrf(office.bench, "")}
    assert browser.post("/login", csrf=False, data=empty).status_code == 403


def test_a_body_of_another_kind_is_not_read(office):
    for kind in (
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "application/xml",
        "application/x-www-form-urlencodedx",
    ):
        admin = office.client("admin")
        headers = {"content-type": kind} if kind else {}
        body = b"name=evil&role=admin"
        answer = admin.post("/admin/users", content=body, headers=headers)
        assert answer.status_code == 415
        program = office.program("admin")
        answer = program.post(
            "/api/v1/users", content=b'{"name":"evil","role":"admin"}', headers=headers
        )
        assert answer.status_code == 415


def test_a_method_cannot_be_put_on_another(office):
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "_method"):
        admin = office.client("admin")
        answer = admin.get("/admin/users", headers={name: "POST"}, params={name: "POST"})
        assert answer.status_code == 200
        admin.get("/logout", headers={name: "POST"}, params={name: "POST"})
        assert admin.get("/account").status_code == 200


def test_a_verb_that_no_route_has_does_nothing(office):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "FOO"):
        admin = office.client("admin")
        for path in ("/admin/users", "/logout", "/api/v1/users"):
            assert admin.request(method, path).status_code == 405
        assert admin.get("/account").status_code == 200
        assert office.anonymous().get("/logout").status_code == 405


# What goes over the wire


def test_a_name_that_is_not_ours_is_refused(office):
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "",
        "127.0.0.1@evil",
        "evil.example:8345",
        "[::1",
        "localhost.",
        "127.0.0.1 evil",
    ):
        answer = office.anonymous().get("/login", headers={"Host": host})
        assert answer.status_code in (400, 421)
        for name in ("localhost:8345", "[::1]:8345", "LOCALHOST"):
            assert office.anonymous().get("/login", headers={"Host": name}).status_code == 200


def test_no_link_is_made_of_the_host_or_a_forwarded_one(office):
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.9.9.9",
        "Forwarded": "host=evil.example",
    }
    browser = office.anonymous()
    answer = browser.get("/account", headers=headers)
    assert answer.headers["location"] == "/login?next=%2Faccount"
    assert "evil" not in browser.get("/login", headers=headers).text


def test_more_than_fits_is_not_taken(office):
    browser = office.client("lead")
    big = b"old=" + b"a" * LARGEST
    form = {"content-type": guard.FORM}
    assert browser.post("/password", content=big, headers=form).status_code == 413
    parts = (b"a" * 65536 for _ in range(9))  # no length told
    assert browser.post("/password", content=parts, headers=form).status_code == 413
    lying = form | {"content-length": "-1"}
    assert browser.post("/password", content=b"x", headers=lying).status_code == 413
    many = "&".join(f"f{n}=1" for n in range(guard.FIELDS + 1)).encode()
    assert browser.post("/password", content=many, headers=form).status_code == 400


def test_a_number_beyond_all_numbers_is_out_of_range(office):
    lead, admin = office.client("lead"), office.client("admin")
    for number in ("9" * 30, "-1", "1e9", "NaN", "٣"):
        revoked = lead.post(f"/account/tokens/{quote(number)}/revoke")
        older = admin.get("/admin/audit", params={"before": number})
        assert revoked.status_code == older.status_code == 422, number
    for days in ("9" * 30, "-1", "0", "367", "NaN", ""):
        made = lead.post("/account/tokens", data={"label": "x", "days": days})
        assert made.status_code == 400, days


def test_json_that_nests_without_end_is_not_read(office):
    program = office.program("admin")
    json = {"content-type": "application/json"}
    for body in (b"[" * 200_000, b'{"name": "\\ud800", "role": "lead"}', b"\xff", b"{"):
        answer = program.post("/api/v1/users", content=body, headers=json)
        assert answer.status_code in (400, 422), body[:20]


def test_a_name_that_looks_like_another_is_refused(office):
    for name in (
        "a\x00b",
        "\u202enimda",
        "admin\u200b",
        "\ud83d\ude00",
        "a/b",
        "..",
        "a'b",
        "a" * 65,
    ):
        name = name.encode("utf-16", "surrogatepass").decode("utf-16")
        admin = office.client("admin")
        answer = admin.post("/admin/users", data={"name": name, "role": "admin"})
        listed = {user.name for user in office.write(users.listing)}
        assert (answer.status_code, listed) == (400, {"admin"})


def test_a_wide_spelling_is_the_same_account(office):
    office.account("admin")
    assert sign_in(office.anonymous(), "ＡＤＭＩＮ").status_code == 303
    answer = office.client("admin").post(
        "/admin/users", data={"name": "ａｄｍｉｎ", "role": "admin"}
    )
    assert answer.status_code == 400


def test_every_answer_keeps_a_browser_from_harm(office):
    for path in (
        "/account",
        "/admin/users",
        "/login",
        "/nothing",
        "/api/v1/me",
        "/static/base.js",
    ):
        headers = office.client("admin").get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "server" not in headers and "access-control-allow-origin" not in headers
        kept = headers["cache-control"]
        assert kept == "no-store" or path.startswith("/static/")


def test_a_defect_tells_nobody_how_it_came(office, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("13912345678 said a secret")

    browser, program = office.client("admin"), office.program("admin")
    monkeypatch.setattr(users, "listing", broken)
    with caplog.at_level(logging.INFO):
        answers = [browser.get("/admin/users"), _raised(program, "/api/v1/users")]
    for answer in answers:
        assert answer.status_code == 500
        assert "secret" not in answer.text and "Traceback" not in answer.text
        assert ".py" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


def _raised(program, path):
    program._transport.raise_server_exceptions = False
    return program.get(path)


def test_the_log_holds_no_secret_and_no_query(office, caplog):
    with caplog.at_level(logging.INFO, logger="lingsu.web"):
        browser = office.client("lead")
        browser.get("/account?q=what-was-typed")
        browser.get("/api/v1/me?token=lst_secret")
        browser.get("/x%0aFORGED%20line")
    lines = [one.getMessage() for one in caplog.records]
    assert len(lines) == 5
    for secret in (PASSWORD, cookie(browser), "what-was-typed", "lst_secret", "\n"):
        assert not any(secret in line for line in lines)


def test_a_web_socket_is_closed(office):
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), office.client("admin").websocket_connect("/"):
        pass


def test_signing_in_failing_and_out_is_in_the_audit_without_what_was_typed(office):
    browser = office.client("lead")
    sign_in(office.anonymous(), "lead", "wrong-password")
    sign_in(office.anonymous(), "my-password-in-the-wrong-field", "x")
    browser.post("/logout")
    (out,), failed = rows(office, "logout"), rows(office, "login.failed")
    assert out["who"] == "lead" and '"from":"testclient"' in out["detail"]
    assert ['"user":"lead"' in one["detail"] for one in failed] == [False, True]
    assert not any("wrong" in one["detail"] for one in failed)


def test_nothing_is_reported_to_anybody_whatever_the_environment_says(office, monkeypatch):
    import sys

    from pipeline.web.app import QUIET, create_app

    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9/")
    app = create_app(office.bench)
    with TestClient(app, base_url="http://127.0.0.1:8345") as browser:
        assert browser.get("/login").status_code == 200
    assert not any(QUIET.values())
    assert not any(name.startswith("opentelemetry.exporter") for name in sys.modules)
