"""Is this machine fit to run? `lingsu doctor` prints the answers, one line a check.

Each check looks at one thing, says what it found and, when that is not good, what to do.
Nothing is repaired here and nothing leaves the machine.
"""

import importlib
import os
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from models import catalog
from pipeline.config import CORES, Config, load_config
from pipeline.errors import StoreUnusable
from pipeline.store import audit, figures
from pipeline.store.connection import NEEDED as SQLITE
from pipeline.store.store import Store

PYTHON = (3, 11)
MIN_FREE_GB = 2.0  # base with its download takes 0.3, a year of 800 calls a day about 1.5
MIN_MEMORY_GB = 1.5  # one worker with base and torch
# What is imported -> the name it is installed under. All of them, since a library that is
# installed may still not load: torch without its system libraries, for one.
LIBRARIES = {
    "argon2": "argon2-cffi",
    "av": "av",
    "babel": "babel",
    "ctranslate2": "ctranslate2",
    "fastapi": "fastapi",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "opencc": "opencc-python-reimplemented",
    "openpyxl": "openpyxl",
    "pydantic": "pydantic",
    "pydub": "pydub",
    "pypinyin": "pypinyin",
    "rapidfuzz": "rapidfuzz",
    "sklearn": "scikit-learn",
    "tokenizers": "tokenizers",
    "torch": "torch",
    "transformers": "transformers",
    "uvicorn": "uvicorn",
    "webrtcvad": "webrtcvad-wheels",
    "whisper": "openai-whisper",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report, in Chinese."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""  # empty when ok


def checks(*, config: Config | None = None, db: Path | None = None) -> list[Check]:
    """Look at everything a run needs; a few seconds, most of them torch's import.

    config: names the models that must be here, the defaults when None;
    db: a store to open, none when None.
    """
    config = config or load_config()
    found = [_python(), _libraries(), _sqlite(), _cache(), _disk(), _machine()]
    found += _models(config)
    found.append(_network(all(check.ok for check in found)))
    if db is not None:
        found.append(_store(db))
    return found


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, PYTHON))
    return _check(
        "Python 版本", sys.version_info >= PYTHON, version, f"请安装 Python {wanted} 或更新版本"
    )


def _libraries() -> Check:
    broken, versions = [], []
    for module, package in LIBRARIES.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pydub misses a system ffmpeg nobody needs
                importlib.import_module(module)
            versions.append(f"{package} {metadata.version(package)}")
        except (ImportError, OSError, ValueError) as error:  # OSError: a .so that is missing
            broken.append(f"{package}（{type(error).__name__}）")
    if broken:
        remedy = "请重新运行 make run，或 pip install --no-deps -r .requirements.lock"
        return Check("依赖库", False, "无法加载：" + "、".join(broken), remedy)
    return Check("依赖库", True, "，".join(versions))


def _sqlite() -> Check:
    version = sqlite3.sqlite_version
    try:
        with sqlite3.connect(":memory:") as db:
            db.execute("create virtual table t using fts5(words, tokenize = 'trigram')")
        trigram = True
    except sqlite3.OperationalError:
        trigram = False
    finally:
        db.close()
    detail = f"{version}，全文检索（trigram）{'可用' if trigram else '不可用'}"
    remedy = "请换用自带 SQLite 3.37 以上且含 FTS5 的 Python"
    return _check("SQLite", trigram and sqlite3.sqlite_version_info >= SQLITE, detail, remedy)


def _cache() -> Check:
    folder = catalog.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = "请检查权限，或用环境变量 LINGSU_CACHE 指定可写目录"
        return Check("模型缓存目录", False, f"{folder}：{error.strerror}", remedy)
    return Check("模型缓存目录", True, str(folder))


def _disk() -> Check:
    places = {"缓存": catalog.cache_folder(), "当前目录": Path.cwd()}
    free = {name: shutil.disk_usage(_existing(path)).free for name, path in places.items()}
    detail = "，".join(f"{name}剩余 {space / 1e9:.1f} GB" for name, space in free.items())
    enough = min(free.values()) >= MIN_FREE_GB * 1e9
    return _check("磁盘空间", enough, detail, f"请至少空出 {MIN_FREE_GB:.0f} GB")


def _machine() -> Check:
    memory = _available_memory()
    detail = f"{CORES} 核，可用内存 {memory / 1e9:.1f} GB"
    remedy = "内存不足：请关闭其他程序，并用 --workers 1 运行"
    return _check("处理器与内存", memory >= MIN_MEMORY_GB * 1e9, detail, remedy)


def _models(config: Config) -> Iterator[Check]:
    """The recognizer, the detector and the speaker model, hashes checked."""
    listed = {entry.name: entry for entry in catalog.listing()}
    states = {
        "present": "校验通过",
        "missing": "缺失",
        "damaged": "校验不符",
        "unknown": "未校验",
    }
    for name in (config.hear.whisper, "silero", "resemblyzer"):
        if name not in listed:
            remedy = "请运行 lingsu models list 查看可用名称，改正配置"
            yield Check(f"模型 {name}", False, "目录里没有这个名称", remedy)
            continue
        entry = listed[name]
        detail = f"{states[entry.state]}，{entry.size / 1e6:.0f} MB，{entry.where}"
        remedy = catalog.remedy(catalog.find(name))
        yield _check(f"模型 {name}", entry.state == "present", detail, remedy)


def _network(ready: bool) -> Check:
    """Nothing connects anywhere after the models are here; said so that nobody wonders."""
    detail = "处理录音时不访问网络" if ready else "补齐缺失项时需要网络，处理录音时不需要"
    return Check("网络", True, detail)


def _store(path: Path) -> Check:
    remedy = "检查路径、磁盘空间和权限；数据库损坏时请从备份恢复"
    if not path.exists():
        writable = os.access(_existing(path.absolute().parent), os.W_OK)
        return _check("数据库", writable, f"{path}：尚不存在，首次运行时建立", remedy)
    try:
        with Store.open(path, readonly=True) as store:
            answer = store.db.execute("pragma quick_check(1)").fetchone()[0]
            found = _inside(store)
    except (StoreUnusable, sqlite3.DatabaseError) as error:
        return Check("数据库", False, f"{path}：{error}", remedy)
    return _check("数据库", answer == "ok", f"{path}：{answer}，{found}", remedy)


def _inside(store: Store) -> str:
    """What the store holds, its last run, and the audit. Raises StoreUnusable: one altered."""
    rows, runs = figures.counts(store), figures.last_runs(store, limit=1)
    last = f"，上次运行 {runs[0].started}（{runs[0].exit}）" if runs else ""
    lines, mark = audit.verify(store)
    kept = f"，审计 {lines} 行，末行 {mark[:16]}" if lines else ""
    return f"{rows['recordings']} 通录音，{rows['results']} 个结果{last}{kept}"


def _check(name: str, ok: bool, detail: str, remedy: str) -> Check:
    return Check(name, ok, detail, "" if ok else remedy)


def _existing(path: Path) -> Path:
    """The path or its nearest parent that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _available_memory() -> int:
    """Bytes that a new process could take without swapping."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:  # not Linux: all there is
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    fields = dict(line.split(":") for line in lines)
    return int(fields["MemAvailable"].split()[0]) * 1024
