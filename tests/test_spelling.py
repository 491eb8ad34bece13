"""models/spelling.py and its training: a network that learnt a few lines, the shipped one."""

from collections import Counter

import numpy as np
import pytest
import torch

from models import bothsides
from models.base import ModelUnavailable
from models.bothsides import END, FILE, FIRST, NOTHING, Signs, save
from models.classifiers import SHIPPED
from models.spelling import Spelling, SpellingNetwork
from pipeline.training import spelling as training
from pipeline.training.spelling import Noise, measured, trained

CALLS = ["^我们小区路灯不亮^请城管尽快来修", "^小区停水三天了^什么时候来水", "^路灯坏了"]
SIGNS = Signs("".join(sorted(set("".join(CALLS)) - {"^"} | set("步量馆听"))))


@pytest.fixture(scope="module")
def shipped():
    return Spelling(SHIPPED / "spelling")


@pytest.fixture
def noise():
    return Noise(SIGNS, Counter(SIGNS.characters))


def numbers(text):
    return SIGNS.read(text)[1]


def test_a_text_is_read_as_sounds_and_characters():
    sounds, written = SIGNS.read("不，步A鑫")
    assert written.tolist() == [SIGNS.number["不"], END, SIGNS.number["步"], END, NOTHING]
    assert sounds[0] == sounds[2] >= FIRST
    assert sounds.tolist()[1::2] == [END, END]


def test_noise_changes_no_sound_but_to_a_similar_one_and_can_be_repeated(noise):
    text = numbers("小区停水三天了" * 30)
    sounds, written = noise(text, np.random.default_rng(1), 1.0, 0.0)
    changed = {(int(a), int(b)) for a, b in zip(text, written, strict=True) if a != b}
    assert changed == {(SIGNS.number["停"], SIGNS.number["听"])}
    assert (sounds == SIGNS.read("小区停水三天了" * 30)[0]).all()
    again = noise(text, np.random.default_rng(1), 1.0, 0.0)
    assert (again[1] == written).all()


@pytest.mark.parametrize(("hidden", "left"), [(0.0, 14), (1.0, 0)])
def test_what_is_hidden_is_hidden_from_the_characters_only(noise, hidden, left):
    text = numbers("小区停水三天了" * 2)
    sounds, written = noise(text, np.random.default_rng(1), 0.0, hidden)
    assert (written >= FIRST).sum() == left
    assert (sounds >= FIRST).all()


@pytest.fixture
def one_thread():
    """Two that wait for each other take ten times as long on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_network_learns_which_character_a_syllable_is(monkeypatch, noise, one_thread):
    for name, value in {"LENGTH": 32, "BATCH": 4, "WARM": 5}.items():
        monkeypatch.setattr(training, name, value)
    texts = [numbers("".join(CALLS))] * 8
    network = trained(texts, SIGNS, noise, 15)
    assert measured(network, texts[:1], noise)["right"] > 0.95
    untaught = SpellingNetwork(SIGNS)
    assert measured(untaught.eval(), texts[:1], noise)["right"] < 0.5


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("我们小区路灯步亮了", "步不部"),
        ("垃圾没人清晕", "晕运云"),
        ("请转城馆处理", "馆管关"),
        ("这条路坑坑洼哇的", "哇洼蛙"),
    ],
)
def test_the_shipped_network_prefers_what_people_say_on_a_hotline(shipped, text, offered):
    place = text.index(offered[0])
    likely = shipped.likely(text, [*text[:place], offered, *text[place + 1 :]])
    assert [len(one) for one in likely] == [1] * place + [3] + [1] * (len(text) - place - 1)
    assert likely[place].argmax() == 1


def test_what_was_written_at_a_place_has_no_part_in_the_answer(shipped):
    one, other = (shipped.likely(t, ["管馆"] * 4)[1] for t in ("城管局来", "城馆局来"))
    assert (one == other).all()


def test_a_long_text_has_the_answers_of_its_pieces(shipped, monkeypatch):
    text = "您好这里是市民热线请问有什么可以帮您" * 9
    whole = shipped.likely(text, list(text))
    monkeypatch.setattr(bothsides, "PIECE", 50)
    pieces = shipped.likely(text, list(text))
    assert np.allclose(np.concatenate(whole), np.concatenate(pieces), atol=1e-4)


def test_the_same_network_is_saved_in_the_same_bytes_and_read_again(tmp_path):
    torch.manual_seed(3)
    network = SpellingNetwork(SIGNS)
    paths = [save(tmp_path / name, SIGNS, network) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    (found,) = Spelling(tmp_path / "a").likely("路", ["路灯"])
    assert found.shape == (2,) and np.isfinite(found).all()


def test_what_is_no_network_is_refused_with_its_name(tmp_path):
    (tmp_path / FILE).write_bytes(b"PK")
    with pytest.raises(ModelUnavailable, match=FILE):
        Spelling(tmp_path)
