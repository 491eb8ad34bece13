"""Retention: each class goes when its days are over, and nothing else does."""

from datetime import datetime

import pytest
from shiftcalls import rude, told

from pipeline import callsheet
from pipeline.export.rows import row
from pipeline.listening.cache import SoundCache
from pipeline.store import audit, expire, queries, reports, reviews, search
from pipeline.store.erase import forget
from pipeline.store.expire import Days
from pipeline.store.store import Store

AT = datetime(2026, 7, 20, 12)
WORDS = "独一无二的路灯在第七栋"


@pytest.fixture
def store(tmp_path):
    """An old call (14 July) with words and a draft, and one of today."""
    old = rude(1, "agent: 您好", f"caller: {WORDS}，你个混蛋", quote="混蛋")
    new = told(2, "caller: 今天的井盖丢了", at="2026-07-20T09:00:00")
    with Store.open(tmp_path / "calls.db") as opened:
        opened.remember((one.call.recording, ("/x/a.wav",)) for one in (old, new))
        for one in (old, new):
            opened.save(one, heard=True)
        opened.shas = [one.call.recording.sha256 for one in (old, new)]
        yield opened


def test_nothing_expires_by_default(store):
    assert expire.expire(store, Days(), at=AT, who="王") == expire.Gone()
    assert len(list(queries.results(store))) == 2


def test_words_expire_and_decisions_with_the_draft_stay(store, tmp_path):
    gone = expire.expire(store, Days(transcript=3), at=AT, who="王")
    assert gone == expire.Gone(transcripts=1)
    old = queries.result(store, store.shas[0])
    assert old.call.turns == () and old.call.abuse.level == "severe"
    assert old.call.abuse.findings == () and old.call.ticket is not None
    assert not search.search(store, "路灯在").calls and search.search(store, "井盖丢").calls
    assert expire.expire(store, Days(transcript=3), at=AT, who="王") == expire.Gone()
    store.close()
    inside = b"".join(path.read_bytes() for path in tmp_path.glob("calls.db*"))
    assert WORDS.encode() not in inside and "混蛋".encode() not in inside


def test_a_run_does_not_hear_expired_words_again(store):
    expire.expire(store, Days(transcript=3), at=AT, who="王")
    assert queries.forgotten(store, store.shas) == {store.shas[0]}


def test_a_draft_expires_and_the_words_stay(store):
    assert expire.expire(store, Days(ticket=3), at=AT, who="王").tickets == 1
    old = queries.result(store, store.shas[0])
    assert old.call.ticket is None and len(old.call.turns) == 2


def test_when_words_and_draft_have_expired_the_call_goes(store):
    assert expire.expire(store, Days(transcript=3, ticket=5), at=AT, who="王").calls == 1
    assert [one.call.recording.sha256 for one in queries.results(store)] == store.shas[1:]


def test_people_s_decisions_outlive_the_words(store):
    sha = store.shas[0]
    reviews.add(store, reviews.Review(sha, "李", "accept", "abuse", "severe", "severe"))
    corrected = reviews.Review(sha, "李", "change", "turn.1.text", WORDS, WORDS + "。")
    reviews.add(store, corrected)
    expire.expire(store, Days(transcript=3), at=AT, who="王")
    assert reviews.counting(store)[sha]["abuse"].new == "severe"
    assert [one.new for one in reviews.of(store, sha)] == ["severe", None]


def test_a_call_without_its_words_is_still_shown(store, profile):
    expire.expire(store, Days(transcript=3), at=AT, who="王")
    result = queries.result(store, store.shas[0])
    shown = row(result, profile)
    assert shown["turns"] == [] and shown["abusive"]["level"] == "severe"
    assert callsheet.show(result, profile)


def test_the_audit_is_cut_and_still_a_chain_that_shows_an_edit(store):
    for number in range(5):
        audit.note(store, "王", "probe", {"n": number})
    old = "UPDATE audit SET at = '2020-01-01' WHERE id = 3"
    with pytest.raises(Exception, match="append-only"):
        store.db.execute(old)
    before = audit.verify(store)
    gone = audit.cut(store, "9999", "王")
    assert gone == 5 and audit.verify(store)[0] == before[0] + 1
    with pytest.raises(Exception, match="append-only"):
        store.db.execute("DELETE FROM audit")
    audit.note(store, "王", "probe", {})
    store.db.execute("DROP TRIGGER audit_kept")
    store.db.execute("DELETE FROM audit WHERE what = 'audit.cut'")
    with pytest.raises(Exception, match="审计记录"):
        audit.verify(store)


def test_what_was_made_of_the_sound_expires(store):
    cache = SoundCache(store.path)
    for sha in (*store.shas, "f" * 64):
        cache.made(sha, "peaks", lambda file: file.write(b"x"))
    assert expire.expire(store, Days(audio=3), at=AT, who="王") == expire.Gone(sounds=1)
    assert cache.held() == sorted((store.shas[1], "f" * 64))
    assert len(queries.result(store, store.shas[0]).call.turns) == 2


@pytest.mark.parametrize("days", [Days(audio=3), Days(transcript=3), Days(ticket=3)])
def test_a_report_that_shows_an_expired_call_goes_but_not_what_others_put_there(
    store, tmp_path, days
):
    shown, other = tmp_path / "report", tmp_path / "other"
    for folder, sha in ((shown, store.shas[0]), (other, store.shas[1])):
        (folder / "clips").mkdir(parents=True)
        (folder / "index.html").write_text(WORDS)
        reports.note(store, folder, names=("index.html", "clips"), shas=[sha])
    (shown / "mine.txt").write_text("x")
    assert expire.expire(store, days, at=AT, who="王").reports == 1
    assert [path.name for path in shown.iterdir()] == ["mine.txt"]
    assert (other / "index.html").exists()


def test_clips_of_an_erased_call_go_and_those_of_others_stay(store, tmp_path):
    folder, (first, second) = tmp_path / "clips", store.shas
    folder.mkdir()
    kept = [f"{second[:12]}-1.mp3", "mine.mp3"]
    for name in (f"{first[:12]}-1.mp3", f"{first[:12]}-2.mp3", *kept):
        (folder / name).write_bytes(b"x")
    reports.note_clips(store, folder)
    reports.note_clips(store, folder)  # exported again
    forget(store, first[:10], who="王")
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)
    days = Days(audio=3)
    assert expire.expire(store, days, at=datetime(2030, 1, 1), who="王").reports == 1
    assert [path.name for path in folder.iterdir()] == ["mine.mp3"]
    assert expire.expire(store, days, at=datetime(2030, 1, 1), who="王").reports == 0
