"""The store: what goes in comes back equal; a success is never lost; claims end."""

import json
import os
import zlib
from dataclasses import replace

import pytest
from faking import answer

from pipeline.errors import StoreUnusable
from pipeline.records import (
    Abuse,
    CallResult,
    Correction,
    Decision,
    Dropped,
    Failure,
    Finding,
    Flag,
    Overlap,
    Scope,
    Sound,
    Span,
    Talk,
    Ticket,
    TicketField,
    Voice,
)
from pipeline.store import codec, figures, queries
from pipeline.store.store import Store

NAMELESS = "\udcff\udc80录音.wav"  # bytes that are no UTF-8, as os.fsdecode gives them


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def rich(result: CallResult) -> CallResult:
    """The result with every nested record in it."""
    found = Finding("abuse", "r1", 1, "滚", 5.0, 5.4, value="mild", normal="滚", score=0.5)
    call = replace(
        result.call,
        sound=Sound(
            "stereo", 1, 0.9, -20.5, 0.1, ("low_level",), 8.5, 2, 0.01, "poor", ("noisy",)
        ),
        talk=Talk(
            Voice(4.0, 0.5, 90.0), Voice(), (Overlap(4.5, 5.0, "caller", 1, 0),), (Span(5, 9),)
        ),
        spans=(Span(0.0, 9.5), Span(9.5, 10.0, "silence")),
        corrections=(Correction(1.0, 1.4, "录灯", "路灯", "language:1.8"),),
        dropped=(Dropped(6.0, 9.5, "repeats", "滚滚滚"),),
        emotions=(found,),
        emotion_end=Decision("平静", 0.75, (found,)),
        abuse=Abuse("mild", ("caller",), None, (found,), (found,)),
        scope=Scope("refer", "封建迷信", "O9", "条款", "司法局", "您好", (found,)),
        departments=(Decision("城管", None, (found,)), Decision("住建")),
        flags=(Flag("abuse", "fail", "alert", "有辱骂", (found,)),),
        ticket=Ticket("题", "文", (TicketField("a", "地址", findings=(found,)),), ("地址",)),
    )
    times = (("listen", 1.25), ("weigh", 0.001))
    return replace(result, call=call, stage_seconds=times, made_with=(("python", "3.11"),))


@pytest.mark.parametrize("status", ["ok", "failed"])
@pytest.mark.parametrize("heard", [True, False])
def test_a_result_comes_back_equal(store, heard, status):
    result = rich(answer(1, "agent: 您好", "caller: 滚，路灯坏了", status=status))
    store.save(result, heard=heard)
    assert queries.result(store, result.call.recording.sha256) == result


def test_a_judged_call_does_not_store_its_transcript_twice(store):
    store.save(answer(1, "caller: 路灯坏了三天"), heard=True)
    (text,) = store.db.execute("SELECT result FROM results").fetchone()
    assert "路灯" not in text


def test_a_transcript_of_before_the_sound_was_graded_can_still_be_read(store):
    call = rich(answer(1, "agent: 您好")).call
    half = json.loads(zlib.decompress(codec.pack_transcript(call)))
    del half["talk"]
    for later in ("snr_db", "dropouts", "lost", "grade", "reasons", "remarks"):
        del half["sound"][later]
    older = codec.read_call(call.recording, zlib.compress(json.dumps(half).encode()))
    assert older.turns == call.turns and older.talk is None
    assert older.sound.notes == ("low_level",) and older.sound.grade is None


def test_a_transcript_of_before_changes_were_listed_can_still_be_read(store):
    call = rich(answer(1, "agent: 您好")).call
    half = json.loads(zlib.decompress(codec.pack_transcript(call)))
    del half["corrections"], half["dropped"]
    older = codec.read_call(call.recording, zlib.compress(json.dumps(half).encode()))
    assert older.turns == call.turns
    assert (older.corrections, older.dropped) == ((), ())


def test_a_heard_call_comes_back_ready_to_be_judged(store):
    result = answer(1, "caller: 路灯坏了")
    store.save(result, heard=True)
    assert queries.heard_call(store, result.call.recording.sha256, "hear") == result.call


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("failed", "ok", "ok"),
        ("ok", "failed", "ok"),  # never the reverse
        ("ok", "no_speech", "ok"),
        ("failed", "failed", "failed"),
    ],
)
def test_success_replaces_failure_and_never_the_reverse(store, first, then, kept):
    store.save(answer(1, status=first), heard=True)
    store.save(answer(1, status=then), heard=True)
    assert [r.status for r in queries.results(store)] == [kept]


def test_a_name_that_is_no_utf8_comes_back_as_the_file_system_knows_it(store):
    result = answer(1, "caller: 您好", caller_number="\udce91")
    path = f"/audio/{NAMELESS}"
    recording = replace(result.call.recording, path=path)
    store.remember([(recording, (path, "/audio/other.wav"))])
    failure = Failure("load", "audio_unreadable", NAMELESS)
    result = replace(result, call=replace(result.call, recording=recording))
    store.save(replace(result, status="failed", failure=failure), heard=False)
    kept = queries.result(store, recording.sha256)
    assert kept.call.recording.path == path
    assert queries.names(store, recording.sha256) == ("/audio/other.wav", path)


def test_a_ticket_that_quotes_a_name_that_is_no_utf8_is_kept(store):
    result = answer(1, "caller: 您好")
    ticket = Ticket("路灯", "路灯坏了", (TicketField("recording", "录音", NAMELESS),))
    store.save(replace(result, call=replace(result.call, ticket=ticket)), heard=True)
    kept = queries.result(store, result.call.recording.sha256).call.ticket
    assert kept.fields[0].value.endswith("录音.wav")


@pytest.mark.parametrize(
    "name", ["a\nb.wav", "'\"; DROP TABLE results.wav", "-rf.wav", "长" * 83]
)
def test_odd_names_are_only_names(store, name):
    recording = replace(answer(1).call.recording, path=f"/audio/{name}")
    store.remember([(recording, (recording.path,))])
    assert queries.names(store, recording.sha256) == (f"/audio/{name}",)


def test_private_characters_stand_for_bytes_and_back():
    assert codec.restored(codec.storable(NAMELESS)) == NAMELESS
    assert codec.storable("普通.wav") == "普通.wav"


def test_a_claim_ends_with_the_process_that_held_it(store, monkeypatch):
    store.save(answer(1), heard=True)
    sha = answer(1).call.recording.sha256
    first, second = (store.begin_run("h", "j", 1) for _ in range(2))
    assert store.claim(sha, first, limit_s=60)
    assert not store.claim(sha, second, limit_s=60)
    store.db.execute("UPDATE runs SET owner = ? WHERE id = ?", ("elsewhere 1 1", first))
    assert not store.claim(sha, second, limit_s=60)  # nobody can tell: its time decides
    dead = f"{os.uname().nodename} 4194304 1"  # above the highest process number of Linux
    store.db.execute("UPDATE runs SET owner = ? WHERE id = ?", (dead, first))
    assert store.claim(sha, second, limit_s=60)


def test_a_claim_runs_out(store):
    first, second = (store.begin_run("h", "j", 1) for _ in range(2))
    assert store.claim("a" * 64, first, limit_s=-1)
    assert store.claim("a" * 64, second, limit_s=60)


def test_a_write_that_fails_leaves_nothing_of_itself(store):
    result = answer(1, "caller: 您好")
    with pytest.raises(StoreUnusable):
        store.save(replace(result, status="unheard of"), heard=True)
    assert not any(figures.counts(store).values())
    store.save(result, heard=True)
