"""What links say: relations in the export, hot spots, dossiers, tables, all of it masked."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from linking import CALLER, OTHER, WATER, judged, keep, sha

from pipeline.export.rows import row
from pipeline.link import sheet
from pipeline.link.dossiers import dossiers
from pipeline.link.numbers import one_number
from pipeline.link.relations import Relations
from pipeline.link.run import link_calls
from pipeline.store import links, queries
from pipeline.store.store import Store
from pipeline.training.evaluate import evaluate

SCHEMA = json.loads(Path("docs/schema.json").read_text(encoding="utf-8"))
THIRD = "13700000053"
ROAD = {"matter": WATER, "places": ("民主路",)}


@pytest.fixture
def store(tmp_path, profile):
    """1 and 2 and 3: one matter from two callers; 4: the first again, rude; 5 alone."""
    with Store.open(tmp_path / "calls.db") as opened:
        keep(
            opened,
            judged(1, caller=CALLER, call_id="A1", **ROAD),
            judged(2, caller=OTHER, at="2026-07-14T09:00:00", **ROAD),
            judged(3, caller=THIRD, at="2026-07-14T10:00:00", **ROAD),
            judged(4, caller=CALLER, at="2026-07-15T10:00:00", abuse="severe", matter=WATER),
            judged(5, caller="13600000054", at="2026-07-15T11:00:00", abuse="mild"),
        )
        link_calls(opened, profile)
        yield opened


def test_relations_name_the_other_calls_and_the_hot_spot(store, profile):
    told = Relations(store, 2).of(sha(1))
    assert set(told["duplicates_of"]) == {sha(2)[:12], sha(3)[:12]}
    assert told["same_caller"] == [sha(4)[:12]]
    assert told["repeat_of"] == []  # it is the earlier one
    assert told["hot_spot"] == "民主路停水"
    again = Relations(store, 2).of(sha(4))
    assert again["repeat_of"] == ["A1"] and again["hot_spot"] is None


def test_exported_relations_keep_to_the_schema_and_hide_numbers(store, profile):
    relations = Relations(store, 2)
    for result in queries.results(store):
        related = relations.of(result.call.recording.sha256)
        plain = json.loads(json.dumps(row(result, profile, relations=related)))
        Draft202012Validator(SCHEMA).validate(plain)
        text = json.dumps(plain["relations"], ensure_ascii=False)
        assert not any(number in text for number in (CALLER, OTHER, THIRD))


def test_fewer_calls_than_the_profile_asks_for_are_no_hot_spot(store):
    assert Relations(store, 4).of(sha(1))["hot_spot"] is None


def test_a_hot_spot_counts_calls_and_callers(store):
    (spot,) = Relations(store, 2).spots(links.of(store, [sha(2)]))
    assert [call.sha256 for call in spot.calls] == [sha(1), sha(2), sha(3)]
    assert spot.callers == 3


def rules(profile, *, frequent: int, abusive: int):
    own = profile.links
    return own.model_copy(
        update={
            "frequent": own.frequent.model_copy(update={"calls": frequent}),
            "abusive": own.abusive.model_copy(update={"calls": abusive}),
        }
    )


def test_a_dossier_counts_a_callers_calls_and_names_them(store, profile):
    everybody = [sha(n) for n in range(1, 6)]
    (often,) = dossiers(store, everybody, rules(profile, frequent=2, abusive=2))
    assert (often.number, often.reasons) == (CALLER, ("frequent",))
    assert [call.sha256 for call in often.calls] == [sha(1), sha(4)]
    rude = dossiers(store, everybody, rules(profile, frequent=9, abusive=1))
    assert [(one.number, one.levels) for one in rude] == [
        (CALLER, {"severe": 1}),  # the same abuse, more calls
        ("13600000054", {"mild": 1}),
    ]
    assert not dossiers(store, everybody, rules(profile, frequent=3, abusive=2))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_and_plain_values_hide_the_numbers(store, profile, lang):
    everybody = [sha(n) for n in range(1, 6)]
    found = links.of(store, everybody)
    spots = Relations(store, 2).spots(found)
    callers = dossiers(store, everybody, rules(profile, frequent=2, abusive=1))
    told = (found, spots, callers, links.named(store, everybody))
    cells = [
        cell for table in sheet.tables(*told, lang) for line in table.rows for cell in line
    ]
    text = "\n".join(cells) + json.dumps(sheet.plain(*told), ensure_ascii=False)
    assert "民主路停水" in text and "139****0051" in text and "severe" in text
    assert not any(number in text for number in (CALLER, OTHER, THIRD))


def test_show_lists_the_calls_that_a_call_is_linked_with(store):
    shown = sheet.linked(Relations(store, 2).of(sha(4)), "zh")
    kinds = [line[0] for line in shown.rows]
    assert kinds == ["同一来电人", "重复诉求（可并单）"]
    assert all(line[1:3] == (sha(1)[:12], "较早") for line in shown.rows)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0775-4512345", "07754512345"),
        ("4512345", "07754512345"),  # the city's own
        ("86 0775 4512345", "07754512345"),
        ("008613900000051", "13900000051"),
        ("120", ""),
        ("匿名", ""),
        ("12315", ""),
        ("4008001234", ""),
    ],
)
def test_a_number_has_one_writing(profile, written, number):
    assert one_number(written, "贵港市", profile.places, profile.links.nobody) == number


def test_links_are_measured_against_labels(store, profile, tmp_path):
    labels = [
        {"file": f"{n}.wav", "call_id": f"L{n}", "relations": related}
        for n, related in (
            (1, {"duplicates_of": ["L2"], "same_caller": ["L4"], "hot_spot": "停水"}),
            (2, {"duplicates_of": ["L1"], "hot_spot": "停水"}),
            (4, {"same_caller": ["L1"]}),
        )
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in labels), encoding="utf-8")
    relations = Relations(store, 2)
    rows = [
        row(result, profile, relations=relations.of(sha(n)), unmasked=True)
        | {"file": f"{n}.wav"}
        for n in (1, 2, 3, 4)
        for result in [queries.result(store, sha(n))]
    ]
    report = evaluate(path, rows)  # 3 bears no label: nothing is said of its links
    for metric in ("same_caller", "duplicates", "hot_spot"):
        assert report.value(f"{metric}_precision") == report.value(f"{metric}_recall") == 1.0
    blind = evaluate(path, [one | {"relations": {}} for one in rows])
    assert blind.value("duplicates_recall") == 0.0
