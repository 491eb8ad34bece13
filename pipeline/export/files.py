"""Files and folders that are there whole or not at all, under names that any system accepts."""

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import InputInvalid, cause

LONGEST = 120  # bytes of a stem; file systems allow 255 with endings and a hash beside it


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write bytes to, which takes `path`'s name only when all went well.

    private: only its owner may read it.
    Raises InputInvalid where the folder is missing, full or not ours to write.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if private:
            beside.touch(mode=0o600)
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


@contextmanager
def whole_folder(path: Path, ours: Collection[str]) -> Iterator[Path]:
    """A new folder to fill, which takes `path`'s name only when all went well.

    ours: the names that such a folder holds; one with other things in it is not replaced.
    Only the owner may look into it. Raises InputInvalid where it cannot be written.
    """
    beside: Path | None = None
    try:
        if path.exists() and (not path.is_dir() or {p.name for p in path.iterdir()} - {*ours}):
            raise InputInvalid(f"{path}：已有别的内容，不会覆盖；请用 --out 指定另一个文件夹")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.", dir=path.parent))
        yield beside
        _take_name(beside, path)
    except OSError as error:
        raise InputInvalid(f"写不了 {path}：{cause(error)}") from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _take_name(new: Path, path: Path) -> None:
    """`new` becomes `path`; what stood there goes, or comes back where that fails."""
    if not path.exists():
        new.rename(path)
        return
    old = new.with_name(f"{new.name}.old")
    path.rename(old)
    try:
        new.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def safe_stem(name: str) -> str:
    """A recording's name without its ending, fit for a new file beside any other."""
    stem = name.rsplit(".", 1)[0] or name
    plain = re.sub(r"[^\w.+@()（）-]", "_", stem.encode(errors="replace").decode())
    short = plain.lstrip("-.").encode()[:LONGEST].decode(errors="ignore")
    return short or "recording"


def encoded(text: str) -> bytes:
    r"""UTF-8; a name's invalid bytes (lone surrogates) become \udcff, as JSON writes them."""
    return text.encode("utf-8", errors="backslashreplace")


def writable(text: str) -> str:
    """The text, which a stream can write: with such bytes as JSON writes them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return encoded(text).decode()
    return text
