"""Attacks on sessions, passwords and tokens; test_web_attacks.py has the others."""

import re

import pytest
from webbing import PASSWORD, Office, csrf_of, sign_in

from pipeline.store import users
from pipeline.web.pages import account


def cookie(browser, name="lingsu"):
    return browser.cookies.get(name)


# Sessions and passwords


def test_a_session_set_before_signing_in_is_not_the_one_after(office):
    browser = office.anonymous()
    browser.cookies.set("lingsu", "known-to-the-attacker", domain="127.0.0.1")
    sign_in(browser, office.account("lead"))
    assert (
        "known-to-the-attacker" not in browser.cookies.get_list("lingsu")
        if hasattr(browser.cookies, "get_list")
        else True
    )
    thief = office.anonymous()
    thief.cookies.set("lingsu", "known-to-the-attacker", domain="127.0.0.1")
    assert thief.get("/account").status_code == 303


def test_a_new_password_ends_the_stolen_session(office):
    browser, thief = office.client("lead"), office.client("lead")
    new = {"old": PASSWORD, "new": "another-long-one", "again": "another-long-one"}
    before = cookie(browser)
    browser.post("/password", data=new)
    assert cookie(browser) != before and browser.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def test_signing_out_ends_the_session_in_the_store(office):
    browser, kept = office.client("lead"), office.anonymous()
    kept.cookies.set("lingsu", cookie(browser), domain="127.0.0.1")
    assert kept.get("/account").status_code == 200
    browser.post("/logout")
    assert kept.get("/account").status_code == 303


def test_a_session_ends_without_use_and_at_the_end_of_the_day(office):
    web = office.bench.settings.config.web
    browser = office.client("lead")
    office.at += web.idle_minutes * 60 - 1
    assert browser.get("/account").status_code == 200
    office.at += web.idle_minutes * 60 + 1
    assert browser.get("/account").status_code == 303
    browser = office.client("lead")
    for _ in range(web.session_hours * 2):
        office.at += 1800 - 1
        assert browser.get("/account").status_code == 200
    office.at += web.session_hours * 2 + 1
    assert browser.get("/account").status_code == 303


def test_a_cookie_cannot_be_read_by_a_script_nor_sent_unencrypted(tmp_path, office, profile):
    plain = sign_in(office.anonymous(), office.account("lead")).headers.get_list("set-cookie")
    assert all("HttpOnly" in one and "SameSite=" in one for one in plain)
    safe = Office(tmp_path / "tls.db", profile, proxy="10.0.0.1")
    browser = safe.anonymous()
    set_cookies = browser.get("https://127.0.0.1/login").headers
    assert "Secure" in set_cookies["set-cookie"] and "__Host-" in set_cookies["set-cookie"]
    assert "max-age" in set_cookies["strict-transport-security"]
    safe.close()


def test_names_are_not_told_apart_by_what_a_failed_sign_in_says(office):
    office.account("admin")
    office.account("lead")
    by = users.By("admin")
    office.write(lambda store: users.disable(store, "lead", by=by))
    told = set()
    for name in ("admin", "lead", "nobody"):
        answer = sign_in(office.anonymous(), name, "wrong-password")
        text = re.sub(
            r'(csrf" content|name="csrf" value|name="name" value)="[^"]*"', "", answer.text
        )
        told.add((answer.status_code, text))
    assert len(told) == 1


def test_guessing_stops_after_ten_failures_for_a_quarter_of_an_hour(office):
    browser, name = office.anonymous(), office.account("lead")
    said = [sign_in(browser, name, f"guess-{n}").status_code for n in range(12)]
    assert said == [401] * account.MOST_USER + [429] * 2
    assert sign_in(browser, name).status_code == 429  # the right one does not help now
    assert sign_in(browser, name.upper()).status_code == 429
    assert sign_in(browser, office.account("clerk")).status_code == 303  # others may
    office.at += account.WINDOW_S + 1
    assert sign_in(office.anonymous(), name).status_code == 303


def test_guessing_names_stops_by_the_address(office):
    browser = office.anonymous()
    said = [sign_in(browser, f"name{n}", "x").status_code for n in range(32)]
    assert said == [401] * account.MOST_ADDRESS + [429] * 2


def test_the_old_password_cannot_be_guessed_in_a_stolen_session(office):
    thief = office.client("lead")
    fields = {"new": "another-long-one", "again": "another-long-one"}
    said = [
        thief.post("/password", data=fields | {"old": f"guess-{n}"}).status_code
        for n in range(11)
    ]
    assert said == [400] * 10 + [429]


@pytest.mark.parametrize("new", ["short", "aaaaaaaaaaaaaa", "xxleadxx-123456", "", "a" * 300])
def test_a_password_that_is_easily_guessed_is_refused(office, new):
    browser = office.client("lead")
    fields = {"old": PASSWORD, "new": new, "again": new}
    assert browser.post("/password", data=fields).status_code == 400
    assert sign_in(office.anonymous(), "lead").status_code == 303


def test_whoever_reads_the_file_finds_no_way_in(office, tmp_path):
    browser = office.client("lead")
    page = browser.post("/account/tokens", data={"label": "x", "days": "9"})
    token = re.search(r'class="secret">(lst_[^<]+)<', page.text)[1]
    inside = b"".join(path.read_bytes() for path in tmp_path.glob("lingsu.db*"))
    for secret in (cookie(browser), token, PASSWORD, csrf_of(page)):
        assert secret.encode() not in inside
    assert token not in browser.get("/account").text  # told once


# Tokens


def test_a_token_belongs_into_its_header_alone(office):
    program = office.program("lead")
    token = program.headers["authorization"].split()[1]
    bare = office.anonymous()
    for name in ("token", "access_token", "api_key"):
        assert bare.get("/api/v1/me", params={name: token}).status_code == 400
    bare.cookies.set("lingsu", token, domain="127.0.0.1")
    assert bare.get("/api/v1/me").status_code == 401
    assert bare.get("/account").status_code == 303
    assert office.client("lead").get("/api/v1/me").status_code == 401  # nor a cookie


def test_a_wrong_token_opens_nothing(office):
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer x y",
        "Bearer lst_" + "a" * 9000,
        "Bearer \xff",
        "bearer null",
    ):
        answer = office.anonymous().get(
            "/api/v1/me", headers={"Authorization": header.encode("latin-1")}
        )
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
