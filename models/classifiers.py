"""Where trained text classifiers lie, and how one is loaded: one folder a task.

A folder with model.npz is a linear classifier of ours, with combined.npz beside it one with a
fine-tuned encoder, and one with config.json a Hugging Face model that a city
brings. pipeline/tools.py asks for them by task.
"""

import hashlib
from functools import cache
from pathlib import Path

from models.base import TextClassifier

SHIPPED = Path(__file__).with_name("weights")
MARKS = ("model.npz", "config.json")  # a folder that holds one of these is a classifier


def find(*roots: Path) -> dict[str, Path]:
    """Task -> folder; where two roots have a task the earlier one wins."""
    found: dict[str, Path] = {}
    for root in reversed(roots):
        marked = [path.parent for mark in MARKS for path in root.glob(f"*/{mark}")]
        found |= {folder.name: folder for folder in marked}
    return dict(sorted(found.items()))


def load(folder: Path) -> TextClassifier:
    """The classifier of a folder. Raises ModelUnavailable when it cannot be read."""
    if (folder / "combined.npz").is_file():
        from models.combined import CombinedClassifier

        return CombinedClassifier.load(folder)
    if (folder / "model.npz").is_file():
        from models.linear import LinearClassifier

        return LinearClassifier.load(folder)
    from models.transformer import TransformerClassifier

    return TransformerClassifier(folder)


@cache
def digest(folder: Path) -> str:
    """SHA-256 over the folder's files but its card and plot, by name: part of the judge_key."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".md", ".svg"):
            with path.open("rb") as file:
                one = hashlib.file_digest(file, "sha256").hexdigest()
            whole.update(f"{path.name} {one}\n".encode())
    return whole.hexdigest()
