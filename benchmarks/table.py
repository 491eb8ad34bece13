"""Tables of the documents, made from what the benchmarks printed.

    python benchmarks/table.py          of hearing, in README
    python benchmarks/table.py texts    of text classifiers, in docs/performance.md

tests/test_docs.py compares both with the documents. Each file of benchmarks/results/ holds
the JSON lines of the benchmark of its name.
"""

import json
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
# (row, name in hear_speed, name in hear_cer)
ROWS = (
    ("faster-whisper 1.2.1, batched", "faster-whisper batched 2x1", "faster-whisper, batched"),
    (
        "faster-whisper 1.2.1, sequential, VAD",
        "faster-whisper sequential 2x1",
        "faster-whisper, sequential with VAD",
    ),
    ("**Lingsu, from file to work order**", "lingsu", "lingsu"),
)


def result(name: str) -> dict[str, dict[str, Any]]:
    """What each engine reached in a benchmark."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))["engines"]


def hearing() -> str:
    """Speed, memory and error rate of each engine: Markdown."""
    speed, errors = result("hear_speed"), result("hear_cer")
    lines = [
        "| 2 processes of 1 thread | times real time | CER, calls | AISHELL-1 | MB a process |",
        "|---|---|---|---|---|",
    ]
    for row, fast, right in ROWS:
        own, wrong = speed[fast], errors[right]
        lines.append(
            f"| {row} | {own['times_real_time']:.1f} | {wrong['calls']:.3f} "
            f"| {wrong['zh_aishell1']:.3f} | {own['peak_mb_per_process']:.0f} |"
        )
    return "\n".join(lines)


def texts() -> str:
    """Each set of texts, ours above the baseline: Markdown."""
    lines = [
        "| Set: texts trained on, labels | | Accuracy | Macro F1 | Top 3 | ECE "
        "| At 5 %: answered, wrong | Sets of 90 %: held, labels | 8 % misheard | kB "
        "| Texts/s |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for line in (RESULTS / "text_tasks.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        lines.append(
            f"| {one['set']}: {one['train']:,}, {one['labels']} | **Lingsu** "
            f"| {_classifier(one['lingsu'])} |"
        )
        more, low, high = (100 * value for value in one["gain"])
        lines.append(
            f"| gain {more:+.1f} points ({low:+.1f} to {high:+.1f}) | baseline "
            f"| {_classifier(one['baseline'])} |"
        )
    return "\n".join(lines)


def _classifier(own: dict[str, Any]) -> str:
    shares = [own["accuracy"], own["macro_f1"], own["top3"]]
    cells = [f"{s[0]:.3f} ({s[1]:.3f}–{s[2]:.3f})" if s else "–" for s in shares]
    kept, shown = own["answered at 5 %"], own["sets of 90 %"]
    cells += [
        f"{own['ece'][0]:.3f}",
        f"{kept[0][0]:.3f}, {kept[1][0]:.3f}" if kept else "–",
        f"{shown['held'][0]:.3f}, {shown['labels']:.2f}",
        f"{own['misheard'][0]:.3f}",
        f"{own['kB']:,}",
        f"{own['texts_per_s']:,}",
    ]
    return " | ".join(cells)


if __name__ == "__main__":
    print(texts() if sys.argv[1:] == ["texts"] else hearing())
