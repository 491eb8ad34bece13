"""Write the two lock files from what pip resolves for pyproject.toml; `make lock` runs this.

Nothing is installed: pip only says what it would install into an empty environment. The locks
hold names and versions, never where a file came from, and are installed with --no-deps.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Only a GPU needs these; openai-whisper and some builds of torch ask for them on Linux.
GPU_ONLY = ("triton", "nvidia-", "cuda-")
# What pip leaves out where an older Python resolves; pydub needs it from 3.13 on.
NEWER = {"audioop-lts": '0.2.2; python_version >= "3.13"'}
HEAD = "# Written by `make lock`; install with pip install --no-deps -r.\n"


def resolved(target: str) -> dict[str, str]:
    """Name to version of everything that `pip install target` would put in place."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
    command += ["--quiet", "--report", "-", target]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    packages = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    return {
        package["name"].lower(): package["version"].partition("+")[0]
        for package in packages
        if package["name"] != "lingsu" and not package["name"].startswith(GPU_ONLY)
    }


def write(name: str, packages: dict[str, str]) -> None:
    """One `name==version` a line, in order."""
    lines = [f"{package}=={version}\n" for package, version in sorted(packages.items())]
    (ROOT / name).write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    everything = resolved(".[dev,ray]")
    wanted = resolved(".")
    # The versions of the larger set serve both, so that the two locks never disagree.
    write(".requirements.lock", NEWER | {name: everything[name] for name in wanted})
    write(
        ".requirements-dev.lock",
        {name: version for name, version in everything.items() if name not in wanted},
    )
