"""What a page plays and draws, and the same and all decisions for programs."""

from dataclasses import replace
from io import BytesIO

import av
import pytest
from reviewing_calls import DOUBT, FINE, INSULT, NUMBER, THREAT, fill, reviewable, sounding

from pipeline.ingest import sha256_of
from pipeline.store import erase, reviews
from pipeline.web.pages.sound import sounds


@pytest.fixture
def shas(office, tmp_path):
    """The four calls with their sound, in the order of their numbers."""
    calls = [sounding(reviewable(n), tmp_path, n) for n in (INSULT, THREAT, DOUBT, FINE)]
    return [""] + office.write(lambda store: fill(store, *calls))


def test_the_sound_answers_ranges(office, shas):
    browser = office.client("supervisor")
    path = f"/calls/{shas[INSULT]}/sound"
    whole = browser.get(path)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.headers["cache-control"] == "no-store"
    part = browser.get(path, headers={"range": "bytes=1000-1099"})
    assert (part.status_code, part.content) == (206, whole.content[1000:1100])
    assert browser.get(path, headers={"range": "bytes=99999999-"}).status_code == 416


def test_a_codec_that_browsers_lack_comes_as_one_they_play(office, tmp_path):
    call = sounding(reviewable(INSULT), tmp_path, 9, codec="pcm_alaw")
    (sha,) = office.write(lambda store: fill(store, call))
    answer = office.client("supervisor").get(f"/calls/{sha}/sound")
    assert answer.headers["content-type"] == "audio/wav"
    with av.open(BytesIO(answer.content)) as container:
        assert container.streams.audio[0].codec_context.codec.canonical_name == "pcm_s16le"


def test_the_waveform_is_as_wide_as_asked(office, shas):
    found = office.client("lead").get(f"/calls/{shas[INSULT]}/peaks?stretches=100").json()
    (values,) = found["channels"]
    assert 200 <= len(values) < 404
    assert (found["seconds"], max(values), min(values)) == (25.0, 1000, -1000)
    wrong = office.client("lead").get(f"/calls/{shas[INSULT]}/peaks?stretches=0")
    assert wrong.status_code == 400


def test_a_recording_that_is_gone_is_told_and_its_call_can_be_read(office, shas, tmp_path):
    (tmp_path / "call1.wav").unlink()
    browser = office.client("supervisor")
    asked = browser.get(f"/calls/{shas[INSULT]}/sound", headers={"accept": "application/json"})
    assert asked.status_code == 404
    assert "录音文件不在原处" in asked.json()["detail"]
    assert browser.get(f"/calls/{shas[INSULT]}").status_code == 200


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "....", "%00", "' OR 1=1", "g" * 64]
)
def test_nothing_but_a_call_s_id_leads_to_a_file(office, shas, name):
    for part in ("sound", "peaks"):
        answer = office.client("supervisor").get(f"/calls/{name}/{part}")
        assert answer.status_code == 404


def test_what_cannot_be_decoded_any_more_is_told(office, tmp_path):
    call = sounding(reviewable(INSULT), tmp_path, 8)
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF nothing")
    recording = replace(call.call.recording, path=str(broken), sha256=sha256_of(str(broken)))
    call = replace(call, call=replace(call.call, recording=recording))
    (sha,) = office.write(lambda store: fill(store, call))
    for part in ("sound", "peaks"):
        answer = office.program("supervisor").get(f"/api/v1/calls/{sha}/{part}")
        assert (answer.status_code, "重新导出" in answer.json()["detail"]) == (422, True)


def test_forgetting_a_call_takes_its_waveform_and_sound(office, shas):
    browser = office.client("supervisor")
    browser.get(f"/calls/{shas[INSULT]}/peaks")
    folder = sounds(office.app).path(shas[INSULT], "x").parent
    assert folder.is_dir()
    office.write(lambda store: erase.forget(store, shas[INSULT]))
    assert not folder.exists()
    assert browser.get(f"/calls/{shas[INSULT]}/sound").status_code == 404
    assert not folder.exists()


def test_a_program_reviews_as_a_person_does(office, shas):
    program = office.program("supervisor")
    waiting = program.get("/api/v1/queue").json()
    assert [one["sha256"] for one in waiting] == [shas[THREAT], shas[INSULT]]
    path = f"/api/v1/calls/{shas[THREAT]}"
    call = program.get(f"{path}/review").json()
    sent = {"what": "change", "item": "abuse", "to": "severe", "target": "agent"}
    answer = program.post(f"{path}/decisions", json=sent | {"version": call["version"]})
    assert answer.json()["version"] > call["version"]
    late = program.post(f"{path}/decisions", json=sent | {"version": call["version"]})
    assert (late.status_code, "supervisor" in late.json()["detail"]) == (409, True)
    assert len(program.get("/api/v1/queue").json()) == 1
    assert NUMBER not in program.get(f"{path}/review").text


def test_a_program_hears_scores_and_corrects(office, shas):
    program = office.program("clerk")
    path = f"/api/v1/calls/{shas[FINE]}"
    part = program.get(f"{path}/sound", headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content[:4]) == (206, b"RIFF")
    assert program.get(f"{path}/peaks?stretches=10").json()["seconds"] == 25.0
    fixed = program.post(f"{path}/amendments", json={"item": "comment", "to": "听过"})
    assert fixed.status_code == 200
    version = fixed.json()["version"]
    assert program.post(f"{path}/scorecard", json={"version": version}).status_code == 200
    drawn = program.get("/api/v1/sample?day=2026-07-14").json()
    assert {one["first"] for one in drawn if one["sha256"] == shas[FINE]} <= {"clerk"}
    other = office.program("clerk", "乙")
    assert program.post(f"{path}/presence", json={}).json()["others"] == []
    assert other.post(f"{path}/presence", json={}).json()["others"] == ["clerk"]
    program.post(f"{path}/presence", json={"gone": True})
    assert other.post(f"{path}/presence", json={}).json()["others"] == []
    verdicts = {"qa.greeting": "pass", "qa.closing": "fail"}
    again = other.post(f"{path}/second-scorecard", json={"verdicts": verdicts})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"what": "maybe"},
        {"what": "change", "item": "abuse"},
        {"what": "accept", "item": "nothing"},
        {"what": "accept", "extra": 1},
        {"what": "reject", "item": "abuse"},
    ],
)
def test_a_program_s_nonsense_keeps_nothing(office, shas, sent):
    path = f"/api/v1/calls/{shas[INSULT]}/decisions"
    assert office.program("supervisor").post(path, json=sent).status_code in (400, 422)
    assert office.write(lambda store: reviews.of(store, shas[INSULT])) == []
