"""How a text is read aloud, and that shortcuts give what the libraries give."""

import random

import pytest
from opencc import OpenCC
from pypinyin import lazy_pinyin

from models.simplified import simplified
from pipeline.domain.reading import folded, readings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "银行行长在重庆重新长大",
        "您好，贵港12345！\n我姓覃，ABC。",
        "〇一二、𠀀㐀的字",
        "都昆都仑区的都",
        "\ufffd \t嗯……",
    ],
)
def test_phrases_are_read_as_pypinyin_reads_the_whole_text(text):
    assert list(readings(text)) == lazy_pinyin(text, errors=list)


def test_any_characters_are_read_as_pypinyin_reads_them():
    chance = random.Random(2)
    for _ in range(300):
        text = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(20))
        assert list(readings(text)) == lazy_pinyin(text, errors=list)


def test_what_speakers_do_not_keep_apart_is_one_syllable():
    assert folded("城管") == folded("岑馆") == ("cen", "guan")
    assert folded("城管") != folded("成光")


def test_every_entry_of_opencc_is_converted_as_opencc_does():
    whole = OpenCC("t2s")
    for _, _, table in whole.dict_cache.values():
        for key in table:
            assert simplified(f"在{key}里") == whole.convert(f"在{key}里")
