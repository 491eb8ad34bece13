"""`lingsu web` as it is started: a real server, a real socket, a run that writes meanwhile."""

import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager

import pytest
from faking import answer

from pipeline.store import audit
from pipeline.store.store import Store
from pipeline.web.command import _first_administrator


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def served(folder, *words):
    """Base address and the lines that were said until it was ready; stopped by Ctrl-C."""
    port = free_port()
    command = [sys.executable, "-m", "cli", "web", "--db", str(folder / "lingsu.db")]
    process = subprocess.Popen(
        [*command, "--port", str(port), *words], stderr=subprocess.PIPE, text=True
    )
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            if "Uvicorn running" in line:
                break
        drain = threading.Thread(target=lambda: said.extend(process.stderr))
        drain.start()
        yield port, said
    finally:
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=30)
        drain.join()
        process.stderr.close()
    assert status in (0, 130), said


def get(address, **headers):
    context = ssl._create_unverified_context() if address.startswith("https") else None
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, context=context, timeout=30) as answer:
        return answer, answer.read().decode()


@pytest.mark.slow
def test_the_first_start_makes_an_administrator_once(tmp_path):
    with served(tmp_path) as (port, said):
        told = "".join(said)
        once = re.search(r"一次性密码 (\S+?)（", told)[1]
        head, page = get(f"http://127.0.0.1:{port}/login?secret=typed")
        assert 'name="password"' in page and "server" not in head.headers
    assert not any("secret" in line or "Traceback" in line for line in said)
    assert sum("GET '/login' 200" in line for line in said) == 1
    with served(tmp_path) as (_, said):
        assert "一次性密码" not in "".join(said)
    with Store.open(tmp_path / "lingsu.db", readonly=True) as store:
        assert [row["what"] for row in audit.listing(store, audit.Wanted(), limit=9)] == [
            "user.add"
        ]
    assert once.encode() not in (tmp_path / "lingsu.db").read_bytes()


def test_accounts_made_before_the_first_start_do_not_stand_in_for_an_administrator(office):
    office.account("lead")
    assert _first_administrator(office.bench) is not None
    assert _first_administrator(office.bench) is None


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate")
def test_tls_is_spoken_with_a_certificate_of_one_s_own(tmp_path):
    cert, key, secret = (tmp_path / name for name in ("cert.pem", "key.pem", "lingsu.key"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    secret.write_bytes(b"k" * 40)
    secret.chmod(0o600)
    words = ("--tls-cert", cert, "--tls-key", key, "--secret-key", secret)
    with served(tmp_path, *map(str, words)) as (port, _):
        head, _ = get(f"https://127.0.0.1:{port}/login")
        assert "max-age" in head.headers["strict-transport-security"]
        cookie = head.headers["set-cookie"]
        assert cookie.startswith("__Host-lingsu-before=") and "Secure" in cookie


@pytest.mark.slow
def test_the_proxy_alone_says_from_where_somebody_comes(tmp_path):
    secret = tmp_path / "lingsu.key"
    secret.write_bytes(b"k" * 40)
    secret.chmod(0o600)
    words = ("--name", "hotline.example", "--secret-key", str(secret), "--behind-proxy")
    forwarded = {"Host": "hotline.example", "X-Forwarded-For": "10.9.9.9"}
    for proxy, seen in (("127.0.0.1", "10.9.9.9"), ("10.0.0.1", "127.0.0.1")):
        with served(tmp_path, *words, proxy) as (port, _):
            login = f"http://127.0.0.1:{port}/login"
            head, page = get(login, **forwarded)
            cookie = head.headers["set-cookie"].split(";")[0]
            fields = {"csrf": re.search(r'name="csrf" content="(\w+)"', page)[1], "name": "x"}
            request = urllib.request.Request(
                login, urllib.parse.urlencode(fields).encode(), {**forwarded, "Cookie": cookie}
            )
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(request, timeout=30)
        with Store.open(tmp_path / "lingsu.db", readonly=True) as store:
            (row,) = audit.listing(store, audit.Wanted(what="login"), limit=1)
        assert f'"from":"{seen}"' in row["detail"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "--secret-key"),
        (("--behind-proxy", "127.0.0.1"), "--secret-key"),
        (("--secret-key", "nowhere.key"), "没有这个文件"),
    ],
)
def test_it_does_not_start_unprotected(tmp_path, words, said):
    from typer.testing import CliRunner

    import cli

    command = ["web", "--db", str(tmp_path / "lingsu.db"), *words]
    refused = CliRunner().invoke(cli.app, command)
    assert refused.exit_code == 2 and said in refused.stderr
    assert not (tmp_path / "lingsu.db").exists()


def test_pages_answer_and_new_calls_appear_while_a_run_writes(office):
    program, admin = office.program("lead"), office.client("admin")
    count, codes = 60, []

    def run():
        with Store.open(office.bench.settings.db) as store:
            for number in range(count):
                made = answer(number, "agent: 您好", f"caller: 第{number}通")
                store.remember([(made.call.recording, ("/x/a.wav",))])
                store.save(made, heard=True)

    writer = threading.Thread(target=run)
    writer.start()
    while writer.is_alive():
        codes.append(program.get("/api/v1/calls").status_code)
        codes.append(admin.post("/admin/audit/verify").status_code)
    writer.join()
    assert set(codes) == {200, 303}
    listed = program.get("/api/v1/calls", params={"limit": 200}).json()["calls"]
    assert len(listed) == count


def test_pages_that_show_answer_while_somebody_writes_for_long(office):
    browser, program = office.client("lead"), office.program("lead")
    office.at += 120  # so that the session's use is to be written down
    with Store.open(office.bench.settings.db) as store, store.transaction():
        assert browser.get("/account").status_code == 200
        assert program.get("/api/v1/me").status_code == 200
