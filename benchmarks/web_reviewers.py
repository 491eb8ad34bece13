"""Reviewers at work, played by wrk: for web_load.py.

One process serves; for each kind of page wrk holds as many connections as there are reviewers.
A reviewer opens a page of that kind, reads it for half a second to a second and a half, and
opens another. The words searched for and the days shown differ from one request to the next.
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

from web_writer import writing

PASSWORD = "a-password-of-the-benchmark"
AGENT = "1000"
RARE = ("凤台", "龙荷", "福寿路", "昌盛桥街", "安和平民")  # in few calls
COMMON = ("停水", "路灯", "垃圾堆了", "您好", "麻烦你们尽快处理", "一直没有人管")
ADDRESSES = 400  # different ones of a kind
SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(os.time())
request = function()
  return wrk.format("GET", paths[math.random(#paths)], {["Cookie"] = "%s"})
end
delay = function() return math.random(500, 1500) end
done = function(summary, latency, requests)
  io.write(string.format('RESULT {"requests": %%d, "p50": %%.1f, "p95": %%.1f, "p99": %%.1f,'
    .. ' "max": %%.1f, "wrong": %%d}\\n', summary.requests, latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


def measure(db: Path, reviewers: int, seconds: int, a_minute: float) -> dict[str, Any]:
    """Serve the store, load it, and give the figures in milliseconds.

    a_minute: so many calls are stored meanwhile; 0: none.
    """
    accounts(db)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "cli.py", "web", "--db", str(db), "--port", str(port)],
        cwd=Path(__file__).parent.parent,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(port)
        with writing(db, a_minute) if a_minute else nullcontext({}) as written:
            told = load(db, port, server.pid, reviewers, seconds)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(15)
    return {
        "benchmark": "web_load",
        "tool": "wrk",
        "reviewers": reviewers,
        "cores": os.cpu_count(),
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "pages_ms": told,
        "writer_ms": written,
    }


def load(
    db: Path, port: int, server: int, reviewers: int, seconds: int
) -> dict[str, dict[str, Any]]:
    """One kind of page after another."""
    told, kinds = {}, pages(db)
    for name, (user, paths) in kinds.items():
        cookie = sign_in(port, user)
        ask(port, paths[0], cookie)  # what the process keeps is there
        before = spent(server)
        made = run(port, paths, cookie, reviewers, max(2, seconds // len(kinds)))
        cpu = 1000 * (spent(server) - before) / max(1, made["requests"])
        told[name] = made | {"server_cpu": round(cpu, 1)}
    return told


def pages(db: Path) -> dict[str, tuple[str, list[str]]]:
    """Kind -> who opens it, and addresses."""
    dice = random.Random(3)
    calls, own = newest(db)
    days = [f"2026-07-{day:02d}" for day in range(1, 31)]

    def some(make: Any) -> list[str]:
        return [make() for _ in range(ADDRESSES)]

    def search(words: tuple[str, ...], more: str = "") -> tuple[str, list[str]]:
        return "lead", some(lambda: f"/search?q={quote(dice.choice(words))}{more}")

    def board(kind: str, more: str = "") -> tuple[str, list[str]]:
        return "lead", some(lambda: f"/dashboard{kind}&day={dice.choice(days)}{more}")

    narrow = "&agent_id=1007&abuse=severe&since=2026-07-01&until=2026-07-31"
    return {
        "search_common": search(COMMON),
        "search_rare": search(RARE),
        "search_filtered": search(COMMON, narrow),
        "dashboard_day": board("?kind=day"),
        "dashboard_month": board("?kind=month"),
        "dashboard_of_an_agent": board("?kind=week", "&agent_id=1007"),
        "hot_spots": board("/told?kind=week"),
        "drafts": ("dispatcher", ["/dispatch", f"/dispatch?department={quote('水务')}"]),
        "work_order": ("dispatcher", some(lambda: f"/dispatch/{dice.choice(calls)}")),
        "own_calls": ("agent", ["/own"]),
        "own_scorecard": ("agent", some(lambda: f"/own/{dice.choice(own)}")),
        "call": ("lead", some(lambda: f"/calls/{dice.choice(calls)}")),
    }


def newest(db: Path) -> tuple[list[str], list[str]]:
    """The last ten days' calls, and the agent's own among them."""
    from pipeline.store.queries import rows_of
    from pipeline.store.store import Store

    sql = "SELECT sha256, agent_id FROM facets ORDER BY started_at DESC LIMIT 8000"
    with Store.open(db, readonly=True) as store:
        rows = rows_of(store, sql, ())
    own = [row["sha256"] for row in rows if row["agent_id"] == AGENT]
    return [row["sha256"] for row in rows], own


def accounts(db: Path) -> None:
    """One account of each role that is played."""
    from pipeline import passwords
    from pipeline.store import users
    from pipeline.store.store import Store

    by = users.By("benchmark")
    with Store.open(db) as store:
        for role in ("lead", "dispatcher", "agent"):
            if users.find(store, role) is None:
                kept = passwords.hashed(PASSWORD)
                agent = AGENT if role == "agent" else ""
                users.add(store, role, role, kept, by=by, agent_id=agent)
                users.set_password(store, role, kept, by=by, own=True)


def run(
    port: int, paths: list[str], cookie: str, reviewers: int, seconds: int
) -> dict[str, Any]:
    """One kind of page, by wrk."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "script.lua"
        listed.write_text("\n".join(paths))
        script.write_text(SCRIPT % (listed, cookie))
        told = subprocess.run(
            ["wrk", "-t1", f"-c{reviewers}", f"-d{seconds}s", "--timeout", "10s"]
            + ["-s", str(script), f"http://127.0.0.1:{port}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    found = re.search(r"RESULT (.*)", told)
    assert found, told
    return json.loads(found[1])


def sign_in(port: int, user: str) -> str:
    """The session's cookie."""
    import httpx2 as httpx

    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base) as client:
        page = client.get("/login").text
        csrf = re.search(r'name="csrf" content="([^"]+)"', page)
        assert csrf, page
        client.post("/login", data={"csrf": csrf[1], "name": user, "password": PASSWORD})
        return f"lingsu={client.cookies['lingsu']}"


def ask(port: int, path: str, cookie: str) -> None:
    """One answer, which must be a page."""
    import httpx2 as httpx

    answer = httpx.get(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie}, timeout=60)
    assert answer.status_code == 200, (path, answer.status_code)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait(port: int) -> None:
    """Until somebody listens."""
    for _ in range(300):
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("the workbench did not start")


def spent(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
