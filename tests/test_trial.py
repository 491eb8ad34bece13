"""`lingsu rules test`: what a rule would flag in a store; what is wrong with a rule file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from faking import answer
from shiftcalls import stored
from typer.testing import CliRunner

import cli
from pipeline.domain.profile import read_items
from pipeline.records import Flag

NUMBER = "13907750123"
OWN = """
[[item]]
id = "no_umms"
label = "口头禅"
good = false
reason = "话务员总说那个"
when = { words = ["那个那个"] }
hit = ["那个那个您说"]
miss = ["那个路口"]
"""


@pytest.fixture
def db(tmp_path):
    """Three calls of two agents; the stored result of one says otherwise than the rule."""
    said = {
        1: ("1007", "agent: 那个那个您说", "pass"),
        2: ("1007", f"agent: 您好，{NUMBER}吗，那个那个", "fail"),
        3: ("1008", "agent: 您好，12345热线，请讲", "pass"),
    }
    results = []
    for number, (agent, line, was) in said.items():
        at = f"2026-07-{13 + number}T09:00:00"
        made = answer(
            number, line, "caller: 嗯", agent_id=agent, started_at=at, caller_number=NUMBER
        )
        flags = (Flag("no_umms", was), Flag("self_id", "pass"))
        results.append(replace(made, call=replace(made.call, flags=flags)))
    results.append(answer(9, status="failed"))
    return stored(tmp_path / "calls.db", *results)


@pytest.fixture
def rules(tmp_path, db):
    def run(*words, text=OWN):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        words = ["rules", "test", *words, "--db", str(db)]
        if "--rule-file" in words:
            words.insert(words.index("--rule-file") + 1, str(path))
        return CliRunner().invoke(cli.app, words)

    return run


def test_a_rule_of_a_file_is_tried_on_past_calls(rules):
    told = json.loads(rules("no_umms", "--rule-file", "--json").stdout)
    assert (told["calls"], told["verdicts"]["fail"]) == (3, 2)
    assert told["agents"] == {"1007": {"fail": 2}, "1008": {"pass": 1}}
    moves = {(one["was"], one["now"]): one["calls"] for one in told["moves"]}
    assert moves == {("pass", "fail"): 1, ("fail", "fail"): 1, ("pass", "pass"): 1}
    first = told["first"][0]
    assert (first["turn"], first["start"], first["quote"]) == (0, 0.0, "那个那个")
    assert (first["agent"], first["was"]) == ("1007", "pass")


def test_the_table_names_agents_and_shows_the_first_calls(rules):
    out = rules("no_umms", "--rule-file", "--first", "1").output
    assert "全部的 66.7%" in out and "1007" in out and "那个那个" in out
    assert "前 1 通" in out and "#0" in out


def test_a_rule_of_the_profile_is_tried_by_its_name_and_on_a_choice(rules):
    told = json.loads(rules("报热线名称或工号", "--since", "2026-07-16", "--json").stdout)
    assert (told["rule"], told["calls"], told["verdicts"]["pass"]) == ("self_id", 1, 1)


def test_a_rule_may_see_another_one_of_its_file_and_of_the_profile(rules):
    both = '{ all = [{ sees = ["no_umms"] }, { sees = ["self_id"] }] }'
    second = OWN.replace("no_umms", "both").replace('{ words = ["那个那个"] }', both)
    second = second.replace('hit = ["那个那个您说"]', 'hit = ["您好，12345热线，那个那个"]')
    told = json.loads(rules("both", "--rule-file", "--json", text=OWN + second).stdout)
    assert told["verdicts"] == {
        **{"pass": 3, "fail": 0, "not_applicable": 0, "insufficient_evidence": 0}
    }


def test_words_are_shown_with_numbers_hidden(rules):
    own = OWN.replace('words = ["那个那个"]', f"matches = ['{NUMBER}.*']").replace(
        '"那个那个您说"', f'"{NUMBER}"'
    )
    out = rules("no_umms", "--rule-file", text=own).output
    assert NUMBER not in out and "139****0123" in out


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('words = ["那个那个"]', 'wrods = ["那个"]'), "no_umms"),
        (('hit = ["那个那个您说"]', 'hit = ["您说"]'), "should hit '您说'"),
        (('miss = ["那个路口"]', 'miss = ["那个那个路口"]'), "should miss"),
        (("[[item]]", "[[rule]]"), "only [[item]]"),
        (("when = {", 'when = { sees = ["nowhere"] }\nunless = {'), "nowhere"),
        (('id = "no_umms"', 'id = "other"'), "没有规则 'no_umms'"),
        (("good = false", "good = "), "own.toml"),
    ],
)
def test_what_is_wrong_with_a_rule_file_is_told_by_its_entry(rules, change, named):
    got = rules("no_umms", "--rule-file", text=OWN.replace(*change, 1))
    assert got.exit_code == 2
    assert named in got.output.replace("\n", "")


def test_a_name_that_no_rule_has_lists_those_there_are(rules):
    got = rules("nonesuch")
    assert got.exit_code == 2 and "greeting" in got.output


def test_the_example_of_the_documents_is_a_rule(tmp_path, profile):
    page = Path("docs/profiles.md").read_text(encoding="utf-8")
    (block,) = [one for one in page.split("```toml\n")[1:] if one.startswith("[[item]]")]
    path = tmp_path / "own.toml"
    path.write_text(block.partition("```")[0], encoding="utf-8")
    (item,) = read_items(path, profile.qa)
    assert item.when.operator == "silence"
