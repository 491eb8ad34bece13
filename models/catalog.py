"""Which models there are, where their files lie and whether the bytes are the right ones.

The tools, provenance, doctor and the CLI's `models` commands ask here by name; fetch.py brings
what is missing. The cache is $LINGSU_CACHE, else $XDG_CACHE_HOME/lingsu, else ~/.cache/lingsu,
each with a folder `models` in it: one folder a model.
"""

import hashlib
import importlib.util
import json
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from models.base import ModelUnavailable

CATALOG = Path(__file__).with_name("catalog.toml")
PINS = "source.json"  # beside a hub model's files: where from, which revision, which hashes
WEIGHTS = (".bin", ".pt", ".onnx", ".safetensors")  # the file of a model that provenance names

State = Literal["present", "missing", "damaged", "unknown"]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model; an empty sha256 means that nobody has said what it must be."""

    name: str
    sha256: str
    size: int
    members: tuple[str, ...] = ()  # paths inside the wheels that are joined to make it
    pickled: str = ""  # SHA-256 of these joined, a PyTorch file kept as safetensors


@dataclass(frozen=True, slots=True)
class Model:
    """What the catalogue or the registry says of one model."""

    name: str
    kind: str  # whisper, detector, speaker, encoder
    licence: str
    about: str
    source: str  # pypi, package, hub, local
    size: int  # bytes of the files whose size is known
    files: tuple[File, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)  # what the source needs to know


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of `lingsu models list`."""

    name: str
    kind: str
    licence: str
    size: int  # bytes
    state: State  # unknown: here, but no hash to hold it against
    where: str  # the folder when here, the source when not
    about: str = ""


def cache_folder() -> Path:
    """The folder of the fetched models; not made by asking."""
    own = os.environ.get("LINGSU_CACHE")
    if own:
        return Path(own) / "models"
    base = os.environ.get("XDG_CACHE_HOME")
    # A container may run under a number that has no home: expanduser then leaves the ~.
    return Path(base or os.path.expanduser("~/.cache")) / "lingsu" / "models"


def locate(name: str) -> Path:
    """The folder of the model's files (or the .pt file, if one was added), hashes checked.

    Raises ModelUnavailable when files are missing or are not the right ones.
    """
    model = find(name)
    state, trouble = inspect(model)
    if state == "missing":
        raise ModelUnavailable(f"缺少模型 {name}：{remedy(model)}")
    if state == "damaged":
        raise ModelUnavailable(
            f"模型 {name} 的文件与登记的校验值不符（{trouble}）：{remedy(model)}"
        )
    return place(model)


def digest(name: str) -> str:
    """SHA-256 of the model's weights, hexadecimal. Raises ModelUnavailable as locate does."""
    folder = locate(name)
    files = (
        [folder] if folder.is_file() else [folder / file.name for file in _files(find(name))]
    )
    weights = [path for path in files if path.suffix in WEIGHTS]
    return _hash(weights[0])


def add(path: Path, name: str | None = None) -> Entry:
    """Register weights that lie elsewhere: a CTranslate2 folder or an OpenAI .pt.

    name: what the configuration will call it; the folder's or file's own name by default.
    Raises ModelUnavailable when the path holds no Whisper or the name is taken.
    """
    path = Path(path).expanduser().resolve()
    weights = _weights_in(path)
    name = name or path.stem
    if name in _catalog():
        raise ModelUnavailable(f"名称 {name} 已被内置模型占用：请用 --name 另取一个")
    registered = read_json(_registry())
    registered[name] = {"path": str(path), "kind": "whisper", "sha256": _hash(weights)}
    write_json(_registry(), registered)
    return _entry(find(name))


def listing() -> list[Entry]:
    """Every model of the catalogue, then the registered ones, each with its state."""
    return [_entry(find(name)) for name in [*_catalog(), *read_json(_registry())]]


def find(name: str) -> Model:
    """What is known of a name. Raises ModelUnavailable with the names there are."""
    if name in _catalog():
        return _catalog()[name]
    registered = read_json(_registry())
    if name not in registered:
        known = "、".join([*_catalog(), *registered])
        raise ModelUnavailable(f"没有名为 {name} 的模型；可用：{known}")
    row = registered[name]
    path = Path(row["path"])
    weights = path if path.suffix == ".pt" else path / "model.bin"
    try:
        weights = _weights_in(path)
        size = weights.stat().st_size
    except (ModelUnavailable, OSError):
        size = 0
    files = (File(weights.name, row["sha256"], size),)
    return Model(
        name, row["kind"], "", "added by hand", "local", size, files, {"path": str(path)}
    )


def remedy(model: Model) -> str:
    """What brings a model that is missing or damaged."""
    if model.source == "local":
        return f"请放回原文件，或再次运行 lingsu models add {place(model)} --name {model.name}"
    if model.source == "package":
        return f"请重新安装 {model.settings['package'].replace('_', '-')}"
    return f"请运行 lingsu models pull {model.name}"


def place(model: Model) -> Path:
    """Where the model's files lie or would lie."""
    if model.source == "local":
        return Path(model.settings["path"])
    if model.source == "package":
        # find_spec, not import: importing silero_vad pulls torch in and sets its threads
        spec = importlib.util.find_spec(model.settings["package"])
        if spec is None or spec.origin is None:
            return Path(model.settings["package"])
        return Path(spec.origin).parent / model.settings["folder"]
    return cache_folder() / model.name


def inspect(model: Model) -> tuple[State, str]:
    """State of the files and, when damaged, the name of the first wrong one."""
    folder = place(model)
    files = _files(model)
    if not files:
        return "missing", ""
    for file in files:
        path = folder if folder.is_file() else folder / file.name
        if not path.is_file():
            return "missing", file.name
        if file.sha256 and _hash(path) != file.sha256:
            return "damaged", file.name
    return ("present" if all(file.sha256 for file in files) else "unknown"), ""


def _entry(model: Model) -> Entry:
    state, _ = inspect(model)
    here = state != "missing" or model.source in ("local", "package")
    where = str(place(model)) if here else _origin(model)
    files = _files(model)
    size = sum(file.size for file in files) if files else model.size
    return Entry(model.name, model.kind, model.licence, size, state, where, model.about)


def _origin(model: Model) -> str:
    if model.source == "hub":
        return f"hub:{model.settings['repository']}"
    return f"pypi:{' + '.join(model.settings['packages'])}"


def _files(model: Model) -> tuple[File, ...]:
    """The files to expect; for a hub model those pinned beside it, the catalogue's on top."""
    if model.source != "hub":
        return model.files
    pins = read_json(place(model) / PINS).get("files", {})
    if not pins:
        return ()
    found = {name: File(name, row["sha256"], row["size"]) for name, row in pins.items()}
    return tuple((found | {file.name: file for file in model.files}).values())


def _weights_in(path: Path) -> Path:
    """The weights file of a folder or file somebody names; refuses what is no Whisper."""
    if path.is_file() and path.suffix == ".pt":
        return path
    if (path / "model.bin").is_file():
        absent = [n for n in ("config.json", "tokenizer.json") if not (path / n).is_file()]
        if not any((path / f"vocabulary.{end}").is_file() for end in ("txt", "json")):
            absent.append("vocabulary.txt")
        if absent:
            raise ModelUnavailable(f"{path} 缺少文件：{'、'.join(absent)}")
        return path / "model.bin"
    found = sorted(path.glob("*.pt")) if path.is_dir() else []
    if len(found) == 1:
        return found[0]
    raise ModelUnavailable(
        f"{path} 不是可用的 Whisper：需要 CTranslate2 目录（含 model.bin）或 OpenAI 的 .pt 文件"
    )


@cache
def _catalog() -> dict[str, Model]:
    models = {}
    for name, row in tomllib.loads(CATALOG.read_text(encoding="utf-8")).items():
        files = tuple(
            File(
                file,
                about["sha256"],
                about["size"],
                tuple(about.get("from", ())),
                about.get("pickled", ""),
            )
            for file, about in row.get("files", {}).items()
        )
        size = sum(file.size for file in files)
        models[name] = Model(
            name, row["kind"], row["licence"], row["about"], row["source"], size, files, row
        )
    return models


def _registry() -> Path:
    return cache_folder() / "registered.json"


def _hash(path: Path) -> str:
    """SHA-256 of a file, remembered by size and time: base alone is 145 MB at every start."""
    stat = path.stat()
    key, stamp = str(path), [stat.st_size, stat.st_mtime_ns]
    memory = cache_folder() / "hashes.json"
    known = read_json(memory)
    if key in known and known[key][:2] == stamp:
        return known[key][2]
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        write_json(memory, {**read_json(memory), key: [*stamp, found]})
    except OSError:
        pass  # a read-only cache: hashed again next time, nothing else is lost
    return found


def read_json(path: Path) -> dict[str, Any]:
    """An object from a small file of ours; empty when it is not there or was cut short."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replace in one step, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
    os.chmod(temporary, 0o644)  # mkstemp's own would shut out whom a container runs as
    os.replace(temporary, path)
