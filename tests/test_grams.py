"""models/grams.py: what is counted of a text, and what never is."""

import pytest

from models.grams import foreign, ngrams, parts


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
@pytest.mark.parametrize("marks", [False, True])
def test_names_numbers_and_plates_give_no_feature(text, marks):
    assert {g for g in ngrams(text, marks=marks) if g != "欧"} == set()


@pytest.mark.parametrize(
    ("text", "kept"), [("王府井路灯", "王府"), ("先生说停水", "停水"), ("三轮车", "三轮车")]
)
def test_words_that_only_look_like_names_or_numbers_stay(text, kept):
    assert kept in set(ngrams(text))


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("好！", ["！"]),
        ("好!!!!", ["！！"]),
        ("好！！", ["！！"]),
        ("好？！？", ["？！"]),
        ("好……", ["……"]),
        ("好[泪][抓狂]", ["[泪]", "[抓狂]"]),
        ("好😡😡", ["😡", "😡"]),
        ("好，。", []),
        ("好！[泪]", ["！", "[泪]"]),
        ("好 12", []),
    ],
)
def test_marks_of_feeling_are_counted_where_they_are_asked_for(text, marks):
    assert list(ngrams(text, longest=1, marks=True)) == [*marks, "好"]
    assert list(ngrams(text, longest=1)) == ["好"]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("停水了", 0),
        ("GPS 12", 3),
        ("道路の灯", 1),
        ("물!", 1),
        ("a_1é", 2),
        ("[TEL] https://a.cn/b", 0),
    ],
)
def test_letters_of_other_scripts_are_foreign_and_digits_are_not(text, letters):
    assert foreign(text) == letters


def test_the_parts_of_an_ngram_are_all_within_it():
    assert parts("停水了") == {"停", "水", "了", "停水", "水了", "停水了"}
