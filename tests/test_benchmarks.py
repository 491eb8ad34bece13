"""Every benchmark starts: what it measures moves about, and nobody runs it for weeks."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = sorted(Path("benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_it_starts_and_says_what_it_wants(path):
    done = subprocess.run(
        [sys.executable, path, "--help"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ".", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
