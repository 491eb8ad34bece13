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
    (
        "faster-whisper 1.2.1, batched, 2 × 1",
        "faster-whisper batched 2x1",
        "faster-whisper, batched",
    ),
    ("faster-whisper 1.2.1, batched, 1 × 2", "faster-whisper batched 1x2", ""),
    (
        "faster-whisper 1.2.1, sequential, VAD, 2 × 1",
        "faster-whisper sequential 2x1",
        "faster-whisper, sequential with VAD",
    ),
    ("faster-whisper 1.2.1, sequential, VAD, 1 × 2", "faster-whisper sequential 1x2", ""),
    ("openai-whisper 20250625, 1 × 2", "openai-whisper 1x2", ""),
    ("**Lingsu, whole way, 2 × 1**", "lingsu", "lingsu"),
)


def result(name: str) -> dict[str, dict[str, Any]]:
    """What each engine reached in a benchmark."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))["engines"]


def table() -> str:
    """Speed, memory and error rate of each engine: Markdown."""
    speed, errors = result("hear_speed"), result("hear_cer")
    lines = [
        "| processes × threads | times real time | CER, 24 calls | AISHELL-1 | MB a process |",
        "|---|---|---|---|---|",
    ]
    for row, fast, right in ROWS:
        calls, read = (
            (f"{errors[right]['calls']:.3f}", f"{errors[right]['zh_aishell1']:.3f}")
            if right
            else ("", "")
        )
        own = speed[fast]
        lines.append(
            f"| {row} | {own['times_real_time']:.1f} | {calls} | {read} "
            f"| {own['peak_mb_per_process']:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
