"""Items, keys and a driver for the tests of the batch; also run as a program by test_kill."""

import hashlib
import sys
from pathlib import Path

from models import catalog, classifiers
from pipeline import provenance
from pipeline.batch import run_batch
from pipeline.config import load_config
from pipeline.ingest import Item
from pipeline.records import Call, CallResult, Failure, Metadata, Recording, Turn
from pipeline.store.store import Store
from pipeline.worker import Spec

TOML = {
    "city": """name = "小城"
[pbx]
columns = { file = ["file"] }
dates = ["%Y"]
name_pattern = "(?P<agent_id>x)"
""",
    **dict.fromkeys(
        "places abuse sentiment intent scope departments qa ticket deadlines knowledge".split(),
        "",
    ),
}


def tiny_profile(folder: Path) -> str:
    """A valid profile without a rule: loads in no time."""
    folder.mkdir(exist_ok=True)
    for stem, text in TOML.items():
        (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
    return str(folder)


def spec(folder: Path, *, plan: str = "fake_plan", **run) -> Spec:
    """A Spec over the fake plan; keywords are settings of [run]."""
    run = {"executor": "inline", "workers": 1} | run
    return Spec(load_config(run=run), tiny_profile(folder / "profile"), plan)


def item(folder: Path, name: str, **said) -> Item:
    """An item named so; its identity is the name's, its file need not be there."""
    sha = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    path = f"{folder}/{name}"
    return Item(Recording(sha, path, metadata=Metadata(**said)), (path,))


def answer(number: int, *lines: str, status: str = "ok", **said) -> CallResult:
    """A result from words: answer(1, "caller: 路灯坏了", agent_id="1007")."""
    parted = [line.split(": ", 1) for line in lines]
    turns = tuple(
        Turn(
            5.0 * i, 5.0 * i + 4, who, text, text, confidence=0.9, times=(5.0 * i,) * len(text)
        )
        for i, (who, text) in enumerate(parted)
    )
    sha = f"{number:064x}"[::-1]  # tells apart by its first characters
    recording = Recording(
        sha, "/audio/made-up.wav", 5.0 * len(lines), metadata=Metadata(**said)
    )
    failure = Failure("weigh", "stage_failed", "KeyError") if status == "failed" else None
    return CallResult(Call(recording, turns=turns), status, failure, "hear", "judge")


def known_models() -> None:
    """Let the keys be made without weights."""
    catalog.digest = lambda name: "0" * 64
    provenance.classifier_folders = lambda profile: {}
    classifiers.digest = lambda folder: "0" * 64


def main(folder: str, count: str, workers: str) -> None:
    """Process `count` made-up calls into FOLDER/calls.db with worker processes."""
    known_models()
    here = Path(folder)
    items = [item(here, f"call{i}") for i in range(int(count))]
    with Store.open(here / "calls.db") as store:
        told = run_batch(store, items, spec(here, executor="processes", workers=int(workers)))
    raise SystemExit(told.exit_code)


if __name__ == "__main__":
    main(*sys.argv[1:])
