"""The two keys under which the store keeps work, and what else is recorded of a run.

A key is the SHA-256 of canonical JSON (sorted names, no spaces, UTF-8). What it is made of
changes results; library versions, device and commit are recorded beside it, not hashed.
"""

import hashlib
import json
import os
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

from models import catalog, classifiers
from models.base import ModelUnavailable
from pipeline.config import Config
from pipeline.domain.profile import Profile
from pipeline.errors import ModelMissing
from pipeline.tools import LANGUAGE, PUNCTUATION, SPELLING, classifier_folders

# Raised by hand when the code of a stage changes what comes out of it.
HEAR_VERSION = 12
JUDGE_VERSION = 15
ABSENT = "absent"  # stands for the hash of a model that is not needed for every call
LIBRARIES = (
    "lingsu",
    "av",
    "chinesecalendar",
    "ctranslate2",
    "numpy",
    "onnxruntime",
    "openai-whisper",
    "opencc-python-reimplemented",
    "pypinyin",
    "scikit-learn",
    "tokenizers",
    "torch",
    "transformers",
    "webrtcvad-wheels",
)


def canonical(value: object) -> str:
    """JSON that is the same for the same value, byte for byte."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def key(*parts: object) -> str:
    """SHA-256 of the parts' canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def hear_key(config: Config, profile: Profile) -> str:
    """What a transcript depends on besides the sound; the profile's names are listened for.

    Raises ModelMissing when a model that [hear] asks for is not here.
    """
    hear = config.hear
    models = {"whisper": _digest(hear.whisper), "speaker": _digest("resemblyzer", needed=False)}
    if hear.detector == "silero":
        models["detector"] = _digest("silero")
    names: tuple[str, ...] = ()
    if hear.language_weight:
        models |= {"language": _shipped(LANGUAGE), "spelling": _shipped(SPELLING)}
        names = profile.glossary
    if hear.punctuation:
        models["punctuation"] = _shipped(PUNCTUATION)
    return key("hear", HEAR_VERSION, hear.model_dump(mode="json"), models, names)


def judge_key(config: Config, profile: Profile) -> str:
    """What the findings depend on besides the transcript."""
    settings = config.judge.model_dump(mode="json")
    trained = {
        task: classifiers.digest(folder) for task, folder in classifier_folders(profile).items()
    }
    return key("judge", JUDGE_VERSION, settings, profile.digest, trained)


@cache
def made_with() -> tuple[tuple[str, str], ...]:
    """Versions, device and, in a checkout, the commit."""
    found = [("python", platform.python_version()), ("device", f"cpu {platform.machine()}")]
    for library in LIBRARIES:
        try:
            found.append((library, metadata.version(library)))
        except metadata.PackageNotFoundError:
            continue  # optional, or run from a checkout
    if commit := _commit():
        found.append(("commit", commit))
    return tuple(found)


def _digest(name: str, *, needed: bool = True) -> str:
    try:
        return catalog.digest(name)
    except ModelUnavailable as error:
        if needed:
            raise ModelMissing(str(error)) from error
        return ABSENT


def _shipped(folder: Path) -> str:
    try:
        return classifiers.digest(folder)
    except OSError as error:  # it is shipped: somebody took it out
        raise ModelMissing(f"{folder} 里没有模型：{error}") from error


def _commit() -> str:
    """The checkout's commit; empty in an installed package or without git."""
    root = Path(__file__).parent.parent
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", os.fspath(root), "rev-parse", "HEAD"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()
