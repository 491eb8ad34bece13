"""Which profiles have passed their checks on this machine: they are not checked again.

Trying the examples of all rules compiles every pattern, which takes two seconds, and a command
that shows one call should not wait for it, nor each worker of a run. A file in the cache, named
by what was checked and by the code that did it, says that nothing was wrong, and which strings
each pattern needs (literals.py), which takes a quarter of a second to find out.
Where the cache cannot be written, profiles are checked each time.
"""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from models.catalog import cache_folder, read_json, write_json

HERE = Path(__file__).parent
CODE = (HERE, HERE.parent / "qa")  # what reads rules and holds them against examples
Needed = Mapping[str, Sequence[str] | None]  # of each pattern


def noted(digest: str) -> Needed | None:
    """What was noted when this code found nothing wrong; None: it did not yet.

    digest: of all that was checked.
    """
    return read_json(_mark(digest)).get("needed")


def note(digest: str, needed: Needed) -> None:
    """Nothing was wrong."""
    with suppress(OSError):
        write_json(_mark(digest), {"needed": needed})


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
