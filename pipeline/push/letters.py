"""Orders that nobody took, as a file: JSON lines, each with its reason, to be sent again.

The file is written whole, readable by its owner alone, and is gone when nothing is left.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputInvalid, cause
from pipeline.export.files import encoded, whole_file
from pipeline.export.rows import Row
from pipeline.push.orders import Order
from pipeline.store import pushes
from pipeline.store.store import Store

SUFFIX = ".undelivered.jsonl"  # after the store's name


@dataclass(frozen=True, slots=True)
class Letter:
    """An order with what became of it."""

    order: Order
    target: str
    reason: str
    status: int | None
    said: str  # the other side's own words, masked
    attempts: int
    at: str

    @property
    def plain(self) -> Row:
        """Its line."""
        return {
            "order_id": self.order.order_id,
            "key": self.order.key,
            "target": self.target,
            "reason": self.reason,
            "status": self.status,
            "said": self.said,
            "attempts": self.attempts,
            "at": self.at,
            "number": self.order.number,
            "order": self.order.body,
        }


def read(path: Path) -> list[Letter]:
    """The letters of a file. Raises InputInvalid naming the line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = cause(error) if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise InputInvalid(f"{path}：读不了（{why}）") from error
    return [_letter(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]


def write(path: Path, letters: Sequence[Letter]) -> None:
    """Write the file anew; without letters there is none."""
    if not letters:
        path.unlink(missing_ok=True)
        return
    with whole_file(path, private=True) as handle:
        for letter in letters:
            handle.write(encoded(json.dumps(letter.plain, ensure_ascii=False) + "\n"))


def beside(db: Path) -> Path:
    """Where the letters of a store lie unless told otherwise."""
    return db.with_name(db.name + SUFFIX)


def sweep(store: Store, path: Path) -> None:
    """Take the letters of erased calls out of a file, if it is there."""
    if path.exists():
        found = read(path)
        there = pushes.known(store, {one.order.sha256 for one in found})
        write(path, [one for one in found if one.order.sha256 in there])


def joined(old: Iterable[Letter], new: Iterable[Letter]) -> list[Letter]:
    """One letter for each version and system, the newer one."""
    return list({(one.order.key, one.target): one for one in (*old, *new)}.values())


def _letter(path: Path, number: int, line: str) -> Letter:
    try:
        plain: dict[str, Any] = json.loads(line)
        body = plain["order"]
        order = Order(str(body["sha256"]), int(plain["number"]), body)
        if order.key != plain["key"] or not order.order_id:
            raise ValueError("key")
        told = {key: plain[key] for key in ("target", "reason", "status", "said")}
        return Letter(order, **told, attempts=int(plain["attempts"]), at=str(plain["at"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputInvalid(
            f"{path}：第 {number} 行不是聆诉写的推送记录，或被改动过；要改工单请在对方系统里改"
        ) from error
