"""models/linear.py and classifiers.py: a hand-made model whose scores are known."""

import json

import numpy as np
import pytest

from models import classifiers
from models.base import ModelUnavailable
from models.certainty import Certainty
from models.linear import LinearClassifier, quantized

CERTAIN = Certainty({0.05: 0.875, 0.1: 0.5}, {0.9: 0.125})


def made(scale=1.0, **more):
    """Three labels; 灯 speaks for the first, 水 for the second, and idf 2 for 停水."""
    return LinearClassifier(
        ["城管", "水务", "教育"],
        ["灯", "水", "停水"],
        idf=np.array([1.0, 1.0, 2.0]),
        weights=np.array([[2, 0, -1], [0, 1, 0], [0, 3, 0]], dtype=np.int8),
        scale=np.full(3, scale),
        intercepts=np.array([0.0, 0.0, 0.5]),
        longest=2,
        **more,
    )


def chances(text, **more):
    """Label -> probability."""
    (answer,) = made(**more).classify([text])
    return {label.name: label.probability for label in answer}


def softmax(*logits):
    return np.exp(logits) / np.exp(logits).sum()


def test_logits_are_tf_idf_of_unit_length_times_weights():
    # 停水 and 水 once each, idf 2 and 1: (2, 1) / sqrt(5)
    wanted = softmax(0.0, (1 * 1 + 2 * 3) / 5**0.5, 0.5)
    assert list(chances("停水").values()) == pytest.approx(sorted(wanted, reverse=True))


def test_a_word_said_twice_counts_less_than_double():
    # 灯 twice: (1 + ln 2); 水 once; the length of both is taken out
    twice = 1 + np.log(2)
    length = np.hypot(twice, 1)
    wanted = softmax(2 * twice / length, 1 / length, 0.5 - twice / length)
    assert chances("灯灯水")["城管"] == pytest.approx(wanted[0])


def test_classify_gives_the_best_label_first_and_probabilities_of_one():
    first, second = made().classify(["灯", "停水"])
    assert [x.name for x in first] == ["城管", "水务", "教育"]
    # logits 2, 0, -0.5
    assert first[0].probability == pytest.approx(1 / (1 + np.exp(-2) + np.exp(-2.5)))
    assert second[0].name == "水务"
    assert sum(x.probability for x in second) == pytest.approx(1.0)


def test_the_scale_of_a_label_multiplies_its_weights():
    assert chances("灯", scale=2.0)["城管"] == pytest.approx(softmax(4.0, 0.0, -1.5)[0])


def test_weights_are_kept_to_a_half_step_of_their_label():
    weights = np.array([[0.5, 1e-3], [-1.27, 0.0], [0.013, -1e-3]])
    whole, scale = quantized(weights)
    assert whole.dtype == np.int8
    assert np.abs(whole * scale - weights).max(axis=0) == pytest.approx([0, 0], abs=0.005)
    assert (whole * scale)[1, 0] == pytest.approx(-1.27)  # the greatest is exact
    assert quantized(np.zeros((2, 1)))[0].tolist() == [[0], [0]]


@pytest.mark.parametrize("text", ["", "没有一个认识的词", "123", "no word of ours"])
def test_a_text_of_which_nothing_is_known_is_refused(text):
    assert made().classify([text]) == ((),)


def test_a_text_of_which_too_little_is_known_is_refused():
    # 灯 of 灯, 坏, 灯坏
    assert made().known("灯坏") == pytest.approx(1 / 3)
    assert made(least_known=0.3).classify(["灯坏"])[0]
    assert made(least_known=0.4).classify(["灯坏"]) == ((),)


def test_letters_of_another_script_are_not_known():
    assert made().known("灯 ok") == pytest.approx(1 / 3)
    assert made(least_known=0.4).classify(["灯 ok", "灯 12"])[1]


def test_why_names_what_spoke_for_a_label_against_the_best_other_one():
    # 灯, 停水 and 水, idf 1, 2 and 1; against 城管 水务 has -2, 3 and 1
    (best,) = made().why("灯停水", "水务")
    assert best.words == "停水"  # 水 lies within it, 灯 spoke against it
    assert best.weight == pytest.approx((2 * 3 + 1) / 6**0.5)
    assert [one.words for one in made().why("灯停水", "城管")] == ["灯"]


def test_what_an_ngram_holds_twice_speaks_once_with_it():
    model = LinearClassifier(
        "ab",
        ["灯", "灯灯"],
        idf=np.ones(2),
        weights=np.array([[1, 0], [2, 0]], dtype=np.int8),
        scale=np.ones(2),
        intercepts=np.zeros(2),
        longest=2,
    )
    (best,) = model.why("灯灯", "a")
    assert best.words == "灯灯"
    once, twice = 1.0, 1 + np.log(2)  # 灯灯 and 灯 as they weigh in the text
    assert best.weight == pytest.approx((2 * once + twice) / np.hypot(once, twice))


def test_why_gives_as_many_words_as_asked_for_and_none_of_an_unknown_text():
    model = LinearClassifier(
        "ab",
        ["灯", "水", "电"],
        idf=np.ones(3),
        weights=np.array([[3, 0], [2, 0], [1, 0]], dtype=np.int8),
        scale=np.ones(2),
        intercepts=np.zeros(2),
        longest=1,
    )
    assert [one.words for one in model.why("电水灯", "a", limit=2)] == ["灯", "水"]
    assert model.why("别的", "a") == model.why("电水灯", "b") == ()
    with pytest.raises(ValueError):
        model.why("灯", "c")


def test_a_saved_model_answers_the_same_and_is_the_same_file(tmp_path):
    model = made(0.25, least_known=0.25, certainty=CERTAIN, origin="ab")
    model.save(tmp_path / "a")
    loaded = LinearClassifier.load(tmp_path / "a")
    loaded.save(tmp_path / "b")
    texts = ["停水", "灯坏了", "学校停水", "灯在哪里"]
    assert loaded.classify(texts) == model.classify(texts)
    assert [bool(answer) for answer in loaded.classify(texts)] == [True, False, True, False]
    assert (loaded.certainty, loaded.origin) == (CERTAIN, "ab")
    one, two = (tmp_path / name / "model.npz" for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_a_file_with_a_pickle_in_it_is_refused(tmp_path):
    np.savez(tmp_path / "model.npz", labels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelUnavailable):
        LinearClassifier.load(tmp_path)


def test_a_model_without_certainty_is_saved_and_loaded(tmp_path):
    made().save(tmp_path)
    assert LinearClassifier.load(tmp_path).certainty == Certainty()


def test_marks_are_looked_at_again_after_loading(tmp_path):
    model = LinearClassifier(
        "ab",
        ["！！", "灯"],
        idf=np.ones(2),
        weights=np.array([[5, 0], [0, 1]], dtype=np.int8),
        scale=np.ones(2),
        intercepts=np.zeros(2),
        longest=1,
        marks=True,
    )
    model.save(tmp_path)
    assert LinearClassifier.load(tmp_path).classify(["灯!!!"])[0][0].name == "a"


def test_weights_of_an_older_format_are_refused_with_the_remedy(tmp_path):
    np.savez(tmp_path / "model.npz", labels=np.array(["a", "b"]), temperature=np.float32(1))
    with pytest.raises(ModelUnavailable, match="lingsu train"):
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
    for name, scale in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        made(scale).save(tmp_path / name)
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
