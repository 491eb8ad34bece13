"""Sending one order to a real server: what is tried again, what is not, and what is kept."""

import re
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from receiving import drip, drop, garbage, receiving, slow, status, taken, taken_unheard

from pipeline.config import load_config
from pipeline.errors import InputInvalid
from pipeline.push.post import Sender
from pipeline.push.target import TOKEN, Target, loopback, target

KEY = "k" * 32


def sent(url, *, token="", **settings):
    """Send one order with these settings; the answer and the pauses that were made."""
    pauses: list[float] = []
    push = load_config(push={"timeout_s": 5.0, **settings}).push
    with Sender(Target(url, push, token), wait=pauses.append, dice=lambda: 1.0) as sender:
        return sender.send(b'{"order_id": "x"}', KEY), pauses


def test_an_order_is_posted_as_json_with_its_key_and_the_token():
    with receiving() as system:
        answer, pauses = sent(system.url, token="s3cret")
    (key, headers, body) = system.seen[0]
    assert (answer.state, answer.receipt, answer.attempts) == ("accepted", "GD0001", 1)
    assert (key, body, pauses) == (KEY, b'{"order_id": "x"}', [])
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    "step", [status(500), status(503), status(429), drop, garbage, status(200, "<html>")]
)
def test_what_may_pass_is_tried_again_with_growing_pauses_under_the_same_key(step):
    with receiving(step, step, step) as system:
        answer, pauses = sent(system.url)
    assert answer.state == "accepted" and answer.attempts == 4
    assert pauses == [1.0, 2.0, 4.0]
    assert system.keys == [KEY] * 4 and len(system.orders) == 1


def test_pauses_are_shortened_at_random_and_never_longer_than_the_longest():
    push = load_config(push={"attempts": 8, "backoff_s": 1.0, "longest_wait_s": 10.0}).push
    pauses: list[float] = []
    with receiving(*[status(500)] * 8) as system:
        with Sender(Target(system.url, push), wait=pauses.append, dice=lambda: 0.0) as sender:
            assert sender.send(b"{}", KEY).state == "undelivered"
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0]


def test_retry_after_is_kept_to_in_seconds_and_as_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    steps = (status(429, Retry_After="7"), status(503, Retry_After=soon))
    with receiving(*steps) as system:
        answer, pauses = sent(system.url)
    assert answer.state == "accepted"
    assert pauses[0] == 7.0 and 20.0 < pauses[1] <= 30.0


@pytest.mark.parametrize("header", ["soon", "-5", "", "²"])
def test_a_retry_after_that_says_nothing_leaves_the_usual_pause(header):
    with receiving(status(429, Retry_After=header)) as system:
        assert sent(system.url)[1] == [1.0]


def test_who_is_told_to_wait_too_long_stops_instead():
    with receiving(status(429, Retry_After="3600")) as system:
        answer, pauses = sent(system.url)
    assert (answer.state, answer.reason, answer.stop) == ("undelivered", "busy", True)
    assert pauses == [] and len(system.seen) == 1


@pytest.mark.parametrize("code", [400, 408, 410, 413, 422, 451])
def test_an_order_that_is_refused_is_not_tried_again(code):
    with receiving(status(code, '{"error": "电话 13907750123 不对"}')) as system:
        answer, pauses = sent(system.url)
    assert (answer.state, answer.reason, answer.status) == ("refused", "refused", code)
    assert not answer.stop and pauses == [] and len(system.seen) == 1
    assert "139****0123" in answer.said


@pytest.mark.parametrize(
    ("code", "reason"),
    [(401, "unauthorized"), (403, "unauthorized"), (404, "no_such_place"), (302, "redirect")],
)
def test_a_wrong_address_or_token_stops_the_push(code, reason):
    with receiving(status(code, Location="/elsewhere")) as system:
        answer, _ = sent(system.url)
    assert (answer.state, answer.reason, answer.stop) == ("undelivered", reason, True)
    assert len(system.seen) == 1  # nobody followed


def test_a_duplicate_with_its_receipt_is_taken_and_without_one_refused():
    with receiving(status(409, '{"receipt": "GD7"}')) as system:
        assert sent(system.url)[0].receipt == "GD7"
    with receiving(status(409)) as system:
        assert sent(system.url)[0].state == "refused"


def test_an_order_whose_answer_was_lost_is_not_taken_twice():
    with receiving(taken_unheard) as system:
        answer, _ = sent(system.url)
    assert answer.state == "accepted" and answer.attempts == 2
    assert len(system.seen) == 2 and len(system.orders) == 1


@pytest.mark.parametrize("step", [slow(1.0), drip])
def test_silence_and_endless_answers_are_given_up(step):
    with receiving(step) as system:
        answer, _ = sent(system.url, timeout_s=0.2, attempts=1)
    assert (answer.state, answer.reason) == ("undelivered", "timeout")


def test_nobody_listening_is_told_apart_from_an_answer():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer, pauses = sent(f"http://127.0.0.1:{port}/x", attempts=2)
    assert (answer.state, answer.reason, len(pauses)) == ("undelivered", "unreachable", 1)


def test_an_answer_larger_than_any_receipt_is_not_read_to_its_end():
    with receiving(status(200, '{"receipt": "' + "9" * 1_000_000)) as system:
        answer, _ = sent(system.url, attempts=1)
    assert answer.reason == "no_receipt" and len(answer.said) <= 200


@pytest.mark.parametrize(
    ("path", "body", "receipt"),
    [
        ("receipt", '{"receipt": 17}', "17"),
        ("data.id", '{"data": {"id": "GD1"}}', "GD1"),
        ("", "thank you", ""),
        ("receipt", '{"receipt": true}', None),
        ("receipt", '{"receipt": ""}', None),
        ("receipt", '["receipt"]', None),
        ("data.id", '{"data": "id"}', None),
        ("receipt", "[" * 50_000, None),
    ],
)
def test_the_receipt_is_found_where_the_settings_say(path, body, receipt):
    with receiving(status(200, body)) as system:
        answer, _ = sent(system.url, receipt=path, attempts=1)
    assert answer.receipt == receipt
    assert answer.state == ("accepted" if receipt is not None else "undelivered")


def _whole_request(stream) -> None:
    """Read to the end of the body: what is left unread resets the connection at its close."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += stream.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
    while len(body) < length:
        body += stream.recv(65536)


def test_a_certificate_that_nobody_vouches_for_stops_the_push(tmp_path):
    pytest.importorskip("trustme")
    import ssl
    import threading

    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve():
            for _ in range(2):
                raw, _ = listening.accept()
                try:
                    with context.wrap_socket(raw, server_side=True) as secure:
                        _whole_request(secure)
                        body = b'{"receipt": "GD1"}'
                        head = f"HTTP/1.1 201 OK\r\nContent-Length: {len(body)}\r\n\r\n"
                        secure.sendall(head.encode() + body)
                except OSError:
                    raw.close()

        thread = threading.Thread(target=serve)
        thread.start()
        answer, pauses = sent(f"https://localhost:{port}/x")
        assert (answer.reason, answer.stop, pauses) == ("certificate", True, [])
        known, _ = sent(f"https://localhost:{port}/x", ca_file=str(tmp_path / "ca.pem"))
        thread.join()
    assert known.state == "accepted"


@pytest.mark.parametrize(
    "url",
    [
        "gongdan.example/api",
        "ftp://gongdan.example",
        "https://",
        "https://user:pass@gongdan.example/api",
        "https://gongdan.example/api?token=1",
        "https://gongdan.example/api#x",
        "https://gongdan.example:99999/",
        "https://gongdan.example/a b",
        "https://工单.example/",
        "http://gongdan.example/api",
        "http://10.0.0.5/api",
        "http://127.0.0.1.example/api",
    ],
)
def test_addresses_that_are_none_or_would_leak_are_refused(url):
    with pytest.raises(InputInvalid):
        target(url, load_config().push)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_may_be_reached_without_encryption(host):
    assert loopback(host)
    shown = f"[{host}]" if ":" in host else host
    assert target(f"http://{shown}:8080/api", load_config().push).url


def test_http_is_taken_where_it_was_asked_for():
    push = load_config().push
    assert target("http://10.0.0.5/api", push, insecure_http=True)


def test_the_token_comes_from_the_environment_or_a_file_and_shows_nowhere(
    tmp_path, monkeypatch
):
    push = load_config().push
    monkeypatch.setenv(TOKEN, " s3cret\n")
    found = target("https://gongdan.example/", push)
    assert found.token == "s3cret" and "s3cret" not in repr(found)
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert target("https://gongdan.example/", push, token_file=file).token == "from-file"


@pytest.mark.parametrize("text", ["", "two words", "two\nlines", "口令"])
def test_a_token_file_that_holds_none_is_refused(tmp_path, text):
    (tmp_path / "token").write_text(text)
    with pytest.raises(InputInvalid, match="口令"):
        target("https://x.example/", load_config().push, token_file=tmp_path / "token")


def test_without_an_address_there_is_nothing_to_send_to():
    with pytest.raises(InputInvalid, match=r"push\.url"):
        target(None, load_config().push)
    configured = load_config(push={"url": "https://gongdan.example/api"}).push
    assert target(None, configured).url == "https://gongdan.example/api"


def test_taken_and_told_again_is_one_order():
    with receiving(taken, taken) as system:
        first, second = sent(system.url)[0], sent(system.url)[0]
    assert first.receipt == second.receipt and len(system.orders) == 1
