"""pipeline/domain/beginnings.py: the same matches, wherever a pattern may begin."""

import random
import re

import pytest

from pipeline.domain.beginnings import searched

TOLD_HOW = [  # by a look ahead
    "(?:要|想)?(?:投诉|举报)(?!电话)",
    "[傻煞]逼|没(?:水|电)",
    "(?<!没)断(?!定)|[煤臭]气",
    "(?:^|，)(?:好|行)+",
    "(?:就|还)*是?[ab^\\]-]",
    "(?>停|断)水|(?P<a>漏)水",
]
PLAIN = [
    "停水",  # `re` knows itself
    "停水|断电",
    "[停断]水",
    "(?:停|断)?",  # may be nothing
    ".{2}水|停电",  # may be anything
    "(?i)[ab]c|d[ef]",
    "[^停]水|电",
    r"(?:\d|一)号",
]


@pytest.mark.parametrize("pattern", TOLD_HOW + PLAIN)
def test_it_matches_where_the_pattern_does(pattern):
    chance = random.Random(1)
    signs = "要想投诉举报电话傻煞逼没水电断定煤臭气，好行就还是ab^]-停漏Abc1一号"
    texts = ["".join(chance.choices(signs, k=12)) for _ in range(500)]
    ours, own = searched(pattern), re.compile(pattern)
    for text in texts:
        assert [(m.span(), m.groups()) for m in ours.finditer(text)] == [
            (m.span(), m.groups()) for m in own.finditer(text)
        ]


@pytest.mark.parametrize("pattern", TOLD_HOW)
def test_it_looks_ahead_where_re_would_try_every_place(pattern):
    assert searched(pattern).pattern.startswith("(?=[")


@pytest.mark.parametrize("pattern", PLAIN)
def test_it_is_the_pattern_itself_where_looking_ahead_is_no_use(pattern):
    assert searched(pattern).pattern == pattern
