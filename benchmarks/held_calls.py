"""How well JUDGE does on labelled dialogues that nothing was trained or tuned on.

    OMP_NUM_THREADS=1 python benchmarks/held_calls.py models/dialogues/held/shift_*.txt
        [--mistakes]

The files are in the form of models/dialogues; their headers label more (entities, QA items,
title and summary, see models/dialogues/held/README.md). Turns are judged by the default profile
as if every word had been heard, at PACE characters a second, and scored as `lingsu eval
--reference` does. `qa2` are further QA items: `right` is the very verdict (pass, fail or na),
`wrong` a failure not seen or seen where there is none, `open` what is left to a person.
Prints one JSON line, metric -> [value, n]; with --mistakes a line for each call before it:
what was wanted and got.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.config import load_config
from pipeline.domain.profile import Profile, load_profile
from pipeline.export.rows import DISPOSITIONS
from pipeline.records import Turn
from pipeline.tools import Tools
from pipeline.training.dialogues import read_blocks
from pipeline.training.evaluate import evaluate
from pipeline.training.metrics import QA
from pipeline.training.reference import judge_reference
from pipeline.training.score import Found, rows

Told = dict[str, Any]
VERDICTS = {"not_applicable": "na", "insufficient_evidence": "open"}
TURNS = {"abuse_turns": ("辱骂话轮", ""), "quoted_turns": ("转述话轮", "")}
UNHEARD = ("interrupts_caller", "long_wait")  # written turns do not overlap and have no silence


def label(name: str, told: Told, turns: tuple[Turn, ...], profile: Profile) -> Told:
    """A header and its turns as a line of labels.jsonl, its further labels beside."""
    reasons = [rule.reason for rule in profile.scope if rule.code == told["code"]] or [None]
    outside = DISPOSITIONS[told["outcome"]] in ("解释引导", "转接应急")
    nothing = told["outcome"] == "no_request"
    return {
        "file": name,
        "region": told["region"],
        "district": told["district"],
        "caller_number": told["caller_number"],
        "duration_s": turns[-1].end,
        "request_type": told["type"],
        "department": told["dept"],
        "department_acceptable": told["also"],
        "scope": {
            "in_scope": None if nothing else not outside,
            "reason": reasons[0] if outside else None,
            "reason_acceptable": reasons[1:],
        },
        "disposition": told["disposition"],
        "emotion": {"start": told["start"], "end": told["end"]},
        "abusive": {
            "level": told["abuse"],
            "who": told["who"],
            "threat_kind": told["threat"],
            "escalate": told["abuse"] == "threat",
        },
        "urgency": told["urgency"],
        "entities": told["entities"],
        "qa": {item: item in told["qa"] for item in QA if item not in UNHEARD},
        "ticket": None if nothing else {part: told[part] for part in ("title", "summary")},
        "turns": [
            {"speaker": t.speaker, "start_s": t.start, "end_s": t.end, "text": t.text}
            for t in turns
        ],
        **{part: told[part] for part in (*TURNS, "qa2")},
    }


def verdicts(answer: Told) -> dict[str, str]:
    """The machine's verdict on each QA item: pass, fail, na or open."""
    parts = (answer["scorecard"] or {"parts": []})["parts"]
    lines = [line for part in parts for line in part["items"]]
    return {line["item"]: VERDICTS.get(line["verdict"], line["verdict"]) for line in lines}


def items(labels: list[Told], answers: dict[str, Told]) -> Iterator[tuple[str, str, str, str]]:
    """File, item, verdict wanted and verdict got of every further QA item."""
    for one in labels:
        got = verdicts(answers[one["file"]])
        for item, wanted in one["qa2"].items():
            yield one["file"], item, wanted, got.get(item, "na")


def scored(pairs: list[tuple[str, str]]) -> Told:
    """What the pairs (wanted, got) of an item come to; `fail` is [precision, recall]."""
    failed = sum(wanted == "fail" for wanted, _ in pairs)
    flagged = sum(got == "fail" for _, got in pairs)
    both = sum(wanted == got == "fail" for wanted, got in pairs)
    return {
        "right": [_share(sum(wanted == got for wanted, got in pairs), len(pairs)), len(pairs)],
        "open": sum(got == "open" for _, got in pairs),
        "wrong": sum((w == "fail") != (g == "fail") for w, g in pairs if g != "open"),
        "fail": [_share(both, flagged), _share(both, failed)],
        "fails": [flagged, failed],
    }


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 4) if of else None


def turn_marks(labels: list[Told], answers: dict[str, Told]) -> Iterator[Found]:
    """The turns that abuse, and those that only quote it."""
    for one in labels:
        abusive = answers[one["file"]]["abusive"]
        given = (abusive["turns"], abusive["third_party_quote_turns"])
        for part, got in zip(TURNS, given, strict=True):
            both = len(set(one[part]) & set(got))
            yield Found(part, len(one[part]), both, len(got), both)


def measure(files: list[Path], mistakes: bool) -> Told:
    """Judge the dialogues of the files and score them; tells the mistakes if asked."""
    profile = load_profile()
    labels = [
        label(f"{path.stem}-{number}", told, turns, profile)
        for path in files
        for number, (told, turns) in enumerate(read_blocks(path))
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "labels.jsonl"
        lines = (json.dumps(one, ensure_ascii=False) for one in labels)
        path.write_text("\n".join(lines), encoding="utf-8")
        judged = judge_reference(path, Tools(load_config(), profile))
        report = evaluate(path, judged, error=profile.confidence.of)
    answers = {one["file"]: one for one in judged}
    told = list(items(labels, answers))
    if mistakes:
        for one in report.worst:
            own = [row[1:] for row in told if row[0] == one["file"] and row[2] != row[3]]
            print(json.dumps({**one, "qa2": own}, ensure_ascii=False))
    table = [*report.rows, *rows(turn_marks(labels, answers), TURNS)]
    names = sorted({item for _, item, _, _ in told})
    return {
        "calls": len(labels),
        "metrics": {row.metric: [row.value, row.n] for row in table if row.n},
        "qa2": {name: scored([row[2:] for row in told if row[1] == name]) for name in names},
        "qa2_all": scored([row[2:] for row in told]),
    }


def main() -> None:
    """Measure and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--mistakes", action="store_true", help="a line for each call before")
    asked = options.parse_args()
    report = {"benchmark": "held_calls", **measure(asked.files, asked.mistakes)}
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
