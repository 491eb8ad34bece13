"""What was heard with doubt is written anew where another of like sound fits better."""

import numpy as np
import pytest
from emissions import Bigrams
from hearing import call_of, clock, heard, speech, tools_for

from models.respelling import Respelling
from models.written import Written, may_come
from pipeline.hearing.respelled import respelled
from pipeline.records import Word
from pipeline.stages.transcribe import transcribe

KNOWN = "城管馆宽路灯五午不部"


@pytest.fixture(autouse=True)
def of_a_known_kind(monkeypatch):
    """Else a text as short as these is taken for one that the language model does not know."""
    monkeypatch.setattr("models.respelling.STRANGE", -99.0)


def respell(text, probability=0.5, language=None, known=KNOWN):
    made = Respelling(language or Bigrams("城管", "路灯"), known)
    found = made([(one, probability) for one in text])
    assert [one.cost > 0 for one in found] == [
        one.character != was for one, was in zip(found, text, strict=True)
    ]
    return "".join(one.character for one in found)


@pytest.mark.parametrize("heard_as", ["城馆", "城宽"])
def test_a_character_of_the_same_or_a_similar_sound_is_written_instead(heard_as):
    assert respell(heard_as) == "城管"


@pytest.mark.parametrize("heard_as", ["城路", "城管", "城灯"])
def test_what_sounds_otherwise_or_fits_stays(heard_as):
    assert respell(heard_as) == heard_as


@pytest.mark.parametrize(
    ("heard_as", "probability", "written"),
    [
        ("城馆", 0.97, "城管"),  # 4 + 3.5 nats cost less than the 8 that are won
        ("城宽", 0.90, "城宽"),  # 6 + 2.2 more
        ("城宽", 0.80, "城管"),
        ("城馆", 0.985, "城馆"),
    ],
)
def test_the_surer_it_was_heard_the_more_a_change_costs(heard_as, probability, written):
    assert respell(heard_as, probability) == written


@pytest.mark.parametrize(("text", "usual"), [("五", "午"), ("午", "五"), ("部", "不")])
def test_numbers_and_negations_are_neither_changed_nor_brought_in(text, usual):
    assert respell("路" + text, language=Bigrams("路" + usual)) == "路" + text


def test_an_insult_that_was_not_heard_is_not_brought_in():
    language = Bigrams("笨蛋", "夜班")
    assert respell("笨单", language=language, known="笨蛋单班般夜") == "笨单"
    assert respell("夜般", language=language, known="笨蛋单班般夜") == "夜班"


class Prefers:
    """A spelling network that likes one character by so many nats."""

    def __init__(self, character, nats):
        self.character, self.nats = character, nats

    def likely(self, text, offered):
        assert len(text) == len(offered) and not any(c.isspace() for c in text)
        return [np.array([self.nats * (c == self.character) for c in one]) for one in offered]


@pytest.mark.parametrize(
    ("character", "nats", "probability", "written"),
    [
        ("管", 5.0, 0.3, "城 管，"),  # 4 - 0.8 nats cost less
        ("管", 3.0, 0.3, "城 馆，"),
        ("管", 30.0, 0.6, "城 馆，"),  # it has a say of 4 at most
        ("馆", 9.0, 0.3, "城 馆，"),
    ],
)
def test_the_spelling_network_has_a_say(character, nats, probability, written):
    made = Respelling(Bigrams(), KNOWN, Prefers(character, nats))
    found = made([(one, probability) for one in "城 馆，"])
    assert "".join(one.character for one in found) == written


@pytest.mark.parametrize(
    ("heard_as", "written"),
    [
        ("我说馆好", "我说管好"),
        ("在馆路", "在馆路"),
        ("姓馆的", "姓馆的"),
        ("馆女士好", "馆女士好"),
    ],
)
def test_it_has_none_where_a_name_may_stand(heard_as, written):
    made = Respelling(Bigrams(), KNOWN, Prefers("管", 9.0))
    found = made([(one, 0.3) for one in heard_as])
    assert "".join(one.character for one in found) == written


def test_only_characters_that_are_known_are_brought_in():
    assert respell("城馆", known="城路灯") == "城馆"


def test_marks_begin_a_new_clause_and_spaces_do_not():
    assert respell("城 馆") == "城 管"
    assert respell("城，馆") == "城，馆"


def test_the_cost_is_told():
    made = Respelling(Bigrams("城管"), KNOWN)
    assert made([("城", 0.9), ("馆", 0.5)]) == [Written("城", 0.0), Written("管", 4.0)]


def test_in_a_text_of_a_kind_that_is_not_known_a_change_costs_more(monkeypatch):
    monkeypatch.setattr("models.respelling.STRANGE", -5.0)
    assert respell("城馆") == "城馆"
    assert respell("路灯" * 60 + "城馆") == "路灯" * 60 + "城管"


def test_the_words_keep_their_times_and_what_was_heard():
    made = Respelling(Bigrams("城管"), KNOWN)
    given = [Word(1.0, 1.2, "城", 0.9), Word(1.2, 1.5, "館，", 0.5), Word(1.5, 1.6, "OK", 0.2)]
    first, second, third = respelled(given, made)
    assert (first, third) == (given[0], given[2])
    assert second == Word(1.2, 1.5, "管，", 0.5, "館，", 4.0)


def test_what_a_search_had_changed_before_stays_what_the_sound_preferred():
    made = Respelling(Bigrams("城管"), KNOWN)
    (_, word) = respelled([Word(0, 1, "城", 0.9), Word(1, 2, "馆", 0.5, "路", 1.5)], made)
    assert (word.text, word.heard, word.margin) == ("管", "路", 5.5)


def test_the_stage_lists_what_was_written_anew():
    samples = clock(8)
    recognizer = type(
        "R", (), {"transcribe": lambda self, w: (heard(8, "我们城馆来了吗好"),) * len(w)}
    )()
    tools = tools_for(
        samples, transcriber=recognizer, rewriters=(Respelling(Bigrams("城管"), KNOWN),)
    )
    call = transcribe(call_of(samples, spans=speech((0, 8))), tools)
    assert "".join(word.text for word in call.words) == "我们城管来了吗好"
    assert {(one.heard, one.text) for one in call.corrections} == {("馆", "管")}


@pytest.mark.parametrize(
    ("character", "may"),
    [("管", True), ("黑", False), ("骗", False), ("没", False), ("三", False)],
)
def test_what_would_be_a_claim_is_never_brought_in(character, may):
    assert may_come(character) is may
