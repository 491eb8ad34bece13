"""models/language.py and its training: a tiny model of invented lines, and the shipped one."""

import json
import math

import pytest

from models.base import ModelUnavailable
from models.classifiers import SHIPPED
from models.language import FILE, START, CharacterModel, save, spoken
from pipeline.training.language import (
    WittenBell,
    counted,
    mixed,
    pruned,
    read_speech,
    read_written,
)

CALLS = ("^路灯坏了^我们小区路灯不亮", "^小区停水了^什么时候来水", "^停电三天了")
WRITTEN = ("^路灯损坏影响出行",) * 6
EVERY = [chr(code) for code in range(0x4E00, 0xA000)]
SHIPPED_MODEL = SHIPPED / "language"


@pytest.fixture(scope="module")
def table():
    speech, written = WittenBell(counted(CALLS, 1)), WittenBell(counted(WRITTEN, 5))
    return mixed([(0.8, speech), (0.2, written)])


@pytest.fixture(scope="module")
def folder(table, tmp_path_factory):
    made = tmp_path_factory.mktemp("language")
    save(made, table.probabilities, table.backoffs, table.unknown)
    return made


def chance(model, context, character):
    return math.exp(model.log_probability(context, character))


def test_digits_are_spoken_and_other_signs_end_a_clause():
    assert spoken("打 12345，好吗？OK 您好") == "打一二三四五^好吗^您好"


@pytest.mark.parametrize(
    "context", ["", "^", "路", "区路灯", "^停", "灯小", "路灯水", "鑫鑫鑫"]
)
def test_probabilities_sum_to_one_after_seen_and_unseen_contexts(table, folder, context):
    assert sum(table.probability(context, sign) for sign in EVERY) == pytest.approx(1, abs=1e-9)
    model = CharacterModel(folder, ("路灯管理所",))
    assert sum(chance(model, context, sign) for sign in EVERY) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("before", "after", "likelier"),
    [
        ("三天了", "小区停水", True),
        ("三天了，", "小区停水", True),  # the mark is not what is judged by
        ("我们小", "区路灯", False),
        ("小区停", "水了", False),
    ],
)
def test_a_clause_begins_where_clauses_begin(folder, before, after, likelier):
    assert (CharacterModel(folder).begins(before, after) > 1) == likelier


def test_nothing_is_known_of_a_clause_without_characters(folder):
    model = CharacterModel(folder)
    assert model.begins("停电三天了", "，小区") == model.begins("停电", "OK") == 0
    assert model.begins("", "小区停水") > 0


def test_probabilities_sum_to_one_when_pruned(table):
    small = pruned(table, 0.75)
    assert len(small.probabilities) == round(0.75 * len(table.probabilities))
    for context in ("^", "区路灯", "^停", "灯小"):
        total = sum(small.probability(context, sign) for sign in EVERY)
        assert total == pytest.approx(1, abs=1e-9)


def test_what_was_seen_is_likelier_than_what_was_not(folder):
    model = CharacterModel(folder)
    assert chance(model, "^路", "灯") > 0.5 > 0.01 > chance(model, "^路", "水")
    assert chance(model, "好^路", "灯") == chance(model, "^路", "灯")


@pytest.mark.parametrize(
    ("context", "character"),
    [("港", "北"), ("在港", "北"), ("港北", "区"), ("港北区", "政"), ("北区政", "务")],
)
def test_a_name_raises_its_next_character(folder, context, character):
    plain, named = CharacterModel(folder), CharacterModel(folder, ("港北区政务",))
    assert chance(named, context, character) > 0.29 > chance(plain, context, character)
    others = chance(named, context, "水") / chance(plain, context, "水")
    assert others == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("context", "character"),
    [
        ("", "港"),  # no name has begun
        ("^", "港"),
        ("东北", "区"),  # 北 is inside the name, but 港 does not stand before it
        ("东北区", "政"),
        ("北区政务", "水"),  # the name is over
    ],
)
def test_a_name_changes_nothing_else(folder, context, character):
    plain, named = CharacterModel(folder), CharacterModel(folder, ("港北区政务",))
    given = named.log_probability(context, character)
    assert given == plain.log_probability(context, character)


@pytest.mark.parametrize("context", ["^", "港", "港北", "东港北", "路灯不", "饕餮"])
def test_several_characters_are_as_likely_as_each_of_them(folder, context):
    model = CharacterModel(folder, ("港北区政务",))
    signs = "区水政亮饕路小"
    each = [model.log_probability(context, sign) for sign in signs]
    assert model.log_probabilities(context, signs) == pytest.approx(each, abs=1e-12)


def test_the_memory_of_answers_is_bounded(folder, monkeypatch):
    monkeypatch.setattr("models.language.REMEMBERED", 3)
    model = CharacterModel(folder)
    first = [model.log_probability("^", sign) for sign in "路小停水灯"]
    assert [model.log_probability("^", sign) for sign in "路小停水灯"] == first
    assert len(model._memo) <= 3


def test_an_ngram_of_four_texts_is_left_out_and_one_of_five_is_kept():
    texts = ["^积水严重"] * 5 + ["^积水倒灌"] * 4 + ["^积水"]
    kept = counted(texts, 5)
    assert kept["^积水严"] == 5
    assert kept["积水"] == 10
    assert not {gram for gram in kept if set(gram) & set("倒灌")}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("请致电[TEL]反映问题", "电反"),
        ("楼道N号房", "道号"),
        ("找到某某某反映", "某"),
        ("交了1200元", "千元"),
        ("住三幺九零室", "三幺"),
        ("王小明先生来电", "王小"),
    ],
)
def test_numbers_names_and_masked_words_of_written_texts_are_not_counted(
    tmp_path, text, absent
):
    (tmp_path / "city").mkdir()
    rows = [json.dumps({"text": f"{sign}，{text}"}) for sign in "甲乙丙丁戊"]
    (tmp_path / "city" / "train.jsonl").write_text("\n".join(rows))
    kept = counted(read_written(tmp_path), 5)
    assert kept
    assert not [gram for gram in kept if absent in gram or set(gram) & set("0123456789N[]")]


def test_a_text_that_comes_twice_counts_once_and_traditional_signs_are_simplified(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        row = json.dumps({"title": "路燈", "text": "路燈不亮"})
        (tmp_path / name / "train.jsonl").write_text(row)
    assert read_written(tmp_path) == ["^路灯^路灯不亮"]


def test_calls_end_at_blank_lines_and_a_file_without_them_holds_sentences(tmp_path):
    (tmp_path / "a.txt").write_text("A:您好，请讲。\nC:停水3天\n\nA:您好\n")
    (tmp_path / "b.txt").write_text("C:没电\nC:没水\n")
    calls, sentences = read_speech(tmp_path)
    assert calls == ["^您好^请讲^停水三天", "^您好"]
    assert sentences == ["^没电", "^没水"]


def test_the_same_texts_give_the_same_bytes(table, folder, tmp_path):
    again = mixed(
        [(0.8, WittenBell(counted(CALLS, 1))), (0.2, WittenBell(counted(WRITTEN, 5)))]
    )
    path = save(tmp_path, again.probabilities, again.backoffs, again.unknown)
    assert path.read_bytes() == (folder / FILE).read_bytes()


@pytest.mark.parametrize("content", [b"", b"not a zip", None])
def test_a_damaged_file_is_unavailable(tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelUnavailable):
        CharacterModel(tmp_path)


def test_the_shipped_model_is_small_and_knows_how_a_call_begins():
    assert (SHIPPED_MODEL / FILE).stat().st_size < 6_000_000
    model = CharacterModel(SHIPPED_MODEL)
    assert len(model) > 100_000
    assert chance(model, "^您", "好") > 20 * chance(model, "^您", "灯")
    assert chance(model, START, "您") > 20 * chance(model, START, "的")
