"""Finding files, waiting for those being written, and telling them apart by their bytes."""

import os
import threading
import time

import pytest

from pipeline.ingest import find_files, identify, listed, settled, shown

ODD_NAMES = [
    b"-rf.wav",
    b"two\nlines.wav",
    b"quo'te\"s.wav",
    b"$(touch x);.wav",
    "录音 一.wav".encode(),
    b"gbk-\xc2\xbc\xd2\xf4.wav",  # not UTF-8
    b"x" * 246 + b".wav",
]


def put(folder, *names, data=b"sound"):
    paths = []
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        paths.append(str(path))
    return paths


def names_of(found):
    return [os.path.basename(path) for path in found.files]


def codes_of(found):
    return [skipped.code for skipped in found.skipped]


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path):
    put(tmp_path, "b.wav", "a/2.mp3", "a/deep/er/1.AMR")
    found = find_files([str(tmp_path)])
    assert names_of(found) == ["b.wav", "2.mp3", "1.AMR"]
    assert str(tmp_path / "a") in found.folders
    assert found.skipped == ()


def test_what_is_no_recording_is_passed_over_quietly(tmp_path):
    put(tmp_path, "metadata.csv", "README.md", "labels.json", ".hidden.wav", ".git/a.wav", "x")
    found = find_files([str(tmp_path)])
    assert (found.files, found.skipped) == ((), ())


def test_a_file_that_is_named_is_taken_whatever_its_extension(tmp_path):
    (path,) = put(tmp_path, "call.rec")
    assert find_files([path]).files == (path,)


def test_a_file_found_twice_is_one(tmp_path):
    (path,) = put(tmp_path, "a.wav")
    assert find_files([str(tmp_path), path, path]).files == (path,)


def test_a_missing_file_is_reported(tmp_path):
    found = find_files([str(tmp_path / "gone.wav")])
    assert (found.files, codes_of(found)) == ((), ["missing"])


def test_a_pipe_is_reported_and_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    found = find_files([str(tmp_path), str(tmp_path / "pipe.wav"), "/dev/zero"])
    assert (found.files, codes_of(found)) == ((), ["not_regular"] * 3)
    items, skipped = identify([str(tmp_path / "pipe.wav")])  # it became one after the search
    assert (items, skipped[0].code) == ((), "unreadable")


def test_links_out_of_the_folder_are_reported_and_not_followed(tmp_path):
    put(tmp_path, "outside/secret.wav", "in/own.wav")
    inside = tmp_path / "in"
    (inside / "link.wav").symlink_to(tmp_path / "outside/secret.wav")
    (inside / "folder").symlink_to(tmp_path / "outside")
    (inside / "near.wav").symlink_to(inside / "own.wav")
    (inside / "loop").symlink_to(inside)
    found = find_files([str(inside)])
    assert names_of(found) == ["near.wav", "own.wav"]
    assert codes_of(found) == ["outside_link"] * 3


def test_a_broken_link_is_reported(tmp_path):
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    assert codes_of(find_files([str(tmp_path)])) == ["missing"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_found_hashed_and_shown(tmp_path, name):
    raw = os.path.join(os.fsencode(tmp_path), name)
    with open(raw, "wb") as file:
        file.write(b"sound")
    found = find_files([str(tmp_path)])
    (item,) = identify(found.files)[0]
    assert os.fsencode(item.recording.path) == raw
    line = shown(item.recording.path)
    assert line.encode("utf-8").decode() == line
    assert line.isprintable()


def test_shown_leaves_a_good_name_alone():
    assert shown("录音/a b.wav") == "录音/a b.wav"
    assert shown("a\nb\udce9\x1b[0m") == "a\\nb\\udce9\\x1b[0m"


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        (b"a.wav\nb c.wav\n", ("a.wav", "b c.wav")),
        (b"a.wav\r\n\r\nb.wav", ("a.wav", "b.wav")),
        (b"two\nlines.wav\0b.wav\0", ("two\nlines.wav", "b.wav")),
        (b"\xc2\xbc.wav\n", ("\udcc2\udcbc.wav",)),
        (b"", ()),
    ],
)
def test_a_list_is_split_by_lines_or_by_nul(data, paths):
    assert listed(data) == tuple(
        p if "\udcc2" not in p else os.fsdecode(data[:-1]) for p in paths
    )


def test_the_same_bytes_under_two_names_are_one_item(tmp_path):
    first, second = put(tmp_path, "a.wav", "b/copy.wav")
    (other,) = put(tmp_path, "c.wav", data=b"other")
    items, skipped = identify([first, other, second])
    assert [item.names for item in items] == [(first, second), (other,)]
    assert items[0].recording.path == first
    assert len(items[0].recording.sha256) == 64
    assert skipped == ()


def test_empty_and_vanished_files_are_reported(tmp_path):
    (empty,) = put(tmp_path, "empty.wav", data=b"")
    items, skipped = identify([empty, str(tmp_path / "gone.wav")])
    assert items == ()
    assert [s.code for s in skipped] == ["empty", "unreadable"]


def test_old_files_are_not_waited_for(tmp_path):
    (path,) = put(tmp_path, "a.wav")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    begun = time.monotonic()
    assert settled([path], 5.0) == ([path], [])
    assert time.monotonic() - begun < 1


def test_a_growing_file_is_left_for_the_next_run(tmp_path):
    still, growing = put(tmp_path, "still.wav", "growing.wav")

    def grow():
        time.sleep(0.1)
        with open(growing, "ab") as file:
            file.write(b"more")

    writer = threading.Thread(target=grow)
    writer.start()
    ready, waiting = settled([still, growing], 0.3)
    writer.join()
    assert ready == [still]
    assert [(s.path, s.code) for s in waiting] == [(growing, "growing")]
    assert "仍在写入" in waiting[0].message


@pytest.mark.parametrize("name", ["a.mpc", "b.sph", "c.WAV", "d.amr"])
def test_what_recorders_write_is_found_by_its_ending(tmp_path, name):
    put(tmp_path, name)
    assert find_files([str(tmp_path)]).files == (str(tmp_path / name),)


def test_why_a_file_was_left_is_said_in_chinese(tmp_path):
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    (tmp_path / "gone.wav").symlink_to("nowhere.wav")
    said = {one.code: one.message for one in find_files([str(tmp_path)]).skipped}
    assert said == {
        "unreadable": "打不开：链接绕成了圈",
        "missing": "打不开：没有这个文件或文件夹",
    }
