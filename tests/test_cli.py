"""The command line: what is printed, where, and with which exit status; never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import faking
import pytest
from typer.testing import CliRunner

import cli
from models import catalog, classifiers
from pipeline import asked, console
from pipeline.errors import InputInvalid

NUMBER = "13907750123"
NAMES = [f"20260714_081533_1007_{NUMBER}_in.wav", "rude.wav", "silent.wav"]
HEAVY = "numpy torch rich pydantic sqlite3 openpyxl ctranslate2 transformers".split()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Three recordings, the fake plan, no weights; the working folder is empty."""
    monkeypatch.setattr(catalog, "digest", lambda name: "0" * 64)
    monkeypatch.setattr(classifiers, "digest", lambda folder: "0" * 64)
    real = asked.spec

    def spec(config, profile, workers):
        _, city = real(config, profile, workers)
        made = faking.spec(tmp_path, settle_s=0)
        return made, city

    monkeypatch.setattr(asked, "spec", spec)
    calls = tmp_path / "calls"
    calls.mkdir()
    for name in NAMES:
        (calls / name).write_bytes(name.encode())
    monkeypatch.chdir(tmp_path)
    return calls


def lingsu(*words: str, **more):
    done = CliRunner().invoke(cli.app, list(words), **more)
    assert "Traceback" not in done.output
    return done


def first_id() -> str:
    rows = map(json.loads, lingsu("export").stdout.splitlines())
    return next(row["sha256"] for row in rows if row["agent_id"])


def test_a_run_ends_with_a_table_and_status_zero(folder):
    done = lingsu("run", str(folder))
    assert done.exit_code == 0
    assert "此前已处理 0 通，本次新增 3 通" in done.stdout
    assert "受理转办" in done.stdout and "请先听这几通" in done.stdout
    assert "lingsu.db" in done.stdout


def test_the_second_run_says_that_nothing_is_new(folder):
    lingsu("run", str(folder))
    again = lingsu("run", str(folder))
    assert again.exit_code == 0
    assert "此前已处理 3 通，本次新增 0 通" in again.stdout


def test_a_failed_call_makes_status_one_and_shows_its_remedy(folder):
    (folder / "broken.wav").write_bytes(b"x")
    done = lingsu("run", str(folder))
    assert done.exit_code == 1
    assert "audio_unreadable" in done.stdout and "重新导出" in done.stdout


def test_run_tells_machines_the_same_as_json(folder):
    done = lingsu("run", str(folder), "--json")
    told = json.loads(done.stdout)
    assert (told["known"], told["new"], told["abusive"]) == (0, 3, 1)
    assert told["first"][0]["severity"] == "alert"
    assert NUMBER not in done.stdout


def test_paths_may_come_from_standard_input(folder):
    listed = "\0".join(str(folder / name) for name in NAMES[:2])
    assert (
        "此前已处理 0 通，本次新增 2 通"
        in lingsu("run", "--files-from", "-", input=listed).stdout
    )


def test_a_selection_leaves_the_other_calls_out(folder):
    done = lingsu("run", str(folder), "--agent", "1007", "--since", "2026-07-14")
    assert "此前已处理 0 通，本次新增 1 通" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("run", "not-there"),
        ("run", ".", "--shift", "没有这个班"),
        ("run", ".", "--since", "昨天"),
        ("run", ".", "--config", "not-there.toml"),
        ("run", ".", "--profile", "not-there"),
        ("run", "--files-from", "not-there"),
        ("show", "abc"),
        ("export", "--db", "not-there.db"),
        ("report", "--db", "not-there.db"),
        ("judge", "--db", "not-there.db"),
        ("links", "--db", "not-there.db"),
        ("clip", "abc", "--turn", "1"),
        ("forget", "--older-than", "2026-01-01", "--yes"),
        ("text", "not-there.csv"),
        ("eval", "not-there.jsonl", "--reference"),
        ("models", "pull", "no-such-model"),
        ("models", "add", "not-there"),
        ("run", "calls", "--db", "calls"),
        ("run", "calls", "--db", "no-folder/x.db"),
        ("show", "abc", "--db", "calls/rude.wav"),
        ("run", ".", "--lang", "de"),
        ("export", "--format", "docx"),
        ("show",),
        ("nonsense",),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_two(folder, words):
    done = lingsu(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr


def test_an_error_of_ours_names_its_code_and_its_remedy(folder):
    done = lingsu("export", "--db", "not-there.db")
    assert "input_invalid" in done.stderr and "处理办法" in done.stderr


def test_missing_weights_are_status_two_before_anything_is_done(folder, monkeypatch):
    from pipeline import provenance
    from pipeline.errors import ModelMissing

    def refuse(config, profile):
        raise ModelMissing("缺少模型 base")

    monkeypatch.setattr(provenance, "hear_key", refuse)
    done = lingsu("run", str(folder))
    assert done.exit_code == 2 and "model_missing" in done.stderr


def test_ctrl_c_says_that_nothing_is_lost(folder, monkeypatch):
    from pipeline import batch

    def interrupt(*args, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "run_batch", interrupt)
    done = lingsu("run", str(folder))
    assert done.exit_code == 130
    assert "已完成的都已保存，下次运行会继续" in done.stderr


def test_show_gives_one_call_in_full_and_masked(folder):
    lingsu("run", str(folder))
    done = lingsu("show", first_id()[:10])
    assert done.exit_code == 0
    assert "话务员" in done.stdout and "139****0123" in done.stdout
    assert NUMBER not in done.stdout
    assert NUMBER in lingsu("show", first_id()[:10], "--unmasked").stdout
    assert "Caller" in lingsu("show", first_id()[:10], "--lang", "en").stdout


def test_show_lists_for_an_audit_what_the_words_leave_out(folder):
    lingsu("run", str(folder))
    done = lingsu("show", first_id()[:10], "--audit")
    assert done.exit_code == 0
    assert "改过的字词" in done.stdout and "没有写成字的声音" in done.stdout
    assert "研判与依据" not in done.stdout
    assert (
        "Sound without words"
        in lingsu("show", first_id()[:10], "--audit", "--lang", "en").stdout
    )


def test_export_writes_what_is_selected(folder):
    lingsu("run", str(folder))
    assert len(lingsu("export").stdout.splitlines()) == 3
    assert len(lingsu("export", "--status", "no_speech").stdout.splitlines()) == 1
    assert len(lingsu("export", "--agent", "1007").stdout.splitlines()) == 1
    assert lingsu("export", first_id()[:12], "--format", "srt").stdout.startswith("1\n")
    assert NUMBER not in lingsu("export").stdout


def test_report_writes_the_last_shift_that_has_calls(folder):
    lingsu("run", str(folder))
    done = lingsu("report", "--no-clips")
    assert done.exit_code == 0
    page = Path(done.stdout.strip())
    assert page.is_file() and page.parent.name.startswith("交班报告-2026-")
    assert lingsu("report", "--no-clips").exit_code == 0  # once more, over it
    empty = lingsu("report", "--shift", "2020-01-01-行政班", "--out", "none", "--lang", "en")
    assert empty.exit_code == 0 and "no calls" in empty.stderr


def test_export_to_a_file_leaves_stdout_empty(folder):
    lingsu("run", str(folder))
    done = lingsu("export", "--format", "csv", "--out", "out/calls.csv")
    assert done.exit_code == 0 and done.stdout == ""
    assert "3" in done.stderr and os.path.getsize("out/calls.csv") > 100


def test_a_run_links_its_calls_and_links_lists_them(folder):
    later = NAMES[0].replace("081533", "091533")
    (folder / later).write_bytes(later.encode())
    told = json.loads(lingsu("run", str(folder), "--json").stdout)
    assert told["links"] == {"same_caller": 1, "repeat": 1}
    done = lingsu("links")
    assert done.exit_code == 0 and NUMBER not in done.stdout
    assert "同一来电人" in done.stdout and "139****0123" in done.stdout
    found = json.loads(lingsu("links", "--json", "--agent", "1007").stdout)["links"]
    assert {one["kind"] for one in found} == {"same_caller", "repeat"}
    link = found[0]
    later, earlier = link["call"]["sha256"], link["earlier"]["sha256"]
    assert earlier[:12] in lingsu("show", later[:12]).stdout
    rows = map(json.loads, lingsu("export").stdout.splitlines())
    related = {one["sha256"]: one["relations"]["same_caller"] for one in rows}
    assert related[later] == [earlier[:12]]
    lingsu("forget", earlier[:12], "--yes")
    assert json.loads(lingsu("links", "--json").stdout)["links"] == []


def test_links_of_days_without_calls_are_none(folder):
    lingsu("run", str(folder))
    told = json.loads(lingsu("links", "--since", "2026-08-01", "--json").stdout)
    assert told == {"links": [], "hot_spots": [], "callers": []}


def test_judge_hears_nothing_and_knows_what_is_judged(folder):
    lingsu("run", str(folder))
    assert "此前已处理 3 通，本次新增 0 通" in lingsu("judge").stdout


def test_forget_erases_only_when_told_and_only_before_a_real_day(folder):
    lingsu("run", str(folder))
    assert lingsu("forget", first_id()[:12], input="n\n").exit_code == 1
    wrong = lingsu("forget", "--older-than", "x", "--yes")  # "x" sorts after every date
    assert wrong.exit_code == 2
    assert len(lingsu("export").stdout.splitlines()) == 3
    assert lingsu("forget", first_id()[:12], "--yes").exit_code == 0
    assert len(lingsu("export").stdout.splitlines()) == 2


def test_texts_are_judged_without_a_store(folder, tmp_path):
    (tmp_path / "t.csv").write_text("id,text\n7,小区门口的路灯不亮\n", encoding="utf-8")
    done = lingsu("text", "t.csv")
    assert json.loads(done.stdout)["call_id"] == "7"
    assert not (tmp_path / "lingsu.db").exists()


def test_names_that_would_steer_a_terminal_are_escaped():
    assert console.safe("a\x1b[31mb\udcff.wav") == "a\\x1b[31mb\\udcff.wav"
    assert console.safe("[red]路灯[/red]") == "[red]路灯[/red]"


def test_version():
    assert lingsu("version").stdout.startswith("lingsu ")


def program(code: str, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **env},
    )


def test_help_answers_without_anything_heavy():
    code = f"import cli, sys; print([m for m in {HEAVY} if m in sys.modules])"
    out, err = program(code).communicate()
    assert out.strip() == b"[]", err


def test_help_is_chinese_even_where_the_machine_speaks_ascii():
    started = program("import cli; cli.app(['--help'])", LC_ALL="C", PYTHONIOENCODING="ascii")
    out, err = started.communicate()
    assert started.returncode == 0 and "工单草稿" in out.decode()
    assert err == b""


def test_a_closed_pipe_is_no_error():
    code = "import cli; from pipeline import console\n" + (
        "cli.upkeep.commands.command('spout')("
        "lambda: [console.write('路灯\\n' * 99) for _ in range(9999)])\n"
        "cli.app(['spout'])"
    )
    started = program(code)
    assert started.stdout and started.stderr
    started.stdout.readline()
    started.stdout.close()
    err = started.stderr.read()
    started.stderr.close()
    assert started.wait() == 0 and err == b""


def test_a_pipe_that_was_never_read_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    code = "import cli; cli.app(['version'])"
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 0 and done.stderr == b""


def test_an_error_hides_the_number_in_a_files_name(capsys):
    console.print_error(InputInvalid(f"{NAMES[0]}：打不开"))
    told = capsys.readouterr().err
    assert "139****0123_in.wav" in told and NUMBER not in told
