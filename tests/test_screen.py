"""Screening: what is looked up instead of tried loses no match of any rule."""

import random
import re

import pytest

from pipeline.domain.gazetteer import _rules
from pipeline.domain.literals import literals
from pipeline.domain.match import Match, compiled, find
from pipeline.domain.profile import load_profile
from pipeline.domain.reading import folded
from pipeline.domain.schema import Said
from pipeline.domain.screen import Screen
from pipeline.domain.weigh import BY_SOUND, passage, spans
from pipeline.stages.normalize import NEEDED, RULES

PROFILE = load_profile()
RULES_OF_ALL = [rule for _, rule in PROFILE.rules()]
NAMES = [r for region in PROFILE.places for d in region.districts for r in _rules(d)]
SENTENCES = [text for rule in RULES_OF_ALL for text in (*rule.hit, *rule.miss)]


def by_sound(rule, text):
    """Where the text has the syllables of a word of the rule."""
    heard = folded(text)
    for word in rule.sounds:
        size = len(word)
        for at in range(len(heard) - size + 1):
            if heard[at : at + size] == folded(word):
                yield at, at + size


def tried(rule, text):
    """What match.find gives, each pattern tried on the whole text."""
    hits = [(*m.span(), False) for p in rule.any for m in compiled(p).finditer(text)]
    hits += [(*span, True) for span in by_sound(rule, text)]
    barred = [m.span() for p in rule.unless for m in compiled(p).finditer(text)]
    last = -1
    for start, end, sound in sorted(hits):
        if end <= start or start < last or any(start < b and a < end for a, b in barred):
            continue
        last = end
        yield Match(rule, start, end, text[start:end], sound)


def joined(patterns, text):
    """Where the patterns match, as one expression."""
    whole = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    met = whole.finditer(text) if patterns else ()
    return [m.span() for m in met if m.end() > m.start() and "\n" not in m.group()]


def tried_together(rule, text):
    """What weigh.spans gives, the patterns tried on the whole text as one expression."""
    hits = [(*span, 1.0) for span in joined(rule.any, text)]
    hits += [(*span, BY_SOUND) for span in by_sound(rule, text)]
    barred = joined(rule.unless, text)
    last = -1
    for start, end, factor in sorted(hits, key=lambda hit: (hit[0], -hit[2])):
        if start < last or any(start < b and a < end for a, b in barred):
            continue
        last = end
        yield start, end, factor


def shuffled(count, seed):
    """Texts put together from pieces of the profile's own sentences, and their characters."""
    chance = random.Random(seed)
    characters = sorted(set("".join(SENTENCES)))
    for _ in range(count):
        text = ""
        for _ in range(chance.randrange(3, 9)):
            sentence = chance.choice(SENTENCES)
            first = chance.randrange(len(sentence))
            text += sentence[first : first + chance.randrange(2, 14)]
            text += chance.choice(
                ["", "，", "。\n", "\n", " ", *chance.choices(characters, k=2)]
            )
        yield text


@pytest.mark.parametrize("rule", RULES_OF_ALL, ids=lambda rule: rule.id)
def test_a_rule_meets_its_own_sentences_as_without_screening(rule):
    for text in (*rule.hit, *rule.miss, "".join(rule.hit), "\n".join(rule.hit + rule.miss)):
        assert list(find(rule, text)) == list(tried(rule, text))


def test_rules_meet_shuffled_texts_as_without_screening(call_saying):
    for text in shuffled(60, seed=5):
        words = passage(call_saying(f"caller: {text}"), "caller")
        for rule in RULES_OF_ALL:
            assert list(find(rule, text)) == list(tried(rule, text)), (rule.id, text)
            assert list(spans(rule, words)) == list(tried_together(rule, words.text)), rule.id


def test_names_of_the_gazetteer_are_met_as_without_screening(call_saying):
    names = [name for rule in NAMES for name in rule.any]
    chance = random.Random(3)
    for _ in range(30):
        words = passage(
            call_saying("agent: 到" + "，到".join(chance.choices(names, k=6))), "agent"
        )
        for rule in NAMES:
            assert list(spans(rule, words)) == list(tried_together(rule, words.text))


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("路灯", {"路灯"}),
        ("没(?:水|电)", {"没水", "没电"}),
        ("停(?:了)?水", {"停水", "停了水"}),
        ("(?:路灯|街灯).{0,4}(?:坏|暗)", {"路灯", "街灯"}),
        ("树(?!叶)", {"树"}),
        ("(?<=[工公]号)[0-9]", {"工号", "公号"}),
        ("(?:漏水)+了?", {"漏水"}),
        (r"\d+路|公交", {"路", "公交"}),
        ("[^路]灯", {"灯"}),
        ("路灯|", None),  # may match nothing
        (".{2}", None),
        ("(?:路灯)?", None),
        ("(?i)APP", None),
        ("(?i:app)", None),
        (r"(?P<x>.)(?P=x)", None),
    ],
)
def test_what_a_pattern_needs_is_read_from_it(pattern, needed):
    assert literals(pattern) == (None if needed is None else frozenset(needed))


def test_a_pattern_of_unknown_need_is_always_tried():
    rule = Said(id="x", any=(".{2}",), hit=("路灯",), miss=("路",))
    screen = Screen()
    assert screen.may_hold(rule, "没有字")
    assert screen.likely(rule.any, "没有字") == [".{2}"]


def test_a_pattern_that_crosses_lines_is_tried_though_lines_are_read_one_by_one():
    rule = Said(id="x", any=("号\n路",), hit=("工号\n路灯",), miss=("工号路灯",))
    assert [m.quote for m in find(rule, "工号\n路灯")] == ["号\n路"]


def test_words_are_heard_where_they_stand_in_a_later_line():
    rule = Said(id="x", sounds=("城管",), hit=("城馆",), miss=("城乡",))
    assert [(m.start, m.end) for m in find(rule, "路灯\n\n找城馆\n城馆")] == [(5, 7), (8, 10)]


def test_a_word_that_is_also_a_pattern_is_heard_all_the_same():
    rule = Said(id="x", any=("城管",), sounds=("城管",), hit=("城管",), miss=("城乡",))
    assert [m.quote for m in find(rule, "城馆和城管")] == ["城馆", "城管"]


def test_a_rule_met_later_is_found_in_a_text_seen_before():
    first, later = (Said(id=w, any=(w,), hit=(w,), miss=("无",)) for w in ("路灯", "井盖"))
    screen = Screen()
    assert not screen.may_hold(first, "井盖丢了")
    assert screen.may_hold(later, "井盖丢了")


def test_a_normalizing_rule_that_is_left_out_would_have_changed_nothing():
    chance = random.Random(11)
    signs = sorted({c for needed in NEEDED for c in needed or ""}) + list("个年月号楼块的 ABc")
    for _ in range(400):
        text = "".join(chance.choices(signs, k=12))
        for (pattern, _), needed in zip(RULES, NEEDED, strict=True):
            if needed is not None and needed.isdisjoint(text):
                assert not pattern.search(text)
