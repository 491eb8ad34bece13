"""What would change if the past were judged again: nothing is stored, people's word counts."""

import json
import sys
from dataclasses import replace
from types import ModuleType

import faking
import pytest
from faking import answer
from typer.testing import CliRunner

import cli
from pipeline import asked, comparesheet
from pipeline.compare import compare
from pipeline.records import Decision, Scope
from pipeline.stage import stage
from pipeline.store import queries, reviews
from pipeline.store.store import Store


@stage(needs=("turns",), adds=("scope", "departments", "urgency"))
def decide(call, tools):
    """A new rule: wires belong to 供电; a call about rain cannot be judged."""
    text = call.turns[0].text
    if "下雨" in text:
        raise ValueError(text)
    unit = "供电" if "电线" in text else "城管"
    return replace(
        call,
        scope=Scope("accept_dispatch"),
        departments=(Decision(unit, 0.8),),
        urgency=Decision("一般"),
    )


@pytest.fixture
def spec(tmp_path, monkeypatch):
    plan = ModuleType("newer_plan")
    plan.HEAR, plan.JUDGE = (), (decide,)
    monkeypatch.setitem(sys.modules, "newer_plan", plan)
    return faking.spec(tmp_path, plan="newer_plan")


@pytest.fixture
def store(tmp_path):
    """Calls sent to 城管: two about wires, a lamp, the rain; and one that failed."""
    with Store.open(tmp_path / "lingsu.db") as opened:
        for number, words in enumerate(("电线垂下来", "路灯不亮", "电线断了", "下雨漏水"), 1):
            made = answer(number, f"caller: {words}")
            units = (Decision("城管", 0.6),)
            decided = {"scope": Scope("accept_dispatch"), "departments": units}
            call = replace(made.call, urgency=Decision("一般"), **decided)
            opened.save(replace(made, call=call), heard=True)
        opened.save(answer(5, "caller: 电线", status="failed"), heard=True)
        yield opened


def reviewed(store, number, what, old, new, item="department"):
    sha = answer(number).call.recording.sha256
    reviews.add(store, reviews.Review(sha, "张三", what, item, old, new, "听过"))


def test_only_what_would_be_another_value_is_a_change(store, spec):
    found = compare(store, spec)
    assert [(one.sha256[0], one.item, one.old, one.new) for one in found.changes] == [
        ("1", "department", "城管", "供电"),
        ("3", "department", "城管", "供电"),
    ]
    assert found.moves == [(("department", "城管", "供电"), 2)]
    assert (found.compared, found.failed, found.unjudged, found.calls) == (3, 1, 1, 2)
    assert found.changes[0].probability == 0.8


def test_nothing_is_stored(store, spec):
    before = list(queries.results(store)), store.db.total_changes
    compare(store, spec)
    assert (list(queries.results(store)), store.db.total_changes) == before


@pytest.mark.parametrize(
    ("what", "old", "new", "told"),
    [
        ("change", "城管", "供电", "agrees"),
        ("accept", "城管", "城管", "disagrees"),
        ("change", "城管", "水务", "neither"),
        ("reject", "城管", None, "agrees"),  # away from what was rejected
        ("reject", "供电", None, "disagrees"),  # back to it
        ("reject", "水务", None, "neither"),
    ],
)
def test_a_change_goes_with_a_person_or_against(store, spec, what, old, new, told):
    reviewed(store, 3, what, old, new)
    found = compare(store, spec)
    by_call = {one.sha256[0]: one.review for one in found.changes}
    assert by_call == {"1": None, "3": told}
    assert sum(found.reviews.values()) == 1 and found.reviews[told] == 1
    first = found.changes[0].sha256[0]
    assert first == ("3" if told == "disagrees" else "1")


def test_a_review_of_another_item_says_nothing(store, spec):
    reviewed(store, 3, "accept", "一般", "一般", item="urgency")
    assert sum(compare(store, spec).reviews.values()) == 0


def test_tables_name_items_and_values_in_both_languages(store, spec, profile):
    reviewed(store, 1, "accept", "城管", "城管")
    found = compare(store, spec)
    zh, en = (
        [
            "|".join(row)
            for table in comparesheet.tables(found, profile, lang)
            for row in table.rows
        ]
        for lang in ("zh", "en")
    )
    assert "承办单位|城管|供电|2" in zh and "会变的通话|2" in zh
    assert any(line.endswith("80%|与人工复核相反") for line in zh)
    assert any(
        "Department|Urban management|Electricity company|80%|against a person" in line
        for line in en
    )


def test_twenty_calls_are_shown_and_all_are_in_the_json(store, spec, profile):
    found = compare(store, spec)
    many = replace(found, changes=found.changes * 15)
    shown = comparesheet.tables(many, profile)[-1].rows
    assert len(shown) == 21 and "另有 10 项" in shown[-1]
    plain = json.loads(json.dumps(comparesheet.plain(many)))
    assert len(plain["changes"]) == 30
    assert plain["moves"] == [
        {"item": "department", "old": "城管", "new": "供电", "calls": 30},
    ]


def test_the_command_compares_the_chosen_calls(store, spec, profile, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(asked, "spec", lambda *args: (spec, profile))
    done = CliRunner().invoke(cli.app, ["judge", "--compare"])
    assert done.exit_code == 0 and "会变成" in done.stdout
    told = json.loads(CliRunner().invoke(cli.app, ["judge", "--compare", "--json"]).stdout)
    assert (told["compared"], told["changed_calls"]) == (3, 2)
    none = CliRunner().invoke(cli.app, ["judge", "--compare", "--agent", "1", "--json"])
    assert json.loads(none.stdout)["compared"] == 0
