"""What a person should hear: where clips are cut, and what the dialogue shows of them."""

from dataclasses import replace

import pytest
from shiftcalls import rude, told
from sounds import tone, write

from pipeline.export.cutting import joined
from pipeline.shiftreport.gathered import gather
from pipeline.shiftreport.listen import FOLDER, cards

DIALOGUE = ("agent: 您好，请讲", "caller: 你们就是一帮废物", "agent: 请您冷静")


def heard(call, profile):
    return gather([call], profile).heard


@pytest.fixture
def swearing(tmp_path):
    """A rude call whose recording is there: fifteen seconds."""
    call = rude(1, *DIALOGUE, quote="废物")
    path = write(tmp_path / "call.wav", tone(300, 15))
    return replace(
        call, call=replace(call.call, recording=replace(call.call.recording, path=path))
    )


@pytest.mark.parametrize(
    ("stretches", "clips"),
    [
        ([], []),
        ([(5, 6), (20, 21)], [(5, 6), (20, 21)]),
        ([(20, 21), (5, 6)], [(5, 6), (20, 21)]),
        ([(5, 6), (9, 11)], [(5, 11)]),  # their margins would overlap
        ([(5, 6), (10, 11)], [(5, 6), (10, 11)]),  # they just touch
        ([(0, 200)], [(0, 60)]),
        ([(0, 40), (41, 70)], [(0, 40), (41, 70)]),  # together they would be too long
        ([(5, 20), (6, 7)], [(5, 20)]),
    ],
)
def test_stretches_that_nearly_touch_are_one_clip(stretches, clips):
    assert joined(stretches) == clips


def test_a_clip_has_two_seconds_before_and_after(swearing, profile, tmp_path):
    (card,) = cards(heard(swearing, profile), tmp_path, with_clips=True)
    (clip,) = card.clips
    assert (clip.start, clip.end) == (4.0, 9.0)
    assert (tmp_path / FOLDER / clip.file).stat().st_size > 1_000
    assert card.silent is None


def test_the_dialogue_knows_its_clip_and_the_words_that_were_noticed(
    swearing, profile, tmp_path
):
    (card,) = cards(heard(swearing, profile), tmp_path, with_clips=True)
    assert [said.clip for said in card.said] == [None, 0, None]
    assert [said.noticed for said in card.said] == [False, True, False]
    assert card.said[1].parts == (("你们就是一帮", False), ("废物", True))


def test_without_clips_the_dialogue_is_there_and_nothing_is_read(profile, tmp_path):
    (card,) = cards(
        heard(rude(1, *DIALOGUE, quote="废物"), profile), tmp_path, with_clips=False
    )
    assert (card.clips, card.silent, len(card.said)) == ((), None, 3)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_is_gone_or_broken_is_said_to_be(swearing, profile, tmp_path):
    one = heard(swearing, profile)[0]
    (tmp_path / "broken.wav").write_bytes(b"RIFF no sound at all")
    gone = replace(one, path=str(tmp_path / "gone.wav"))
    broken = replace(one, path=str(tmp_path / "broken.wav"))
    made = cards([gone, broken], tmp_path, with_clips=True)
    assert [card.silent for card in made] == ["gone", "audio_unreadable"]


def test_doubts_about_labels_are_no_reason_to_listen(profile):
    from pipeline.records import Finding, Flag

    doubt = Flag("unsure_scope", "fail", "review", "?", (Finding("scope", "x", 0, "停", 0, 1),))
    assert heard(told(1, "caller: 停水", flags=(doubt,)), profile) == []


def test_the_most_pressing_calls_come_first(profile):
    from pipeline.records import Abuse, Decision, Flag

    threat = told(1, "caller: 甲", abuse=Abuse("threat"), at="2026-07-14T12:00:00")
    insult = rude(2, *DIALOGUE, quote="废物", at="2026-07-14T08:00:00")
    urgent = told(3, "caller: 乙", flags=(Flag("emergency", "fail", "alert", "紧急"),))
    urgent = replace(urgent, call=replace(urgent.call, urgency=Decision("特急")))
    found = gather([insult, urgent, threat], profile)
    assert [one.row["call_id"] for one in found.heard] == ["C1", "C3", "C2"]


def test_most_of_a_call_that_nobody_must_hear_is_not_kept(profile):
    found = gather([told(1, "caller: 停水", caller_number="13912340123")], profile)
    assert "turns" not in found.rows[0] and "evidence" not in found.rows[0]
    assert found.rows[0]["caller_number"] == "139****0123"


def test_what_the_exchange_did_not_tell_is_counted(profile):
    found = gather([told(1, "caller: 停水", agent_id=None)], profile)
    assert set(found.lacking) == {"agent_id", "caller_number"}
