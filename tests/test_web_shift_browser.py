"""Search, dashboard, a dispatch and an appeal in a real browser, at a desk and on a phone."""

import pytest
from reviewing_calls import sounding
from shift_desk import calls, fill

from pipeline.store import appeals, dispatches, reviews

DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PAGES = (
    ("lead", "/search?q=三天"),
    ("lead", "/dashboard?kind=week"),
    ("clerk", "/appeals"),
    ("dispatcher", "/dispatch"),
    ("dispatcher", "/dispatch/{3}"),
    ("agent", "/own"),
    ("agent", "/own/{1}"),
)
WIDTH = "document.documentElement.scrollWidth"
pytestmark = pytest.mark.slow


@pytest.fixture
def shas(office, tmp_path):
    """The four calls with their sound."""
    made = [sounding(one, tmp_path, number) for number, one in enumerate(calls(), 1)]
    return office.write(lambda store: fill(store, made))


@pytest.fixture
def desk(browser, office, shas):
    """desk("lead"): a page in which such a person is signed in."""
    from serving import served, signed_in

    opened = []
    with served(office) as address:

        def open_page(role, **how):
            how.setdefault("viewport", DESKTOP)
            opened.append(signed_in(browser, office, address, role, **how))
            return opened[-1]

        yield open_page
        for page in opened:
            assert page.complaints == []
            page.context.close()


def test_search_and_play_by_keyboard(desk, shas):
    page = desk("lead")
    page.goto("/search")
    page.wait_for_selector("[name=q]:focus")  # given by the page, a frame after it is loaded
    page.keyboard.type("三天")
    page.keyboard.press("Enter")
    page.wait_for_selector("mark")
    page.wait_for_load_state()  # its keys are known
    assert page.locator("mark").first.inner_text() == "三天"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls/{shas[3]}?at=**")
    at = float(page.url.partition("?at=")[2])
    page.wait_for_function("() => Lingsu.player && Lingsu.player.audio.readyState > 0")
    page.keyboard.press("k")
    page.wait_for_function("() => !Lingsu.player.audio.paused")
    heard = page.evaluate("Lingsu.player.audio.currentTime")
    assert at - 2.1 <= heard <= at + 1


def test_the_dashboard_draws_and_tells_and_walks_by_keys(desk):
    page = desk("lead")
    page.wait_for_url("**/dashboard")
    page.wait_for_selector("#told table")
    assert page.locator("#hours .bars, #trend .bars").count() == 3
    assert page.locator("style, .modebar").count() == 0
    assert page.locator(".big").first.inner_text() == "3"
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**day=2026-07-13**")
    assert page.locator(".big").first.inner_text() == "1"


def test_a_dispatch_edited_and_sent_by_keyboard(desk, office, shas):
    page = desk("dispatcher")
    page.wait_for_selector("[data-list] a:focus")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/dispatch/{shas[2]}**")
    page.fill("#f-caller", "李先生")
    page.locator("h1").click()
    page.keyboard.press("s")
    page.wait_for_selector(".edited")
    page.wait_for_load_state()
    page.keyboard.press("d")
    page.wait_for_url("**/dispatch")
    assert [one.state for one in office.write(lambda s: dispatches.of(s, shas[2]))] == ["sent"]
    kept = office.write(lambda store: reviews.counting(store, shas[2]))[shas[2]]
    assert kept["ticket.caller"].new == "李先生"


def test_an_order_that_lacks_something_asks_before_it_is_sent(desk, office, shas):
    page = desk("dispatcher")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"/dispatch/{shas[1]}")
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    assert len(asked) == 1 and "必填" in asked[0]
    assert office.write(lambda store: dispatches.of(store, shas[1])) == []


def test_an_appeal_from_the_agent_to_the_answer(desk, office, shas):
    agent, clerk = desk("agent"), desk("clerk")
    agent.goto(f"/own/{shas[1]}")
    agent.locator(".fail summary").first.click()
    agent.fill(".fail textarea", "说了再见")
    agent.click(".fail button.main")
    agent.wait_for_selector(".step")
    clerk.goto("/appeals")
    clerk.fill("input[name=reason]", "听到了")
    clerk.click("button[value=upheld]")
    clerk.wait_for_selector(".flash")
    agent.reload()
    assert "听到了" in agent.inner_text(".items")
    last = office.write(lambda store: appeals.of(store, shas[1]))[-1]
    assert (last.item, last.state) == ("closing", "upheld")


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_every_page_fits_a_phone(desk, shas, role, path):
    page = desk(role, viewport=PHONE, has_touch=True)
    page.goto(path.format(*shas))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(WIDTH) <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(desk, shas, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    for role, path in PAGES:
        page = desk(role, color_scheme=scheme)
        page.goto(path.format(*shas))
        page.wait_for_load_state("networkidle")
        found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
        wrong = [
            (one["id"], node["html"][:120])
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
        assert wrong == [], path
        assert len(found.response["passes"]) > 10  # it looked
