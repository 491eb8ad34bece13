"""A caller's full name is hidden wherever a call is shown, unless it may be seen; the surname
stays."""

from dataclasses import replace

import pytest
from shift_desk import drafted, fill

from pipeline.asked import clip_name
from pipeline.beeps import sensitive
from pipeline.export.rows import row
from pipeline.people import given_name
from pipeline.push.orders import orders
from pipeline.records import Correction, Finding, Turn
from pipeline.redact import hiding, mask
from pipeline.shiftreport.gathered import gather
from pipeline.store.reviews import Review

GIVEN, OTHER = "晓明", "小明"  # as the caller said it; as the agent's read-back was written
SAID = (
    Turn(0, 4, "agent", "请问您贵姓"),
    Turn(5, 18, "caller", "张晓明，拂晓的晓，明天的明", "張曉明", times=tuple(range(5, 18))),
    Turn(20, 24, "agent", f"好的，张{OTHER}先生"),
    Turn(25, 29, "agent", "张先生再见"),
)
PAGES = {
    "supervisor": ("/calls/{}", "/search?q=先生", "/dashboard?kind=day", "/review"),
    "dispatcher": ("/dispatch", "/dispatch/{}", "/search?q=张"),
    "agent": ("/own", "/own/{}", "/calls/{}"),
}
PROGRAMS = {
    "supervisor": ("calls/{}", "calls/{}/review", "search?q=先生", "dashboard/told", "queue"),
    "dispatcher": ("calls/{}/orders", "orders"),
    "agent": ("own", "own/{}"),
}


@pytest.fixture
def call():
    made = drafted(1, caller="张晓明", type="建议")
    named = Finding("entity", "entity.person", 1, "张晓明", 5, 6, "person", "张晓明")
    call = replace(
        made.call, turns=SAID, entities=(*made.call.entities, named), corrections=(FIXED,)
    )
    title = replace(call.ticket.fields[1], value="张晓明反映停水")
    fields = (call.ticket.fields[0], title, *call.ticket.fields[2:])
    ticket = replace(call.ticket, title="张晓明反映停水", summary="张晓明：停水", fields=fields)
    return replace(made, call=replace(call, ticket=ticket))


FIXED = Correction(6.0, 7.0, "小明", "晓明", "sound")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我叫张晓明，拂晓的晓，明天的明。", "我叫张**，****，****。"),
        ("张晓明先生，您说的明天", "张**先生，您说的明天"),
        ("陈先生，姓陈，欧阳华，小芳", "陈先生，姓陈，欧阳*，小*"),
        ("张晓明13907750123.wav", "张**139****0123.wav"),
        ("晓明路的路灯", "晓明路的路灯"),  # not after the surname: another name
    ],
)
def test_given_names_are_hidden_in_place(text, shown):
    assert mask(text, ["张晓明", "陈先生", "姓陈", "欧阳华", "小芳"]) == shown


@pytest.mark.parametrize(
    "name", ["张先生", "姓张", "张校长", "顺女士", "", "张晓明说了", "欧阳先生", "车间", "孙女"]
)
def test_what_holds_no_given_name_hides_nothing(name):
    assert given_name(name) == ""


def test_exports_reports_and_pushed_orders_hold_no_name_unless_asked(call, profile):
    told = {"relations": None, "reviewed": {}}
    for text in (
        str(row(call, profile)),
        str(gather([call], profile)),
        str([one.body for one in orders(call, profile, **told)]),
    ):
        assert GIVEN not in text and OTHER not in text and "张**" in text
    assert GIVEN in str(row(call, profile, unmasked=True))
    (bare,) = orders(call, profile, **told, unmasked=True)
    assert GIVEN in str(bare.body)


def test_a_name_that_a_person_wrote_is_hidden_too(call, profile):
    written = Review(
        call.call.recording.sha256, "李", "change", "ticket.caller", "张晓明", "韦国强"
    )
    assert "国强" not in str(row(call, profile, reviewed=[replace(written, at="2026-07-14")]))


def test_a_place_that_was_taken_for_a_name_is_shown(office, call):
    wrong = Finding("entity", "entity.person", 1, "石步村", 5, 6, "person", "石步村")
    site = Finding("entity", "entity.place", 1, "覃塘区石步村", 5, 6, "place")
    found = (*call.call.entities, wrong, site)
    call = replace(call, call=replace(call.call, entities=found))
    assert hiding(call.call)("石步村的张晓明") == "石步村的张**"
    office.write(lambda store: fill(store, [call, drafted(2)]))
    kept = office.write(lambda store: store.db.execute("SELECT phones FROM facets").fetchall())
    assert "张晓明" in kept[0][0] and "石步村" not in kept[0][0]


def test_clips_are_named_and_beeped_as_texts_are(call):
    recording = replace(call.call.recording, path="/x/张晓明_停水.wav")
    assert clip_name(replace(call.call, recording=recording), 3.0).name == "张___停水_3s.wav"
    assert sensitive(call.call) == [(6, 8), (9, 13), (14, 18), (24, 24)]


def test_pages_and_api_hide_names_until_somebody_asks_for_one_call(office, call):
    sha = office.write(lambda store: fill(store, [call, drafted(2, agent_id="1009")]))[1]
    for role, paths in PAGES.items():
        for path in paths:
            page = office.client(role, follow=True).get(path.format(sha))
            assert page.status_code == 200, path
            assert GIVEN not in page.text and OTHER not in page.text, path
    for role, paths in PROGRAMS.items():
        for path in paths:
            told = office.program(role).get(f"/api/v1/{path}".format(sha))
            assert told.status_code == 200, path
            assert GIVEN not in told.text and OTHER not in told.text, path
    browser = office.client("supervisor", follow=True)
    assert GIVEN in browser.post(f"/calls/{sha}/reveal").text
    told = office.write(lambda store: store.db.execute("SELECT what FROM audit").fetchall())
    assert ("call.reveal",) in [tuple(one) for one in told]


def test_what_is_saved_with_stars_keeps_the_name(call):
    assert hiding(call.call)("来电人张晓明") == "来电人张**"


def test_a_hidden_name_is_not_found_by_searching(office, call):
    office.write(lambda store: fill(store, [call, drafted(2, agent_id="1009")]))
    found = office.program("lead").get("/api/v1/search?q=张晓明").json()
    assert found["calls"] == []
    assert office.program("lead").get("/api/v1/search?q=再见").json()["calls"]
