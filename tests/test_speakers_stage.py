"""The stage that says who spoke: two channels, one channel, prompts of the exchange."""

from dataclasses import replace

import numpy as np
import pytest
from hearing import (
    AGENT_HZ,
    CALLER_HZ,
    LevelDetector,
    PitchEmbedder,
    call_of,
    speech,
    tools_for,
    voice,
    words,
)

from pipeline.records import Sound
from pipeline.stages.speakers import speakers

AGENT = (
    (0.5, 4.0, "您好，政务服务热线，请问有什么可以帮您？"),
    (8.0, 10.0, "请问具体地址是哪里？"),
    (14.0, 17.0, "好的，我帮您登记转给部门处理。"),
)
CALLER = (
    (4.5, 7.5, "我想反映一下，我们小区停水了。"),
    (10.5, 13.5, "河滨花园三栋，已经停了两天。"),
    (17.5, 19.0, "好的，谢谢你。"),
)
PROMPT = (0.5, 5.0, "欢迎致电热线，您的通话将被录音，人工服务请按零。")
LENGTH = 26
ROLES = ["agent", "caller"] * 3


def later(lines, seconds):
    return tuple((start + seconds, end + seconds, text) for start, end, text in lines)


def spoken(*lines):
    ordered = sorted(lines)
    spans = speech(*((start, end) for start, end, _ in ordered))
    return {"spans": spans, "words": words(*ordered)}


def stereo(profile, left, right, **fields):
    """The stage on a talk whose sides are these lines."""
    sides = np.stack([voice(AGENT_HZ, LENGTH, *left), voice(CALLER_HZ, LENGTH, *right)])
    tools = tools_for(sides, profile, detector=LevelDetector(), embedder=None)
    call = call_of(sides, layout="stereo", **spoken(*left, *right))
    return speakers(replace(call, **fields), tools)


def mono(profile, agent=AGENT, caller=CALLER, *others, embedder=None, **fields):
    """The stage on the same talk down one line."""
    samples = voice(AGENT_HZ, LENGTH, *agent) + voice(CALLER_HZ, LENGTH, *caller)
    for line in others:
        samples = samples + voice(1_000.0, LENGTH, line)
    tools = tools_for(samples, profile, embedder=embedder or PitchEmbedder())
    return speakers(call_of(samples, **(spoken(*agent, *caller, *others) | fields)), tools)


def fixed(profile, side):
    """The profile of a city whose exchange puts the agent on this side."""
    pbx = profile.city.pbx.model_copy(update={"agent_channel": side})
    return replace(profile, city=profile.city.model_copy(update={"pbx": pbx}))


def said(call):
    return [(turn.speaker, turn.text) for turn in call.turns]


EXPECTED = [
    pair
    for agent, caller in zip(AGENT, CALLER, strict=True)
    for pair in (("agent", agent[2]), ("caller", caller[2]))
]


@pytest.mark.parametrize(("left", "right", "side"), [(AGENT, CALLER, 0), (CALLER, AGENT, 1)])
def test_the_agents_side_is_found_by_what_is_said(profile, left, right, side):
    call = stereo(profile, left, right)
    assert said(call) == EXPECTED
    assert call.sound.agent_channel == side
    assert call.sound.agent_confidence > 0.5
    assert {turn.channel for turn in call.turns if turn.speaker == "agent"} == {side}


@pytest.mark.parametrize(("side", "channel"), [("left", 0), ("right", 1)])
def test_the_profiles_side_is_taken_whatever_is_said(profile, side, channel):
    call = stereo(fixed(profile, side), AGENT, CALLER)
    assert (call.sound.agent_channel, call.sound.agent_confidence) == (channel, 1.0)
    agents = "agent" if channel == 0 else "caller"
    assert said(call)[0] == (agents, AGENT[0][2])


def test_words_are_given_up_once_they_are_turns(profile):
    assert stereo(profile, AGENT, CALLER).words == ()


def test_how_the_two_talk_is_measured_with_the_turns(profile):
    caller = ((3.0, 7.5, CALLER[0][2]), *CALLER[1:])
    talk = stereo(profile, AGENT, caller).talk
    assert (talk.agent.share, talk.caller.share) == (pytest.approx(0.48, abs=0.05),) * 2
    (met,) = talk.overlaps
    assert (met.who, met.turn, met.over) == ("caller", 1, 0)
    assert met.start == pytest.approx(3.0, abs=0.2) and met.end == pytest.approx(4.0, abs=0.2)


@pytest.mark.parametrize(("grade", "least"), [("good", 0.9), ("fair", 0.8), ("poor", 0.7)])
def test_poor_sound_lowers_the_confidence_of_every_turn(profile, grade, least):
    """Each word of these was heard with .9."""
    sound = Sound("stereo", grade=grade)
    sure = {turn.confidence for turn in stereo(profile, AGENT, CALLER, sound=sound).turns}
    assert len(sure) == 1 and least <= sure.pop() < least + 0.1


def test_people_who_talk_at_once_overlap_on_two_channels(profile):
    caller = ((3.0, 7.5, CALLER[0][2]), *CALLER[1:])
    call = stereo(profile, AGENT, caller)
    assert [turn.overlap for turn in call.turns][:2] == [False, True]


@pytest.mark.parametrize("side", [0, 1])
def test_a_prompt_on_a_channel_becomes_the_exchanges_turn(profile, side):
    agent, caller = later(AGENT, 6), later(CALLER, 6)
    sides = [(PROMPT, *agent), caller] if side == 0 else [agent, (PROMPT, *caller)]
    call = stereo(profile, *sides)
    assert [turn.speaker for turn in call.turns] == ["ivr", *ROLES]
    prompt = call.turns[0]
    assert (prompt.text, prompt.source, prompt.channel) == (PROMPT[2], "ivr", None)


def test_one_line_is_told_apart_by_voice(profile):
    call = mono(profile)
    assert said(call) == EXPECTED
    assert call.sound.agent_channel is None and call.sound.agent_confidence > 0.5
    assert {turn.channel for turn in call.turns} == {None}
    assert {turn.source for turn in call.turns} == {"speech"}


def test_one_line_on_which_the_caller_speaks_first(profile):
    agent = ((3.5, 5.5, "您好，请问有什么可以帮您？"), *later(AGENT[1:], 2))
    caller = ((0.5, 3.0, "喂，我要投诉，我们小区没水。"), *later(CALLER[1:], 2))
    call = mono(profile, agent, caller)
    assert [turn.speaker for turn in call.turns] == ["caller", "agent", *ROLES[:3], "caller"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_line_does_not_ask_the_profile_for_a_side(profile, side):
    assert said(mono(fixed(profile, side))) == EXPECTED


def test_a_prompt_on_one_line_becomes_the_exchanges_turn(profile):
    call = mono(profile, later(AGENT, 6), later(CALLER, 6), PROMPT)
    assert [turn.speaker for turn in call.turns] == ["ivr", *ROLES]
    assert call.turns[0].text == PROMPT[2]


def test_a_recording_that_holds_nothing_but_a_prompt_has_no_people(profile):
    call = mono(profile, (), (), PROMPT)
    assert [turn.speaker for turn in call.turns] == ["ivr"]
    assert call.turns[0].end == pytest.approx(5.0, abs=0.8)


def test_no_word_is_lost_or_said_twice(profile):
    for call in (stereo(profile, CALLER, AGENT), mono(profile)):
        everything = "".join(text for _, text in EXPECTED)
        assert "".join(turn.text for turn in call.turns) == everything


def test_a_call_without_words_stays_as_it_is(profile):
    call = call_of(np.zeros(16_000, np.int16), no_speech="silence")
    assert speakers(call, tools_for(np.zeros(16_000, np.int16), profile)) is call
