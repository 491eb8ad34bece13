"""models/linear.py and classifiers.py: a hand-made model whose scores are known."""

import json

import numpy as np
import pytest

from models import classifiers
from models.base import ModelUnavailable
from models.linear import LinearClassifier, ngrams


def made(temperature=1.0):
    """Three labels; 灯 speaks for the first, 水 for the second, and idf 2 for 停水."""
    return LinearClassifier(
        ["城管", "水务", "教育"],
        ["灯", "水", "停水"],
        idf=np.array([1.0, 1.0, 2.0]),
        coefficients=np.array([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0], [0.0, 3.0, 0.0]]),
        intercepts=np.array([0.0, 0.0, 0.5]),
        temperature=temperature,
        longest=2,
    )


def test_ngrams_stay_inside_runs_of_han_characters():
    assert list(ngrams("灯坏，A3水", longest=2)) == ["灯", "坏", "灯坏", "水"]


@pytest.mark.parametrize(
    "text",
    [
        "王小明先生",
        "欧某某",
        "陈女士",
        "幺三九零零五",
        "粤A12345",
        "桂R·8K123",
        "138 0000 0051",
        "[TEL]",
        "VIP",
    ],
)
def test_names_numbers_and_plates_give_no_feature(text):
    assert {g for g in ngrams(text) if g != "欧"} == set()


@pytest.mark.parametrize(
    ("text", "kept"), [("王府井路灯", "王府"), ("先生说停水", "停水"), ("三轮车", "三轮车")]
)
def test_words_that_only_look_like_names_or_numbers_stay(text, kept):
    assert kept in set(ngrams(text))


def test_scores_are_tf_idf_of_unit_length_times_coefficients():
    # 停水 and 水 once each, idf 2 and 1: (2, 1) / sqrt(5)
    wanted = np.array([0.0, (1 * 1 + 2 * 3) / 5**0.5, 0.5])
    assert made().scores("停水") == pytest.approx(wanted, abs=1e-6)


def test_a_word_said_twice_counts_less_than_double():
    # 灯 twice: (1 + ln 2); 水 once; the length of both is taken out
    weight = 1 + np.log(2)
    expected = 2 * weight / np.hypot(weight, 1)
    assert made().scores("灯灯水")[0] == pytest.approx(expected, abs=1e-6)


def test_classify_gives_the_best_label_first_and_probabilities_of_one():
    first, second = made().classify(["灯", "停水"])
    assert [x.name for x in first] == ["城管", "水务", "教育"]
    # scores 2, 0, -0.5
    assert first[0].probability == pytest.approx(1 / (1 + np.exp(-2) + np.exp(-2.5)))
    assert second[0].name == "水务"
    assert sum(x.probability for x in second) == pytest.approx(1.0)


def test_a_higher_temperature_makes_it_less_sure():
    sure, unsure = made(0.5), made(2.0)
    assert sure.classify(["灯"])[0][0].probability > unsure.classify(["灯"])[0][0].probability


@pytest.mark.parametrize("text", ["", "没有一个认识的词", "123"])
def test_a_text_of_which_nothing_is_known_gets_equal_probabilities(text):
    (answer,) = made().classify([text])
    assert [x.probability for x in answer] == pytest.approx([1 / 3] * 3)


def test_a_saved_model_answers_the_same_and_is_the_same_file(tmp_path):
    made(0.25).save(tmp_path / "a")
    loaded = LinearClassifier.load(tmp_path / "a")
    loaded.save(tmp_path / "b")
    texts = ["停水", "灯坏了", "学校停水"]
    assert loaded.classify(texts) == made(0.25).classify(texts)
    one, two = (tmp_path / name / "model.npz" for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_a_file_with_a_pickle_in_it_is_refused(tmp_path):
    np.savez(tmp_path / "model.npz", labels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelUnavailable):
        LinearClassifier.load(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"not a zip"])
def test_a_broken_or_missing_file_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(ModelUnavailable):
        LinearClassifier.load(tmp_path)


def test_a_citys_own_weights_come_before_the_shipped_ones(tmp_path):
    for root in ("city", "shipped"):
        made().save(tmp_path / root / "department")
    made().save(tmp_path / "shipped" / "emotion")
    found = classifiers.find(tmp_path / "city", tmp_path / "none", tmp_path / "shipped")
    assert found == {
        "department": tmp_path / "city" / "department",
        "emotion": tmp_path / "shipped" / "emotion",
    }
    assert classifiers.load(found["emotion"]).classify(["灯"])[0][0].name == "城管"


def test_a_digest_changes_with_the_weights_and_not_with_the_card(tmp_path):
    for name, temperature in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        made(temperature).save(tmp_path / name)
        (tmp_path / name / "README.md").write_text(name)
    a, b, c = (classifiers.digest(tmp_path / name) for name in "abc")
    assert a == b != c


def test_the_shipped_weights_are_small_and_their_features_hold_no_digit_or_letter():
    folders = classifiers.find(classifiers.SHIPPED)
    assert "department" in folders
    for folder in folders.values():
        assert (folder / "model.npz").stat().st_size < 6_000_000
        assert (folder / "README.md").is_file()
        with np.load(folder / "model.npz") as file:
            grams = file["vocabulary"].tobytes().decode().split("\n")
        assert all(len(g) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in g) for g in grams)


def test_the_shipped_department_labels_are_units_of_the_default_profile(profile):
    with np.load(classifiers.SHIPPED / "department" / "model.npz") as file:
        labels = {str(label) for label in file["labels"]}
    units = {unit.id for unit in profile.departments}
    assert labels <= units, json.dumps(sorted(labels - units), ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("小区门口的烧烤摊占道经营，每晚油烟都飘进屋里", "城管"),
        ("老板拖欠我们三个月工资一直不给", "人社"),
        ("红绿灯坏了，路口堵得很", "公安交警"),
        ("家里从早上就停电了，什么时候来电", "供电"),
    ],
)
def test_the_shipped_department_model_knows_plain_matters(text, unit):
    model = classifiers.load(classifiers.SHIPPED / "department")
    assert model.classify([text])[0][0].name == unit
