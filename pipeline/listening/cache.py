"""What was made of recordings for listening, kept beside the database until it is erased.

A folder a recording, named by its SHA-256 and nothing that a request could say. Files come
into their place in one step: a full disk or a killed process leaves no half waveform. Where
there is a limit, what was used least lately goes first and is made again when it is asked for.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import IO

from pipeline.errors import InputInvalid, NoRoom, StoreUnusable, cause

SUFFIX = ".sound"  # the folder of lingsu.db is lingsu.db.sound
_IDENTITY = re.compile("[0-9a-f]{64}")


class SoundCache:
    """The folder of one database; safe to use from several threads.

    limit: bytes that it may hold, 0: any number; one recording's may be more.
    """

    def __init__(self, db: Path, *, limit: int = 0) -> None:
        self.folder, self._limit = db.with_name(db.name + SUFFIX), limit
        self._making: dict[Path, Lock] = {}

    def path(self, sha256: str, name: str) -> Path:
        """Where a file of this recording lies. Raises InputInvalid for what is no SHA-256."""
        if not _IDENTITY.fullmatch(sha256):
            raise InputInvalid("录音编号应是 64 位十六进制 SHA-256")
        return self.folder / sha256 / name

    def made(self, sha256: str, name: str, write: Callable[[IO[bytes]], None]) -> Path:
        """The file, which `write` makes at its first use; whoever asks meanwhile waits.

        Raises NoRoom, and what `write` raises.
        """
        path = self.path(sha256, name)
        with self._making.setdefault(path, Lock()):
            if not path.is_file():
                self._make(path, write)
                self._trim(keep=sha256)
            else:
                os.utime(path.parent)  # used now
        return path

    def held(self) -> list[str]:
        """The recordings of which something was made."""
        found = os.listdir(self.folder) if self.folder.is_dir() else []
        return sorted(name for name in found if _IDENTITY.fullmatch(name))

    def erase(self, sha256s: Iterable[str]) -> None:
        """Take away all that was made of these recordings. Raises StoreUnusable."""
        for sha256 in sha256s:
            try:
                shutil.rmtree(self.path(sha256, ""))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreUnusable(f"{self.folder.name}：删不掉（{cause(error)}）") from error

    def _trim(self, keep: str) -> None:
        """Keep to the limit; of what another process takes away meanwhile nothing is said."""
        held = [(self._used(sha256), sha256) for sha256 in self.held()] if self._limit else []
        left = sum(size for (_, size), _ in held)
        for (_, size), sha256 in sorted(held):
            if left <= self._limit:
                return
            if sha256 != keep:
                shutil.rmtree(self.path(sha256, ""), ignore_errors=True)
                left -= size

    def _used(self, sha256: str) -> tuple[int, int]:
        """When a recording's folder was used last (nanoseconds), and its bytes."""
        folder = self.path(sha256, "")
        try:
            size = sum(file.stat().st_size for file in folder.iterdir())
            return folder.stat().st_mtime_ns, size
        except FileNotFoundError:
            return 0, 0

    def _make(self, path: Path, write: Callable[[IO[bytes]], None]) -> None:
        part = ""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)  # a caller's voice is in it
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=path.parent, suffix=".part", delete=False
            ) as file:
                part = file.name
                write(file)
            os.replace(part, path)
        except OSError as error:
            raise NoRoom(f"{self.folder.name}：写不进去（{cause(error)}）") from error
        finally:
            if part and os.path.exists(part):
                os.unlink(part)
