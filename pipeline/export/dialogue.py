"""A call as people read it: subtitles with roles (SRT), a dialogue (TXT), a work order."""

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


def related(row: Row) -> list[str]:
    """The calls whose work order this one may be merged with."""
    found = row["relations"]
    return list(dict.fromkeys([*found["repeat_of"], *found["duplicates_of"]]))


def work_order(row: Row) -> Row | None:
    """The draft work order flat, as a spreadsheet or a work-order system takes it."""
    ticket = row["ticket"]
    if ticket is None:
        return None
    order = {"call_id": row["call_id"], "sha256": row["sha256"], "file": row["file"]}
    order |= {"标题": ticket["title"], "主要内容": ticket["summary"]}
    order |= {line["label"]: line["value"] for line in ticket["fields"]}
    order["关联通话"] = "、".join(related(row))
    order["要素缺失清单"] = "、".join(ticket["missing"])
    order["需人工复核"] = "是" if row["needs_review"] else "否"
    return order


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
