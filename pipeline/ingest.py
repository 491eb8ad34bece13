"""Finds recordings and gives them their identity: the SHA-256 of their bytes.

The batch and the CLI hand over what the user named (folders, files, a list on stdin); the
same bytes under two names become one item with both names. Nothing here reads sound. What
is not taken is reported with a reason, and nothing a folder holds can stop the search.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import cause
from pipeline.records import Recording

# What recorders and phones write. A file named by the user is taken whatever it is called.
EXTENSIONS = frozenset(
    "3g2 3ga 3gp 3gpp aac ac3 aif aifc aiff al alaw amr ape au avi awb caf dss dts eac3 flac"
    " g722 g723 g726 g729 gsm ircam m4a m4b m4v mka mkv mmf mov mp1 mp2 mp3 mp4 mpc mpeg mpg"
    " mpga nist oga ogg opus ra rf64 rm shn snd sph spx tta ul ulaw voc vox w64 wav wave webm"
    " wma wmv wv".split()
)
CHUNK = 1 << 20  # bytes hashed at a time
ASIDE = ("metadata.csv", "metadata.tsv", "metadata.txt")  # tables, where recordings lie


@dataclass(frozen=True, slots=True)
class Item:
    """One recording to process, under all the names that its bytes were found by."""

    recording: Recording
    names: tuple[str, ...]  # paths, the first is the recording's


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not taken, and why."""

    path: str
    code: str  # missing, unreadable, not_regular, outside_link, empty, growing
    message: str  # Chinese, for the person who named it


@dataclass(frozen=True, slots=True)
class Found:
    """What the search brought: files in order, the folders searched, and what was left."""

    files: tuple[str, ...]
    folders: tuple[str, ...]  # every folder that was searched: metadata tables lie there
    skipped: tuple[Skipped, ...]


def find_files(sources: Sequence[str]) -> Found:
    """Search folders recursively for recordings; files are taken as named.

    sources: paths; bytes that are not UTF-8 come as surrogates, as os.listdir gives them.
    A link that leads out of the folder it was found in is reported and not followed.
    """
    files: dict[str, None] = {}  # a set that keeps the order
    folders: dict[str, None] = {}
    skipped: list[Skipped] = []
    for source in sources:
        if os.path.isdir(source):
            for folder, names in _walk(source, skipped):
                folders[folder] = None
                files.update(dict.fromkeys(_recordings(source, folder, names, skipped)))
        elif wrong := _unfit(source):
            skipped.append(wrong)
        else:
            files[source] = None
            folders[os.path.dirname(source) or "."] = None
    return Found(tuple(files), tuple(folders), tuple(skipped))


def listed(data: bytes) -> tuple[str, ...]:
    """Paths from a list as stdin brings it: separated by NUL if there is one, else by lines."""
    pieces = data.split(b"\0") if b"\0" in data else data.replace(b"\r\n", b"\n").split(b"\n")
    return tuple(os.fsdecode(piece) for piece in pieces if piece.strip())


def settled(files: Sequence[str], settle_s: float) -> tuple[list[str], list[Skipped]]:
    """Part the files that stand still from those that are still being written.

    settle_s: seconds. Only where a file is younger than that does this wait, once for all.
    """
    young = {}
    for path in files:
        seen = _stamp(path)
        if seen and abs(time.time() - seen[1] / 1e9) < settle_s:
            young[path] = seen
    if young:
        time.sleep(settle_s)
    growing = {path for path, seen in young.items() if _stamp(path) != seen}
    message = "仍在写入，留待下次运行"
    return (
        [path for path in files if path not in growing],
        [Skipped(path, "growing", message) for path in files if path in growing],
    )


def identify(files: Iterable[str]) -> tuple[tuple[Item, ...], tuple[Skipped, ...]]:
    """Hash every file; the same bytes under two names become one item with both names."""
    names: dict[str, list[str]] = {}
    skipped = []
    for path in files:
        try:
            digest = sha256_of(path)
        except OSError as error:
            skipped.append(Skipped(path, "unreadable", f"打不开：{cause(error)}"))
            continue
        if digest == EMPTY:
            skipped.append(Skipped(path, "empty", "文件是空的（0 字节）"))
        else:
            names.setdefault(digest, []).append(path)
    items = tuple(Item(Recording(sha, same[0]), tuple(same)) for sha, same in names.items())
    return items, tuple(skipped)


def sha256_of(path: str) -> str:
    """Hash of the file's bytes, read in pieces. Raises OSError; never opens a pipe."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    digest = hashlib.sha256()
    with os.fdopen(number, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(0, "不是普通文件")
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


EMPTY = hashlib.sha256().hexdigest()


def shown(path: str) -> str:
    """The path as it may be printed and stored: what is not printable stands escaped."""
    if path.isprintable():
        return path
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)


def _walk(top: str, skipped: list[Skipped]) -> Iterator[tuple[str, list[str]]]:
    """Every folder under `top` with its file names, sorted; hidden folders are passed over."""

    def denied(error: OSError) -> None:
        reason = f"文件夹打不开：{cause(error)}"
        skipped.append(Skipped(str(error.filename), "unreadable", reason))

    for folder, below, names in os.walk(top, onerror=denied):
        linked = [name for name in below if os.path.islink(os.path.join(folder, name))]
        for name in sorted(linked):
            path = os.path.join(folder, name)
            skipped.append(Skipped(path, "outside_link", "链接指向的文件夹不搜索"))
        below[:] = sorted(n for n in below if not n.startswith(".") and n not in linked)
        yield folder, sorted(names)


def _recordings(
    top: str, folder: str, names: list[str], skipped: list[Skipped]
) -> Iterator[str]:
    real_top = os.path.realpath(top)
    for name in names:
        extension = os.path.splitext(name)[1][1:].lower()
        if name.startswith(".") or extension not in EXTENSIONS:
            continue
        path = os.path.join(folder, name)
        if os.path.islink(path) and not _inside(os.path.realpath(path), real_top):
            skipped.append(Skipped(path, "outside_link", "链接指向文件夹之外，未读取"))
        elif wrong := _unfit(path):
            skipped.append(wrong)
        else:
            yield path


def _inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")


def _unfit(path: str) -> Skipped | None:
    """Why the path cannot be taken, or None: it is a regular file."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL inside the path
        gone = isinstance(error, FileNotFoundError)
        return Skipped(path, "missing" if gone else "unreadable", f"打不开：{cause(error)}")
    if not stat.S_ISREG(mode):
        return Skipped(path, "not_regular", "不是普通文件（管道、设备等），未读取")
    return None


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return seen.st_size, seen.st_mtime_ns
