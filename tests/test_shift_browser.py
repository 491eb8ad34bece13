"""The report in a real browser: no error, no request, charts drawn, the dialogue follows."""

from dataclasses import replace

import pytest
from shiftcalls import rude, stored, told
from sounds import tone, write

from pipeline.shiftreport.period import period
from pipeline.shiftreport.write import write_report
from pipeline.store.store import Store

SIZES = [(1366, 768), (390, 844)]
pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path, profile):
    """A report of a rude call with its clip, and of an earlier shift to compare with."""
    said = ("agent: 您好", "caller: 你们就是一帮废物<script>boom()</script>", "agent: 请讲")
    call = rude(1, *said, quote="废物")
    path = write(tmp_path / "call.wav", tone(300, 15))
    call = replace(
        call, call=replace(call.call, recording=replace(call.call.recording, path=path))
    )
    earlier = told(2, "caller: 停水", at="2026-07-13T09:00:00")
    with Store.open(stored(tmp_path / "calls.db", call, earlier), readonly=True) as store:
        about = period(store, profile, "2026-07-14-行政班", None, None)
        write_report(store, about, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def opened(browser, folder):
    """Open the page at a size; gives it with what it complained of."""

    def make(width, height, **more):
        page = browser.new_page(viewport={"width": width, "height": height}, **more)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: said.append(request.url))
        page.goto((folder / "index.html").as_uri())
        return page, said

    return make


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_page_opens_from_the_disk_without_a_complaint_and_fits(opened, width, height):
    page, said = opened(width, height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".big").first.inner_text() == "1"
    assert page.locator("#hours .bars, #trend .bars").count() == 3
    assert page.locator("style, .modebar, a[href^=http]").count() == 0
    assert said == []


def test_what_the_charts_need_of_the_scripts_own_style_is_in_ours(browser, folder):
    read = """sheet => [...sheet.cssRules].map(rule => [
        rule.selectorText, [...rule.style].map(name => [name, rule.style[name]])])"""
    page = browser.new_page()  # one that lets the script make its style element
    page.add_script_tag(path=folder / "plotly.js")
    theirs = page.evaluate(f"({read})(document.getElementById('plotly.js-style-global').sheet)")
    page.add_style_tag(path=folder / "plotly.css")
    ours = page.evaluate(f"({read})([...document.styleSheets].at(-1))")
    known = {selector: style for selector, style in theirs}
    assert (
        ours
        and [
            (selector, one)
            for selector, style in ours
            for one in style
            if one not in known[selector]
        ]
        == []
    )


def test_the_figure_of_the_trend_can_be_chosen(opened):
    page, said = opened(1366, 768)
    page.select_option("#figure", label="辱骂或威胁")
    assert page.evaluate("document.getElementById('trend').data[0].y") == [0, 1]
    assert said == []


def test_pointing_at_an_hour_tells_its_numbers(opened):
    page, said = opened(1366, 768)
    page.locator("#hours .nsewdrag").hover()
    page.wait_for_selector("#hours .hoverlayer text")
    assert "其余来电" in page.locator("#hours .hoverlayer").text_content()
    assert said == []


def test_the_numbers_of_both_charts_stand_below_them(opened):
    page, _ = opened(1366, 768)
    for chart, head in (("#hours", "其余来电"), ("#trend", "辱骂或威胁")):
        below = page.locator(f".card:has({chart}) details")
        below.locator("summary").press("Enter")
        assert head in below.locator("table").inner_text()


def test_on_paper_the_charts_are_light_and_fit(opened):
    page, _ = opened(1366, 768, color_scheme="dark")
    ink = "getComputedStyle(document.querySelector('#hours .legendtext')).fill"
    assert page.evaluate(ink) != "rgb(0, 0, 0)"
    page.emulate_media(media="print")
    page.wait_for_function(f"() => {ink} === 'rgb(0, 0, 0)'")
    assert page.locator("#hours .main-svg").first.bounding_box()["width"] == 640


def test_dark_mode_has_its_own_colours(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    light, _ = opened(1366, 768)
    dark, _ = opened(1366, 768, color_scheme="dark")
    assert light.evaluate(ground) != dark.evaluate(ground)


def test_the_dialogue_follows_the_clip(opened):
    page, said = opened(1366, 768)
    page.locator("li.heard").click()
    page.wait_for_selector("li.playing", timeout=5_000)
    assert "废物<script>boom()</script>" in page.locator("li.playing").inner_text()
    page.wait_for_selector("li.playing", state="detached", timeout=10_000)
    assert said == []


def test_a_line_plays_by_keyboard(opened):
    page, said = opened(1366, 768)
    page.locator("li.heard .who").press("Enter")
    page.wait_for_selector("li.playing", timeout=5_000)
    assert said == []


def test_the_summary_fills_one_printed_page(browser, folder):
    page = browser.new_page()
    page.goto((folder / "summary.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_accessible(opened, folder, scheme, width, height):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    page, _ = opened(width, height, color_scheme=scheme)
    for name in ("index.html", "summary.html"):
        page.goto((folder / name).as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
        violations = found.response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []
        assert len(found.response["passes"]) >= 10  # it looked
