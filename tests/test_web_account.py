"""Signing in and out, passwords, tokens, the language."""

from webbing import PASSWORD, csrf_of, sign_in


def test_an_account_opens_with_its_password_and_no_other(office):
    name = office.account("clerk")
    browser = office.anonymous()
    assert sign_in(browser, name, "something-else").status_code == 401
    assert browser.get("/account").status_code == 303
    answer = sign_in(browser, name.upper())
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/account").status_code == 200


def test_pages_are_chinese_until_english_is_asked_for(office):
    browser = office.anonymous(follow=True)
    page = browser.get("/login")
    assert '<html lang="zh-CN">' in page.text and "登录" in page.text
    token = csrf_of(page)
    page = browser.post("/language", csrf=False, data={"csrf": token, "lang": "en"})
    assert '<html lang="en">' in page.text and "Sign in" in page.text


def test_a_password_given_by_somebody_else_must_be_changed_first(office):
    from pipeline import passwords
    from pipeline.store import users

    office.write(
        lambda store: users.add(
            store, "new", "lead", passwords.hashed(PASSWORD), by=users.By("test")
        )
    )
    browser = office.anonymous()
    sign_in(browser, "new")
    assert browser.get("/account").headers["location"] == "/password"
    fields = {"old": PASSWORD, "new": "another-long-one", "again": "another-long-one"}
    assert browser.post("/password", data=fields).status_code == 303
    assert browser.get("/account").status_code == 200


def test_the_language_changes_where_one_is(office):
    browser = office.client("lead", follow=True)
    shown = browser.get("/account?x=1")
    assert 'name="next" value="/account?x=1"' in shown.text
    made = browser.post("/account/tokens", data={"label": "x", "days": "9"})
    assert 'name="next" value="/"' in made.text  # no address of its own


def test_a_page_that_is_none_knows_who_asks_and_changes_its_language(office):
    browser = office.client("lead", follow=True)
    lost = browser.get("/nowhere")
    assert lost.status_code == 404 and 'action="/logout"' in lost.text
    fields = {"csrf": csrf_of(lost), "next": "/nowhere", "lang": "en"}
    assert "There is no such page" in browser.post("/language", csrf=False, data=fields).text
