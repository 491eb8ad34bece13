"""pipeline/training/reference.py: labels become the calls that perfect hearing would give."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.training import reference

LABEL = {
    "call_id": "X1",
    "file": "audio/x.wav",
    "audio": {"layout": "agent_right", "channels": 2},
    "started_at": "2026-07-14 08:15:33",
    "agent_id": "1007",
    "caller_number": "13800000051",
    "duration_s": 40.0,
    "turns": [
        {"speaker": "agent", "start_s": 1.0, "end_s": 3.0, "text": "您好请讲"},
        {"speaker": "caller", "start_s": 3.5, "end_s": 5.5, "text": "路灯不亮"},
    ],
    "events": [{"type": "hold_music", "start_s": 6.0, "end_s": 30.0}],
}


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(LABEL, ensure_ascii=False), "utf-8")
    return path


def test_turns_keep_their_speakers_sides_and_times(labels):
    (call,) = reference.reference_calls(labels)
    agent, caller = call.turns
    assert (agent.speaker, agent.channel, caller.channel) == ("agent", 1, 0)
    assert caller.times == (3.5, 4.0, 4.5, 5.0)
    assert call.recording.metadata.started_at == "2026-07-14T08:15:33"
    assert (call.sound.layout, call.sound.agent_channel) == ("stereo", 1)
    assert call.no_speech is None


def test_music_and_the_gaps_between_turns_are_spans(labels):
    (call,) = reference.reference_calls(labels)
    spans = [(s.start, s.end, s.kind) for s in call.spans]
    assert spans == [
        (0.0, 1.0, "silence"),
        (1.0, 3.0, "speech"),
        (3.0, 3.5, "silence"),
        (3.5, 5.5, "speech"),
        (5.5, 6.0, "silence"),
        (6.0, 30.0, "music"),
        (30.0, 40.0, "silence"),
    ]


def test_how_the_two_talk_is_measured_as_on_a_heard_call(labels):
    (call,) = reference.reference_calls(labels)
    assert (call.talk.agent.seconds, call.talk.agent.share) == (2.0, 0.5)
    assert [(gap.start, gap.end, gap.kind) for gap in call.talk.gaps] == [(5.5, 40.0, "music")]


def test_judged_references_are_exported_unmasked_and_written_as_people_write(
    labels, monkeypatch, profile
):
    monkeypatch.setattr(reference, "JUDGE", ())
    label = {**LABEL, "turns": [{**LABEL["turns"][1], "text": "路灯坏了，十五天没人修"}]}
    labels.write_text(json.dumps(label, ensure_ascii=False), "utf-8")
    tools = SimpleNamespace(profile=replace(profile, qa=()))
    (judged,) = reference.judge_reference(labels, tools)
    assert (judged["file"], judged["status"]) == ("x.wav", "ok")
    assert judged["caller_number"] == "13800000051"
    assert "15天" in judged["turns"][0]["text"]
