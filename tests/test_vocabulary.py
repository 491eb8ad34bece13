"""A smaller vocabulary cut out of the same weights."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from models.base import ModelUnavailable
from models.vocabulary import SPECIAL as MARKS
from models.vocabulary import Vocabulary, characters, cut

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


# --- the same choice, for our own search -----------------------------------------------------


@pytest.fixture
def whole(tokens):
    """All that a search needs: pieces, halves and the marks that a text begins with."""
    return [*tokens, *(mark for mark in MARKS if mark not in tokens), token("没线".encode())]


def vocabulary(folder, tokens, **settings):
    made, _ = model(folder, tokens)
    return Vocabulary(made, "zh", **settings)


def number(found, text):
    raw = text if isinstance(text, bytes) else text.encode()
    return found.raw.index(raw)


def test_the_search_writes_the_same_tokens_that_are_cut_out(tmp_path, whole):
    found = vocabulary(tmp_path, whole)
    assert found.kept == cut(tmp_path, "zh").kept and len(found) == len(found.kept)
    assert len(vocabulary(tmp_path, whole, whole=True)) == len(whole)


def test_a_text_begins_with_the_four_marks_and_no_mark_is_written(tmp_path, whole):
    found = vocabulary(tmp_path, whole)
    begun = ["<|startoftranscript|>", "<|zh|>", "<|transcribe|>", "<|notimestamps|>"]
    assert [whole[found.kept[i]] for i in found.start] == begun
    assert set(found.start) <= found.suppressed and found.end not in found.suppressed


def test_what_the_settings_rule_out_is_ruled_out_under_its_new_number(tmp_path, whole):
    found = vocabulary(tmp_path, whole)
    assert {found.kept[i] for i in found.suppressed_first} == {2}
    assert {0, 5} <= {found.kept[i] for i in found.suppressed}
    assert 1 not in {found.kept[i] for i in found.suppressed}


@pytest.mark.parametrize(
    ("piece", "read"), [("线", "线"), ("線", "线"), ("12", "一二"), (" the", " the")]
)
def test_a_piece_reads_simplified_with_digits_as_spoken(tmp_path, whole, piece, read):
    found = vocabulary(tmp_path, whole)
    assert found.read(b"", number(found, piece)) == (read, b"")


def test_half_a_character_waits_for_its_other_half(tmp_path, whole):
    found = vocabulary(tmp_path, whole)
    text, rest = found.read(b"", number(found, b"\xe7\xba"))
    assert (text, rest) == ("", b"\xe7\xba")
    assert found.read(rest, number(found, b"\x8a")) == ("纩", b"")  # of 纊


def test_a_half_that_nothing_completes_does_not_spoil_what_follows(tmp_path, whole):
    found = vocabulary(tmp_path, whole)
    assert found.read(b"\xe7\xba", number(found, "您好")) == ("您好", b"")
    assert found.read(b"", number(found, b"\x8a")) == ("", b"")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("您好".encode(), "您好"),
        ("您好".encode()[:-1], None),
        (b"\xe5", None),
        (b"\x9f", ""),
        (b"\xe5\xe5\x9f\x8e", "城"),
        (b"", ""),
    ],
)
def test_bytes_are_characters_or_may_still_become_some(raw, text):
    assert characters(raw) == text


@pytest.mark.parametrize(
    ("piece", "guarded"), [("12", True), ("没线", True), ("您好", False), (b"\xe7\xba", False)]
)
def test_numbers_and_negations_are_guarded(tmp_path, whole, piece, guarded):
    found = vocabulary(tmp_path, whole)
    assert found.guarded[number(found, piece)] is guarded


@pytest.mark.parametrize(
    ("piece", "negated"), [("没线", True), ("12", False), ("您好", False), (b"\xe7\xba", False)]
)
def test_of_these_the_negations_are_known(tmp_path, whole, piece, negated):
    found = vocabulary(tmp_path, whole)
    assert found.negated[number(found, piece)] is negated
