"""Every page in a real browser: signing in fails as it should, keys alone lead everywhere,
nothing is wider than a phone, and axe finds nothing wrong."""

import pytest
from reviewing_calls import INSULT, THREAT, fill, reviewable, sounding
from serving import on_call, playing_at, served, signed_in
from webbing import PASSWORD

from pipeline import passwords
from pipeline.roles import ADMIN, AGENT, CLERK, DISPATCHER, LEAD, SUPERVISOR
from pipeline.store import reviews, users

DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PAGES = (
    (None, "/login"),
    (SUPERVISOR, "/account"),
    (SUPERVISOR, "/password"),
    (SUPERVISOR, "/review"),
    (SUPERVISOR, "/calls/{0}?trail=abuse.0"),
    (SUPERVISOR, "/nowhere"),
    (CLERK, "/sample"),
    (CLERK, "/appeals"),
    (AGENT, "/own"),
    (DISPATCHER, "/dispatch"),
    (LEAD, "/search"),
    (LEAD, "/dashboard"),
    (ADMIN, "/admin/users"),
    (ADMIN, "/admin/runs"),
    (ADMIN, "/admin/settings"),
    (ADMIN, "/admin/audit"),
)
# What has the focus: its mark, and whether one sees that it has it.
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  if (here === document.body) return null;
  // the parts of a date field have marks of their own
  const seen = here.type === "date" || style.outlineStyle !== "none";
  return [here.outerHTML.slice(0, 120), seen && here.getBoundingClientRect().width > 0];
}"""
REACHABLE = """() => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }))
  .map((one) => one.outerHTML.slice(0, 120))"""
pytestmark = pytest.mark.slow


@pytest.fixture
def shas(office, tmp_path):
    """Two calls with their sound, the first in a codec that browsers do not play."""
    calls = [
        sounding(reviewable(number), tmp_path, number, codec=codec)
        for number, codec in ((THREAT, "pcm_alaw"), (INSULT, "pcm_s16le"))
    ]
    return office.write(lambda store: fill(store, *calls))


@pytest.fixture
def address(office, shas):
    with served(office) as made:
        yield made


@pytest.fixture
def opened(browser, office, address):
    """opened("clerk", "/sample"): that page, of such a person; None: of nobody."""
    pages = []

    def make(role, path, **how):
        how.setdefault("viewport", DESKTOP)
        if role:
            page = signed_in(browser, office, address, role, **how)
        else:
            page = browser.new_context(base_url=address, **how).new_page()
        pages.append(page)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield make
    for page in pages:
        page.context.close()


def sign_in(page, name, password):
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def test_a_wrong_password_is_told_and_guessing_ends(opened, office):
    name = office.account(CLERK)
    page = opened(None, "/sample")
    for _ in range(10):
        sign_in(page, name, "not-the-one-today")
        assert page.locator("[role=alert]").inner_text() == "账号或密码不对。"
        assert page.input_value("input[name=password]") == ""
        page.wait_for_selector("input[name=password]:focus")
    sign_in(page, name, PASSWORD)
    assert "429" in page.locator("h1").inner_text()
    office.at += 16 * 60
    page.goto("/login?next=/sample")
    sign_in(page, name, PASSWORD)
    page.wait_for_url("**/sample")


def test_a_session_that_ended_leads_back_to_where_one_was(opened, office, shas):
    path = f"/calls/{shas[1]}"
    page = opened(CLERK, path)
    office.at += 24 * 3600
    page.reload()
    page.wait_for_url("**/login?**")
    sign_in(page, CLERK, PASSWORD)
    page.wait_for_url(f"**{path}")


def test_a_one_time_password_must_be_changed_before_anything_else(opened, office):
    kept = passwords.hashed("given-by-the-office")
    by = users.By("test")
    office.write(lambda store: users.add(store, "new", LEAD, kept, by=by, agent_id=""))
    page = opened(None, "/login")
    sign_in(page, "new", "given-by-the-office")
    page.goto("/dashboard")
    page.wait_for_url("**/password**")
    page.fill("input[name=old]", "given-by-the-office")
    for field in ("new", "again"):
        page.fill(f"input[name={field}]", PASSWORD)
    page.press("input[name=again]", "Enter")
    page.wait_for_url("**/dashboard**")


def test_a_call_of_a_list_is_made_ready_while_one_reads_its_line(opened, shas):
    page = opened(SUPERVISOR, "/account")
    with page.expect_response(f"**/calls/{shas[0]}/sound") as answer:
        page.goto("/review")
    assert answer.value.headers["content-type"] == "audio/wav"
    with page.expect_response(f"**/calls/{shas[1]}/sound"):
        page.keyboard.press("ArrowDown")


def test_a_morning_from_signing_in_to_signing_out_without_a_mouse(opened, office, shas):
    page = opened(None, "/login")
    keys = page.keyboard
    keys.type(office.account(SUPERVISOR))
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/review**")
    keys.press("Enter")
    on_call(page, shas[0])
    keys.press(" ")
    assert playing_at(page) > 0
    keys.press("a")
    on_call(page, shas[1])
    keys.press("1")
    page.wait_for_url("**/review**")
    kept = office.write(lambda store: reviews.counting(store))
    assert kept[shas[0]]["abuse"].what == "accept" and kept[shas[1]]["abuse"].new == "none"
    keys.press("?")
    page.wait_for_selector("#help[open]")
    keys.press("Escape")
    page.reload()
    for _ in range(60):
        keys.press("Tab")
        if page.locator("form[action='/logout'] button:focus").count():
            break
    keys.press("Enter")
    page.wait_for_url("**/login")


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_the_tab_key_reaches_all_there_is_to_press_and_one_sees_where(opened, shas, role, path):
    page = opened(role, path.format(*shas))
    page.evaluate("document.activeElement.blur()")
    wanted, found = page.evaluate(REACHABLE), []
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        if here := page.evaluate(FOCUSED):
            found.append(tuple(here))
    assert [one for one, seen in found if not seen] == []
    assert set(wanted) - {one for one, _ in found} == set()


@pytest.mark.parametrize(("role", "path"), PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_fits_a_phone_and_is_accessible(opened, shas, role, path, lang):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    page = opened(role, path.format(*shas), viewport=PHONE, has_touch=True)
    if lang == "en":
        page.locator("button[name=lang]").evaluate("button => button.click()")
        page.wait_for_selector("html[lang=en]")
        page.goto(path.format(*shas))
        page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    wrong = [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]
    assert wrong == []
    assert len(found.response["passes"]) > 10  # it looked
