"""A smaller vocabulary cut out of the same weights."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from models.base import ModelUnavailable
from models.vocabulary import cut

ALPHABET = {b: chr(b) for b in (*range(33, 127), *range(161, 173), *range(174, 256))}
ALPHABET |= {b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in ALPHABET)}
WHOLE = ["您好", "线", "線", "12", "，", " the", "Ж", "おは", "안"]
HALF = [b"\xe7\xba", b"\x8a", b"\xd0", b" \xe4\xb8"]
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|0.00|>"]


def token(raw):
    return "".join(ALPHABET[byte] for byte in raw)


def model(folder: Path, tokens, *, rows=None):
    """A CTranslate2 folder with one tensor that has a row a token, and one that has not."""
    rows = len(tokens) if rows is None else rows
    table = np.arange(rows * 2, dtype="<f2").reshape(rows, 2)
    other = np.ones((3,), dtype="<f4")
    out = struct.pack("<I", 6) + _name("WhisperSpec") + struct.pack("<II", 3, 2)
    for name, kind, array in (("decoder/embeddings/weight", 4, table), ("scale", 0, other)):
        out += _name(name) + struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        out += struct.pack("<BI", kind, array.nbytes) + array.tobytes()
    (folder / "model.bin").write_bytes(out + b"aliases")
    (folder / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    ids = {"suppress_ids": [0, 5, 6], "suppress_ids_begin": [2], "lang_ids": [15, 16]}
    (folder / "config.json").write_text(json.dumps(ids | {"alignment_heads": [[3, 1]]}))
    return folder, table


def _name(text):
    raw = text.encode() + b"\0"
    return struct.pack("<H", len(raw)) + raw


@pytest.fixture
def tokens():
    return [token(t.encode()) for t in WHOLE] + [token(raw) for raw in HALF] + SPECIAL


def kept_of(found, tokens):
    return [tokens[old] for old in found.kept]


def test_what_chinese_needs_stays_and_other_scripts_go(tmp_path, tokens):
    folder, _ = model(tmp_path, tokens)
    kept = kept_of(cut(folder, "zh"), tokens)
    assert [t in kept for t in tokens[:9]] == [True] * 6 + [False] * 3


def test_halves_of_chinese_characters_stay_and_of_others_go(tmp_path, tokens):
    folder, _ = model(tmp_path, tokens)
    kept = kept_of(cut(folder, "zh"), tokens)
    halves = [token(raw) for raw in HALF]
    assert [t in kept for t in halves] == [True, True, True, True]  # one byte always stays
    more = [*tokens, token(b"\xd0\xb0\xd0")]
    folder, _ = model(tmp_path, more)
    assert more[-1] not in kept_of(cut(folder, "zh"), more)


def test_of_the_marks_only_the_call_language_and_no_times_stay(tmp_path, tokens):
    folder, _ = model(tmp_path, tokens)
    marks = [t for t in kept_of(cut(folder, "zh"), tokens) if t.startswith("<|")]
    assert marks == ["<|endoftext|>", "<|startoftranscript|>", "<|zh|>"]


def test_rows_are_kept_unchanged_and_the_rest_of_the_file_is_as_it_was(tmp_path, tokens):
    folder, table = model(tmp_path, tokens)
    found = cut(folder, "zh")
    data = found.files["model.bin"]
    assert table[list(found.kept)].tobytes() in data
    assert np.ones(3, "<f4").tobytes() in data and data.endswith(b"aliases")
    assert struct.pack("<B2I", 2, len(found.kept), 2) in data


def test_numbers_in_the_settings_follow_their_tokens(tmp_path, tokens):
    folder, _ = model(tmp_path, tokens)
    found = cut(folder, "zh")
    config = json.loads(found.files["config.json"])
    assert [found.kept[new] for new in config["suppress_ids"]] == [0, 5]
    assert [found.kept[new] for new in config["lang_ids"]] == [16]
    assert config["alignment_heads"] == [[3, 1]]
    listed = found.files["vocabulary.txt"].decode().split("\n")[:-1]
    assert listed == kept_of(found, tokens)


def test_a_model_of_another_layout_is_refused(tmp_path, tokens):
    folder, _ = model(tmp_path, tokens, rows=7)
    with pytest.raises(ModelUnavailable, match="行的张量"):
        cut(folder, "zh")
    (folder / "vocabulary.txt").unlink()
    with pytest.raises(ModelUnavailable, match="词表"):
        cut(folder, "zh")
