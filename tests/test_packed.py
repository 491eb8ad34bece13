"""models/packed.py: n-grams as numbers are those of grams.py, and each is found again."""

import numpy as np
import pytest

from models import packed as module
from models.grams import ngrams
from models.packed import Index, inside, numbers, packed


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 ok",
        "灯",
        "路灯坏了三天，没人修",
        "A3水😡停水了𠮷停电",
        "王小明先生说停水",
        "灯\n水",
        "灯灯灯灯灯",
    ],
)
def test_the_numbers_are_those_of_the_ngrams_in_their_order(text, longest):
    assert packed(text, longest).tolist() == numbers(ngrams(text, longest)).tolist()


def found(index, keys):
    """The rows, which are those of as many keys."""
    known, rows = index.find(keys)
    assert known.sum() == len(rows)
    return rows.tolist()


def test_an_index_finds_what_it_holds_and_nothing_else():
    grams = [chr(0x4E00 + i) + chr(0x4E00 + i * 7 % 500) * (i % 4) for i in range(5_000)]
    index = Index({gram: 2 * i for i, gram in enumerate(grams)})
    assert found(index, index.keys) == list(range(0, 2 * len(grams), 2))
    others = numbers(["鿿" + gram[1:] for gram in grams])
    assert found(index, np.concatenate([others, [np.uint64(0)], index.keys[3:4]])) == [6]
    assert found(Index({}), others[:2]) == []


def test_a_gram_that_is_too_long_for_a_number_is_refused():
    with pytest.raises(ValueError, match="at most 4"):
        Index({"停水停电了": 0})


def test_grams_that_find_no_room_get_larger_tables(monkeypatch):
    monkeypatch.setattr(module, "MIXERS", np.array([[1 << 48], [1 << 48]], dtype=np.uint64))
    grams = [chr(0x4E00 + i) for i in range(3)]  # for whom both places are the same, and one
    index = Index({gram: i for i, gram in enumerate(grams)})
    assert found(index, index.keys) == [0, 1, 2]


def test_what_lies_within_an_ngram_is_cut_out_of_its_number():
    keys = numbers(["停水了", "灯"])
    assert np.array_equal(inside(keys, 0, 2), [numbers(["停水"])[0], 0])
    assert np.array_equal(inside(keys, 1, 2), [numbers(["水了"])[0], 0])
    assert np.array_equal(inside(keys, 0, 1), numbers(["停", "灯"]))


def test_the_number_of_an_ngram_has_16_bits_a_character():
    assert numbers(["停", "停水"]).tolist() == [0x505C, 0x505C << 16 | 0x6C34]
