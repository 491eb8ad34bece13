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
    drawn = "Object.keys(Chart.instances).length"
    assert page.evaluate(drawn) == 2
    assert said == []


def test_the_figure_of_the_trend_can_be_chosen(opened):
    page, said = opened(1366, 768)
    page.select_option("#figure", label="辱骂或威胁")
    values = "Chart.getChart('trend').data.datasets[0].data"
    assert page.evaluate(values) == [0, 1]
    assert said == []


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


def test_the_summary_fills_one_printed_page(browser, folder):
    page = browser.new_page()
    page.goto((folder / "summary.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
