"""What `lingsu show ID --audit` prints: where the transcript is not what was heard.

Reads the exported object, as callsheet.py does. Seconds are as `lingsu clip` takes them.
"""

from pathlib import Path

from pipeline.export.dialogue import clock
from pipeline.export.rows import Row
from pipeline.grids import Table, table
from pipeline.labels import word


def show(plain: Row, lang: str = "zh") -> list[Table]:
    """Two tables: words that were changed, and sound that gave no words."""
    changed = [
        (*_when(one), one["heard"], one["text"], _why(one["why"], lang))
        for one in plain["corrections"]
    ]
    gone = [
        (*_when(one), word(f"drop.{one['reason']}", lang), one["text"])
        for one in plain["dropped"]
    ]
    none = word("none", lang)
    return [
        table(
            "corrections",
            ("time", "seconds", "heard_as", "written_as", "why"),
            changed or [(none, "", "", "", "")],
            lang,
        ),
        table(
            "dropped",
            ("time", "seconds", "reason", "words"),
            gone or [(none, "", "", "")],
            lang,
        ),
    ]


def to_listen(plain: Row, db: Path, lang: str = "zh") -> str:
    """What to type to hear the first of them; "" where there is none."""
    first = next(iter((*plain["corrections"], *plain["dropped"])), None)
    if first is None:
        return ""
    named = "" if db == Path("lingsu.db") else f" --db {db}"
    start, end = _seconds(first)
    line = word("to_listen", lang)
    return line.format(id=plain["sha256"][:8], db=named, start=start, end=end) + "\n"


def _when(one: Row) -> tuple[str, str]:
    return clock(one["start_s"]), "–".join(_seconds(one))


def _seconds(one: Row) -> tuple[str, str]:
    """To a hundredth; the end is never rounded down to the start, which clip would refuse."""
    start, end = one["start_s"], one["end_s"]
    return f"{start:.2f}", f"{max(end, start + 0.01):.2f}"


def _why(why: str, lang: str) -> str:
    code, _, margin = why.partition(":")
    return word(f"why.{code}", lang).format(margin)
