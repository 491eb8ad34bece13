"""Waveforms and playable sound: what is drawn, what is sent, and what is kept of it."""

import os
import threading
import tracemalloc

import av
import numpy as np
import pytest
from sounds import RATE, pcm, tone, write

from pipeline.errors import FileVanished, InputInvalid, NoRoom
from pipeline.ingest import sha256_of
from pipeline.listening import peaks as waveforms
from pipeline.listening.cache import SoundCache
from pipeline.listening.peaks import measured, peaks, window
from pipeline.listening.playable import playable, source
from pipeline.records import Recording

SHA = "ab" * 32


@pytest.fixture
def cache(tmp_path):
    return SoundCache(tmp_path / "lingsu.db")


@pytest.fixture
def recorded(tmp_path):
    """A file of a tone in any codec, as a Recording of two seconds."""

    def make(name="call.wav", codec="pcm_s16le", seconds=2.0, **how):
        path = write(
            tmp_path / name, tone(300, 2, rate=how.get("rate", RATE)), codec=codec, **how
        )
        return Recording(sha256_of(path), path, seconds)

    return make


def test_each_stretch_has_its_least_and_greatest_sample():
    left = np.zeros(1000, np.int16)
    left[[5, 400, 999]] = (-70, 900, 12)
    found = measured([np.stack([left, -left], axis=1)])
    assert found.samples == 1000
    assert found.levels[0].tolist() == [
        [[-70, 0], [0, 70]],
        [[0, 900], [-900, 0]],
        [[0, 0], [0, 0]],
        [[0, 12], [-12, 0]],
    ]
    assert found.levels[1].tolist() == [[[-70, 900], [-900, 70]]]


@pytest.mark.parametrize("cut", [1, 319, 320, 7_777, 10**9])
def test_a_waveform_does_not_depend_on_how_the_sound_came(cut):
    sound = np.random.default_rng(0).integers(-999, 999, (70_001, 1)).astype(np.int16)
    pieces = [sound[i : i + cut] for i in range(0, len(sound), cut)][:9_000]
    sound = np.concatenate(pieces)
    whole = measured([sound])
    assert all(
        np.array_equal(a, b) for a, b in zip(measured(pieces).levels, whole.levels, strict=True)
    )


@pytest.mark.parametrize("stretches", [1, 7, 50, 299, 600, 5_000])
@pytest.mark.parametrize(("start", "end"), [(0, 60), (10, 20), (59.5, 60)])
def test_a_window_has_as_many_stretches_as_a_canvas_is_wide(start, end, stretches):
    made = measured([np.zeros((60 * RATE, 1), np.int16)])
    found = window(made, start, end, stretches)
    there = (end - start) / (waveforms.STEP / RATE)
    assert len(found.values) >= min(stretches, there)
    assert len(found.values) < 2 * stretches + 2
    assert found.start <= start < found.start + found.step


def test_a_window_shows_what_is_in_it():
    sound = np.zeros((20 * RATE, 1), np.int16)
    sound[12 * RATE + 100] = 5_000
    found = window(measured([sound]), 10, 20, 25)
    (at,) = np.flatnonzero(found.values[:, 0, 1] == 5_000)
    assert (
        found.start + at * found.step <= 12 + 100 / RATE < found.start + (at + 1) * found.step
    )


@pytest.mark.parametrize(
    ("start", "end", "stretches"), [(-1, 2, 9), (2, 2, 9), (9, 10, 9), (0, 1, 0), (0, 1, 10**6)]
)
def test_what_cannot_be_drawn_is_refused(start, end, stretches):
    made = measured([np.zeros((5 * RATE, 1), np.int16)])
    with pytest.raises(InputInvalid):
        window(made, start, end, stretches)


def test_a_waveform_is_computed_once(cache, recorded, monkeypatch):
    one = recorded()
    first = peaks(cache, one.sha256, one.path)
    monkeypatch.setattr(waveforms.audio, "pieces", None)
    again = peaks(cache, one.sha256, one.path)
    assert again.seconds == first.seconds == 2.0
    assert np.array_equal(again.levels[0], first.levels[0])


@pytest.mark.parametrize("left", [0, 1, 40, 200])
def test_a_damaged_waveform_is_computed_again(cache, recorded, left):
    one = recorded()
    whole = peaks(cache, one.sha256, one.path)
    kept = cache.path(one.sha256, waveforms.NAME)
    kept.write_bytes(kept.read_bytes()[:left])
    assert np.array_equal(peaks(cache, one.sha256, one.path).levels[0], whole.levels[0])


def test_a_long_call_costs_little_memory():
    piece = np.zeros((RATE, 2), np.int16)
    tracemalloc.start()
    made = measured(piece for _ in range(3 * 3600))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.seconds == 3 * 3600
    assert sum(level.nbytes for level in made.levels) < 5_000_000
    assert most < 40_000_000  # the samples are 691 MB


@pytest.mark.parametrize(
    ("name", "codec", "rate", "kind"),
    [
        ("a.wav", "pcm_s16le", 8_000, "audio/wav"),
        ("a.mp3", "libmp3lame", 16_000, "audio/mpeg"),
        ("a.m4a", "aac", 16_000, "audio/mp4"),
        ("a.ogg", "libopus", 16_000, "audio/ogg"),
        ("a.flac", "flac", 16_000, "audio/flac"),
    ],
)
def test_what_browsers_play_is_played_as_it_is(cache, recorded, name, codec, rate, kind):
    one = recorded(name, codec, rate=rate)
    found = playable(cache, one, one.path)
    assert (str(found.path), found.media_type) == (one.path, kind)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_alaw"), ("a.wav", "pcm_mulaw"), ("a.amr", "libopencore_amrnb")],
)
@pytest.mark.parametrize(
    ("seconds", "kind", "made"),
    [(2.0, "audio/wav", "pcm_s16le"), (3_601.0, "audio/webm", "opus")],
)
def test_what_browsers_do_not_play_becomes_pcm_or_if_long_opus(
    cache, recorded, name, codec, seconds, kind, made
):
    one = recorded(name, codec, seconds, rate=8_000)
    found = playable(cache, one, one.path)
    assert found.media_type == kind
    with av.open(str(found.path)) as container:
        context = container.streams.audio[0].codec_context
        assert context.codec.canonical_name == made
        assert container.duration / av.time_base == pytest.approx(2.0, abs=0.05)
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate = context.sample_rate
    sound = np.concatenate(frames, axis=1)[0]
    assert np.argmax(np.abs(np.fft.rfft(sound))) / (len(sound) / rate) == pytest.approx(
        300, abs=3
    )


def test_a_header_that_tells_another_length_is_not_trusted_with_seeking(cache, recorded):
    one = recorded("a.mp3", "libmp3lame", seconds=9.0)
    assert playable(cache, one, one.path).media_type == "audio/wav"


def test_more_channels_than_ears_are_mixed(cache, tmp_path):
    path = write(tmp_path / "a.wav", pcm(*[tone(300, 1)] * 4), layout="4.0")
    found = playable(cache, Recording(sha256_of(path), path, 1.0), path)
    with av.open(str(found.path)) as container:
        assert container.streams.audio[0].codec_context.channels == 1


def test_the_recording_is_found_under_another_name_it_had(cache, recorded, tmp_path):
    one = recorded()
    moved = tmp_path / "moved.wav"
    (tmp_path / "call.wav").rename(moved)
    assert source(cache, one, [str(moved)]) == str(moved)
    assert source(cache, one, [str(moved)]) == str(moved)  # from the note of the first time


def test_a_recording_that_is_gone_is_told_by_its_name(cache, recorded, tmp_path):
    one = recorded()
    (tmp_path / "call.wav").unlink()
    with pytest.raises(FileVanished, match="call.wav：录音文件不在原处"):
        source(cache, one)


def test_another_file_in_the_place_of_the_recording_is_never_played(cache, recorded, tmp_path):
    one = recorded()
    assert source(cache, one) == one.path
    (tmp_path / "call.wav").write_bytes(b"root:x:0:0:root:/root:/bin/bash\n")
    with pytest.raises(FileVanished, match="换过"):
        source(cache, one)


@pytest.mark.parametrize("name", ["../../etc", "ab" * 31, "AB" * 32, "ab" * 31 + "/.", ""])
def test_only_a_sha256_names_a_folder(cache, name):
    with pytest.raises(InputInvalid):
        cache.path(name, "x")


def test_what_fails_leaves_nothing(cache, tmp_path):
    def broken(file):
        file.write(b"half")
        raise OSError(28, "full")

    with pytest.raises(NoRoom):
        cache.made(SHA, "x", broken)
    assert list(cache.path(SHA, "x").parent.iterdir()) == []


def test_two_who_ask_at_once_wait_for_one_making(cache):
    made, first = [], threading.Event()

    def slow(file):
        made.append(1)
        first.wait(5)
        file.write(b"sound")

    askers = [threading.Thread(target=cache.made, args=(SHA, "x", slow)) for _ in range(4)]
    for asker in askers:
        asker.start()
    first.set()
    for asker in askers:
        asker.join()
    assert (made, cache.path(SHA, "x").read_bytes()) == ([1], b"sound")


def test_erasing_takes_all_of_one_recording_and_nothing_of_others(cache):
    other = "cd" * 32
    for sha in (SHA, other):
        cache.made(sha, "x", lambda file: file.write(b"sound"))
    cache.erase([SHA, "ef" * 32])
    assert not cache.path(SHA, "x").parent.exists()
    assert cache.path(other, "x").is_file()


def test_what_was_used_least_lately_gives_way_to_what_is_made(tmp_path):
    one, two, three = ("a" * 64, "b" * 64, "c" * 64)
    cache = SoundCache(tmp_path / "calls.db", limit=25)
    for age, sha in enumerate((one, two)):
        cache.made(sha, "x", lambda file: file.write(b"0123456789"))
        os.utime(cache.path(sha, ""), (age, age))
    cache.made(one, "x", lambda file: pytest.fail("it is there"))  # used once more
    cache.made(three, "x", lambda file: file.write(b"0123456789"))
    assert cache.held() == [one, three]
    cache.made(two, "x", lambda file: file.write(b"0" * 100))  # more than all may hold
    assert cache.held() == [two]


def test_the_cache_is_for_its_owner_alone(cache):
    cache.made(SHA, "x", lambda file: file.write(b"sound"))
    assert cache.folder.stat().st_mode & 0o077 == 0
