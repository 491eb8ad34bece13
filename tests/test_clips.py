"""Clips: where they are cut, how loud they are, and what is refused."""

import wave
from dataclasses import replace

import numpy as np
import pytest
from faking import answer
from sounds import RATE, level_dbfs, pcm, tone, write

from pipeline import audio
from pipeline.beeps import sensitive
from pipeline.clips import TONE_HZ, cut
from pipeline.errors import InputInvalid
from pipeline.records import Finding


def read(path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        raw = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return raw.reshape(-1, file.getnchannels()).T


def test_a_clip_has_what_was_said_and_what_is_around_it(tmp_path):
    sound = pcm(tone(300, 10), tone(700, 10))
    assert cut(sound, 4.0, 5.0, str(tmp_path / "a.wav")) == (2.0, 7.0)
    assert read(tmp_path / "a.wav").shape == (2, 5 * RATE)


@pytest.mark.parametrize(
    ("start", "end", "borders"), [(0.5, 1.0, (0.0, 3.0)), (9.0, 50.0, (7.0, 10.0))]
)
def test_padding_stops_at_the_ends_of_the_recording(tmp_path, start, end, borders):
    assert cut(pcm(tone(300, 10)), start, end, str(tmp_path / "a.wav")) == borders


@pytest.mark.parametrize("amplitude", [300, 8_000, 30_000])
def test_a_clip_is_brought_to_its_level(tmp_path, amplitude):
    cut(pcm(tone(300, 6, amplitude=amplitude)), 2, 4, str(tmp_path / "a.wav"))
    middle = read(tmp_path / "a.wav")[:, RATE : 5 * RATE]
    assert level_dbfs(middle) == pytest.approx(-20, abs=0.2)


def test_levelling_never_clips(tmp_path):
    sound = np.concatenate([tone(300, 3, amplitude=200), tone(300, 3, amplitude=20_000)])
    cut(pcm(sound), 1, 3, str(tmp_path / "a.wav"))
    assert np.abs(read(tmp_path / "a.wav")).max() < 30_000


def test_silence_stays_silent(tmp_path):
    cut(np.zeros((1, 5 * RATE), np.int16), 1, 2, str(tmp_path / "a.wav"))
    assert not read(tmp_path / "a.wav").any()


def test_a_clip_can_be_cut_from_a_file(tmp_path):
    path = write(tmp_path / "call.mp3", tone(300, 4), codec="libmp3lame")
    assert cut(path, 3, 3.5, str(tmp_path / "a.wav"))[0] == 1.0
    assert read(tmp_path / "a.wav").shape[1] == pytest.approx(3 * RATE, abs=0.2 * RATE)


def test_more_than_two_channels_are_mixed(tmp_path):
    cut(pcm(*[tone(300, 3)] * 4), 1, 2, str(tmp_path / "a.wav"))
    assert len(read(tmp_path / "a.wav")) == 1


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 2), (2, 2), (3, 2), (10, 11), (float("nan"), 2), (1, float("nan"))]
)
def test_times_outside_of_the_recording_are_refused(tmp_path, start, end):
    with pytest.raises(InputInvalid, match="不在录音"):
        cut(pcm(tone(300, 10)), start, end, str(tmp_path / "a.wav"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["a.flac", "no/such/folder/a.wav"])
def test_a_place_that_cannot_hold_the_clip_is_refused(tmp_path, out):
    with pytest.raises(InputInvalid, match=r"a\.(flac|wav)"):
        cut(pcm(tone(300, 10)), 1, 2, str(tmp_path / out))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sides", [1, 2])
def test_a_clip_is_written_as_mp3_for_browsers(tmp_path, sides):
    sound = pcm(*[tone(300, 10)] * sides)
    assert cut(sound, 4.0, 5.0, str(tmp_path / "a.mp3")) == (2.0, 7.0)
    heard = audio.read(str(tmp_path / "a.mp3"), max_hours=1)
    assert len(heard) == sides
    assert len(heard[0]) == pytest.approx(5 * RATE, abs=0.1 * RATE)
    assert level_dbfs(np.asarray(heard[0][RATE : 4 * RATE])) == pytest.approx(-20, abs=0.5)
    assert (tmp_path / "a.mp3").stat().st_size < 40_000


def test_over_hidden_stretches_lies_a_tone_and_the_rest_is_as_it_was(tmp_path):
    sound, plain, beeped = pcm(tone(300, 10)), tmp_path / "plain.wav", tmp_path / "beeped.wav"
    begin, _ = cut(sound, 3.0, 7.0, str(plain))
    cut(sound, 3.0, 7.0, str(beeped), hidden=[(4.0, 5.0), (20.0, 21.0)])
    before, after = read(plain)[0], read(beeped)[0]
    inside = slice(round((4.0 - begin) * RATE), round((5.0 - begin) * RATE))
    heard = np.abs(np.fft.rfft(after[inside].astype(float))) ** 2
    assert heard.argmax() == round(TONE_HZ) and heard.max() > 0.9 * heard.sum()
    behind = round((5.3 - begin) * RATE)
    assert len(before) == len(after) and np.array_equal(before[behind:], after[behind:])


def test_a_tone_stands_over_the_digits_and_names_that_texts_hide():
    said = answer(1, "caller: 我叫王明，电话13907750123", "agent: 好的")
    text = said.call.turns[0].text
    times = tuple(float(i) for i in range(len(text)))
    turns = (replace(said.call.turns[0], end=float(len(text)), times=times), said.call.turns[1])
    first = text.index("139") + 3
    named = Finding("entity", "person", 0, "王明", 2.0, 4.0, "person", "王明")
    hidden = sensitive(replace(said.call, turns=turns, entities=(named,)))
    assert hidden == [(3.0, 4.0), (first, first + 4)]
