"""Who is the agent, read from the words by rules of a small made-up city."""

import pytest

from pipeline.domain.schema import City
from pipeline.hearing.roles import agent_of, hints, prompts


def rule(id, pattern, weight):
    return {"id": id, "any": [pattern], "weight": weight, "hit": ["x"], "miss": ["y"]}


CITY = City.model_validate(
    {
        "name": "小城",
        "pbx": {
            "columns": {"file": ["file"]},
            "dates": ["%Y"],
            "name_pattern": "(?P<agent_id>x)",
        },
        "ivr": [rule("keys", "请按", 3.0), rule("kept", "录音", 3.0)],
        "agent_words": [rule("offer", "请讲", 4.0), rule("record", "登记", 3.0)],
        "caller_words": [rule("own", "我家", 3.0), rule("name", "免贵", 4.0)],
    }
)


def times(text, second=0.0, step=0.2):
    return tuple(second + step * i for i in range(len(text)))


@pytest.mark.parametrize(
    ("spoken", "agent"),
    [
        ([(0, "您请讲。"), (1, "我家停水了。")], 0),
        ([(1, "您请讲。"), (0, "我家停水了。")], 1),
        ([(1, "我家停水了。"), (0, "给您登记。")], 0),  # the caller spoke first
        ([(0, "喂？"), (1, "嗯。")], 0),  # nothing to go by: the agent answers the telephone
        ([(1, "喂？"), (0, "嗯。")], 1),
        ([(1, "免贵。")], 0),  # only the caller was heard
        ([], 0),
    ],
)
def test_the_words_decide_who_is_the_agent(spoken, agent):
    assert agent_of(spoken, CITY)[0] == agent


def test_confidence_is_the_margin_of_the_evidence():
    nothing, little, much = (
        agent_of(spoken, CITY)[1]
        for spoken in (
            [],
            [(0, "喂？"), (1, "嗯。")],
            [(0, "请讲。"), (1, "我家没水。"), (0, "登记了。"), (1, "免贵。")],
        )
    )
    assert nothing == 0.0 < little < much <= 1.0


def test_words_against_each_other_leave_little_confidence():
    one_sided = [(0, "请讲。"), (1, "我家没水。")]
    mixed = [(0, "请讲，我家没水。"), (1, "请讲，我家没水。")]
    assert agent_of(mixed, CITY)[1] < agent_of(one_sided, CITY)[1]


def test_hints_tell_when_and_which_way():
    text = "请讲我家停水"
    first, second = hints(text, times(text, 10.0), CITY)
    assert (first.start, first.end, first.weight) == (10.0, pytest.approx(10.2), 4.0)
    assert (second.start, second.weight) == (pytest.approx(10.4), -3.0)


def test_hints_are_in_the_order_of_time():
    text = "免贵请讲我家登记"
    starts = [hint.start for hint in hints(text, times(text), CITY)]
    assert starts == sorted(starts) and len(starts) == 4


def test_plain_words_hint_at_nobody():
    assert hints("今天下雨", times("今天下雨"), CITY) == ()


def test_two_rules_of_the_exchange_close_together_are_a_prompt():
    text = "通话录音人工请按零"
    (span,) = prompts(text, times(text, 1.0), CITY)
    assert (span.start, span.end, span.kind) == (pytest.approx(1.4), pytest.approx(2.4), "ivr")


@pytest.mark.parametrize("text", ["请按零", "我家有录音", "今天下雨", ""])
def test_one_rule_alone_is_no_prompt(text):
    assert prompts(text, times(text), CITY) == ()


def test_rules_of_the_exchange_far_apart_are_no_prompt():
    text = "有录音请按零"
    apart = (0.0, 0.2, 0.4, 9.0, 9.2, 9.4)
    assert prompts(text, apart, CITY) == ()


def test_two_prompts_in_a_call_are_two_spans():
    text = "录音请按零" * 2
    clock = (*times("录音请按零"), *times("录音请按零", 30.0))
    assert [round(span.start) for span in prompts(text, clock, CITY)] == [0, 30]
