"""Learning from reviews: what is learnt, what is held out, and when a new model takes over."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from faking import answer
from reviewed_store import HUM, reviewed, write_dialogues
from typer.testing import CliRunner

import cli
from models.calls import CallClassifier
from models.certainty import Certainty
from pipeline.errors import InputInvalid, ModelMissing
from pipeline.stages.settle import TASKS
from pipeline.store import reviews
from pipeline.store.store import Store
from pipeline.training import fromreviews
from pipeline.training.duel import compared, sign_test, taken
from pipeline.training.fromreviews import train_from_reviews
from pipeline.training.resume import FOLDER
from pipeline.training.reviewcard import Learnt
from pipeline.training.reviewed import reviewed_calls


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


@pytest.fixture
def learn(store, tmp_path, profile, monkeypatch):
    """learn(): train on the store's reviews and small dialogues into tmp_path / out."""
    monkeypatch.setattr("pipeline.tools.classifier_folders", lambda profile: {})
    dialogues = write_dialogues(tmp_path / "dialogues")

    def make(**more):
        out = tmp_path / "out"
        return train_from_reviews(store, out, profile=profile, dialogues=dialogues, **more)

    return make


def test_only_what_people_found_right_is_learnt_and_what_counts_is_the_latest(store, profile):
    reviewed(store, 1)
    sha = answer(1).call.recording.sha256
    for item, what, new in (
        ("urgency", "accept", "一般"),
        ("scope", "reject", None),
        ("abuse", "change", "mild"),  # nothing that this classifier decides
        ("department", "change", "水务"),
        ("request_type", "change", "没有这种"),
    ):
        old = "accept_dispatch" if item == "scope" else "城管"
        reviews.add(store, reviews.Review(sha, "王五", what, item, old, new, "听过"))
    found = reviewed_calls(store, profile)
    (one,) = found.calls
    assert one.example.labels == one.labels == {"urgency": "一般", "department": "水务"}
    assert one.example.group == "王五" and one.example.call.turns[1].text.startswith(HUM)
    assert one.rejected == {"scope": "accept_dispatch"}
    assert found.left_out == {"not_understood": 1}
    assert found.counts["scope"] == found.counts["department"] == 1


def test_a_rejected_value_is_wrong_and_another_is_not(store, profile):
    reviewed(store, 1, what="reject")
    (one,) = reviewed_calls(store, profile).calls
    assert one.right("department", "城管") is False
    assert one.right("department", "供电") is True
    assert one.right("urgency", "一般") is None


def test_no_unit_is_measured_and_teaches_nothing_of_units(store, profile):
    reviewed(store, 1, new="-")
    (one,) = reviewed_calls(store, profile).calls
    assert one.right("department", "-") and one.example.labels == {}


def test_a_call_without_words_teaches_nothing(store, profile):
    silent = answer(1)
    store.save(silent, heard=True)
    sha = silent.call.recording.sha256
    reviews.add(store, reviews.Review(sha, "王", "change", "urgency", None, "紧急"))
    found = reviewed_calls(store, profile)
    assert found.calls == [] and found.left_out == {"no_words": 1}


def test_about_a_third_is_held_out_whoever_reviewed_it_and_always_the_same(store, profile):
    reviewed(store, 60)
    first = [one.held_out for one in reviewed_calls(store, profile).calls]
    reviewed(store, 60, new="水务")
    assert 12 <= sum(first) <= 28
    assert [one.held_out for one in reviewed_calls(store, profile).calls] == first


@pytest.mark.parametrize(
    ("won", "lost", "chance"), [(0, 0, 1.0), (4, 0, 1 / 16), (3, 1, 5 / 16)]
)
def test_the_sign_test_counts_throws_of_a_coin(won, lost, chance):
    assert sign_test(won, lost) == chance


RIGHT, GAINED, LOST, UNKNOWN = (True, True), (False, True), (True, False), (None, None)


@pytest.mark.parametrize(
    ("reviews", "pairs", "able", "verdict"),
    [
        (30, [GAINED] * 4, 1, "better"),
        (30, [GAINED] * 4, 2, "alike"),  # the chance is shared among the decisions
        (30, [GAINED] * 5, 2, "better"),
        (30, [GAINED] * 3, 1, "alike"),
        (30, [GAINED] * 6 + [LOST] * 3, 1, "alike"),
        (29, [GAINED] * 9, 1, "few"),
        (5, [LOST] * 3, 1, "worse"),  # too few to trust are enough to doubt
        (30, [LOST] * 2, 1, "alike"),
        (30, [LOST] * 5 + [GAINED] * 4, 1, "alike"),
        (30, [UNKNOWN] * 9, 1, "alike"),
    ],
)
def test_better_and_worse_by_more_than_chance(reviews, pairs, able, verdict):
    found = compared("urgency", reviews, [*pairs, RIGHT], able)
    assert found.verdict == verdict
    assert found.held_out == 1 + len([pair for pair in pairs if pair != UNKNOWN])


@pytest.mark.parametrize(
    ("verdicts", "yes"),
    [
        (("better", "alike", "few"), True),
        (("better", "worse"), False),
        (("alike", "few"), False),
    ],
)
def test_a_model_is_taken_when_one_decision_is_better_and_none_worse(verdicts, yes):
    one = compared("urgency", 30, [RIGHT], 1)
    assert taken([replace(one, verdict=verdict) for verdict in verdicts]) is yes


def test_a_better_model_is_written_even_after_a_stop_and_is_then_the_one_to_beat(
    store, learn, tmp_path, monkeypatch
):
    reviewed(store, 45)
    out = tmp_path / "out"

    def stop(done, total, name):
        if name == "department-2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(report=stop)
    assert not (out / "model.npz").exists()
    told = []
    learnt = learn(report=lambda done, total, name: told.append((done, total)))
    assert learnt.resumed > 10 and told[-1] == (fromreviews.STEPS - 1, fromreviews.STEPS)
    department = next(one for one in learnt.duels if one.task == "department")
    assert (department.verdict, department.lost) == ("better", 0)
    assert department.new.value == 1.0 > department.old.value
    assert (learnt.reviewed + learnt.held_out, learnt.dialogues) == (45, 36)
    _holds_what_was_learnt(CallClassifier.load(out), learnt)
    card = (out / "README.md").read_text("utf-8")
    assert learnt.data_sha256 in card and "| department | 45 |" in card
    assert HUM not in card and "张三" not in card
    assert not (out / FOLDER).exists()
    monkeypatch.setattr("pipeline.tools.classifier_folders", lambda profile: {"calls": out})
    again = learn()
    assert again.old == learnt.data_sha256 and again.path is None
    assert all(one.gained == one.lost == 0 for one in again.duels)


def _holds_what_was_learnt(model, learnt):
    hello = "您好，请问有什么可以帮您？"
    read = model.read({"whole": f"{hello}。{HUM}", "agent": hello, "caller": HUM}, {})
    assert model.answer("department", read)[0].name == "供电"
    assert set(model.heads) == set(TASKS) and model.origin == learnt.data_sha256
    assert model.heads["department"].certainty != Certainty()


def test_a_model_that_is_no_better_leaves_everything_as_it_was(store, learn, tmp_path):
    reviewed(store, 45, item="urgency", new="一般")
    learnt = learn()
    assert learnt.path is None
    assert [one.verdict for one in learnt.duels if one.task == "urgency"] == ["alike"]
    assert not (tmp_path / "out" / "model.npz").exists()


def test_too_few_reviews_are_counted_by_decision(store, learn):
    reviewed(store, 29)
    with pytest.raises(InputInvalid, match="30 通.*承办单位 29"):
        learn()


def test_damaged_weights_of_today_are_named(store, learn, tmp_path, monkeypatch):
    reviewed(store, 30)
    (tmp_path / "model.npz").write_bytes(b"PK nothing")
    folders = {"calls": tmp_path}
    monkeypatch.setattr("pipeline.tools.classifier_folders", lambda profile: folders)
    with pytest.raises(ModelMissing, match=r"model\.npz"):
        learn()


def lingsu(*words: str):
    return CliRunner().invoke(cli.app, list(words))


@pytest.mark.parametrize("path", [Path("city/weights/calls/model.npz"), None])
def test_the_command_says_what_came_of_it(store, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "city").mkdir()
    found = (compared("department", 30, [GAINED] * 4, 1), compared("urgency", 2, [], 1))
    learnt = Learnt(path, 36, 30, 15, 2, {"no_words": 1}, 99, found, "ab" * 32, None, 0, 0)
    monkeypatch.setattr(fromreviews, "train_from_reviews", lambda *args, **more: learnt)
    command = ("train", "--from-reviews", "--db", "calls.db", "--profile", "city")
    done = lingsu(*command)
    assert done.exit_code == 0
    assert "变好" in done.stdout and "不足 30 通，不比" in done.stdout
    assert ("旧的留用" in done.stdout) == (path is None)
    assert ("judge --compare --profile city --db calls.db" in done.stderr) == bool(path)
    assert json.loads(lingsu(*command, "--json").stdout)["taken"] == bool(path)
    assert "better" in lingsu(*command, "--lang", "en").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("train",),
        ("train", "urgency"),
        ("train", "urgency", "x.csv", "--from-reviews"),
        ("train", "--from-reviews", "--db", "none.db", "--profile", "city"),
        ("train", "--from-reviews", "--db", "calls.db"),  # nothing is written to the default
        ("train", "--from-reviews", "--db", "calls.db", "--profile", "city"),  # no reviews
    ],
)
def test_what_cannot_be_learnt_is_status_two(store, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "city").mkdir()
    done = lingsu(*words)
    assert done.exit_code == 2 and done.stdout == "" and done.stderr
