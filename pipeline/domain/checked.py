"""Which profiles have passed their checks on this machine: they are not checked again.

Trying the examples of all rules compiles every pattern, which takes two seconds, and a command
that shows one call should not wait for it, nor each worker of a run. An empty file in the
cache, named by what was checked and by the code that did it, says that nothing was wrong.
Where the cache cannot be written, profiles are checked each time.
"""

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from models.catalog import cache_folder

HERE = Path(__file__).parent
CODE = (HERE, HERE.parent / "qa")  # what reads rules and holds them against examples


def is_noted(digest: str) -> bool:
    """Whether this code found nothing wrong before. digest: of all that was checked."""
    return _mark(digest).is_file()


def note(digest: str) -> None:
    """Nothing was wrong."""
    mark = _mark(digest)
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _mark(digest: str) -> Path:
    return cache_folder().parent / "profiles" / f"{digest[:32]}-{_code()}"


@cache
def _code() -> str:
    """Of the files that check, and of the Python whose regular expressions are meant."""
    whole = hashlib.sha256(sys.version.encode())
    for folder in CODE:
        for path in sorted(folder.glob("*.py")):
            whole.update(path.read_bytes())
    return whole.hexdigest()[:16]
