"""Turns what was typed into what the commands work with, or says what is wrong with it.

Used by cli.py and upkeep.py; imports what is heavy only when asked.
"""

import getpass
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.collecting import lasting
from pipeline.errors import InputInvalid, cause

if TYPE_CHECKING:
    from pipeline.domain.profile import Profile
    from pipeline.records import Call
    from pipeline.shifts import Selection
    from pipeline.store.store import Store
    from pipeline.worker import Spec


@lasting()
def spec(config: Path | None, profile: str, workers: int | None) -> "tuple[Spec, Profile]":
    """What a worker builds itself from, and the profile. Raises ConfigInvalid and the like."""
    # A second thread of OpenBLAS is of no use to products as small as ours, and after each it
    # turns in place for a tenth of a second where others wait for a core. NumPy reads it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from pipeline.config import load_config
    from pipeline.domain.profile import load_profile
    from pipeline.worker import Spec

    overrides = {} if workers is None else {"run": {"workers": workers}}
    return Spec(load_config(config, **overrides), profile), load_profile(profile)


def chosen(
    city: "Profile",
    shift: list[str] | None,
    since: str | None,
    until: str | None,
    agent: list[str] | None,
) -> "Selection":
    """Which calls are meant. Raises InputInvalid for a shift or a time that is none."""
    from pipeline.shifts import select

    shifts, agents = shift or (), agent or ()
    return select(city.places, shifts=shifts, agents=agents, since=since, until=until)


def listed(source: str | None) -> tuple[str, ...]:
    """The paths that a file, or stdin as "-", names. Raises InputInvalid."""
    from pipeline.ingest import listed as split

    if source is None:
        return ()
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise InputInvalid(f"{source}：{cause(error)}") from error
    return split(data)


def opened(db: Path, *, readonly: bool = False) -> "Store":
    """A store that is there already: a typing error must not make an empty one."""
    from pipeline.store.store import Store

    if not db.is_file():
        raise InputInvalid(f"{db}：没有这个数据库；请先 lingsu run，或用 --db 指定")
    return Store.open(db, readonly=readonly)


def moment(text: str | None, option: str) -> str | None:
    """An ISO day or time. Raises InputInvalid: a wrong one must not erase everything."""
    if text is None:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise InputInvalid(f"{option} {text}：请写成 2026-07-14 或 2026-07-14T08:00") from error
    return text


def me() -> str:
    """Who is at the keyboard, for the audit; a container may know only a number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def stretch(
    call: "Call", turn: int | None, start: float | None, end: float | None
) -> tuple[float, float]:
    """Seconds to cut: of a turn, or as given. Raises InputInvalid for neither or no such."""
    if turn is not None:
        if turn >= len(call.turns):
            raise InputInvalid(f"这通只有 {len(call.turns)} 轮（从 0 数起）")
        return call.turns[turn].start, call.turns[turn].end
    if start is None or end is None:
        raise InputInvalid("请用 --turn 给出轮次，或用 --start 和 --end 给出秒数")
    return start, end


def clip_name(call: "Call", start: float) -> Path:
    """Where a clip goes that nobody named: the recording's name, masked, and the second."""
    from pipeline.export.files import safe_stem
    from pipeline.redact import hiding

    stem = safe_stem(hiding(call)(call.recording.name))
    return Path(f"{stem}_{start:.0f}s.wav")
