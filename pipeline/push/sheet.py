"""What is told of pushes: at the end of `lingsu push`, and of one call in `lingsu show`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.grids import Table, listed, pairs
from pipeline.labels import word
from pipeline.push.run import Pushed
from pipeline.store.pushes import Push

COUNTED = ("before", "changed", "waiting", "elsewhere", "unsent")


def plain(told: Pushed, file: Path) -> dict[str, Any]:
    """The same for programs."""
    return {
        "accepted": [
            {"order_id": order, "receipt": receipt} for order, receipt in told.accepted
        ],
        **{name: getattr(told, name) for name in COUNTED},
        "stopped": told.stopped or None,
        "left": [_letter(one.plain) for one in told.left],
        "refused": [_letter(one.plain) for one in told.refused],
        "file": str(file) if told.left or told.refused else None,
    }


def tables(told: Pushed, lang: str) -> list[Table]:
    """Counts, receipts, and what is left with its reason."""
    counts: dict[str, str | None] = {"push.accepted": str(len(told.accepted))}
    counts |= {f"push.{name}": str(getattr(told, name) or "") for name in COUNTED}
    counts["push.left"] = str(len(told.left) or "")
    counts["push.refused_before"] = str(len(told.refused) or "")
    made = [pairs("push.title", counts, lang)]
    if told.accepted:
        made.append(
            listed("push.receipts", ("push.order", "push.receipt"), told.accepted, lang)
        )
    for title, found in (("push.left", told.left), ("push.refused_before", told.refused)):
        lines = [
            (
                one.order.order_id,
                word(f"push.{one.reason}", lang),
                str(one.status or ""),
                one.said,
            )
            for one in found
        ]
        heads = ("push.order", "reason", "push.status", "push.said")
        made += [listed(title, heads, lines, lang)] if lines else []
    return made


def sent(pushes: Sequence[Push], lang: str) -> list[Table]:
    """What was sent of a call, for `lingsu show`; no table where nothing was."""
    lines = [
        (
            f"{one.sha256[:16]}-{one.number}",
            one.target,
            word(f"push.{one.reason or one.state}", lang),
            one.receipt or "",
            str(one.attempts),
            one.at[:19].replace("T", " "),
        )
        for one in pushes
    ]
    heads = ("push.order", "push.target", "status", "push.receipt", "push.attempts", "time")
    return [listed("push.title", heads, lines, lang)] if lines else []


def farewell(told: Pushed, command: str, file: Path, lang: str) -> str:
    """What to do about what did not arrive; nothing where all did. command: what was typed."""
    lines = []
    if told.stopped:
        reason = word(f"push.{told.stopped}", lang)
        lines.append(word("push.stopped", lang).format(reason))
    if told.left or told.refused:
        lines.append(word("push.again", lang).format(file=file, command=command))
    if told.changed:
        lines.append(word("push.changed_hint", lang))
    return "".join(f"{line}\n" for line in lines)


def _letter(letter: dict[str, Any]) -> dict[str, Any]:
    return {name: letter[name] for name in ("order_id", "key", "reason", "status", "said")}
