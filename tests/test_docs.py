"""The documents keep up with the code: a line for every command, code, key and field."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import cli
from pipeline import errors
from pipeline.config import Config, load_config
from pipeline.labels import WORDS
from pipeline.push.post import ASTRAY

OPERATIONS = Path("docs/operations.md").read_text(encoding="utf-8")
SCHEMA_MD = Path("docs/schema.md").read_text(encoding="utf-8")
SCHEMA = json.loads(Path("docs/schema.json").read_text(encoding="utf-8"))
ERRORS = [errors.LingsuError, *errors.LingsuError.__subclasses__()]
KEYS = [
    (f"{section}.{key}", field)
    for section, part in Config.model_fields.items()
    for key, field in part.annotation.model_fields.items()
]


def commands() -> dict[str, object]:
    group = typer.main.get_command(cli.app)
    found: dict[str, object] = {}
    for name, one in group.commands.items():
        inner = getattr(one, "commands", None)
        found |= {f"{name} {below}": c for below, c in inner.items()} if inner else {name: one}
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_help_in_both_languages_with_an_example(name):
    text = commands()[name].help
    assert f"lingsu {name}" in text
    assert "Examples:" in text
    assert any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_has_help(name):
    for parameter in commands()[name].params:
        assert getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_error_code_has_its_line_with_its_remedy(error):
    (line,) = [one for one in OPERATIONS.splitlines() if one.startswith(f"| `{error.code}`")]
    assert error.remedy in line


def test_every_error_has_a_code_of_its_own():
    assert len({error.code for error in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize("key", [key for key, _ in KEYS])
def test_every_config_key_has_its_line_with_its_default(key):
    (line,) = [one for one in OPERATIONS.splitlines() if one.startswith(f"| `{key}`")]
    section, name = key.split(".")
    assert f"`{getattr(getattr(load_config(), section), name)}`" in line


def test_every_defect_and_every_file_left_out_has_its_line():
    sources = [Path(f"pipeline/{name}.py") for name in ("ingest", "pbx", "metadata")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    found = set(re.findall(r'(?:efect|append\()\(?"([a-z_]+)"', code))
    found |= set(re.findall(r'Skipped\([^,\n]+, "([a-z_]+)"', code))
    assert len(found) > 10
    assert [name for name in sorted(found) if f"| `{name}`" not in OPERATIONS] == []


def test_every_reason_why_sound_gave_no_words_has_its_line():
    reasons = [key.removeprefix("drop.") for key in WORDS if key.startswith("drop.")]
    listed = SCHEMA["properties"]["dropped"]["items"]["properties"]["reason"]["enum"]
    assert sorted(reasons) == sorted(listed)
    assert [name for name in reasons if f"| `{name}` |" not in OPERATIONS] == []


def test_every_reason_why_a_row_of_a_history_is_not_used_has_its_line():
    sources = "".join(p.read_text("utf-8") for p in Path("pipeline/training").glob("*.py"))
    reasons = [key.removeprefix("out.") for key in WORDS if key.startswith("out.")]
    assert [name for name in reasons if f'"{name}"' not in sources] == []
    assert [name for name in reasons if f"| `{name}` |" not in OPERATIONS] == []


def test_every_reason_why_an_order_did_not_arrive_has_its_line():
    source = Path("pipeline/push/post.py").read_text("utf-8")
    reasons = set(re.findall(r'"(?:undelivered|refused)", "(\w+)"', source))
    reasons |= {*ASTRAY.values(), "busy", "server_error"}
    page = Path("docs/push.md").read_text("utf-8")
    assert len(reasons) == 11 and all(f"push.{name}" in WORDS for name in reasons)
    assert [name for name in reasons if f"| `{name}` |" not in page] == []


def test_every_field_of_the_schema_is_documented():
    rows = "\n".join(line.split("|")[1] for line in SCHEMA_MD.splitlines() if "|" in line)
    assert [key for key in SCHEMA["properties"] if f"`{key}`" not in rows] == []


def test_links_between_documents_lead_somewhere():
    for page in [*Path("docs").glob("*.md"), Path("CONTRIBUTING.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize(
    ("page", "of"),
    [("README.md", []), ("README.zh-CN.md", []), ("docs/performance.md", ["texts"])],
)
def test_tables_are_what_the_benchmarks_printed(page, of):
    shown = subprocess.run(
        [sys.executable, "benchmarks/table.py", *of], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() in Path(page).read_text(encoding="utf-8")
