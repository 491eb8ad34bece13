"""models/homophones.py: how characters are read, plain and blurred."""

import pytest
from pypinyin import lazy_pinyin

from models.homophones import readings


def test_a_single_character_is_read_as_pypinyin_reads_it():
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    assert [readings(one)[0] for one in characters] == [
        lazy_pinyin(one)[0] for one in characters
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ()),
        ("停3", ()),
        ("路", ("lu", "~nu")),
        ("银行", ("yin hang", "~yin han")),  # a phrase, where 行 is not xing
    ],
)
def test_readings_are_plain_and_blurred(text, read):
    assert readings(text) == read
