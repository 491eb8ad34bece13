"""pipeline/training/dataset.py and tasks.py: rows, columns and labels of a history."""

import csv
import re
from pathlib import Path

import pytest
from histories import ROWS, write

from pipeline import options
from pipeline.domain.profile import load_profile
from pipeline.errors import InputInvalid
from pipeline.stages import written
from pipeline.training import tasks
from pipeline.training.dataset import Recipe, held_out, read_examples, read_recipe, unseen
from pipeline.training.tasks import understood, weights_folder


@pytest.fixture
def read(profile):
    """read(path, recipe, task): the examples of a file under the default profile."""

    def make(path, recipe=None, task="department"):
        return read_examples(path, task, recipe or Recipe(), understood(task, profile))

    return make


def test_csv_of_excel_and_xlsx_read_like_jsonl(read, tmp_path):
    from openpyxl import Workbook

    wanted = read(write(tmp_path / "history.jsonl", ROWS))
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
        assert read(tmp_path / name) == wanted


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("工单编号,诉求内容,承办单位", ("诉求内容", "承办单位")),
        ("文本,标签", ("文本", "标签")),
        (" Text ,部门,label", (" Text ", "部门")),  # the task's own name before `label`
    ],
)
def test_columns_go_by_their_usual_names(read, tmp_path, header, columns):
    cells = {" Text ": "停水了", "诉求内容": "停水了", "文本": "停水了"}
    row = ",".join(cells.get(name, "水务") for name in header.split(","))
    path = tmp_path / "history.csv"
    path.write_text(f"{header}\n{row}\n", "utf-8")
    examples = read(path)
    assert (examples.columns, examples.texts) == (columns, ("停水了",))


@pytest.mark.parametrize(
    ("header", "recipe", "said"),
    [
        ("说了啥,部门", Recipe(), "找不到正文列.*诉求内容.*--text.*说了啥、部门"),
        ("内容,谁办", Recipe(), "找不到标签列.*承办单位.*--label.*内容、谁办"),
        ("内容,部门", Recipe(text="诉求"), "没有“诉求”列.*--text.*内容、部门"),
        ("内容,部门", Recipe(label="单位"), "没有“单位”列.*--label.*内容、部门"),
    ],
)
def test_a_missing_column_is_named_with_the_remedy(read, tmp_path, header, recipe, said):
    path = tmp_path / "history.csv"
    path.write_text(f"{header}\n停水,水务\n", "utf-8")
    with pytest.raises(InputInvalid, match=said):
        read(path, recipe)


def test_rows_that_cannot_be_used_are_counted_by_reason(read, tmp_path):
    rows = [
        {"text": "停水了", "label": "水务"},
        {"text": "停水了", "label": "水务"},
        {"text": "停水了", "label": "城管"},
        {"text": " ？！ ", "label": "城管"},
        {"text": None, "label": "城管"},
        {"text": "路灯不亮", "label": ""},
        {"text": "路灯不亮"},
        {"text": "路灯不亮", "label": "某某办"},
        {"text": "路灯坏了", "label": "城管"},
    ]
    examples = read(write(tmp_path / "history.jsonl", rows))
    assert examples.counts == {"水务": 1, "城管": 1}
    assert {one.code: (one.rows, one.labels) for one in examples.left_out} == {
        "repeated": (1, {}),
        "contradicts": (1, {}),
        "no_text": (2, {}),
        "no_label": (2, {}),
        "not_understood": (1, {"某某办": 1}),
    }


def test_where_no_label_is_known_the_known_ones_are_listed(read, tmp_path):
    path = write(tmp_path / "history.jsonl", [{"text": "太气人了", "label": "angry"}])
    with pytest.raises(InputInvalid, match="angry.*平静、焦急、不满、愤怒.*--recipe"):
        read(path, task="emotion")


def test_a_column_of_numbers_or_texts_taken_for_labels_is_not_copied(read, tmp_path):
    number, text = "13907750123", "我家门口的路灯已经坏了半个月了一直没有人来修"
    rows = [{"text": "停水了", "label": "水务"}]
    rows += [{"text": "停电", "label": number}, {"text": "路灯", "label": text}]
    rows += [{"text": f"事{i}", "label": f"某办{i}"} for i in range(30)]
    (lost,) = read(write(tmp_path / "history.jsonl", rows)).left_out
    assert (lost.rows, len(lost.labels)) == (32, 20)
    told = "".join(lost.labels)
    assert number not in told and "139****0123" in told
    assert text not in told and text[:20] in told


def test_a_file_of_empty_rows_is_refused(read, tmp_path):
    path = write(tmp_path / "history.jsonl", [{"text": "", "label": ""}])
    with pytest.raises(InputInvalid, match="“text”“label”"):
        read(path)


@pytest.mark.parametrize(
    ("task", "written", "ours"),
    [
        ("department", "城市管理综合执法局", "城管"),
        ("department", "城管局", "城管"),
        ("scope", "受理转办", "accept_dispatch"),
        ("abuse", "威胁", "threat"),
        ("abuse", "none", "none"),
        ("request_type", "投诉", "投诉"),
        ("emotion", "愤怒", "愤怒"),
        ("urgency", "特急", "特急"),
    ],
)
def test_labels_go_by_their_value_or_their_words(profile, task, written, ours):
    assert understood(task, profile)[written] == ours


def test_a_label_may_be_a_number(read, tmp_path):
    path = write(tmp_path / "history.jsonl", [{"text": "你好", "label": 0}])
    examples = read(path, Recipe(labels={"0": "none"}), task="abuse")
    assert examples.labels == ("none",)


def test_a_recipe_renames_splits_cuts_and_leaves_out(read, tmp_path):
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
    examples = read(path, recipe)
    assert examples.texts == ("路灯不亮。", "医保卡丢了", "退休手续")
    assert examples.labels == ("城管", "医保", "人社")
    assert [(one.code, one.labels) for one in examples.left_out] == [
        ("not_listed", {"服务中心": 1})
    ]


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
def test_a_file_that_cannot_be_used_is_named(read, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputInvalid, match=name):
        read(tmp_path / name)


@pytest.mark.parametrize("line", ['txet = "内容"', 'cut = ["("]'])
def test_a_recipe_with_an_unknown_key_or_a_bad_pattern_is_refused(tmp_path, line):
    path = tmp_path / "recipe.toml"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InputInvalid, match="recipe.toml"):
        read_recipe(path)


def test_the_held_out_part_depends_on_letters_alone(read, tmp_path):
    marked = [{**row, "text": f"{row['text']} 。"} for row in ROWS]
    plain, other = (
        read(write(tmp_path / f"{i}.jsonl", rows)) for i, rows in enumerate((ROWS, marked))
    )
    train, dev = held_out(plain)
    assert 0.05 < len(dev.texts) / len(ROWS) < 0.3
    assert unseen(dev, train).texts == dev.texts
    assert len(unseen(held_out(other)[1], train).texts) == len(dev.texts)


@pytest.mark.parametrize("name", ["default", "pipeline/domain/default"])
def test_built_in_profiles_are_not_written_to(name):
    with pytest.raises(InputInvalid, match="--profile"):
        weights_folder("department", load_profile(name))


def test_the_command_takes_the_tasks_that_there_are():
    allowed = options.Task.__origin__
    assert allowed.__args__ == tasks.TASKS


def test_the_tasks_said_to_be_heard_are_those_that_stages_ask_for():
    code = "".join(p.read_text("utf-8") for p in Path("pipeline/stages").glob("*.py"))
    named = set(re.findall(r'tools\.classifier\("(\w+)"\)', code))
    shipped_only = {"turns"}  # no history of a city has labels for it
    assert sorted(named - shipped_only | set(written.TASKS)) == sorted(tasks.HEARD)
