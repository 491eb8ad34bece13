"""How fast the workbench answers with a large store and many reviewers, by a load tool.

    python benchmarks/web_load.py STORE [--turns 1000000]      # made once, kept
    python benchmarks/web_load.py STORE --serve-and-load       # one JSON line

Makes a store of made-up calls (no data of anybody), serves it with `lingsu web` itself, in one
process, and lets wrk play reviewers (web_reviewers.py): each opens a page, reads it for half a
second to a second and a half, and opens the next. Figures are of whole answers as a client
sees them, in milliseconds, one kind of page after another; `server_cpu` is the processor time
of one answer, which is what is left of it on a machine that does nothing else.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

A_DAY, TURNS = 800, 25  # calls of a day; turns of a call
POOL = 800  # different calls: the others differ in time, agent and numbers
LAST = datetime(2026, 7, 31)
AGENTS = [str(1000 + i) for i in range(60)]
SIGNS = "东西南北中华兴安和平民乐新城河山湖海金银龙凤荷塘桥港园林站台福寿康宁永昌盛达源泉"
MATTERS = (
    "停水两天了没有人来修",
    "路灯一直不亮晚上很危险",
    "烧烤摊占道经营油烟很大",
    "物业乱收停车费还不给发票",
    "工地半夜施工噪音影响休息",
    "公交车不按时间到站",
    "垃圾堆了一个星期没有清运",
    "想问一下社保卡怎么补办",
    "孩子入学需要准备什么材料",
    "建议在路口加装红绿灯",
    "工资拖欠了三个月没有发",
    "下水道堵塞污水都漫出来了",
)
SAID = {
    "agent": (
        "您好，这里是政务服务热线，请问有什么可以帮您？",
        "请问具体是在哪个位置呢？",
        "好的，您别着急，我这边帮您记录一下。",
        "请您留一个联系电话，方便承办单位联系您。",
        "跟您核对一下，您反映的是{place}{matter}，对吗？",
        "我们会在二十四小时内转给相关单位处理，请您保持电话畅通。",
        "请问还有其他需要帮助的吗？感谢您的来电，再见。",
    ),
    "caller": (
        "你好，我要反映一个问题，{place}{matter}。",
        "就是在{place}{number}号附近，{matter}。",
        "已经跟社区说过好几次了，一直没有人管。",
        "我的电话是{phone}，姓{name}。",
        "对，就是这样，麻烦你们尽快处理。",
        "嗯，好的，那大概什么时候能有结果？",
        "昨天{matter}，今天还是一样，到底有没有人负责？",
    ),
}


def main() -> None:
    """Make the store, or measure over it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--serve-and-load", action="store_true")
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=40)
    asked = parser.parse_args()
    if asked.serve_and_load:
        from web_reviewers import measure

        print(json.dumps(measure(asked.store, asked.reviewers, asked.seconds)))
    else:
        print(json.dumps(make(asked.store, asked.turns)))


def make(path: Path, turns: int) -> dict[str, Any]:
    """Fill a new store with so many turns."""
    from pipeline.store.store import Store

    begun = time.perf_counter()
    with Store.open(path) as store:
        count = -(-turns // TURNS)
        pool = list(_pool(store))
        db = store.db
        db.execute("PRAGMA synchronous = OFF")
        # what the triggers would write row by row is copied from the pool's calls
        kept = db.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger' AND name LIKE 'facets_%'"
        ).fetchall()
        db.execute("BEGIN")
        for name, _ in kept:
            db.execute(f"DROP TRIGGER {name}")
        for number, call in enumerate(_calls(count, pool)):
            _put(db, number, call)
        db.execute("UPDATE ticks SET n = ?", (count,))
        for _, sql in kept:
            db.execute(sql)
        db.execute("COMMIT")
        db.execute("INSERT INTO spoken (spoken) VALUES ('optimize')")
        db.execute("ANALYZE")
    return {
        "made": str(path),
        "turns": count * TURNS,
        "calls": count,
        "megabytes": round(path.stat().st_size / 1e6),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _pool(store: Any) -> Iterator[dict[str, Any]]:
    """The rows that different calls leave in a store, read and taken out again."""
    from pipeline.store.store import Store

    dice = random.Random(1)
    for number in range(POOL):
        result = _result(number, dice)
        store.remember([(result.call.recording, ("/made-up.wav",))])
        store.save(result, heard=True)
    rows = {
        table: store.db.execute(f"SELECT * FROM {table} ORDER BY sha256").fetchall()
        for table in ("recordings", "transcripts", "results", "facets")
    }
    turns: dict[str, list[tuple]] = {}
    for row in store.db.execute("SELECT * FROM turns ORDER BY sha256, turn"):
        turns.setdefault(row["sha256"], []).append(tuple(row)[2:])
    spoken = {
        sha: terms
        for sha, terms in store.db.execute(
            "SELECT sha256, terms FROM spoken JOIN facets ON facets.id = spoken.rowid"
        )
    }
    store.db.execute("DELETE FROM recordings")
    assert isinstance(store, Store)
    for parts in zip(*rows.values(), strict=True):
        one = {name: dict(part) for name, part in zip(rows, parts, strict=True)}
        sha = one["facets"]["sha256"]
        yield one | {"turns": turns[sha], "spoken": spoken[sha]}


def _calls(count: int, pool: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Calls by time, so many a day, each at a second of its own shift."""
    dice = random.Random(2)
    days = -(-count // A_DAY)
    for number in range(count):
        day = LAST - timedelta(days=days - 1 - number // A_DAY)
        at = day + timedelta(seconds=86_400 * (number % A_DAY) // A_DAY)
        phone = f"13{dice.randrange(10**9):09d}"
        yield dice.choice(pool) | {
            "sha": hashlib.sha256(str(number).encode()).hexdigest(),
            "at": at.isoformat(),
            "shift": "行政班" if 8 <= at.hour < 17 else "晚班" if 17 <= at.hour else "大夜班",
            "agent": dice.choice(AGENTS),
            "phone": phone,
        }


def _put(db: Any, number: int, call: dict[str, Any]) -> None:
    who = {
        "sha256": call["sha"],
        "started_at": call["at"],
        "agent_id": call["agent"],
        "shift": call["shift"],
    }
    metadata = json.loads(call["recordings"]["metadata"])
    metadata |= {key: value for key, value in who.items() if key in metadata}
    metadata["caller_number"] = call["phone"]
    text = json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    recording = who | {"metadata": text, "caller_number": call["phone"]}
    _insert(db, "recordings", call["recordings"] | recording)
    for table in ("transcripts", "results"):
        row = call[table] | {"sha256": call["sha"]}
        row.pop("id")
        _insert(db, table, row)
    facets = call["facets"] | who | {"id": number + 1, "stamp": number + 1}
    _insert(db, "facets", facets)
    db.executemany(
        "INSERT INTO turns (sha256, turn, start, speaker, text) VALUES (?, ?, ?, ?, ?)",
        [(call["sha"], *turn) for turn in call["turns"]],
    )
    row = (number + 1, call["spoken"])
    db.execute("INSERT INTO spoken (rowid, terms) VALUES (?, ?)", row)


def _insert(db: Any, table: str, row: dict[str, Any]) -> None:
    places = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))


def _result(number: int, dice: random.Random) -> Any:
    """A judged call of made-up words, as large as real ones are."""
    from pipeline.records import (
        Abuse,
        Call,
        CallResult,
        Choice,
        Decision,
        Finding,
        Flag,
        Metadata,
        Recording,
        Scope,
        Sound,
        Ticket,
        TicketField,
        Turn,
    )

    place = "".join(dice.choices(SIGNS, k=2)) + dice.choice("路街村巷")
    matter = dice.choice(MATTERS)
    words = {
        "place": place,
        "matter": matter,
        "number": dice.randrange(1, 300),
        "phone": f"139{dice.randrange(10**8):08d}",
        "name": dice.choice(SIGNS),
    }
    turns = []
    for i in range(TURNS):
        who = "agent" if i % 2 == 0 else "caller"
        said = dice.choice(SAID[who]).format(**words) + "".join(dice.choices(SIGNS, k=4))
        times = tuple(round(6.0 * i + 0.2 * k, 2) for k in range(len(said)))
        turns.append(Turn(6.0 * i, 6.0 * i + 5, who, said, said, 0, 0.9, times))
    found = [
        Finding("qa", "rule", i, turns[i].text[:6], 6.0 * i, 6.0 * i + 1) for i in range(8)
    ]
    entity = Finding("entity", "place", 1, place, 6.0, 7.0, "place")
    units = ("城管", "住建", "交通运输", "公安", "生态环境", "市场监管", "人社", "教育", "水务")
    kind = dice.choices(("投诉", "求助", "咨询", "建议", "举报"), (40, 25, 25, 6, 4))[0]
    level = dice.choices(("none", "mild", "severe", "threat"), (96, 2, 1.6, 0.4))[0]
    outcome = dice.choices(
        ("accept_dispatch", "answer_now", "decline_explain", "refer", "record_suggestion"),
        (60, 22, 8, 5, 5),
    )[0]
    names = "greeting self_id asks_location asks_contact verifies empathy closing reads_back"
    flags = [
        Flag(item, dice.choice(("pass", "pass", "fail")), "info", "", (found[i],))
        for i, item in enumerate(names.split())
    ]
    if level != "none":
        flags.append(Flag("abuse", "fail", "alert", "辱骂", (found[0],)))
    if dice.random() < 0.15:
        flags.append(Flag("unsure_department", "fail", "review", "承办单位要人定"))
    lines = tuple(
        TicketField(f"f{i}", f"栏{i}", turns[i % TURNS].text, i < 12, (found[i % 8],))
        for i in range(26)
    )
    missing = ("事发地址", "联系电话")[: dice.randrange(3)]
    choice = Decision(kind, 0.9, tuple(found[:3]), (Choice("求助", 0.05),), True)
    call = Call(
        Recording(
            f"{number:064x}"[::-1], f"/made-up/{number}.wav", 6.0 * TURNS, 2, 8000, "pcm",
            Metadata(f"C{number}", LAST.isoformat(), "1000", words["phone"], region="贵港市"),
        ),
        sound=Sound(grade="good"),
        turns=tuple(turns),
        entities=(entity,),
        request_type=choice,
        domain=replace(choice, value=dice.choice(("城市管理", "公用事业", "交通运输", "教育"))),
        district=Decision(dice.choice(("港北区", "港南区", "覃塘区", "平南县", "桂平市"))),
        departments=(replace(choice, value=dice.choice(units)),),
        urgency=Decision(dice.choices(("一般", "紧急", "特急"), (90, 8, 2))[0]),
        emotion_end=Decision(dice.choice(("平静", "不满", "愤怒"))),
        scope=Scope(outcome, findings=tuple(found[:3])),
        abuse=Abuse(level, ("caller",) if level != "none" else ()),
        flags=tuple(flags),
        ticket=Ticket(f"{place}{matter[:9]}", f"来电人反映：{place}{matter}。", lines, missing),
    )  # fmt: skip
    return CallResult(call, "ok", None, "hear", "judge")


if __name__ == "__main__":
    main()
