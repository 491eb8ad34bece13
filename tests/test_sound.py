"""How alike words sound, and where a text sounds like a name."""

import random
from collections import defaultdict
from types import SimpleNamespace

import pytest

from pipeline.domain import sound
from pipeline.domain.sound import alike, near, syllable_costs


def spans(name: str, text: str, limit: float = 0.12) -> list[str]:
    return [text[n.start : n.end] for n in near((name,), text, limit=limit)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青岚区", "清蓝区"),  # the same syllables
        ("昌盛路", "仓胜路"),  # zh z, ch c, sh s
        ("新民街", "新明街"),  # -n, -ng
        ("9里桥", "九里桥"),  # a digit is read
    ],
)
def test_what_speakers_do_not_keep_apart_sounds_the_same(one, other):
    assert alike(one, other) >= 0.95


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (("刘家", "牛家"), ("刘家", "周家")),  # l for n before anything else
        (("福安", "胡安"), ("福安", "固安")),  # f for h
        (("白塔", "派塔"), ("白塔", "赛塔")),  # b for p
        (("青山", "新山"), ("青山", "唐山")),
        (("女儿", "里儿"), ("女儿", "那儿")),  # ü for i
    ],
)
def test_what_is_formed_alike_costs_less(nearer, farther):
    assert alike(*nearer) > alike(*farther)


def test_likeness_is_the_same_both_ways_and_falls_to_nothing():
    assert alike("柳叶镇", "六页阵") == alike("六页阵", "柳叶镇")
    assert alike("柳叶镇", "abc") < 0.1


def test_a_syllable_too_few_costs_more_than_a_wrong_one():
    assert alike("柳叶河镇", "柳叶镇") < alike("柳叶河镇", "柳叶何镇")


def test_a_text_is_quoted_where_it_sounds_like_the_name():
    assert spans("柳叶镇", "我家在刘夜镇上住") == ["刘夜镇"]
    assert spans("柳叶镇", "我家在城里上班住") == []


def test_a_rare_reading_of_a_character_is_known():
    assert spans("大圩镇", "就在大需镇那里") == ["大需镇"]  # 圩 is xu as well as wei


def test_punctuation_ends_a_name_and_a_change_of_speakers_may_not():
    assert spans("柳叶镇", "我姓刘，夜镇上住") == []
    assert spans("柳叶镇", "您在哪里刘？\n夜镇上住") == ["刘？\n夜镇"]


def test_a_long_name_may_lack_a_syllable():
    assert spans("白石乌兰旗", "在白石兰旗这边", limit=0.2) == ["白石兰旗"]


def test_of_overlapping_stretches_the_best_is_given():
    assert spans("柳叶镇", "柳柳叶镇", limit=0.3) == ["柳叶镇"]


def test_syllables_are_compared_one_by_one():
    first, second, third = syllable_costs("柳叶镇", "柳月镇")
    assert first == third == 0.0 < second < 0.3
    assert syllable_costs("柳叶镇", "柳叶") == ()


def test_a_text_without_words_has_no_names():
    assert spans("柳叶镇", "") == spans("柳叶镇", "，。") == []


@pytest.mark.parametrize("limit", [0.12, 0.2, 0.3])
def test_a_name_that_is_left_out_is_nowhere_near(monkeypatch, limit):
    names = ("柳叶镇", "青岚区", "福", "福安", "白石乌兰旗", "新民北街", "东河西河南河北河镇")
    signs = "柳六叶夜镇阵青清岚兰区去福胡安庵白石乌旗新心民明北街东河，\n"
    chance = random.Random(4)
    texts = ["".join(chance.choices(signs, k=30)) for _ in range(80)]
    screened = [list(near(names, text, limit=limit)) for text in texts]
    every = SimpleNamespace(able=lambda heard: range(len(names)))
    monkeypatch.setattr(sound, "_sieve", lambda known, limit: (every, defaultdict(str)))
    assert screened == [list(near(names, text, limit=limit)) for text in texts]
    assert any(screened)
