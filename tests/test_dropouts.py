"""Lost packets are told from all else that is silent or periodic on a telephone line."""

import numpy as np
import pytest
from sounds import RATE, pcm, syllables, tone, write

from pipeline import audio
from pipeline.hearing import dropouts as lost
from pipeline.hearing.dropouts import dropouts
from pipeline.hearing.levels import frame_levels, speech_level
from pipeline.records import Span

PHONE = 8_000
FADE = np.sin(np.clip((1 - np.arange(RATE) / RATE) / 0.03, 0, 1) * np.pi / 2) ** 2
LOST_MS = (1_060, 2_050, 3_080, 5_540)  # inside syllables of `syllables`


def found(samples) -> list[tuple[float, float]]:
    """Start and length in ms of what is found in an int16 row that is speech throughout."""
    speech = [Span(0.0, len(samples) / RATE)]
    level = speech_level(frame_levels(samples))
    return [
        (round(d.start * 1000), round(1000 * (d.end - d.start)))
        for d in dropouts(samples, speech, level)
    ]


def recorded(tmp_path, voice, codec="pcm_mulaw"):
    """What a recorder at 8 kHz makes of a voice, as the pipeline decodes it."""
    path = write(tmp_path / "a.wav", pcm(voice)[0], codec=codec, rate=PHONE)
    return audio.decode(path, max_hours=1)[0]


def spoilt(voice, packet_ms, fill):
    """The voice at 8 kHz with the packets at LOST_MS replaced: silence, or the one before."""
    voice, size = voice.copy(), packet_ms * PHONE // 1000
    for begin in (ms * PHONE // 1000 for ms in LOST_MS):
        before = voice[begin - size : begin]
        voice[begin : begin + size] = 0 if fill == "silence" else before
    return voice


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw", "pcm_s16le"])
@pytest.mark.parametrize("packet_ms", [10, 20, 30])
@pytest.mark.parametrize("fill", ["silence", "the packet before"])
def test_packets_lost_inside_a_voice_are_found(tmp_path, codec, packet_ms, fill):
    voice = spoilt(syllables(8, rate=PHONE), packet_ms, fill)
    got = found(recorded(tmp_path, voice, codec))
    assert [start for start, _ in got] == pytest.approx(LOST_MS, abs=packet_ms)
    assert all(0.5 * packet_ms <= length <= 1.2 * packet_ms for _, length in got)


def test_hours_of_speech_without_a_pause_are_looked_through_in_pieces(tmp_path, monkeypatch):
    voice = recorded(tmp_path, spoilt(syllables(8, rate=PHONE), 20, "silence"))
    whole = found(voice)
    monkeypatch.setattr(lost, "PIECE", 3 * RATE + 1)
    assert found(voice) == whole != []


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw", "pcm_s16le"])
def test_a_voice_that_fades_into_closures_of_digital_silence_has_lost_nothing(tmp_path, codec):
    assert found(recorded(tmp_path, syllables(8, rate=PHONE), codec)) == []


@pytest.mark.parametrize(("hole_ms", "count"), [(20, 1), (120, 1), (250, 0), (2_000, 0)])
def test_a_long_hole_is_a_pause_of_the_recorder(hole_ms, count):
    voice = np.concatenate([tone(170, 1), np.zeros(hole_ms * RATE // 1000), tone(170, 1)])
    assert len(found(pcm(voice)[0])) == count


def test_silence_that_only_ends_at_once_is_the_closure_of_a_consonant():
    fading = tone(170, 1) * FADE
    hole = np.zeros(RATE // 20)
    assert found(pcm(np.concatenate([fading, hole, tone(170, 1)]))[0]) == []
    assert len(found(pcm(np.concatenate([tone(170, 1), hole, tone(170, 1)]))[0])) == 1


def test_a_line_that_sends_nothing_between_sentences_has_lost_nothing():
    """The voice has died away before the line falls silent, though that is only 150 ms."""
    line = np.random.default_rng(0).normal(0, 20, RATE // 10)
    fading = tone(170, 1) * FADE
    parts = [fading, line, np.zeros(RATE * 150 // 1000), line, fading[::-1]]
    assert found(pcm(np.concatenate(parts))[0]) == []


@pytest.mark.parametrize("hertz", [450, 1_000, 1_400])
@pytest.mark.parametrize("seconds", [0.1, 0.15, 1.0])
def test_a_beep_repeats_itself_and_is_no_repeated_packet(hertz, seconds):
    voice = syllables(4)
    voice[RATE : RATE + int(seconds * RATE)] = tone(hertz, seconds)
    assert found(pcm(voice)[0]) == []


def test_what_is_lost_outside_of_speech_is_nobodys_loss():
    voice = pcm(syllables(4))[0]
    voice[RATE + 1_000 : RATE + 1_320] = 0
    level = speech_level(frame_levels(voice))
    assert len(dropouts(voice, [Span(0.0, 4.0)], level)) == 1
    assert dropouts(voice, [Span(2.0, 4.0)], level) == []
