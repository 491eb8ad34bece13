"""Faulty recordings, each made here: what decodes is kept, the rest is a named refusal."""

import os
import struct
import time
from pathlib import Path

import av
import numpy as np
import pytest
from sounds import RATE, level_dbfs, noise, pcm, tone, write

from pipeline import audio
from pipeline.errors import AudioEmpty, AudioUnreadable, FileVanished, LingsuError


def wav_header(*, rate=8_000, channels=1, bits=16, tag=1, data=0xFFFFFFFF) -> bytes:
    block = channels * bits // 8
    form = struct.pack(
        "<HHIIHH", tag, channels, rate, (rate * block) & 0xFFFFFFFF, block & 0xFFFF, bits
    )
    return (
        b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt \x10\0\0\0" + form
        + b"data" + struct.pack("<I", data)
    )  # fmt: skip


def put(tmp_path, data: bytes, name="a.wav") -> str:
    (tmp_path / name).write_bytes(data)
    return str(tmp_path / name)


REFUSED = {
    "nothing": b"",
    "one byte": b"R",
    "text": "您好，这里不是录音。\n".encode() * 50,
    "zeros": bytes(5_000),
    "junk": np.random.default_rng(0).bytes(20_000),
    "only a header": wav_header(),
    "cut in the header": wav_header()[:20],
    "no rate": wav_header(rate=0) + bytes(800),
    "no channels": wav_header(channels=0) + bytes(800),
    "65535 channels": wav_header(channels=65_535) + bytes(800_000),
    "unknown codec": wav_header(tag=0x4242) + bytes(800),
    "zip": b"PK\x03\x04" + bytes(400),
    "html": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile:///etc/passwd\n",
    "concat list": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
}


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.xyz"])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_sound_is_refused_by_name(tmp_path, kind, name):
    with pytest.raises((AudioUnreadable, AudioEmpty), match=r"^a\.\w+："):
        audio.decode(put(tmp_path, REFUSED[kind], name), max_hours=1)


def test_a_playlist_cannot_open_a_recording_beside_it(tmp_path):
    write(tmp_path / "secret.wav", tone(300, 1))
    listing = f"ffconcat version 1.0\nfile '{tmp_path}/secret.wav'\n".encode()
    for name in ("a.wav", "a.ffconcat", "a.txt"):
        with pytest.raises(AudioUnreadable):
            audio.decode(put(tmp_path, listing, name), max_hours=1)


def test_a_session_description_opens_no_socket(tmp_path):
    begun = time.monotonic()
    with pytest.raises(AudioUnreadable):
        audio.decode(put(tmp_path, REFUSED["sdp"], "a.sdp"), max_hours=1)
    assert time.monotonic() - begun < 5  # FFmpeg alone listens for 20 s


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_alaw"), ("a.mp3", "libmp3lame"), ("a.flac", "flac"), ("a.ogg", "libopus")],
)
def test_a_cut_file_gives_what_is_left(tmp_path, name, codec, keep):
    rate = 48_000 if codec == "libopus" else 16_000
    path = write(tmp_path / name, tone(440, 8, rate=rate), codec=codec, rate=rate)
    os.truncate(path, int(os.path.getsize(path) * keep))
    seconds = audio.decode(path, max_hours=1).shape[1] / RATE
    assert 8 * keep - 1.5 < seconds < 8 * keep + 1.5


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.flac", "flac")])
def test_a_damaged_middle_costs_only_itself(tmp_path, name, codec):
    path = write(tmp_path / name, pcm(noise(10)), codec=codec)
    data = bytearray(Path(path).read_bytes())
    at = len(data) // 2
    data[at : at + len(data) // 20] = np.random.default_rng(1).bytes(len(data) // 20)
    Path(path).write_bytes(data)
    assert 8.5 < audio.decode(path, max_hours=1).shape[1] / RATE < 10.5


def test_a_header_that_promises_a_hundred_hours_is_not_believed(tmp_path):
    sound = tone(440, 2, rate=8_000).tobytes()
    path = put(tmp_path, wav_header(data=8_000 * 2 * 3_600 * 60) + sound)
    samples = audio.decode(path, max_hours=1)
    assert samples.shape == (1, 2 * RATE)
    assert (samples.base if samples.base is not None else samples).nbytes < 1_000_000


@pytest.mark.parametrize(("tag", "dtype"), [(3, "<f4"), (3, "<f8")])
def test_floats_that_are_no_numbers_become_silence(tmp_path, tag, dtype):
    sound = np.sin(np.arange(32_000) / 20) * 0.25
    sound[8_000:8_100] = np.nan
    sound[9_000:9_100] = np.inf
    sound[10_000:10_100] = 1e30
    bits = np.dtype(dtype).itemsize * 8
    header = wav_header(rate=16_000, bits=bits, tag=tag)
    samples = audio.decode(put(tmp_path, header + sound.astype(dtype).tobytes()), max_hours=1)
    assert samples.shape == (1, 32_000)
    assert not samples[0, 8_010:8_090].any()
    assert level_dbfs(samples[:, 16_000:]) == pytest.approx(-15, abs=0.2)


@pytest.mark.parametrize("rate", [1_000, 6_000, 7_350, 12_345, 96_000, 192_000])
def test_odd_rates_come_out_at_their_length(tmp_path, rate):
    path = put(tmp_path, wav_header(rate=rate) + tone(300, 1, rate=rate).tobytes())
    assert audio.decode(path, max_hours=1).shape[1] == pytest.approx(RATE, abs=20)


def test_a_rate_that_changes_midway_keeps_both_parts(tmp_path):
    first = Path(write(tmp_path / "1.mp3", tone(440, 3, rate=16_000), codec="libmp3lame"))
    second = Path(
        write(tmp_path / "2.mp3", tone(440, 3, rate=8_000), codec="libmp3lame", rate=8_000)
    )
    path = put(tmp_path, first.read_bytes() + second.read_bytes(), "a.mp3")
    assert audio.decode(path, max_hours=1).shape[1] / RATE == pytest.approx(6, abs=0.5)


def test_channels_that_change_midway_keep_those_of_the_start(tmp_path):
    first = Path(write(tmp_path / "1.mp3", tone(440, 3), codec="libmp3lame"))
    second = Path(
        write(tmp_path / "2.mp3", pcm(tone(300, 3), tone(500, 3)), codec="libmp3lame")
    )
    path = put(tmp_path, first.read_bytes() + second.read_bytes(), "a.mp3")
    samples = audio.decode(path, max_hours=1)
    assert samples.shape[0] == 1
    assert samples.shape[1] / RATE == pytest.approx(6, abs=0.5)


def test_the_sound_of_a_video_is_taken(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        film = container.add_stream("mpeg4", rate=10)
        film.width = film.height = 32
        track = container.add_stream("aac", rate=RATE, layout="mono")
        picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
        container.mux(film.encode(picture))
        sound = av.AudioFrame.from_ndarray(tone(440, 2)[None], "s16", "mono")
        sound.sample_rate, sound.pts = RATE, 0
        for stream, frame in ((track, sound), (track, None), (film, None)):
            container.mux(stream.encode(frame))
    assert audio.decode(str(path), max_hours=1).shape[1] / RATE == pytest.approx(2, abs=0.2)
    assert audio.probe(str(path)).codec == "aac"


def test_a_video_without_sound_is_refused(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        film = container.add_stream("mpeg4", rate=10)
        film.width = film.height = 32
        picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
        for frame in (picture, None):
            container.mux(film.encode(frame))
    with pytest.raises(AudioUnreadable, match="音轨"):
        audio.decode(str(path), max_hours=1)


def test_pipes_devices_and_folders_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (str(tmp_path / "pipe.wav"), "/dev/zero", str(tmp_path)):
        with pytest.raises(AudioUnreadable, match="不是普通文件"):
            audio.decode(path, max_hours=1)


@pytest.mark.parametrize("name", ["gone.wav", "nul\0.wav"])
def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path, name):
    with pytest.raises(FileVanished, match="打不开"):
        audio.probe(f"{tmp_path}/{name}")


@pytest.mark.parametrize(
    "name",
    [b"-i.wav", b"two\nlines.wav", b"concat:a.wav", b"bad-\xff.wav", b"y" * 250 + b".wav"],
)
def test_odd_names_are_read_and_their_errors_can_be_printed(tmp_path, name):
    raw = os.path.join(os.fsencode(tmp_path), name)
    with open(raw, "wb") as file:
        file.write(wav_header() + tone(440, 1, rate=8_000).tobytes())
    assert audio.decode(os.fsdecode(raw), max_hours=1).shape == (1, RATE)
    with open(raw, "wb") as file:
        file.write(b"junk")
    with pytest.raises(LingsuError) as caught:
        audio.decode(os.fsdecode(raw), max_hours=1)
    assert str(caught.value).encode().decode().isprintable()


def test_the_decoders_say_nothing_on_the_terminal(tmp_path, capfd):
    with pytest.raises(LingsuError):
        audio.decode(put(tmp_path, REFUSED["junk"], "a.mp3"), max_hours=1)
    path = write(tmp_path / "b.mp3", tone(440, 3), codec="libmp3lame")
    os.truncate(path, os.path.getsize(path) // 2)
    audio.decode(path, max_hours=1)
    assert capfd.readouterr() == ("", "")
