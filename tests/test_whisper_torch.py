"""The default recognizer with its real weights: texts that depend on nothing but the sound."""

import difflib
from pathlib import Path

import numpy as np
import pytest
from opencc import OpenCC
from sounds import RATE

from models.catalog import locate
from pipeline import audio

SAMPLES = Path(__file__).parent.parent / "audio_samples"
# Of several padded lengths, most of one: (start, end) in seconds of each call.
CUTS = ((0.0, 6.0), (6.0, 13.0), (13.0, 28.0), (2.0, 21.0), (20.0, 21.5))
pytestmark = pytest.mark.model


def recognizer(**settings):
    from models.whisper_torch import TorchTranscriber

    return TorchTranscriber(locate("base"), **settings)


@pytest.fixture(scope="module")
def windows():
    """Cuts out of two shipped calls, both sides mixed: int16, (n,)."""
    found = []
    for path in sorted(SAMPLES.glob("*.wav"))[:2]:
        sides = audio.decode(str(path), max_hours=1)
        mixed = (sides // len(sides)).sum(axis=0).astype(np.int16)
        found += [mixed[int(a * RATE) : int(b * RATE)] for a, b in CUTS]
    return found


@pytest.fixture(scope="module")
def alone(windows):
    """What each window is, heard alone."""
    one = recognizer(batch_size=1)
    return [one.transcribe([window])[0] for window in windows]


def likeness(ours, theirs):
    """0..1 over all texts."""
    simplified = OpenCC("t2s").convert  # 這 and 这 are the same word
    texts = [simplified("".join(heard.text for heard in each)) for each in (ours, theirs)]
    return difflib.SequenceMatcher(None, *texts, autojunk=False).ratio()


class Fond:
    """LanguageModel to which all is alike but one character."""

    def __init__(self, character):
        self.character = character
        self.asked = 0

    def log_probability(self, context, character):
        assert 1 <= len(context) <= 3 and len(character) == 1
        self.asked += 1
        return 0.0 if character == self.character else -5.0


@pytest.mark.parametrize("size", [3, 16])
def test_the_company_a_window_is_heard_in_changes_not_one_bit(windows, alone, size):
    several = recognizer(batch_size=size)
    assert list(several.transcribe(windows)) == alone
    assert list(several.transcribe(windows[::-1]))[::-1] == alone


def test_the_language_model_does_not_let_neighbours_in(windows):
    one, several = (recognizer(batch_size=n, words=Fond("的"), weight=0.3) for n in (1, 16))
    assert [one.transcribe([w])[0] for w in windows[:5]] == list(
        several.transcribe(windows[:5])
    )


def test_calls_are_understood(alone):
    text = "".join(heard.text for heard in alone)
    assert len(text) > 150 and "路灯" in text
    assert all(-1.2 < heard.log_probability <= 0 for heard in alone if len(heard.text) > 20)


def test_times_rise_and_lie_inside_the_window(windows, alone):
    for window, heard in zip(windows, alone, strict=True):
        times = [time for token in heard.tokens for time in (token.start, token.end)]
        assert times == sorted(times)
        assert not times or 0 <= times[0] <= times[-1] <= len(window) / RATE


def test_words_are_found_where_they_were_said(windows):
    """The same sound behind a second and a half of silence is heard that much later."""
    window = windows[1]
    late = np.concatenate([np.zeros(int(1.5 * RATE), np.int16), window])
    here, there = recognizer().transcribe([window, late])
    text, moved = here.text, there.text
    match = difflib.SequenceMatcher(None, text, moved).find_longest_match()
    assert match.size > 5
    shift = _start(there, match.b + 1) - _start(here, match.a + 1)
    assert shift == pytest.approx(1.5, abs=0.3)


def test_a_doubtful_window_is_read_once_more_and_is_never_less_clear_for_it(
    windows, monkeypatch
):
    from models import whisper_torch

    def heard(limit):
        monkeypatch.setattr(whisper_torch, "DOUBTFUL", limit)
        return recognizer(batch_size=3).transcribe(windows)

    once, twice = heard(-99.0), heard(0.0)
    gained = [b.log_probability - a.log_probability for a, b in zip(once, twice, strict=True)]
    assert min(gained) >= 0 < max(gained)
    kept = [a == b for a, b, gain in zip(once, twice, gained, strict=True) if gain == 0]
    assert kept and all(kept)


def _start(heard, character):
    """When the token began that holds a character of the text."""
    length = 0
    for token in heard.tokens:
        length += len(token.text)
        if length > character:
            return token.start
    raise AssertionError(heard.text)


def test_the_smaller_vocabulary_writes_what_the_whole_one_does(windows, alone):
    whole = recognizer(vocabulary="full").transcribe(windows)
    same = [ours.text == theirs.text for ours, theirs in zip(alone, whole, strict=True)]
    assert sum(same) >= 0.8 * len(windows)  # one ends early in either


def test_without_a_language_model_nothing_is_recorded_as_changed(alone):
    assert {(token.heard, token.margin) for heard in alone for token in heard.tokens} == {
        ("", 0)
    }


def test_a_language_model_changes_what_the_sound_leaves_open_and_says_so(windows, alone):
    fond = Fond("的")
    turned = recognizer(words=fond, weight=0.5).transcribe(windows)
    assert fond.asked > 100
    texts = ["".join(heard.text for heard in several) for several in (alone, turned)]
    assert texts[1].count("的") > texts[0].count("的")
    changed = [token for heard in turned for token in heard.tokens if token.heard]
    assert changed and all(token.margin >= 0 for token in changed)
    assert max(token.margin for token in changed) > 1
    assert likeness(alone, turned) > 0.7  # the sound still leads


def test_a_language_model_without_weight_is_as_good_as_none(windows, alone):
    mute = recognizer(words=Fond("的"), weight=0.0).transcribe(windows[:5])
    assert [heard.text for heard in mute] == [heard.text for heard in alone[:5]]


def test_a_language_model_that_leads_away_from_the_sound_is_not_followed(windows, alone):
    led = recognizer(words=Fond("的"), weight=9.0).transcribe(windows)
    unclear = [i for i, heard in enumerate(alone) if heard.log_probability < -0.7]
    assert len(unclear) < len(windows) / 2
    for i in set(range(len(windows))) - set(unclear):
        assert led[i] == alone[i] or led[i].log_probability >= -0.7


@pytest.mark.parametrize("decoder", ["Float32", "Float16"])
def test_processors_without_bfloat16_hear_nearly_the_same(windows, alone, decoder, monkeypatch):
    import torch

    from models import products

    if decoder == "Float16" and torch.backends.cpu.get_cpu_capability() != "AVX2":
        pytest.skip("this processor would not multiply float16 by six rows")
    kinds = products.Kinds(products.Float32, getattr(products, decoder))
    monkeypatch.setattr(products, "fastest", lambda: kinds)
    one, several = recognizer(batch_size=1), recognizer(batch_size=16)
    some = windows[:3] + windows[5:7]
    exact = list(several.transcribe(some))
    assert likeness(alone[:3] + alone[5:7], exact) > 0.9
    assert [one.transcribe([window])[0] for window in some] == exact


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.03, 0.5])
def test_next_to_no_sound_is_no_error(seconds):
    (heard,) = recognizer(floor_s=0).transcribe([np.zeros(int(seconds * RATE), np.int16)])
    assert len(heard.text) < 20


def test_the_longest_window_that_whisper_reads_is_read(windows):
    long = np.concatenate(windows[:3])  # 28 s of one call
    long = np.concatenate([np.zeros(30 * RATE - len(long), np.int16), long])
    (heard,) = recognizer().transcribe([long])
    assert len(heard.text) > 60 and heard.tokens[-1].end <= 30


@pytest.mark.parametrize("floor_s", [0.0, 7.77, 15.5, 30.0])
def test_any_floor_will_do(windows, floor_s):
    (heard,) = recognizer(floor_s=floor_s).transcribe(windows[:1])
    assert len(heard.text) > 5


def test_no_windows_no_answers():
    assert recognizer().transcribe([]) == ()
