"""The report's folder: whole or not at all, safe to open, with clear words where nothing is."""

import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from shiftcalls import rude, stored, told

from pipeline.errors import InputInvalid, LingsuError
from pipeline.labels import word
from pipeline.link.run import link_calls
from pipeline.records import Decision, Flag, Scope, Sound, Ticket, TicketField
from pipeline.shiftreport import write
from pipeline.shiftreport.page import markdown
from pipeline.shiftreport.period import period
from pipeline.shiftreport.write import NAMES, OLD, write_report
from pipeline.store import defects, reviews
from pipeline.store.defects import Known
from pipeline.store.reviews import Review
from pipeline.store.store import Store

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
NUMBER = "13907750123"
# plotly-basic.min.js of the npm package plotly.js-basic-dist-min 4.1.1
PLOTLY_JS = "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"


@pytest.fixture
def report(tmp_path, profile):
    """Write the report of some calls; gives its folder."""

    def make(*calls, shift="2026-07-14-行政班", lang="zh", clips=False):
        path = stored(tmp_path / "calls.db", *calls)
        with Store.open(path, readonly=True) as store:
            about = period(store, profile, shift, None, None)
            write_report(store, about, tmp_path / "out", lang=lang, with_clips=clips)
        return tmp_path / "out"

    return make


class Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def page(folder, name="index.html") -> Page:
    return Page((folder / name).read_text(encoding="utf-8"))


def suggestion(number, title, purpose):
    line = TicketField("purpose", "诉求目的", purpose)
    call = told(number, f"caller: {purpose}", type="建议", scope=Scope("record_suggestion"))
    return replace(call, call=replace(call.call, ticket=Ticket(title, "…", (line,))))


def test_a_report_has_all_its_files_and_no_other(report):
    folder = report(told(1, "caller: 停水了"))
    assert {path.name for path in folder.iterdir()} == NAMES - {"clips", *OLD}
    assert [path.name for path in folder.parent.glob(".out*")] == []
    assert folder.stat().st_mode & 0o077 == 0


def test_what_a_caller_says_is_never_markup(report):
    evil = rude(
        1, f"agent: {EVIL}", f"caller: 废物{EVIL}", quote="废物", title=EVIL, places=(EVIL,)
    )
    again = told(2, "caller: 甲", places=(EVIL,), title=EVIL)
    folder = report(evil, again, suggestion(3, EVIL, EVIL))
    for name in ("index.html", "summary.html"):
        made = page(folder, name)
        scripts = [given for tag, given in made.tags if tag == "script"]
        assert all(
            set(given) == {"src"} or given.get("type") == "application/json"
            for given in scripts
        )
        assert not [given for tag, given in made.tags if tag == "img" or "onerror" in given]
        assert EVIL in made.text
    told_in = (folder / "summary.md").read_text(encoding="utf-8")
    assert "<" not in told_in and "&lt;script&gt;" in told_in


def test_the_pages_run_nothing_but_their_own_files_and_ask_no_network(report):
    folder = report(rude(1, "agent: 您好", "caller: 废物", quote="废物"))
    for name in ("index.html", "summary.html"):
        made = page(folder, name)
        (policy,) = [given["content"] for tag, given in made.tags if "http-equiv" in given]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        for _, given in made.tags:
            assert "style" not in given and not [key for key in given if key.startswith("on")]
            for key in ("src", "href"):
                if key in given and not given[key].startswith(("#", "data:,")):
                    assert (folder / given[key]).is_file(), given
    own = [
        path.read_text(encoding="utf-8")
        for path in folder.glob("*")
        if path.suffix in (".js", ".css") and path.name != "plotly.js"
    ]
    assert not [
        text for text in own if re.search(r"fetch\(|XMLHttpRequest|@import|url\(", text)
    ]


def test_numbers_are_masked_everywhere(report):
    said = f"caller: 废物，我的电话{NUMBER}"
    folder = report(rude(1, "agent: 您好", said, quote="废物", caller_number=NUMBER))
    for path in folder.iterdir():
        assert NUMBER.encode() not in path.read_bytes(), path.name
    assert "139****0123" in page(folder).text


def test_charts_get_numbers_and_labels_only(report):
    folder = report(told(1, "caller: 停水了"))
    text = (folder / "index.html").read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="charts">(.*?)</script>', text, re.S)
    assert sum(json.loads(data[1])["hours"]["bars"][0]["values"]) == 1


def test_an_empty_shift_says_so_and_where_the_calls_are(report):
    folder = report(told(1, "caller: 停水了"), shift="2026-08-01-晚班")
    assert "这一班没有通话" in page(folder).text
    assert "2026-07-14 09:00:00" in page(folder).text
    assert "这一班没有通话" in page(folder, "summary.html").text
    assert "这一班没有通话" in (folder / "summary.md").read_text(encoding="utf-8")
    assert load_workbook(folder / "report.xlsx")["通话"].max_row == 1


def test_recordings_that_are_gone_and_calls_without_turns_are_told_in_words(report):
    silent = replace(rude(1, quote=""), call=replace(rude(1, quote="").call, turns=()))
    folder = report(silent, rude(2, "agent: 好", "caller: 废物", quote="废物"), clips=True)
    told_in = page(folder).text
    assert "录音文件已不在原处" in told_in
    assert "这通没有可读的对话" in told_in


def test_failures_stand_beside_their_remedies(report):
    folder = report(told(1, status="failed"), told(2, "caller: 停水"))
    assert "weigh: stage_failed" in page(folder).text
    assert "请把该录音的编号和日志交给开发者" in page(folder).text


def test_what_people_decided_stands_beside_and_is_no_more_to_do(tmp_path, profile):
    calls = [rude(n, "agent: 好", "caller: 废物", quote="废物") for n in (1, 2)]
    with Store.open(stored(tmp_path / "calls.db", *calls)) as store:
        done = calls[0].call.recording.sha256
        reviews.add(store, Review(done, "李班长", "accept", "", new="", reason="听过"))
        write_report(store, period(store, profile, None, None, None), tmp_path / "out")
    assert "李班长 已复核" in page(tmp_path / "out").text
    assert "复核 1 通" in page(tmp_path / "out", "summary.html").text


def test_linked_calls_stand_under_what_links_them(tmp_path, profile):
    number = "13900000051"
    calls = [told(n, "caller: 停水", caller_number=number) for n in (1, 2)]
    with Store.open(stored(tmp_path / "calls.db", *calls)) as store:
        link_calls(store, profile)
        write_report(store, period(store, profile, None, None, None), tmp_path / "out")
    text = page(tmp_path / "out").text
    assert "同一来电人" in text and "same_caller" not in text


def test_a_caller_who_may_hurt_himself_is_not_told_of_as_abusive(report):
    one = rude(1, "agent: 好", "caller: 不想活了", quote="不想活了")
    abuse = replace(one.call.abuse, level="threat", threat_kind="self_harm")
    text = page(report(replace(one, call=replace(one.call, abuse=abuse)))).text
    assert "自伤" in text and "辱骂：" not in text


def test_suggestions_are_listed_with_their_call(report):
    folder = report(suggestion(7, "10路车加几趟", "早高峰10路车能不能加几趟"))
    for name in ("index.html", "summary.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "10路车加几趟" in text and "C7" in text
    rows = list(load_workbook(folder / "report.xlsx")["建议"].values)
    assert rows[1][1:4] == ("10路车加几趟", "早高峰10路车能不能加几趟", "C7")


def test_the_workbook_has_seven_sheets_with_frozen_heads_and_filters(report):
    folder = report(
        rude(1, "agent: 好", "caller: 废物", quote="废物", places=("龙圣路",)),
        told(2, "caller: 停水", places=("龙圣路",), title="=1+1"),
    )
    book = load_workbook(folder / "report.xlsx")
    assert book.sheetnames == ["总览", "通话", "复核", "质检", "热点", "建议", "数据缺陷"]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
    overview = list(book["总览"].values)
    assert overview[0] == ("类别", "项目", "本期", "占比", "平均")
    assert overview[1] == ("总览", "通话", 2, 1, None)
    assert book["总览"]["D2"].number_format == "0%"
    assert [row[0] for row in book["复核"].values] == ["级别", "立即"]
    assert [row[0] for row in book["热点"].values] == ["地点", "龙圣路"]
    titles = {cell for row in book["通话"].values for cell in row}
    assert "'=1+1" in titles and "=1+1" not in titles


CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
# what callers said, and names of places: no language of ours
THEIRS = {"停水", "废物", "加车", "好", "路灯", "龙圣路", "贵港市", "港北区"}
THEIRS |= {"加车加车", "来电人反映：停水。"}  # as a draft has it


@pytest.fixture
def english(tmp_path, profile):
    """A report in English that has something in each of its parts."""
    said = ("agent: 好", "caller: 废物")
    flags = (
        Flag("abuse", "fail", "alert", "来电人辱骂"),
        Flag("forbidden_phrase", "fail", "review", "话务员使用了服务忌语"),
        Flag("unsure_department", "fail", "review", "单位拿不准"),
    )
    rude_one = rude(1, *said, quote="废物", places=("龙圣路",), title="停水")
    rude_one = replace(
        rude_one,
        call=replace(
            rude_one.call,
            flags=flags,
            district=Decision("港北区"),
            sound=Sound(grade="poor", reasons=("noisy",)),
        ),
    )
    more = (
        told(2, "caller: 停水", places=("龙圣路",), title="停水"),
        told(3, "caller: 路灯", scope=Scope("refer", "民间纠纷", "O8"), title="路灯"),
        told(4, status="failed"),
        suggestion(5, "加车", "加车"),
        told(6, "caller: 停水", at="2026-07-13T09:00:00", title="停水"),
    )
    with Store.open(stored(tmp_path / "calls.db", rude_one, *more)) as store:
        sha = rude_one.call.recording.sha256
        change = Review(sha, "Li", "change", "department", "水务", "城管")
        reviews.add(store, change)
        wrong = Known("missing_row", "a.wav", "没有", sha)
        defects.keep(store, "/t.csv", [wrong], ())
        about = period(store, profile, "2026-07-14-行政班", None, None)
        write_report(store, about, tmp_path / "out", lang="en", with_clips=False)
    return tmp_path / "out"


def _left(texts) -> set[str]:
    return {word for text in texts for word in CHINESE.findall(text)} - THEIRS


@pytest.mark.parametrize("name", ["index.html", "summary.html"])
def test_a_page_speaks_english_when_asked(english, name):
    shown = page(english, name)
    told_besides = [text for _, some in shown.tags for text in map(str, some.values())]
    assert "Hear these first" in shown.text or name == "summary.html"
    assert _left([shown.text, *told_besides]) == set()


def test_charts_and_the_summary_speak_english_when_asked(english):
    text = (english / "summary.md").read_text(encoding="utf-8")
    assert "Shift summary" in text and "Urban management" not in _left([text])
    assert _left([text]) == set()
    charts = re.search(r'id="charts">(.*?)</script>', (english / "index.html").read_text())
    assert _left([json.dumps(json.loads(charts[1]), ensure_ascii=False)]) == set()


def test_the_workbook_speaks_english_when_asked(english):
    book = load_workbook(english / "report.xlsx")
    assert book.sheetnames[0] == "Overview" and book.sheetnames[-1] == "Data defects"
    for sheet in book:
        cells = [str(cell) for row in sheet.values for cell in row if cell is not None]
        assert _left([sheet.title, *cells]) == set(), sheet.title


def test_every_remedy_is_there_in_english():
    remedies = [error.remedy for error in (LingsuError, *LingsuError.__subclasses__())]
    assert [one for one in remedies if CHINESE.search(word(one, "en"))] == []


def test_defects_of_the_table_stand_under_data_quality(tmp_path, profile):
    call, later = told(1, "caller: 停水"), told(2, "caller: 停水", at="2026-07-15T09:00:00")
    sha, other = (one.call.recording.sha256 for one in (call, later))
    day = ("2026-07-14T10:00:00", "2026-07-14T10:00:00")
    found = (
        Known("wrong_duration", "a.wav", "表中 30 秒，实际 12.0 秒", sha),
        Known("wrong_duration", "b.wav", "表中 30 秒，实际 12.0 秒", other),
        Known("row_without_file", "c.wav", "没有录音", None, *day),
    )
    with Store.open(stored(tmp_path / "calls.db", call, later)) as store:
        defects.keep(store, "/t.csv", found, ())
        about = period(store, profile, "2026-07-14-行政班", None, None)
        write_report(store, about, tmp_path / "out", with_clips=False)
    text = page(tmp_path / "out").text
    assert "时长与录音不符" in text and "有行没有录音" in text
    rows = list(load_workbook(tmp_path / "out/report.xlsx")["数据缺陷"].values)
    assert [row[2] for row in rows[1:]] == ["c.wav", "a.wav"]
    assert rows[2][3] == "表中 30 秒，实际 12.0 秒"


def test_a_report_is_replaced_but_nothing_else_is(report, tmp_path):
    folder = report(told(1, "caller: 停水了"))
    report(told(2, "caller: 又停水了"))
    assert "交给下一班" in page(folder, "summary.html").text
    assert load_workbook(folder / "report.xlsx")["通话"].max_row == 3
    (folder / "chart.js").write_text("of an older version")
    report(told(2, "caller: 又停水了"))
    assert not (folder / "chart.js").exists()
    (folder / "my notes.txt").write_text("keep")
    with pytest.raises(InputInvalid, match="不会覆盖"):
        report(told(3, "caller: 还停水"))
    assert (folder / "my notes.txt").read_text() == "keep"


def test_a_report_that_breaks_off_leaves_the_old_one(report, tmp_path, monkeypatch):
    folder = report(told(1, "caller: 停水了"))
    before = (folder / "index.html").read_bytes()

    def full(*_, **__):
        raise OSError(28, "no space")

    monkeypatch.setattr(write, "write_workbook", full)
    with pytest.raises(InputInvalid, match="磁盘已满"):
        report(told(2, "caller: 又停水了"))
    assert (folder / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_the_chart_script_is_as_it_was_published(report):
    folder = report(told(1, "caller: 停水了"))
    script = (folder / "plotly.js").read_bytes()
    assert b"plotly.js (basic - minified) v4.1.1" in script[:100]
    assert hashlib.sha256(script).hexdigest() == PLOTLY_JS
    assert "MIT License" in (folder / "plotly-LICENSE").read_text(encoding="utf-8")


def test_markdown_is_plain_words():
    assert markdown("*甲*\n# <b>|") == r"\*甲\* \# &lt;b&gt;\|"
    assert markdown(12) == "12"


def test_the_page_has_the_agents_scores_and_ranks_nobody_by_two_calls(report, profile):
    passed = dict.fromkeys(profile.scorecard.points, "pass") | {"closing": "fail"}
    flags = tuple(Flag(item, verdict) for item, verdict in passed.items())
    calls = [told(n, "agent: 您好", flags=flags) for n in (1, 2)]
    folder = report(*calls, told(3, "agent: 您好", flags=flags, agent_id="2002"))
    text = "".join(page(folder).text.split())
    assert "–10072298.098.0–98.0通数太少，不排名" in text
    assert "–20021198.0–通数太少，不排名" in text
