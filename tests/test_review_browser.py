"""The review in a real browser: by keyboard, by touch, in the dark, heard as flagged."""

import pytest
from reviewing_calls import DOUBT, FINE, INSULT, NUMBER, THREAT, fill, reviewable, sounding
from serving import HEARD, on_call, playing_at, served, signed_in

from pipeline.store import reviews

DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
KEYS_FOR_AN_ACCEPT = 3
pytestmark = pytest.mark.slow


@pytest.fixture
def shas(office, tmp_path):
    """The four calls with their sound, in the order of their numbers."""
    calls = [sounding(reviewable(n), tmp_path, n) for n in (INSULT, THREAT, DOUBT, FINE)]
    return [""] + office.write(lambda store: fill(store, *calls))


@pytest.fixture
def desk(browser, office, shas):
    """desk("supervisor"): a page in which such a person is signed in."""
    opened = []
    with served(office) as address:

        def open_page(role, **how):
            how.setdefault("viewport", DESKTOP)
            page = signed_in(browser, office, address, role, **how)
            page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
            opened.append(page)
            return page

        yield open_page
        for page in opened:
            assert page.complaints == []
            page.context.close()


def decided(office, sha):
    """What is kept of a call: item -> (verb, value, reason)."""
    found = office.write(lambda store: reviews.of(store, sha))
    return {one.item: (one.what, one.new, one.reason) for one in found}


def test_a_supervisor_s_morning_takes_two_keys_a_call(desk, office, shas):
    page = desk("supervisor")
    pressed = {}

    def press(key, call):
        pressed[call] = pressed.get(call, 0) + 1
        page.keyboard.press(key)

    press("Enter", THREAT)  # the queue has its first call in focus
    for call, flagged in ((THREAT, 16.0), (INSULT, 6.0)):
        on_call(page, shas[call])
        press(" ", call)
        assert flagged - 2.1 <= playing_at(page) <= flagged
        page.wait_for_selector(".turn.heard")
        press("a", call)
    page.wait_for_url("**/review?show=abuse")
    assert decided(office, shas[THREAT])["abuse"] == ("accept", "threat", None)
    assert decided(office, shas[INSULT])["abuse"] == ("accept", "severe", None)
    assert pressed == {THREAT: 3, INSULT: 2}
    assert max(pressed.values()) <= KEYS_FOR_AN_ACCEPT


def test_the_transcript_moves_with_the_sound_and_the_words_are_marked(desk, shas):
    page = desk("supervisor")
    page.goto(f"/calls/{shas[INSULT]}?at=9")
    on_call(page, shas[INSULT])
    assert page.locator("mark.abuse").inner_text() == "废物"
    page.keyboard.press("k")
    page.wait_for_selector(".turn.heard[data-i='2']")
    page.keyboard.press("k")
    page.wait_for_function("() => Lingsu.player.audio.paused")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".turn.heard[data-i='3']")


def test_a_rejection_is_one_key_and_a_change_of_several_a_few(desk, office, shas):
    page = desk("supervisor")
    page.goto("/next?at=abuse.0")
    on_call(page, shas[THREAT])
    page.keyboard.press("2")
    on_call(page, shas[INSULT])
    assert decided(office, shas[THREAT])["abuse"] == ("change", "none", "转述别人的话")
    page.keyboard.press("c")
    page.keyboard.press("ArrowUp")
    page.select_option("select[name='abuse.target']", "agent")
    page.locator("select[name='abuse.target']").press("Enter")
    page.wait_for_url("**/review?show=abuse")
    kept = decided(office, shas[INSULT])
    assert kept["abuse"][:2] == ("change", "mild")
    assert kept["abuse.target"][:2] == ("change", "agent")


@pytest.mark.parametrize(
    ("key", "item", "value"),
    [("5", "abuse", "mild"), ("7", "abuse.who", "agent"), ("9", "abuse.target", "agent")],
)
def test_one_key_changes_one_value_of_the_abuse(desk, office, shas, key, item, value):
    page = desk("supervisor")
    page.goto("/next?at=abuse.0")
    on_call(page, shas[THREAT])
    page.keyboard.press(key)
    on_call(page, shas[INSULT])
    kept = decided(office, shas[THREAT])
    assert kept[item][:2] == ("change", value)
    assert kept["abuse"][1] == ("mild" if item == "abuse" else "threat")


def test_a_digit_goes_to_the_scorecard_in_focus_and_to_a_flag_after_r(desk, office, shas):
    page = desk("clerk")
    page.goto(f"/calls/{shas[INSULT]}")
    page.locator("[data-score-item='qa.greeting']").focus()
    page.keyboard.press("1")
    page.wait_for_function("() => document.getElementById('call').dataset.version > 0")
    page.locator("h1").click()
    page.keyboard.press("2")  # neither has the focus
    assert list(decided(office, shas[INSULT])) == ["qa.greeting"]
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.wait_for_selector(".flaglist .closed")
    assert decided(office, shas[INSULT])["abuse"] == ("change", "none", "转述别人的话")


def test_flags_speed_and_zoom_by_keyboard_alone(desk, shas):
    page = desk("supervisor")
    page.goto(f"/calls/{shas[THREAT]}?at=0")
    on_call(page, shas[THREAT])
    page.keyboard.press("]")
    assert 13.9 <= playing_at(page) <= 16
    page.keyboard.press("k")
    at = page.evaluate("Lingsu.player.audio.currentTime")
    page.keyboard.press("j")
    page.wait_for_function(f"() => Lingsu.player.audio.currentTime < {at - 4}")
    page.keyboard.press("l")
    page.wait_for_function(f"() => Lingsu.player.audio.currentTime > {at - 1}")
    page.keyboard.press(">")
    assert page.evaluate("Lingsu.player.audio.playbackRate") == 1.25
    with page.expect_response("**/peaks?*") as asked:
        page.keyboard.press("+")
    assert "stretches" in asked.value.url
    page.locator(".wave").focus()
    page.keyboard.press("End")
    page.wait_for_function("() => Lingsu.player.audio.currentTime > 24")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url(lambda url: "/calls/" in url)  # no list: it stays


def test_space_does_what_a_focused_button_does(desk, office, shas):
    page = desk("supervisor")
    page.goto(f"/calls/{shas[INSULT]}")
    on_call(page, shas[INSULT])
    page.locator("[data-accept]").focus()
    page.keyboard.press(" ")
    page.wait_for_load_state()
    page.wait_for_selector(".flaglist .closed")
    assert decided(office, shas[INSULT])["abuse"][0] == "accept"


def test_a_clerk_scores_corrects_and_finishes(desk, office, shas):
    page = desk("clerk")
    page.locator("[data-first]").click()
    page.wait_for_selector("[data-score-item]:focus")
    sha = page.evaluate("document.getElementById('call').dataset.call")
    greeting = page.locator("[data-score-item='qa.greeting']")
    greeting.locator("[data-play]").first.click()
    assert playing_at(page) < 2
    greeting.focus()
    page.keyboard.press("2")
    greeting.get_by_text("不通过", exact=True).first.wait_for()
    page.wait_for_function("() => document.getElementById('call').dataset.version > 0")
    page.locator("h1").click()
    page.keyboard.press("e")
    box = page.locator("[data-correct] textarea")
    box.fill("您好，我是12345热线")
    box.press("Control+Enter")
    box.wait_for(state="hidden")
    assert page.locator(".turn[data-i='0'] .text").inner_text() == "您好，我是12345热线"
    page.get_by_role("button", name="未提及").first.click()
    page.locator(".fields textarea").fill("陈先生")
    page.locator(".fields textarea").press("Enter")
    page.get_by_role("button", name="陈先生").wait_for()
    page.locator("h1").click()
    page.keyboard.press("s")
    page.wait_for_load_state()
    page.wait_for_selector(".turn[data-i='1'].agent")
    page.locator("h1").click()
    page.keyboard.press("f")
    page.wait_for_url(lambda url: sha not in url)
    kept = decided(office, sha)
    assert kept["qa.greeting"][:2] == ("change", "fail")
    assert kept["qa.closing"][0] == "accept"
    assert (kept["turn.0.text"][1], kept["roles"][1]) == ("您好，我是12345热线", "swapped")
    assert (kept["ticket.caller"][1], kept["scorecard"][0]) == ("陈先生", "accept")


def test_a_hidden_number_survives_a_correction_in_the_browser(desk, office, shas):
    page = desk("clerk")
    page.goto(f"/calls/{shas[FINE]}")
    page.locator(".turn[data-i='3'] .edit").click()
    box = page.locator("[data-correct] textarea")
    assert NUMBER not in box.input_value()
    box.fill(box.input_value().replace("三天", "两天"))
    box.press("Control+Enter")
    box.wait_for(state="hidden")
    assert decided(office, shas[FINE])["turn.3.text"][1] == f"龙圣路停水两天了，电话{NUMBER}"


def test_two_reviewers_see_each_other_and_the_later_save_is_told(desk, office, shas):
    first, second = desk("supervisor", name="甲"), desk("supervisor", name="乙")
    for page in (first, second):
        page.goto(f"/calls/{shas[INSULT]}")
        on_call(page, shas[INSULT])
    first.get_by_text("乙 也正在看这一通").wait_for()  # at the next report of its page
    first.keyboard.press("a")
    first.wait_for_selector(".flaglist .closed")
    second.keyboard.press("a")
    second.get_by_text("别人先保存了").wait_for()
    assert "甲" in second.locator("main").inner_text()
    kept = office.write(lambda store: reviews.of(store, shas[INSULT]))
    assert [one.who for one in kept] == ["甲"]
    second.complaints.clear()  # Chromium itself tells the console of a 409


def test_what_a_caller_says_stays_words(desk, shas):
    page = desk("supervisor")
    page.goto(f"/calls/{shas[INSULT]}")
    on_call(page, shas[INSULT])
    said = page.locator(".turn[data-i='1'] .text").inner_text()
    assert said == "你们就是一帮废物<script>alert(1)</script>"
    assert page.locator("main script").count() == 0


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_alaw"])
def test_what_is_heard_is_the_second_that_was_asked_for(desk, office, tmp_path, codec):
    call = sounding(reviewable(INSULT), tmp_path, 7, codec=codec)
    (sha,) = office.write(lambda store: fill(store, call))
    page = desk("supervisor")
    page.goto(f"/calls/{sha}?at=15.5")  # turn 3 sounds from 15 to 20 s
    on_call(page, sha)
    hertz, second = page.evaluate(HEARD)
    assert 15.5 < second < 19.5
    assert hertz == pytest.approx(607, abs=8)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_fits_its_width(desk, shas, size):
    page = desk("supervisor", viewport=size)
    for path in ("/review", "/review?show=other", "/sample", f"/calls/{shas[INSULT]}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    page = desk("clerk", viewport=size)
    page.goto(f"/calls/{shas[FINE]}")
    page.locator("[data-edit]").first.click()
    page.get_by_role("button", name="未提及").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_phone_decides_by_touch(desk, office, shas):
    page = desk("supervisor", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-first]").tap()
    on_call(page, shas[THREAT])
    accept = page.locator("[data-accept]")
    box = accept.bounding_box()
    assert box["height"] >= 40 and box["y"] + box["height"] < PHONE["height"]
    page.locator("[data-flagged]").tap()
    assert playing_at(page) >= 13.9
    accept.tap()
    on_call(page, shas[INSULT])
    assert decided(office, shas[THREAT])["abuse"][0] == "accept"


def test_a_phone_s_first_screen_is_the_call_s_with_the_menu_a_tap_away(desk, shas):
    page = desk("supervisor", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/calls/{shas[THREAT]}?trail=abuse.0")
    on_call(page, shas[THREAT])
    flags = page.locator(".flags").bounding_box()
    assert flags["y"] < 0.3 * PHONE["height"]
    buttons = page.locator(".controls > *:visible").all()
    middles = {round(b["y"] + b["height"] / 2) for b in (o.bounding_box() for o in buttons)}
    assert len(buttons) == 7 and max(middles) - min(middles) <= 2  # one row
    assert not page.locator("#menu nav").is_visible()
    page.locator("[data-menu]").tap()
    page.locator("#menu nav a", has_text="查找").tap()
    page.wait_for_url("**/search")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(desk, shas, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    pages = (
        ("supervisor", "/review"),
        ("supervisor", f"/calls/{shas[THREAT]}?trail=abuse.0"),
        ("clerk", "/sample"),
        ("clerk", f"/calls/{shas[FINE]}?trail=day.2026-07-14.0"),
    )
    for role, path in pages:
        page = desk(role, color_scheme=scheme)
        page.goto(path)
        found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
        wrong = [
            (one["id"], node["html"][:120])
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
        assert wrong == [], path
        assert len(found.response["passes"]) > 10  # it looked
