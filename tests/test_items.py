"""What an item becomes: passed, failed, not applicable, or left open where little was heard."""

from dataclasses import replace

import pytest

from pipeline.domain.qaschema import QualityItem, Told
from pipeline.qa.examples import as_view
from pipeline.qa.items import doubts, judged
from pipeline.records import Dropped, Sound, Span

LEAST = 0.6
SAID, UNSAID = ("A: 您好", "C: 路灯坏了", "A: 再见"), ("A: 喂", "C: 路灯坏了", "A: 嗯")


def flag(lines=UNSAID, change=lambda call: call, told=None, **given):
    """The flag of an item that looks for 您好 or 再见 in a dialogue."""
    item = QualityItem.model_validate(
        {
            "id": "own",
            "label": "自定",
            "good": True,
            "reason": "没有说",
            "when": {"words": ["您好", "再见"]},
            "hit": ["您好"],
            "miss": ["喂"],
        }
        | given
    )
    view = as_view(item, Told(lines=lines, **(told or {})))
    view = replace(view, call=change(view.call))
    return judged(view, doubts(view.call, LEAST))


def test_what_is_good_passes_where_it_is_seen_and_fails_where_not():
    assert (flag(SAID).verdict, [f.quote for f in flag(SAID).findings]) == (
        "pass",
        ["您好", "再见"],
    )
    assert (flag().verdict, flag().reason, flag().severity) == ("fail", "没有说", "info")


def test_what_is_bad_fails_where_words_show_it_and_a_person_reads_them():
    said = flag(SAID, good=False)
    assert (said.verdict, said.severity) == ("fail", "review")
    assert flag(good=False).verdict == "pass"


def test_what_was_only_measured_asks_nobody_unless_it_is_fatal():
    lines = ("A@0: 稍等", "C@2: 好", "A@40: 好了")
    silent = {"good": False, "when": {"silence": 20}}
    assert (flag(lines, **silent).verdict, flag(lines, **silent).severity) == ("fail", "info")
    assert flag(lines, **silent, fatal=True).severity == "review"


def test_what_is_missing_is_told_with_what_called_for_it_or_what_was_said_instead():
    asked = {"words": ["路灯"], "within": {"role": "caller"}}
    for key in ("applies", "due"):
        (found,) = flag(**{key: asked}).findings
        assert (found.turn, found.quote) == (1, "路灯")
    (said,) = flag(within={"at": "end", "turns": 1}).findings
    assert (said.turn, said.quote, said.rule) == (2, "嗯", "own.instead")


URGENT = {"decided": {"urgency": ["特急"]}}


@pytest.mark.parametrize(
    ("key", "lines", "urgency", "verdict", "absent"),
    [
        ("applies", SAID, "一般", "not_applicable", False),
        ("applies", UNSAID, "特急", "fail", False),
        ("due", SAID, "一般", "pass", False),  # done unasked: it counts
        ("due", UNSAID, "一般", "not_applicable", True),
        ("due", UNSAID, "特急", "fail", False),
        ("enough", UNSAID, "一般", "insufficient_evidence", False),
        ("enough", UNSAID, "特急", "fail", False),
        ("enough", SAID, "一般", "pass", False),
    ],
)
def test_when_an_item_applies_is_due_and_can_be_told(key, lines, urgency, verdict, absent):
    made = flag(lines, told={"decided": {"urgency": urgency}}, **{key: URGENT})
    assert (made.verdict, made.absent) == (verdict, absent)


def unsure(call):
    return replace(call, urgency=replace(call.urgency, sure=False))


@pytest.mark.parametrize("key", ["applies", "due", "enough"])
def test_what_hangs_on_an_unsure_decision_is_left_open(key):
    told = {"decided": {"urgency": "特急"}}
    made = flag(UNSAID, unsure, told, **{key: URGENT})
    assert made.verdict == "insufficient_evidence"


def test_an_absence_that_proves_nothing_is_left_open():
    assert flag(UNSAID, enough=False).verdict == "insufficient_evidence"
    assert flag(SAID, enough=False).verdict == "pass"


def lost(start, end, reason="unlikely"):
    spans = (Span(0.0, 20.0),)
    return lambda call: replace(call, spans=spans, dropped=(Dropped(start, end, reason, "？"),))


def shaky(call):
    return replace(call, turns=tuple(replace(turn, confidence=0.4) for turn in call.turns))


def mumbled(place):
    """The agent's first (0) or last (-1) turn was heard badly, the rest well."""

    def change(call):
        turns = [replace(turn, confidence=0.9) for turn in call.turns]
        turns[place] = replace(turns[place], confidence=0.5)
        return replace(call, turns=tuple(turns))

    return change


def turned(call):
    return replace(call, sound=Sound(agent_confidence=0.1))


def cut(call):
    return replace(call, sound=Sound(notes=("truncated",)))


START, END = {"at": "start", "turns": 1}, {"at": "end", "turns": 1}


@pytest.mark.parametrize(
    ("change", "within", "verdict"),
    [
        (lost(0.0, 1.5), START, "insufficient_evidence"),  # the greeting may lie in it
        (lost(0.0, 1.5), END, "fail"),
        (lost(0.0, 0.5), START, "fail"),  # a murmur
        (lost(0.0, 1.5, "music"), START, "fail"),
        (lost(15.0, 17.0), END, "insufficient_evidence"),
        (lost(10.0, 17.0), None, "insufficient_evidence"),  # a third of what was said
        (cut, END, "insufficient_evidence"),
        (cut, START, "fail"),
        (mumbled(0), START, "insufficient_evidence"),
        (mumbled(0), END, "fail"),
        (mumbled(-1), END, "insufficient_evidence"),
        (mumbled(-1), None, "fail"),
        (shaky, None, "insufficient_evidence"),
        (turned, None, "insufficient_evidence"),
    ],
)
def test_nothing_is_missed_in_what_was_not_heard(change, within, verdict):
    made = flag(UNSAID, change, **({"within": within} if within else {}))
    assert made.verdict == verdict


def test_what_was_heard_counts_however_much_was_not():
    assert flag(SAID, shaky).verdict == "pass"
    assert flag(SAID, shaky, good=False).verdict == "fail"
