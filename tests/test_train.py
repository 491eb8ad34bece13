"""pipeline/training/train.py on a history that the test makes up."""

import csv
import json
from types import SimpleNamespace

import numpy as np
import pytest

from models.base import ModelUnavailable
from models.linear import LinearClassifier
from pipeline.config import load_config
from pipeline.errors import InputInvalid
from pipeline.tools import Tools
from pipeline.training.dataset import Recipe, held_out, read_examples, read_recipe
from pipeline.training.train import temperature, train

WHERE = ("东门", "西门", "南桥", "北桥", "老街", "新街", "河边", "山脚", "湖边", "车站")
MATTERS = {
    "水务": ("停水了没人修", "水管爆裂漏水", "自来水发黄有味"),
    "城管": ("路灯不亮太黑", "烧烤摊占道经营", "垃圾没人清运"),
    "教育": ("学校乱收补课费", "孩子入学报名材料", "老师体罚学生"),
}
ROWS = [
    {"text": f"{where}{matter}{i}号", "label": label}
    for label, matters in MATTERS.items()
    for matter in matters
    for i, where in enumerate(WHERE)
]


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS), "utf-8")
    return path


def test_training_learns_and_writes_model_and_card(history, tmp_path):
    trained = train("department", history, tmp_path / "out")
    model = LinearClassifier.load(tmp_path / "out")
    assert model.classify(["三岔口停水了"])[0][0].name == "水务"
    assert trained.figures.accuracy == 1.0
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert trained.data_sha256 in card
    assert "东门停水" not in card


def test_the_same_history_and_seed_give_the_same_bytes(history, tmp_path):
    first, second = (train("t", history, tmp_path / name).path for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_every_feature_stands_in_five_texts_at_least(history, tmp_path):
    train("t", history, tmp_path / "out")
    with np.load(tmp_path / "out" / "model.npz") as file:
        grams = file["vocabulary"].tobytes().decode().split("\n")
    kept, _ = held_out(read_examples(history, Recipe()))
    assert min(sum(gram in text for text in kept.texts) for gram in grams) >= 5


def test_two_labels_are_enough(tmp_path):
    path = tmp_path / "two.jsonl"
    rows = [r for r in ROWS if r["label"] != "教育"]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    train("t", path, tmp_path / "out")
    (answer,) = LinearClassifier.load(tmp_path / "out").classify(["路灯不亮"])
    assert (answer[0].name, len(answer)) == ("城管", 2)


def test_one_label_is_refused(tmp_path):
    path = tmp_path / "one.jsonl"
    rows = [r for r in ROWS if r["label"] == "教育"]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    with pytest.raises(InputInvalid, match="两类"):
        train("t", path, tmp_path / "out")


def test_csv_of_excel_and_xlsx_read_like_jsonl(history, tmp_path):
    from openpyxl import Workbook

    wanted = read_examples(history, Recipe())
    book = Workbook()
    book.active.append(["text", "label"])
    for row in ROWS:
        book.active.append([row["text"], row["label"]])
    book.save(tmp_path / "history.xlsx")
    with (tmp_path / "history.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, ["text", "label"])
        writer.writeheader()
        writer.writerows(ROWS)
    for name in ("history.xlsx", "history.csv"):
        assert read_examples(tmp_path / name, Recipe()) == wanted


def test_a_recipe_renames_splits_cuts_and_leaves_out(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(
        "内容,单位\n"
        "路灯不亮。2020-01-02某局：已修复,城市管理局\n"
        "医保卡丢了,社保局\n"
        "退休手续,社保局\n"
        "转接别处,服务中心\n",
        "utf-8-sig",
    )
    recipe = Recipe(
        text="内容",
        label="单位",
        labels={"城市管理局": "城管", "社保局": "人社"},
        split=({"label": "人社", "to": "医保", "any": "医保"},),
        cut=(r"20\d\d-\d\d-\d\d",),
    )
    examples = read_examples(path, recipe)
    assert examples.texts == ("路灯不亮。", "医保卡丢了", "退休手续")
    assert examples.labels == ("城管", "医保", "人社")


def test_a_column_named_by_the_caller_goes_before_the_recipes(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('text = "内容"\nlabel = "单位"\n', "utf-8")
    recipe = read_recipe(path, text="诉求", label=None)
    assert (recipe.text, recipe.label) == ("诉求", "单位")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"words": "x"}\n'),
        ("a.jsonl", b"{broken\n"),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.csv", b"\xff\xfe\xff"),
        ("a.xlsx", b"no zip"),
        ("a.docx", b""),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputInvalid, match=name):
        read_examples(tmp_path / name, Recipe())


def test_an_unknown_key_in_a_recipe_is_refused(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('txet = "内容"\n', "utf-8")
    with pytest.raises(InputInvalid, match="txet"):
        read_recipe(path)


def test_temperature_is_higher_where_scores_promise_too_much():
    dice = np.random.default_rng(0)
    wanted = dice.integers(0, 3, 400)
    scores = np.eye(3)[wanted] * 2.0
    honest = temperature(scores + dice.normal(0, 1.0, (400, 3)), wanted)
    noisy = temperature(scores + dice.normal(0, 4.0, (400, 3)), wanted)
    assert noisy > honest


def test_the_weights_of_a_city_are_used_by_its_tools(history, tmp_path):
    train("matter", history, tmp_path / "weights" / "matter")
    tools = Tools(load_config(), SimpleNamespace(folder=tmp_path))
    classifier = tools.classifier("matter")
    assert classifier.classify(["停水了没人修"])[0][0].name == "水务"
    assert tools.classifier("matter") is classifier
    assert tools.classifier("no such task") is None


def test_damaged_weights_are_a_named_failure(tmp_path):
    folder = tmp_path / "weights" / "matter"
    folder.mkdir(parents=True)
    (folder / "model.npz").write_bytes(b"half a fi")
    with pytest.raises(ModelUnavailable, match=r"model\.npz"):
        Tools(load_config(), SimpleNamespace(folder=tmp_path)).classifier("matter")
