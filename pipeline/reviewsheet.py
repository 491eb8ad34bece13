"""What `lingsu review` prints: what people decided on a call, and which calls wait for them.

Reads exported objects, as callsheet.py does: what is hidden there is hidden here.
"""

from collections.abc import Sequence

from pipeline.decisions import item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.export.dialogue import clock
from pipeline.export.rows import Row, row
from pipeline.grids import SHOWN, Table, table
from pipeline.labels import word
from pipeline.records import CallResult, Flag
from pipeline.store.reviews import Review


def told(one: Row, profile: Profile, lang: str) -> str:
    """What a person made of an item: 改为 城管."""
    value = value_name(one["item"], one["new"], profile, lang) if one["new"] else ""
    return f"{word('verb.' + one['what'], lang)} {value}".strip()


def decided_table(found: Sequence[Row], profile: Profile, lang: str) -> Table:
    """Every decision on a call, oldest first; the last of an item counts."""
    last = {one["item"]: i for i, one in enumerate(found)}
    lines = [
        (
            item_name(one["item"], profile, lang),
            value_name(one["item"], one["old"], profile, lang),
            told(one, profile, lang),
            one["reason"] or "",
            one["who"],
            one["at"],
            "✓" if last[one["item"]] == i else "",
        )
        for i, one in enumerate(found)
    ]
    heads = ("item", "machine", "person", "reason", "who", "time", "counts")
    return table("reviewed", heads, lines, lang)


def decided_rows(result: CallResult, found: Sequence[Review], profile: Profile) -> list[Row]:
    """The same for machines, with the numbers of the call hidden."""
    return row(result, profile, reviewed=found)["reviewed"]


def decided_line(one: Row, profile: Profile, lang: str) -> str:
    """One decision that has just been kept."""
    name = item_name(one["item"], profile, lang)
    old = value_name(one["item"], one["old"], profile, lang)
    return f"{name}：{old} → {told(one, profile, lang)} · {one['who']}"


def queue_row(result: CallResult, flags: Sequence[Flag], profile: Profile) -> Row:
    """A call that waits, and the flags that are still open."""
    plain = row(result, profile)
    each = zip(plain["review"], result.call.review, strict=True)
    facts = {key: plain[key] for key in ("sha256", "pbx_call_id", "started_at")}
    return {**facts, "open": [shown for shown, flag in each if flag in flags]}


def queue_table(shown: Sequence[Row], count: int, lang: str) -> Table:
    """The calls that wait, a line each: the first of what is open, and how much more.

    shown: the first of all `count`.
    """
    lines: list[tuple[str, ...]] = []
    for item in shown[:SHOWN]:
        flag, *rest = item["open"]
        more = f"（{word('more', lang).format(len(rest))}）" if rest else ""
        moment = "" if flag["start_s"] is None else clock(flag["start_s"])
        facts = (item["sha256"][:12], item["pbx_call_id"] or "", item["started_at"] or "")
        severity = word(flag["severity"], lang)
        lines.append((*facts, moment, severity, flag["reason"] + more))
    if count > len(lines):
        lines.append((word("more_calls", lang).format(count - len(lines)), *5 * [""]))
    heads = ("id", "pbx_call_id", "started_at", "time", "severity", "reason")
    return table("queue", heads, lines, lang)
