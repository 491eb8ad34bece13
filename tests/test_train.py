"""pipeline/training/train.py on a history that the test makes up."""

from types import SimpleNamespace

import numpy as np
import pytest
from histories import OTHERS, ROWS, write

from models.base import ModelUnavailable
from models.linear import LinearClassifier
from pipeline.config import load_config
from pipeline.errors import InputInvalid
from pipeline.tools import Tools
from pipeline.training import blend
from pipeline.training import train as trainer
from pipeline.training.dataset import Recipe, held_out, read_examples, read_recipe
from pipeline.training.fit import Settings
from pipeline.training.members import MEMBERS
from pipeline.training.resume import FOLDER
from pipeline.training.tasks import understood
from pipeline.training.train import train


@pytest.fixture
def fit(tmp_path, profile):
    """fit(rows, **more): train departments on these rows into tmp_path / out."""

    def make(rows=ROWS, *, out="out", recipe=None, **more):
        data = write(tmp_path / "history.jsonl", rows)
        return train(
            "department",
            data,
            tmp_path / out,
            profile=profile,
            recipe=recipe or Recipe(),
            **more,
        )

    return make


def test_training_learns_and_writes_model_card_and_plot(fit, tmp_path):
    trained = fit()
    model = LinearClassifier.load(tmp_path / "out")
    assert model.classify(["三岔口停水了没人修"])[0][0].name == "水务"
    assert trained.figures.accuracy.value == 1.0
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert trained.data_sha256 in card
    assert "东门停水" not in card
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["README.md", "model.npz", "reliability-coverage.svg", "reliability.svg"]
    assert all(f"({name})" in card for name in names if name.endswith(".svg"))


def test_the_same_history_and_seed_give_the_same_bytes(fit, tmp_path):
    for out in "ab":
        fit(out=out)
    for name in ("model.npz", "README.md", "reliability.svg"):
        one, two = (tmp_path / out / name for out in "ab")
        assert one.read_bytes() == two.read_bytes()


def test_every_feature_stands_in_five_texts_at_least(fit, tmp_path, profile):
    fit()
    with np.load(tmp_path / "out" / "model.npz") as file:
        grams = file["vocabulary"].tobytes().decode().split("\n")
    known = understood("department", profile)
    examples = read_examples(tmp_path / "history.jsonl", "department", Recipe(), known)
    kept, _ = held_out(examples)
    assert min(sum(gram in text for text in kept.texts) for gram in grams) >= 5


def test_two_labels_are_enough(fit, tmp_path):
    fit([r for r in ROWS if r["label"] != "教育"])
    (answer,) = LinearClassifier.load(tmp_path / "out").classify(["路灯不亮"])
    assert (answer[0].name, len(answer)) == ("城管", 2)


@pytest.mark.parametrize(
    "rows",
    [
        [r for r in ROWS if r["label"] == "教育"],
        ROWS[:15] + ROWS[30:45],
    ],
    ids=["one label", "too few texts"],
)
def test_what_cannot_be_learnt_from_is_refused_with_the_counts(fit, rows):
    with pytest.raises(InputInvalid, match="两类各 20 条.*现有：.*[0-9]"):
        fit(rows)


def test_texts_without_a_word_in_common_are_refused(fit):
    rows = [{"text": f"case {i}", "label": "水务" if i % 2 else "城管"} for i in range(80)]
    with pytest.raises(InputInvalid, match="中文诉求"):
        fit(rows)


def test_a_rare_label_is_left_out_and_named(fit, tmp_path):
    rare = {"text": "燃气管道有味", "label": "燃气"}
    trained = fit([*ROWS, rare])
    lost = [*trained.training.left_out, *trained.measured.left_out]
    assert [(one.rows, one.labels) for one in lost] == [(1, {"燃气": 1})]
    assert "燃气 1" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_what_was_trained_on_is_not_measured_on(fit, tmp_path):
    again = [{"text": f"{row['text']}！", "label": row["label"]} for row in ROWS[:4]]
    dev = write(tmp_path / "dev.jsonl", again + OTHERS)
    trained = fit(dev=dev)
    assert [(one.code, one.rows) for one in trained.measured.left_out] == [("in_training", 4)]
    assert trained.figures.texts == len(OTHERS)


def test_a_dev_file_of_training_texts_alone_is_refused(fit, tmp_path):
    with pytest.raises(InputInvalid, match="--dev"):
        fit(dev=write(tmp_path / "dev.jsonl", ROWS))


def test_what_is_known_of_the_answers_is_kept_in_the_weights(fit, tmp_path):
    trained = fit(dev=write(tmp_path / "dev.jsonl", OTHERS))
    model = LinearClassifier.load(tmp_path / "out")
    assert model.origin == trained.data_sha256
    assert set(model.certainty.levels) == {0.8, 0.9, 0.95}
    # nearly all was right by folds, so that every text may be answered
    assert trained.figures.at_threshold.threshold == model.certainty.threshold(0.05)
    assert trained.figures.at_threshold.share.value == 1.0
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert f"| 5% | {model.certainty.threshold(0.05):.3f} | 1.000 (" in card


@pytest.mark.parametrize("text", ["", "12345", "please fix my water", "龘靐齉齾爩"])
def test_a_text_unlike_the_history_is_refused(fit, tmp_path, text):
    fit()
    model = LinearClassifier.load(tmp_path / "out")
    assert model.classify([text])[0] == ()
    assert model.classify(["三岔口停水了没人修"])[0]


def test_an_interrupted_training_goes_on_to_the_same_bytes(fit, tmp_path, monkeypatch):
    fit(out="whole")
    real, calls = blend.weights, []

    def stopping(*facts):
        calls.append(1)
        if len(calls) == 2 * len(MEMBERS) + 1:  # in the third fold
            raise KeyboardInterrupt
        return real(*facts)

    monkeypatch.setattr(blend, "weights", stopping)
    with pytest.raises(KeyboardInterrupt):
        fit()
    assert not (tmp_path / "out" / "model.npz").exists()
    trained = fit()
    assert (trained.resumed, len(calls)) == (2, 3 * len(MEMBERS) + 1)  # one fold was left
    one, two = (tmp_path / out / "model.npz" for out in ("whole", "out"))
    assert one.read_bytes() == two.read_bytes()
    assert not (tmp_path / "out" / FOLDER).exists()


def interrupted(fit, monkeypatch):
    """A training that is stopped when all its steps but the last are done."""

    def stopping(*facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(trainer, "_baseline", stopping)
        with pytest.raises(KeyboardInterrupt):
            fit()


def test_another_seed_does_not_go_on_with_old_steps(fit, tmp_path, monkeypatch):
    interrupted(fit, monkeypatch)
    assert fit(settings=Settings(seed=1)).resumed == 0


def test_half_a_step_is_done_again(fit, tmp_path, monkeypatch):
    interrupted(fit, monkeypatch)
    (path,) = (tmp_path / "out" / FOLDER).glob("*/whole.npy")
    path.write_bytes(path.read_bytes()[:100])
    assert fit().resumed == 3


def test_progress_counts_every_step_once(fit):
    told = []
    fit(report=lambda *facts: told.append(facts))
    assert [done for done, _, _ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told)}


def test_the_card_says_what_the_user_said_of_the_data(fit, tmp_path):
    fit(recipe=read_recipe(None, source="某市 2025 年工单", licence="内部使用"))
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert card.count("某市 2025 年工单") == card.count("内部使用") == 2  # in both languages


def test_the_weights_of_a_city_are_used_by_its_tools(fit, tmp_path):
    fit(out="weights/department")
    tools = Tools(load_config(), SimpleNamespace(folder=tmp_path))
    classifier = tools.classifier("department")
    assert classifier.classify(["停水了没人修"])[0][0].name == "水务"
    assert tools.classifier("department") is classifier
    assert tools.classifier("no such task") is None


def test_damaged_weights_are_a_named_failure(tmp_path):
    folder = tmp_path / "weights" / "matter"
    folder.mkdir(parents=True)
    (folder / "model.npz").write_bytes(b"half a fi")
    with pytest.raises(ModelUnavailable, match=r"model\.npz"):
        Tools(load_config(), SimpleNamespace(folder=tmp_path)).classifier("matter")
