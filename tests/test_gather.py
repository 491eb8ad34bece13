"""What the user named becomes work: files, tables and the chosen calls together."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import asked
from pipeline.errors import InputInvalid
from pipeline.gather import all_defects, gather
from pipeline.records import Call, CallResult
from pipeline.shifts import Selection, select
from pipeline.store import defects, erase
from pipeline.store.store import Store

DAY = "20260714_101533_1007_13907750123_in.wav"
NIGHT = "20260715_003000_1033_13907750123_in.wav"


@pytest.fixture
def folder(tmp_path):
    for name in (DAY, NIGHT):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def write_table(folder: Path, *rows: str) -> None:
    text = "\n".join(("file,started_at,agent_id,caller_number,duration_s,queue", *rows))
    (folder / "metadata.csv").write_text(text, encoding="utf-8")


def test_names_tell_what_no_table_does(folder, profile):
    found = gather([str(folder)], profile, chosen=Selection())
    assert [i.recording.metadata.agent_id for i in found.items] == ["1007", "1033"]
    assert found.defects == ()


def test_the_table_beside_the_recordings_is_found(folder, profile):
    write_table(folder, f"{DAY},2026-07-14 10:15:33,1007,13907750123,1.0,GG_综合受理")
    found = gather([str(folder)], profile, chosen=Selection())
    assert [defect.kind for defect in found.defects] == ["missing_row"]
    assert list(found.declared.values()) == [1.0]


def test_rows_without_a_file_are_told_for_folders_and_not_for_single_files(folder, profile):
    write_table(folder, "gone.wav,2026-07-14 10:15:33,1007,13907750123,1.0,GG_综合受理")
    whole = gather([str(folder)], profile, chosen=Selection())
    single = gather([str(folder / DAY)], profile, chosen=Selection())
    assert "row_without_file" in {defect.kind for defect in whole.defects}
    assert "row_without_file" not in {defect.kind for defect in single.defects}


def test_a_night_shift_belongs_to_the_day_it_began(folder, profile):
    write_table(
        folder,
        f"{DAY},2026-07-14 10:15:33,1007,13907750123,1.0,GG_综合受理",
        f"{NIGHT},2026-07-15 00:30:00,1033,13907750123,1.0,GG_综合受理",
    )
    night = gather([str(folder / NIGHT)], profile, chosen=Selection())
    shift = night.items[0].recording.metadata.shift
    chosen = select(profile.places, shifts=[shift], since="2026-07-14", until="2026-07-14")
    found = gather([str(folder)], profile, chosen=chosen)
    assert [item.recording.name for item in found.items] == [NIGHT]


@pytest.mark.parametrize("sources", [["nowhere"], []])
def test_nothing_to_work_on_is_refused(sources, profile):
    with pytest.raises(InputInvalid):
        gather(sources, profile, chosen=Selection())


def test_a_table_that_is_not_there_is_refused(folder, profile):
    with pytest.raises(InputInvalid, match="元数据"):
        gather([str(folder)], profile, table=folder / "no.csv", chosen=Selection())


def test_a_file_that_cannot_be_taken_makes_the_run_incomplete(folder, profile):
    (folder / "empty.wav").touch()
    found = gather([str(folder)], profile, chosen=Selection())
    assert found.lost and len(found.items) == 2
    assert not gather([str(folder / DAY)], profile, chosen=Selection()).lost


def test_a_wrong_length_is_told_once_the_sound_is_known(folder, profile, tmp_path):
    write_table(folder, f"{DAY},2026-07-14 10:15:33,1007,13907750123,30,GG_综合受理")
    found = gather([str(folder / DAY)], profile, chosen=Selection())
    with Store.open(tmp_path / "x.db") as store:
        assert all_defects(store, found) == ()
        (recording,) = store.remember((i.recording, i.names) for i in found.items)
        heard = Call(replace(recording, seconds=12.0))
        store.save(CallResult(heard, "ok", hear_key="h", judge_key="j"), heard=True)
        (defect,) = all_defects(store, found)
        (kept,) = defects.during(store, [recording.sha256], "", "")
    assert defect.kind == kept.kind == "wrong_duration"
    assert kept.file == "20260714_101533_1007_139****0123_in.wav"


def test_defects_are_kept_for_the_days_that_they_concern_until_the_table_is_mended(
    folder, profile, tmp_path
):
    row = "2026-07-14 10:15:33,1007,13907750123,1.0,GG_综合受理"
    write_table(folder, f"{DAY},{row}", f"{DAY},{row}", f"gone.wav,{row}")
    days = (("2026-07-14", "2026-07-15"), ("2026-07-15", "2026-07-16"))
    with Store.open(tmp_path / "x.db") as store:

        def kept(*shas):
            return [{d.kind for d in defects.during(store, shas, *day)} for day in days]

        found = gather([str(folder)], profile, chosen=Selection())
        store.remember((i.recording, i.names) for i in found.items)
        all_defects(store, found)
        assert kept() == [{"row_without_file"}, set()]
        assert kept(*found.shas)[1] == {"duplicate_row", "missing_row"}
        write_table(folder, f"{DAY},{row}", f"{NIGHT},2026-07-15 00:30:00,1033,,1.0,GG_x")
        all_defects(store, gather([str(folder)], profile, chosen=Selection()))
        assert kept(*found.shas) == [set(), set()]


def test_a_choice_of_calls_leaves_the_lengths_of_the_others_as_they_were(
    folder, profile, tmp_path
):
    write_table(
        folder,
        f"{DAY},2026-07-14 10:15:33,1007,13907750123,30,GG_x",
        f"{NIGHT},2026-07-15 00:30:00,1033,13907750123,30,GG_x",
    )
    with Store.open(tmp_path / "x.db") as store:
        for since in (None, "2026-07-15"):
            chosen = select(profile.places, since=since)
            found = gather([str(folder)], profile, chosen=chosen)
            for recording in store.remember((i.recording, i.names) for i in found.items):
                heard = Call(replace(recording, seconds=12.0))
                result = CallResult(heard, "ok", hear_key="h", judge_key="j")
                store.save(result, heard=True)
            all_defects(store, found)
        shas = [row[0] for row in store.db.execute("SELECT sha256 FROM recordings")]
        assert [one.kind for one in defects.during(store, shas, "", "")] == [
            "wrong_duration",
            "wrong_duration",
        ]


def test_forgetting_a_call_takes_its_defects_along(folder, profile, tmp_path):
    write_table(folder, "gone.wav,2026-07-14 10:15:33,1007,13907750123,1.0,GG_综合受理")
    found = gather([str(folder)], profile, chosen=Selection())
    with Store.open(tmp_path / "x.db") as store:
        store.remember((i.recording, i.names) for i in found.items)
        all_defects(store, found)
        assert len(defects.during(store, found.shas, "", "")) == 2
        erase.forget(store, found.shas[0])
        assert len(defects.during(store, found.shas, "", "")) == 1


def test_a_stretch_is_a_turn_or_seconds(call_saying):
    call = call_saying("agent: 您好", "caller: 路灯坏了")
    assert asked.stretch(call, 1, None, None) == (5.0, 9.0)
    assert asked.stretch(call, None, 1.0, 2.0) == (1.0, 2.0)
    for wrong in ((2, None, None), (None, 1.0, None)):
        with pytest.raises(InputInvalid):
            asked.stretch(call, *wrong)


def test_a_clip_that_nobody_named_hides_the_number(call_saying):
    from pipeline.records import Recording

    call = replace(call_saying("agent: 您好"), recording=Recording("0" * 64, f"/a/{DAY}"))
    assert "13907750123" not in str(asked.clip_name(call, 12.3))
    assert str(asked.clip_name(call, 12.3)).endswith("_12s.wav")


def test_workers_go_over_the_configuration():
    assert asked.spec(None, "default", 3)[0].workers == 3
