"""How fast JUDGE is: written appeals a second beside a plain classifier, and time a call.

    python benchmarks/judge_speed.py APPEALS --label COLUMN [--calls LABELS]

APPEALS: a table as `lingsu text` takes, with the unit of each appeal in COLUMN; 256 at least.
LABELS: the labels.jsonl of labelled calls, whose own turns are judged. Times are of one thread,
in seconds of its core (others may use the machine), after everything is loaded; for appeals the
best of three parts of whole lots, each judged once, since what was read is remembered. Ours is
the whole of `lingsu text`: normalizing, judging, masking and JSON. The baseline gives a label
alone: character 1- to 4-grams, TF-IDF, LinearSVC, fitted on the same rows.
Prints one JSON line.
"""

import argparse
import io
import json
import math
import os
import time
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is imported

from models.base import LOT
from pipeline.config import load_config
from pipeline.domain.profile import contradictions, load_profile
from pipeline.export import export
from pipeline.plan import JUDGE
from pipeline.records import CallResult
from pipeline.rowfile import cell_text, read_rows
from pipeline.stage import process
from pipeline.stages.normalize import normalize
from pipeline.texts import judge_texts, read_texts
from pipeline.tools import Tools
from pipeline.training.reference import reference_calls
from pipeline.worker import Spec

PARTS = 3
WARM = LOT  # appeals before the clock runs: tables are built when they are first asked for


def core_seconds(work: Callable[[], object]) -> float:
    """The time that this process had a core for it."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def ours(results: Iterable[CallResult]) -> str:
    """What `lingsu text` writes of the results that are judged as they are asked for."""
    lines = io.StringIO()
    export(results, "jsonl", load_profile(), stream=lines)
    return lines.getvalue()


def baseline(texts: list[str], labels: list[str]) -> Any:
    """The plain classifier, fitted."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    return make_pipeline(grams, LinearSVC()).fit(texts, labels)


def appeals(path: Path, column: str) -> dict[str, Any]:
    """Appeals a second of ours and of the baseline."""
    labels = [cell_text(row.get(column)) for row in read_rows(path)]
    known = [(c, label) for c, label in zip(read_texts(path), labels, strict=True) if c.turns]
    calls = [call for call, _ in known]
    texts = [call.turns[0].text for call in calls]
    plain = baseline(texts, [label for _, label in known])
    size = (len(calls) - WARM) // (PARTS * LOT) * LOT  # each part is judged in lots of its own
    parts = [list(range(WARM + part, len(calls), PARTS))[:size] for part in range(PARTS)]
    order = [*range(WARM), *chain.from_iterable(parts)]
    results = judge_texts((calls[i] for i in order), Spec(load_config()))
    ours(islice(results, WARM))
    least = {"lingsu": math.inf, "tfidf_linearsvc": math.inf}
    for some in parts:
        took = {
            "lingsu": core_seconds(lambda some=some: ours(islice(results, len(some)))),
            "tfidf_linearsvc": core_seconds(
                lambda some=some: plain.predict([texts[i] for i in some])
            ),
        }
        least = {name: min(least[name], took[name] / len(some)) for name in took}
    return {
        "appeals": len(texts),
        "characters": round(sum(map(len, texts)) / len(texts)),
        **{f"{name}_a_second": round(1 / took) for name, took in least.items()},
    }


def calls(labels: Path) -> dict[str, Any]:
    """Milliseconds that JUDGE takes for a call."""
    tools = Tools(load_config(), load_profile())
    contradictions(tools.profile)  # compiles every pattern, as the first hundred calls would
    heard = [process(call, (normalize,), tools).call for call in reference_calls(labels)]
    process(heard[0], JUDGE, tools)
    took = [
        1000 * core_seconds(lambda call=call: process(call, JUDGE, tools)) for call in heard
    ]
    return {
        "calls": len(heard),
        "turns": round(sum(len(call.turns) for call in heard) / len(heard), 1),
        "median_ms": round(median(took), 1),
        "p95_ms": round(quantiles(took, n=20)[-1], 1),
    }


def main() -> None:
    """Measure and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("appeals", type=Path)
    options.add_argument("--label", required=True, help="column that the baseline learns")
    options.add_argument("--calls", type=Path, help="labels.jsonl of labelled calls")
    asked = options.parse_args()
    report = {"benchmark": "judge_speed", **appeals(asked.appeals, asked.label)}
    if asked.calls:
        report["judge"] = calls(asked.calls)
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
