"""Decoded sound: slices are what an array would give, in memory or in a file."""

import os

import numpy as np
import pytest
from sounds import noise, pcm, write

from pipeline import audio, sides
from pipeline.errors import NoRoom
from pipeline.sides import Decoded, Mixed, Part, minutes

ROWS = pcm(noise(2, seed=1), noise(2, seed=2), noise(2, seed=3))
SLICES = [slice(None), slice(5, 9), slice(31_990, 40_000), slice(-7, None), slice(9, 5)]


def decoded(rows: np.ndarray = ROWS) -> Decoded:
    made = Decoded()
    for begin in range(0, rows.shape[1], 1_000):
        made.add(rows[:, begin : begin + 1_000].T)
    return made


@pytest.fixture(params=[1 << 30, 100], ids=["memory", "file"])
def kept(request, monkeypatch):
    monkeypatch.setattr(sides, "IN_MEMORY", request.param)
    return decoded().sides()


@pytest.mark.parametrize("piece", SLICES)
def test_a_side_gives_what_an_array_would(kept, piece):
    for side, row in zip(kept, ROWS, strict=True):
        assert len(side) == len(row)
        assert np.array_equal(side[piece], row[piece])
        assert side[piece].dtype == np.int16


@pytest.mark.parametrize("piece", SLICES)
def test_the_mix_is_the_mean_of_the_sides(kept, piece):
    mixed = Mixed(kept)
    assert len(mixed) == ROWS.shape[1]
    assert np.array_equal(mixed[piece], sum(row[piece] // 3 for row in ROWS))


@pytest.mark.parametrize("piece", SLICES)
@pytest.mark.parametrize("ends", [(100, 20_000), (31_000, 99_000), (50_000, 60_000), (9, 5)])
def test_a_part_is_a_slice_that_is_read_later(kept, ends, piece):
    part, row = Part(kept[1], *ends), ROWS[1, slice(*ends)]
    assert len(part) == len(row)
    assert np.array_equal(part[piece], row[piece])


def test_minutes_are_all_of_it(kept):
    row = np.tile(ROWS[0], 50)
    pieces = list(minutes(row))
    assert [len(piece) for piece in pieces] == [960_000, 640_000]
    assert np.array_equal(np.concatenate(pieces), row)
    assert np.array_equal(np.concatenate(list(minutes(kept[0]))), ROWS[0])


def test_a_long_recording_lies_in_a_file_without_a_name(tmp_path, monkeypatch):
    monkeypatch.setattr(sides, "IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    os.mkdir(tmp_path / "temporary")
    path = write(tmp_path / "a.wav", ROWS[:2])
    found = audio.read(path, max_hours=1)
    assert np.array_equal([side[:] for side in found], ROWS[:2])
    assert os.listdir(tmp_path / "temporary") == []


def test_the_file_is_closed_when_nobody_can_ask_for_it_any_more():
    side = decoded().sides()[0]
    file, part = side._decoded._file, Part(side, 0, 5)
    del side
    assert len(part[:]) == 5 and not file.closed
    del part
    assert file.closed


def test_a_full_disk_is_told_and_no_short_recording_is_made_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sides, "IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    path = write(tmp_path / "a.wav", ROWS[:2])
    with pytest.raises(NoRoom, match="没有这个文件或文件夹"):
        audio.read(path, max_hours=1)
