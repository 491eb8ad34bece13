"""Appeals of agents: which step may follow, what an upheld one changes, what none changes."""

import sqlite3
from dataclasses import replace

import pytest
from faking import answer
from typer.testing import CliRunner

import cli
from pipeline import appealing, callsheet
from pipeline.errors import InputInvalid
from pipeline.records import Flag
from pipeline.scorecard.card import card
from pipeline.store import appeals, audit, erase, queries, reviews
from pipeline.store.store import Store

NUMBER = "13907750123"


def judged():
    made = answer(1, "agent: 您好", "caller: 路灯坏了", caller_number=NUMBER, agent_id="1007")
    flags = (Flag("closing", "fail", "info", "没有道别"), Flag("greeting", "pass"))
    return replace(made, call=replace(made.call, flags=flags))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        opened.save(judged(), heard=True)
        yield opened


@pytest.fixture
def steps(store, profile):
    """file, answer and withdraw on call 1."""
    result = queries.result(store, "1")

    class Steps:
        def file(self, item="closing", reason="最后一句没录上", who="1007"):
            return appealing.file(store, result, item, reason=reason, who=who, profile=profile)

        def answer(self, state, item="closing", reason="听过录音", who="张三", **more):
            more |= {"state": state, "reason": reason, "who": who, "profile": profile}
            return appealing.answer(store, result, item, **more)

        def withdraw(self, item="closing", who="1007"):
            return appealing.withdraw(store, result, item, who=who, profile=profile)

    return Steps()


def states(store) -> list[str]:
    return [one.state for one in appeals.of(store, queries.full_id(store, "1"))]


def test_an_appeal_that_is_upheld_changes_the_human_verdict_only(store, steps, profile):
    steps.file()
    steps.answer("upheld")
    assert states(store) == ["filed", "upheld"]
    sha = queries.full_id(store, "1")
    kept = reviews.counting(store, sha)[sha]
    assert (kept["qa.closing"].what, kept["qa.closing"].new) == ("change", "pass")
    made = card(queries.result(store, "1").call.flags, profile, kept.values())
    assert (made.machine.earned, made.human.earned) == (2, 4)


def test_an_appeal_that_is_rejected_changes_nothing(store, steps):
    steps.file()
    steps.answer("rejected")
    assert states(store) == ["filed", "rejected"]
    assert reviews.counting(store) == {}


def test_the_item_may_be_named_as_people_name_it_and_become_something_else(store, steps):
    assert steps.file("礼貌结束通话").item == "closing"
    steps.answer("upheld", to="不适用")
    sha = queries.full_id(store, "1")
    assert reviews.counting(store, sha)[sha]["qa.closing"].new == "not_applicable"


def test_what_was_withdrawn_may_be_filed_again(store, steps):
    steps.file()
    steps.withdraw()
    steps.file(reason="又想起来了")
    assert states(store) == ["filed", "withdrawn", "filed"]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([("file", "greeting")], "没有判为不通过"),
        ([("file", "department")], "不是质检项"),
        ([("file", "天气")], "没有 '天气' 这一项"),
        ([("file", "closing", "  ")], "理由"),
        ([("file",), ("file",)], "还没有答复"),
        ([("answer", "upheld")], "没有等待答复"),
        ([("withdraw",)], "没有等待答复"),
        ([("file",), ("withdraw", "closing", "张三")], "只能由本人"),
        ([("file",), ("answer", "upheld", "closing", "是我", "1007")], "要由别人答复"),
        ([("file",), ("answer", "maybe")], "答复只能是"),
        ([("file",), ("answer", "rejected"), ("file",)], "驳回"),
        ([("file",), ("answer", "upheld"), ("file",)], "没有判为不通过"),
    ],
)
def test_a_step_that_may_not_follow_is_refused_and_not_kept(store, steps, made, why):
    *before, last = made
    for name, *words in before:
        getattr(steps, name)(*words)
    kept = states(store)
    with pytest.raises(InputInvalid, match=why):
        getattr(steps, last[0])(*last[1:])
    assert states(store) == kept


def test_upheld_means_another_verdict(steps):
    steps.file()
    with pytest.raises(InputInvalid, match="改判"):
        steps.answer("upheld", to="不通过")


def test_a_step_on_what_somebody_else_has_answered_in_between_is_refused(store, steps):
    filed = steps.file()
    steps.answer("rejected")
    late = replace(filed, state="upheld", who="李四")
    with pytest.raises(InputInvalid, match="重新查看"):
        appeals.add(store, late, follows="filed", review=None)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM appeals", "UPDATE appeals SET state = 'upheld', reason = NULL"]
)
def test_a_step_is_never_rewritten(store, steps, sql):
    steps.file()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.db.execute(sql)


def test_forgetting_the_call_erases_the_words_and_the_audit_stays_whole(store, steps):
    steps.file(reason=f"打了{NUMBER}问过")
    sha = queries.full_id(store, "1")
    erase.forget(store, "1", who="me")
    (kept,) = appeals.of(store, sha)
    assert (kept.reason, kept.state) == (None, "filed")
    assert appeals.latest(store) == []
    assert audit.verify(store)[0] == 2  # filed, forgotten


def test_show_and_the_command_tell_the_steps_with_numbers_hidden(tmp_path, profile):
    path = tmp_path / "calls.db"
    with Store.open(path) as store:
        store.save(judged(), heard=True)

    def lingsu(*words):
        return CliRunner().invoke(cli.app, ["appeal", *words, "--db", str(path)])

    reason = f"{NUMBER}可以作证"
    filed = lingsu("file", "1", "--item", "closing", "--reason", reason, "--by", "1007")
    assert filed.exit_code == 0 and "已提出" in filed.output and NUMBER not in filed.output
    assert "139****0123" in lingsu("list").output
    own = lingsu("answer", "1", "upheld", "--item", "closing", "--reason", "是", "--by", "1007")
    assert own.exit_code == 2
    answered = ("answer", "1", "upheld", "--item", "closing", "--reason", "有", "--by", "张三")
    assert lingsu(*answered).exit_code == 0
    assert "成立" not in lingsu("list").output and "成立" in lingsu("list", "--all").output
    with Store.open(path) as store:
        result = queries.result(store, "1")
        sha = result.call.recording.sha256
        people = reviews.counting(store, sha)[sha].values()
        steps = appeals.by_call(store)[sha]
        tables = callsheet.show(result, profile, reviewed=people, appealed=steps)
    told = ["|".join(line) for table in tables for line in table.rows]
    assert any("申诉||成立||张三" in line for line in told)
