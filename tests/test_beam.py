"""The search: sound leads, a language model chooses only among what the sound leaves open."""

import math

import pytest
import torch
from emissions import END, HALVES, Bigrams, Emissions, Pieces

from models.beam import BeamSearch
from models.whisper_net import Sound


def sounds(count):
    return [
        Sound([torch.tensor([[[[float(window)]]]])], [torch.zeros(1, 1, 1, 1)])
        for window in range(count)
    ]


def search(*says, language=None, weight=0.3, beam_size=4, **barred):
    """The best hypothesis of each window, and the network that was asked."""
    vocabulary = Pieces(**barred)
    network = Emissions(list(says), vocabulary)
    made = BeamSearch(
        network, vocabulary, beam_size=beam_size, language=language, weight=weight
    )
    return made(sounds(len(says))), network


def text(hypothesis):
    raw = Pieces().raw
    return b"".join(raw[token] for token in hypothesis.tokens).decode()


def texts(*says, **settings):
    return [text(one) for one in search(*says, **settings)[0]]


def after(first, **chances):
    """A window that says `first`, then one of several with these chances, then ends."""
    return {"": {first: 1.0}, first: chances}


def nats(distance):
    """Two chances, the first of which the sound prefers by so many nats."""
    second = 1 / (1 + math.exp(distance))
    return 1 - second, second


def open_by(distance, preferred="馆", other="管", first="城"):
    likely, unlikely = nats(distance)
    return after(first, **{preferred: likely, other: unlikely})


# --- the sound ---------------------------------------------------------------------------


@pytest.mark.parametrize(("chance", "heard"), [(0.45, "城馆"), (0.55, "城管")])
def test_without_a_language_model_the_sound_alone_decides(chance, heard):
    assert texts(after("城", 管=chance, 馆=1 - chance)) == [heard]


def test_a_beginning_that_looks_worse_wins_when_it_ends_better():
    table = {
        "": {"城": 0.55, "路": 0.45},
        "城": dict.fromkeys("管馆来了", 0.25),
        "路": {"灯": 1},
    }
    assert texts(table) == ["路灯"]
    assert texts(table, beam_size=1)[0][0] == "城"  # who looks at one only cannot know


def test_each_token_has_the_probability_of_its_sound():
    ((best,), _) = search({"": {"城": 0.8, "路": 0.2}, "城": {"管": 0.9, END: 0.1}})
    assert [math.exp(sound) for sound in best.sound] == pytest.approx([0.8, 0.9], abs=1e-3)
    assert best.end == pytest.approx(0.0, abs=1e-3)


def test_what_may_not_be_written_is_not_however_it_sounds():
    table = {"": {"啊": 0.9, "城": 0.1}, "城": {"啊": 0.9, "管": 0.1}}
    assert texts(table, suppressed=["啊"]) == ["城管"]


def test_what_may_not_begin_may_follow():
    table = {"": {"啊": 0.9, "好": 0.1}, "好": {"啊": 0.9, "了": 0.1}}
    assert texts(table, suppressed_first=["啊"]) == ["好啊"]


def test_a_window_where_nothing_is_said_is_an_empty_text():
    ((best,), network) = search({"": {END: 0.9, "好": 0.1}}, beam_size=1)
    assert (best.tokens, best.sound, network.steps) == ((), (), 1)


# --- the language model ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preferred", "distance", "turned"),
    [
        ("路", 1.6, True),  # nothing like 管
        ("路", 1.75, False),
        ("宽", 3.4, True),  # over a telephone, kuan is nearly guan
        ("宽", 3.6, False),
        ("馆", 5.1, True),  # the same syllable
        ("馆", 5.4, False),
    ],
)
def test_the_liker_two_characters_sound_the_more_a_language_model_may_turn(
    preferred, distance, turned
):
    heard = "城管" if turned else "城" + preferred
    assert texts(open_by(distance, preferred), language=Bigrams("城管"), weight=0.3) == [heard]


@pytest.mark.parametrize(
    ("preferred", "distance", "heard"),
    [
        ("路", 3.9, "城管"),
        ("路", 4.1, "城路"),
        ("馆", 12.4, "城管"),
        ("馆", 12.6, "城馆"),
    ],
)
def test_beyond_its_reach_no_weight_helps(preferred, distance, heard):
    table = open_by(distance, preferred)
    assert texts(table, language=Bigrams("城管"), weight=1.0) == [heard]


def test_without_a_language_model_characters_that_sound_alike_are_as_far_apart_as_heard():
    ((best,), _) = search(open_by(2.0))
    assert text(best) == "城馆"
    assert best.score == pytest.approx(math.log(nats(2.0)[0]), abs=1e-3)
    assert best.instead == best.tokens  # nothing but the sound was asked


def test_of_tokens_that_say_the_same_one_is_gone_on_with():
    table = after("路", **{"時": 0.5, "时": 0.3, "灯": 0.2})
    language = Bigrams("路时", "路灯")
    _, network = search(table, language=language, beam_size=10)
    assert "路時" in network.read and "路灯" in network.read
    assert "路时" not in network.read


def test_a_language_model_without_weight_changes_nothing():
    assert texts(open_by(0.1), language=Bigrams("城管"), weight=0.0) == ["城馆"]


@pytest.mark.parametrize(
    ("preferred", "other"), [("无", "五"), ("五", "午"), ("部", "不"), ("不", "部")]
)
@pytest.mark.parametrize(("distance", "turned"), [(0.9, True), (1.1, False)])
def test_numbers_and_negations_are_turned_only_when_it_is_nearly_even(
    preferred, other, distance, turned
):
    table = open_by(distance, preferred, other, first="来")
    heard = "来" + (other if turned else preferred)
    assert texts(table, language=Bigrams("来" + other), weight=1.0) == [heard]


@pytest.mark.parametrize(
    ("preferred", "other"), [("了", "不"), ("不", "了"), ("管", "无"), ("无", "管")]
)
def test_against_other_syllables_a_negation_neither_comes_nor_goes(preferred, other):
    table = open_by(0.01, preferred, other, first="来")
    assert texts(table, language=Bigrams("来" + other), weight=1.0) == ["来" + preferred]


def test_how_clear_a_text_is_counts_its_end_and_nothing_of_the_language_model():
    table = {"": {"路": 1.0}, "路": {"灯": 0.25, END: 0.75}, "路灯": {END: 0.5, "来": 0.5}}
    (best,), _ = search(table, language=Bigrams("路灯"), weight=1.0)
    assert text(best) == "路灯"
    assert best.clarity == pytest.approx(math.log(0.25 * 0.5) / 3, abs=1e-3)


def test_what_the_sound_preferred_is_recorded_with_its_margin():
    ((best,), _) = search(open_by(1.5), language=Bigrams("城管"))
    assert text(best) == "城管"
    assert [Pieces().raw[token].decode() for token in best.instead] == ["城", "馆"]
    assert best.margins == pytest.approx((0.0, 1.5), abs=1e-3)


def test_where_the_language_model_agrees_nothing_else_is_recorded():
    ((best,), _) = search(open_by(1.5), language=Bigrams("城馆"))
    assert best.instead == best.tokens and best.margins == (0.0, 0.0)


def test_the_probability_of_a_turned_character_is_still_its_sounds():
    ((best,), _) = search(open_by(1.5), language=Bigrams("城管"))
    assert best.sound[1] == pytest.approx(math.log(nats(1.5)[1]), abs=1e-3)


def test_a_character_of_several_tokens_is_asked_for_when_it_is_whole():
    language = Bigrams("城管")
    table = {
        "": {HALVES[0]: 1.0},
        "\ufffd": {HALVES[1]: 1.0},
        "城": {"馆": 0.7, HALVES[2]: 0.3},
        "城\ufffd": {HALVES[3]: 1.0},
    }
    ((best,), _) = search(table, language=language, weight=0.6, beam_size=4)
    assert text(best) == "城管" and len(best.tokens) == 4
    assert language.asked["^城"] and language.asked["^城管"]
    assert not any("\ufffd" in asked for asked in language.asked)


@pytest.mark.parametrize(("distance", "heard"), [(4.3, "城管"), (4.5, "城馆")])
def test_a_character_of_several_tokens_may_sound_like_one_of_one(distance, heard):
    likely, unlikely = nats(distance)
    table = {
        "": {"城": 1.0},
        "城": {"馆": likely, HALVES[2]: unlikely},
        "城\ufffd": {HALVES[3]: 1.0},
    }
    assert texts(table, language=Bigrams("城管"), weight=0.25) == [heard]


@pytest.mark.parametrize("language", [None, Bigrams("城管", "管来")])
def test_half_a_character_that_nothing_completes_costs_only_itself(language):
    table = {
        "": {"城": 1},
        "城": {HALVES[2]: 1},
        "城\ufffd": {"来": 1},
        "城\ufffd来": {"了": 1},
    }
    ((best,), _) = search(table, language=language)
    assert best.text == "城来了" and best.rest == b"" and best.context == "城来了"[-3:]


def test_the_context_is_three_characters_at_most():
    language = Bigrams()
    texts(
        {"": {"路": 1}, "路": {"灯": 1}, "路灯": {"来": 1}, "路灯来": {"了": 1}},
        language=language,
    )
    assert {len(asked) for asked in language.asked} <= {2, 3, 4}
    assert "路灯来了" in language.asked


# --- loops, ends, neighbours ---------------------------------------------------------------


LOOP = {"*": {"啊": 0.99, END: 0.01}}


def test_a_loop_is_not_followed_to_the_end():
    (heard,), network = search(LOOP, beam_size=1)
    assert network.steps <= 12
    assert len(heard.tokens) < 10


@pytest.mark.parametrize(("times", "kept"), [(9, True), (10, False)])
def test_one_syllable_may_be_said_nine_times(times, kept):
    table = {"啊" * i: {"啊": 1.0} for i in range(times)} | {"啊" * times: {END: 1.0}}
    assert (texts(table) == ["啊" * times]) is kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [("路灯路灯来路灯来路灯路灯来路灯路", False), ("路灯路灯来路灯来路灯路灯来路灯了", True)],
)
def test_a_loop_with_changes_is_one_too(said, kept):
    table = {said[:i]: {sign: 1.0} for i, sign in enumerate(said)} | {said: {END: 1.0}}
    assert (texts(table) == [said]) is kept


def test_where_every_way_is_a_loop_the_text_is_empty():
    (best,), _ = search({"*": {"啊": 1.0}})
    assert (best.tokens, best.sound, best.instead) == ((), (), ()) and best.clarity < -50


@pytest.mark.parametrize(("further", "followed"), [(2.9, True), (3.1, False)])
def test_a_way_far_behind_the_best_of_its_window_is_given_up(further, followed):
    table = {
        "": dict(zip("来城", nats(3.0), strict=True)),
        "来": {"了": 1.0},
        "城": dict(zip("馆管", nats(further), strict=True)),
        "*": {"灯": 0.99, END: 0.01},
    }
    _, network = search(table, beam_size=10)
    assert {"来了", "城馆"} <= network.read
    assert ("城管" in network.read) is followed


CALLS = [
    {"": {END: 0.9, "好": 0.1}},
    open_by(0.5),
    {
        "": {"路": 0.6, "来": 0.4},
        "路": {"灯": 0.7, "了": 0.3},
        "路灯": {"来": 1},
        "路灯来": {"了": 1},
    },
    LOOP,
    {"": {"不": 0.5, "部": 0.5}, "*": {END: 0.6, "了": 0.4}},
]


@pytest.mark.parametrize("language", [None, Bigrams("城管", "灯来")])
def test_windows_of_any_length_do_not_change_their_neighbours(language):
    alone = [search(call, language=language)[0][0] for call in CALLS]
    beside, _ = search(*CALLS, language=language)
    assert [(one.tokens, one.sound, one.end) for one in beside] == [
        (one.tokens, one.sound, one.end) for one in alone
    ]
    turned, _ = search(*CALLS[::-1], language=language)
    assert [one.tokens for one in turned[::-1]] == [one.tokens for one in alone]
