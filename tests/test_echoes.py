"""What a call says twice, and once misheard, is written alike."""

import pytest
from emissions import Bigrams

from models.echoes import Echoes
from pipeline.hearing.respelled import respelled
from pipeline.records import Word

MARKET = "永昌批发市场"


def echoed(text, *usual, probability=0.6, sure=""):
    """The text as written anew; the characters of `sure` were heard beyond doubt."""
    heard = [(one, 0.999 if one in sure else probability) for one in text]
    pairs = [word[i : i + 2] for word in usual for i in range(len(word) - 1)]
    found = Echoes(Bigrams(*pairs))(heard)
    assert [bool(one.cost) for one in found] == [
        one.character != was for one, was in zip(found, text, strict=True)
    ]
    return "".join(one.character for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "在永昌梯发市场门口，您说的是永昌批发市场吗",
        "在永昌批发市场门口，您说的是永昌梯发市场吗",
        "在永昌批发，市场门口。您说的是永昌 梯发市场吗",
    ],
)
def test_a_name_misheard_once_is_written_as_the_other_time(text):
    assert echoed(text, MARKET) == text.replace("梯", "批")


def test_both_are_left_where_neither_is_usual_and_both_were_heard_clearly():
    text = "在永昌梯发市场门口，您说的是永昌批发市场吗"
    assert echoed(text, sure=text) == text


def test_what_sounds_otherwise_is_something_else():
    text = "在永昌蔬菜市场门口，他说的是永昌批发市场吗"
    assert echoed(text, MARKET) == text


@pytest.mark.parametrize("short", ["完了，昨天很晚来的", "事情是这样，时间是"])
def test_two_syllables_are_no_echo(short):
    assert echoed(short, "晚了", "时间") == short


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("我住在三栋五楼，登记的是三栋午楼对吗", "栋午楼"),  # numbers
        ("我部门不发工资，您部门部发工资对吗", "门部发"),  # negations
        ("他在门口笨蛋家，您在门口笨但家对吗", "口笨蛋家"),  # insults
    ],
)
def test_numbers_negations_and_insults_neither_come_nor_go(text, usual):
    assert echoed(text, usual) == text


def test_a_stretch_does_not_echo_itself():
    assert echoed("对对对对对对对对对", "队对") == "对对对对对对对对对"


def test_a_text_without_chinese_has_no_echo():
    assert echoed("OK, 12345, OK") == "OK, 12345, OK"
    assert echoed("") == ""


def test_a_word_that_changed_says_what_was_heard_and_that_it_is_an_echo():
    text = "在永昌梯发市场，是永昌批发市场"
    words = [Word(0.2 * i, 0.2 * i + 0.2, one, 0.6) for i, one in enumerate(text)]
    pairs = [MARKET[i : i + 2] for i in range(len(MARKET) - 1)]
    written = respelled(words, Echoes(Bigrams(*pairs)))
    (changed,) = [one for one, was in zip(written, words, strict=True) if one != was]
    assert (changed.text, changed.heard, changed.why) == ("批", "梯", "echo")
    assert changed.margin > 0
