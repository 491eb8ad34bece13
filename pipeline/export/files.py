"""Files that are there whole or not at all, under names that any system accepts."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import InputInvalid, cause

LONGEST = 120  # bytes of a stem; file systems allow 255 with endings and a hash beside it


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write bytes to, which takes `path`'s name only when all went well.

    Raises InputInvalid where the folder is missing, full or not ours to write.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise InputInvalid(f"写不了 {path}：{cause(error)}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def safe_stem(name: str) -> str:
    """A recording's name without its ending, fit for a new file beside any other."""
    stem = name.rsplit(".", 1)[0] or name
    plain = re.sub(r"[^\w.+@()（）-]", "_", stem.encode(errors="replace").decode())
    short = plain.lstrip("-.").encode()[:LONGEST].decode(errors="ignore")
    return short or "recording"


def encoded(text: str) -> bytes:
    r"""UTF-8; a name's invalid bytes (lone surrogates) become \udcff, as JSON writes them."""
    return text.encode("utf-8", errors="backslashreplace")
