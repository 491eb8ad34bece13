"""`lingsu train` and `lingsu eval-text` from the command line, on made-up histories."""

import json

import pytest
from histories import OTHERS, ROWS, write
from typer.testing import CliRunner

import cli
from models import classifiers
from models.base import Label


def lingsu(*words: str):
    done = CliRunner().invoke(cli.app, list(words))
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A folder that is a profile, and histories beside it; the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "city").mkdir()
    write(tmp_path / "old.jsonl", ROWS)
    write(tmp_path / "new.jsonl", OTHERS)
    return tmp_path


@pytest.fixture
def trained(city):
    """The same with weights that learnt from old.jsonl."""
    done = lingsu(*"train department old.jsonl --dev new.jsonl --profile city".split())
    assert done.exit_code == 0
    return city


def test_training_ends_with_tables_and_says_what_to_type_next(city):
    done = lingsu(*"train department old.jsonl --profile city".split())
    assert done.exit_code == 0
    for words in ("训练结果", "宏平均 F1", "校准误差", "水务"):
        assert words in done.stdout
    assert "lingsu eval-text department" in done.stderr
    assert "lingsu judge --profile city" in done.stderr
    assert (city / "city" / "weights" / "department" / "model.npz").is_file()


def test_a_task_that_no_stage_hears_says_so(city):
    words = {"水务": "none", "城管": "mild", "教育": "severe"}
    write(city / "levels.jsonl", [{**r, "label": words[r["label"]]} for r in ROWS])
    done = lingsu(*"train abuse levels.jsonl --profile city --lang en".split())
    assert done.exit_code == 0
    assert "and do not change results" in " ".join(done.stderr.split())


def test_weights_outside_the_profile_are_said_not_to_be_read(city):
    done = lingsu(*"train department old.jsonl --out elsewhere".split())
    assert done.exit_code == 0 and "weights/department" in done.stderr


def test_the_built_in_profile_is_not_trained_into(city):
    done = lingsu("train", "department", "old.jsonl")
    assert done.exit_code == 2 and "--profile" in done.stderr


def test_most_rows_without_a_known_label_are_said_with_the_remedy(city):
    other = [{"text": f"别处{row['text']}", "label": "某某办"} for row in ROWS]
    write(city / "most.jsonl", ROWS + other)
    done = lingsu(*"train department most.jsonl --profile city".split())
    assert done.exit_code == 0
    assert "90 行" in done.stderr and "--recipe" in done.stderr


def test_any_labels_can_be_trained_and_measured_but_not_put_into_a_profile(city):
    names = {"水务": "water", "城管": "streets", "教育": "schools"}
    for name, rows in (("a", ROWS), ("b", OTHERS)):
        write(city / f"{name}.jsonl", [{**r, "label": names[r["label"]]} for r in rows])
    refused = lingsu(*"train emotion a.jsonl --any-label --profile city".split())
    assert refused.exit_code == 2 and "--out" in refused.stderr
    assert lingsu(*"train emotion a.jsonl --out trial".split()).exit_code == 2
    made = lingsu(*"train emotion a.jsonl --any-label --out trial".split())
    assert made.exit_code == 0
    found = lingsu(*"eval-text emotion b.jsonl --any-label --weights trial --json".split())
    told = json.loads(found.stdout)
    assert set(told["figures"]["labels"]) == set(names.values())
    assert told["figures"]["accuracy"]["value"] > 0.8


def test_json_of_a_training_names_what_was_left_out(city):
    write(city / "some.jsonl", [*ROWS, {"text": "停水", "label": "某某办"}])
    done = lingsu(*"train department some.jsonl --profile city --json".split())
    told = json.loads(done.stdout)
    (lost,) = told["training"]["left_out"]
    assert lost == {"code": "not_understood", "rows": 1, "labels": {"某某办": 1}}
    assert told["figures"]["accuracy"].keys() == {"value", "low", "high"}


def test_eval_text_prints_tables_and_writes_the_plot(trained):
    done = lingsu(*"eval-text department new.jsonl --profile city".split())
    assert done.exit_code == 0
    for words in ("准确率", "错误率不超过 5.0% 时可答", "（权重自带）可答", "水务", "校准"):
        assert words in done.stdout
    assert "reliability-department.svg" in done.stderr
    assert (trained / "reliability-department.svg").read_text("utf-8").startswith("<svg")


def test_eval_text_speaks_english_and_gives_json(trained):
    words = "eval-text department new.jsonl --profile city --plot p.svg".split()
    assert "Macro F1" in lingsu(*words, "--lang", "en").stdout
    told = json.loads(lingsu(*words, "--json").stdout)
    assert told["figures"]["texts"] == len(OTHERS) and not told["same_data"]
    assert {"accuracy", "macro_f1", "coverage", "confusions", "bins"} <= set(told["figures"])
    assert (trained / "p.svg").is_file() and (trained / "p-coverage.svg").is_file()


def test_eval_text_tells_what_the_weights_promise_and_what_came_of_it(trained):
    strange = [{"text": "qwerty uiop", "label": "水务"}]
    write(trained / "strange.jsonl", OTHERS + strange)
    words = "eval-text department strange.jsonl --profile city --error 0.1".split()
    shown = " ".join(lingsu(*words, "--lang", "en").stdout.split())
    for heads in ("Refused", "Thresholds of the weights", "Prediction sets", "Promised"):
        assert heads in shown
    figures = json.loads(lingsu(*words, "--json").stdout)["figures"]
    assert figures["refused"]["value"] == pytest.approx(1 / (len(OTHERS) + 1))
    assert figures["rates"]["0.1"] == figures["at_threshold"]
    assert figures["sets"]["0.9"]["held"]["value"] > 0.9
    assert figures["curve"][-1]["share"] < 1  # what was refused is answered at no probability


def test_measuring_on_the_training_file_is_said(trained):
    done = lingsu(*"eval-text department old.jsonl --profile city".split())
    assert done.exit_code == 0 and "训练所用的数据文件" in done.stderr


def test_a_model_that_the_city_brings_is_measured_without_a_threshold(trained, monkeypatch):
    class Brought:
        labels = ("水务", "城管", "教育")

        def classify(self, texts):
            labels = (Label("水务", 0.7), Label("城管", 0.2), Label("教育", 0.1))
            return tuple(labels for _ in texts)

    monkeypatch.setattr(classifiers, "load", lambda folder: Brought())
    done = lingsu(*"eval-text department new.jsonl --profile city --json".split())
    figures = json.loads(done.stdout)["figures"]
    assert figures["accuracy"]["value"] == pytest.approx(1 / 3)
    assert figures["at_threshold"] is None and figures["top3"] is None


def test_labels_that_were_never_learnt_are_counted(trained):
    write(trained / "gas.jsonl", [*OTHERS, {"text": "燃气味很重", "label": "燃气"}])
    done = lingsu(*"eval-text department gas.jsonl --profile city --json".split())
    (lost,) = json.loads(done.stdout)["left_out"]
    assert lost == {"code": "not_learnt", "rows": 1, "labels": {"燃气": 1}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("eval-text urgency new.jsonl --profile city", "lingsu train urgency"),
        ("eval-text department none.jsonl --profile city", "none.jsonl"),
        ("eval-text weather new.jsonl", "weather"),
        ("eval-text department gas.jsonl --profile city", "学过"),
        ("eval-text department new.jsonl --profile city --plot old.jsonl/p.svg", "p.svg"),
        ("train department new.jsonl --profile city --error 0", "--error"),
        ("train department new.jsonl --profile city --dev none.jsonl", "none.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_with_status_two(trained, words, said):
    write(trained / "gas.jsonl", [{"text": "燃气味很重", "label": "燃气"}])
    done = lingsu(*words.split())
    assert done.exit_code == 2 and said in done.stderr


def test_damaged_weights_are_named_with_the_remedy(trained):
    path = trained / "city" / "weights" / "department" / "model.npz"
    path.write_bytes(b"half")
    done = lingsu(*"eval-text department new.jsonl --profile city".split())
    assert done.exit_code == 2 and "请重新 lingsu train department" in done.stderr
