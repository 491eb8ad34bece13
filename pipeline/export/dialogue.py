"""A call as people read it: subtitles with roles (SRT), a dialogue (TXT), a work order."""

from collections.abc import Iterator

from pipeline.export.orders import related
from pipeline.export.rows import Row
from pipeline.labels import word


def srt(row: Row) -> str:
    """SubRip: numbered blocks with the role before the words."""
    blocks = [
        f"{n}\n{_srt_time(turn['start_s'])} --> {_srt_time(turn['end_s'])}\n"
        f"{word(turn['speaker'])}：{_one_line(turn['text'])}\n"
        for n, turn in enumerate(row["turns"], 1)
    ]
    return "\n".join(blocks)


def txt(row: Row) -> str:
    """A header line, then one line a turn: [00:05] 来电人：..."""
    head = [row["call_id"], row["file"], row["started_at"], row["agent_id"]]
    lines = ["　".join(_one_line(str(part)) for part in head if part)]
    if row["failure"]:
        lines.append(f"（处理失败：{row['failure']['code']}）")
    if row["no_speech"]:
        lines.append(f"（没有可转写的语音：{word(row['no_speech'])}）")
    for turn in row["turns"]:
        words = f"{word(turn['speaker'])}：{_one_line(turn['text'])}"
        marks = "（同时说话）" if turn["overlap"] else ""
        lines.append(f"[{clock(turn['start_s'])}] {words}{marks}")
    return "\n".join(lines) + "\n"


def work_orders(row: Row) -> Iterator[Row]:
    """The draft work orders flat, as a spreadsheet or a work-order system takes them."""
    for ticket in (row["ticket"], *row["more_tickets"]) if row["ticket"] else ():
        order = {"call_id": row["call_id"], "sha256": row["sha256"], "file": row["file"]}
        order |= {"标题": ticket["title"], "主要内容": ticket["summary"]}
        order |= {line["label"]: line["value"] for line in ticket["fields"]}
        order["关联通话"] = "、".join(related(row["relations"]))
        order["要素缺失清单"] = "、".join(ticket["missing"])
        order["回访要问"] = "".join(ticket["asks"])
        order["需人工复核"] = "是" if row["needs_review"] else "否"
        yield order


def clock(seconds: float) -> str:
    """12:05, or 1:02:05 where it takes hours."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{minutes}" if hours else minutes


def _srt_time(seconds: float) -> str:
    ms = round(seconds * 1000)
    return (
        f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
