"""README's table of hearing, made from what the benchmarks printed.

    python benchmarks/table.py      prints it; tests/test_docs.py compares it with README

Each file of benchmarks/results/ holds the JSON line of the benchmark of its name.
"""

import json
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


def table() -> str:
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


if __name__ == "__main__":
    print(table())
