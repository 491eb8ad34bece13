"""The driver: what is known is left alone, what failed is told, nothing is lost or doubled."""

import os
import signal
from dataclasses import replace

import pytest
from faking import item, known_models, spec

from models import catalog, classifiers
from pipeline import provenance
from pipeline.batch import judge_again, run_batch
from pipeline.errors import ModelMissing, StoreUnusable
from pipeline.shifts import Selection
from pipeline.store import erase, figures, queries
from pipeline.store.store import Store


@pytest.fixture(autouse=True)
def _no_weights(monkeypatch):
    monkeypatch.setattr(catalog, "digest", catalog.digest)  # put back after the test
    monkeypatch.setattr(classifiers, "digest", classifiers.digest)
    monkeypatch.setattr(provenance, "classifier_folders", provenance.classifier_folders)
    known_models()


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def run(store, tmp_path, *names, **options):
    return run_batch(store, [item(tmp_path, n) for n in names], spec(tmp_path), **options)


def test_a_second_run_does_no_work_again(store, tmp_path):
    first = run(store, tmp_path, "a", "b")
    second = run(store, tmp_path, "a", "b")
    assert (first.known, first.new, first.exit_code) == (0, 2, 0)
    assert (second.known, second.new, second.seconds) == (2, 0, 120.0)
    assert len(figures.last_runs(store)) == 1  # nothing to do leaves no row


def test_only_what_is_new_is_processed(store, tmp_path):
    run(store, tmp_path, "a")
    told = run(store, tmp_path, "a", "b", "c")
    assert (told.calls, told.known, told.new) == (3, 1, 2)


def test_the_summary_covers_known_calls_as_well(store, tmp_path):
    run(store, tmp_path, "rude", "silent")
    told = run(store, tmp_path, "rude", "silent", "plain")
    assert told.outcomes == {"accept_dispatch": 2, "no_request": 1}
    assert (told.abusive, told.review, told.no_speech) == (1, 1, 1)


def test_a_failure_is_told_with_its_remedy_and_costs_no_neighbour(store, tmp_path):
    told = run(store, tmp_path, "a", "broken", "b")
    assert (told.new, told.failed, told.exit_code) == (3, 1, 1)
    (problem,) = told.failures
    assert (problem.name, problem.code) == ("broken", "audio_unreadable")
    assert "重新导出" in problem.remedy


def test_a_defect_of_ours_keeps_the_transcript_and_tells_no_words(store, tmp_path):
    told = run(store, tmp_path, "unjudged")
    (problem,) = told.failures
    assert problem.code == "stage_failed" and "路灯" not in problem.message
    assert figures.counts(store)["transcripts"] == 1
    result = queries.result(store, item(tmp_path, "unjudged").recording.sha256)
    assert len(result.call.turns) == 2


@pytest.mark.parametrize(
    ("name", "retry", "again"),
    [("vanish", False, 1), ("broken", False, 0), ("broken", True, 1)],
)
def test_what_may_go_away_by_itself_is_tried_again(store, tmp_path, name, retry, again):
    run(store, tmp_path, name)
    assert run(store, tmp_path, name, retry=retry).new == again


def test_a_success_replaces_a_failure(store, tmp_path):
    call = item(tmp_path, "vanish")
    run_batch(store, [call], spec(tmp_path))
    back = replace(call, recording=replace(call.recording, path=f"{tmp_path}/back"))
    told = run_batch(store, [back], spec(tmp_path))
    assert (told.failed, told.failures) == (0, ())


def test_another_profile_judges_again_without_hearing(store, tmp_path, monkeypatch):
    run(store, tmp_path, "a", "b")
    monkeypatch.setattr(provenance, "JUDGE_VERSION", 99)
    monkeypatch.setattr("fake_plan.HEAR", ())
    told = run(store, tmp_path, "a", "b")
    assert (told.new, told.judged, told.failed) == (2, 2, 0)
    assert figures.counts(store) | {"results": 4, "transcripts": 2} == figures.counts(store)


def test_other_models_hear_again(store, tmp_path, monkeypatch):
    run(store, tmp_path, "a")
    monkeypatch.setattr(catalog, "digest", lambda name: "1" * 64)
    told = run(store, tmp_path, "a")
    assert (told.new, told.judged) == (1, 0)
    assert figures.counts(store)["transcripts"] == 2


def test_going_back_to_old_settings_makes_the_old_results_valid(store, tmp_path, monkeypatch):
    run(store, tmp_path, "a")
    before = queries.result(store, item(tmp_path, "a").recording.sha256)
    with monkeypatch.context() as other:
        other.setattr(provenance, "JUDGE_VERSION", 99)
        run(store, tmp_path, "a")
    assert run(store, tmp_path, "a").known == 1
    assert queries.result(store, before.call.recording.sha256) == before


def test_judge_again_needs_neither_recordings_nor_weights(store, tmp_path, monkeypatch):
    run(store, tmp_path, "a", "b", "broken")
    monkeypatch.delattr(catalog, "digest")
    assert judge_again(store, spec(tmp_path)).known == 2
    monkeypatch.setattr(provenance, "JUDGE_VERSION", 99)
    told = judge_again(store, spec(tmp_path))
    assert (told.calls, told.new, told.failed) == (2, 2, 0)


def test_metadata_that_comes_later_is_taken_up_and_judged_with(store, tmp_path):
    run_batch(store, [item(tmp_path, "a")], spec(tmp_path))
    later = item(tmp_path, "a", agent_id="1007", started_at="2026-07-14T08:15:33")
    told = run_batch(store, [later], spec(tmp_path))
    assert (told.new, told.judged) == (1, 1)
    (kept,) = queries.results(store, Selection(agents=("1007",)))
    assert kept.call.recording.metadata.agent_id == "1007"
    assert run_batch(store, [later], spec(tmp_path)).new == 0


def test_the_same_bytes_under_two_names_are_processed_once(store, tmp_path):
    call = item(tmp_path, "a", agent_id="1")
    twin = replace(call.recording, path=f"{tmp_path}/copy")
    twin = replace(twin, metadata=replace(twin.metadata, agent_id="2", queue="二线"))
    run_batch(store, [call], spec(tmp_path))
    told = run_batch(store, [replace(call, recording=twin, names=(twin.path,))], spec(tmp_path))
    assert told.judged == told.new  # never heard twice
    assert len(queries.names(store, twin.sha256)) == 2
    kept = queries.result(store, twin.sha256).call.recording.metadata
    assert (kept.agent_id, kept.queue) == ("1", "二线")  # filled in, not replaced


def test_only_chosen_calls_are_judged_again(store, tmp_path, monkeypatch):
    calls = [item(tmp_path, n, agent_id=n) for n in "123"]
    run_batch(store, calls, spec(tmp_path))
    monkeypatch.setattr(provenance, "JUDGE_VERSION", 99)
    told = judge_again(store, spec(tmp_path), selection=Selection(agents=("1", "2")))
    assert (told.calls, told.new) == (2, 2)


def test_progress_counts_every_answer(store, tmp_path):
    seen = []
    run(store, tmp_path, "a", "broken", "b", report=seen.append)
    assert [(p.done, p.failed) for p in seen] == [(0, 0), (1, 0), (2, 1), (3, 1)]
    assert {p.total for p in seen} == {3}
    assert seen[-1].seconds == 120.0


def test_missing_weights_stop_the_run_before_it_begins(store, tmp_path, monkeypatch):
    def missing(name):
        raise catalog.ModelUnavailable(name)

    monkeypatch.setattr(catalog, "digest", missing)
    with pytest.raises(ModelMissing):
        run(store, tmp_path, "a")
    assert figures.counts(store)["recordings"] == 0


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_goes_on(store, tmp_path):
    def press(progress):
        if progress.done == 2:
            os.kill(os.getpid(), signal.SIGINT)

    told = run(store, tmp_path, *"abcde", report=press)
    assert (told.interrupted, told.new, told.exit_code) == (True, 2, 1)
    assert figures.last_runs(store)[0].exit == "interrupted"
    assert run(store, tmp_path, *"abcde").new == 3


def test_a_full_disk_stops_the_run_and_loses_nothing_before_it(store, tmp_path):
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages + 40}")
    calls = [f"call{i}" for i in range(100)]
    with pytest.raises(StoreUnusable, match="磁盘已满"):
        run(store, tmp_path, *calls)
    store.db.execute("PRAGMA max_page_count = 1000000")
    assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    done = figures.counts(store)["ok"]
    assert 0 < done < 100
    told = run(store, tmp_path, *calls)
    assert (told.known, told.new) == (done, 100 - done)


def test_a_call_that_another_living_run_has_is_left_alone(store, tmp_path):
    with Store.open(tmp_path / "calls.db") as other:
        call = item(tmp_path, "a")
        other.remember([(call.recording, call.names)])
        number = other.begin_run("h", "j", 1)
        assert other.claim(call.recording.sha256, number, limit_s=60)
        told = run(store, tmp_path, "a", "b")
        assert (told.elsewhere, told.new) == (1, 1)
        other.end_run(number, "done", 0, 0)
    assert run(store, tmp_path, "a", "b").new == 1


def test_two_runs_at_once_share_the_work(store, tmp_path):
    names = [f"call{i}" for i in range(8)]
    inner = []

    def second(progress):
        if progress.done == 3:
            with Store.open(tmp_path / "calls.db") as other:
                inner.append(run(other, tmp_path, *names))

    told = run(store, tmp_path, *names, report=second)
    assert told.new + inner[0].new == 8
    assert figures.counts(store)["results"] == 8


def test_forgotten_calls_stay_forgotten_unless_asked_for(store, tmp_path):
    run(store, tmp_path, "a", "b")
    erase.forget(store, item(tmp_path, "a").recording.sha256)
    told = run(store, tmp_path, "a", "b")
    assert (told.calls, told.forgotten, told.new) == (1, 1, 0)
    assert run(store, tmp_path, "a", "b", retry=True).new == 1


def test_a_call_that_is_erased_while_it_is_worked_on_stays_erased(store, tmp_path):
    sha = item(tmp_path, "b").recording.sha256

    def erase_b(progress):
        if progress.done == 1:
            erase.forget(store, sha)

    told = run(store, tmp_path, "a", "b", "c", report=erase_b)
    assert (told.new, figures.counts(store)["recordings"]) == (2, 2)
