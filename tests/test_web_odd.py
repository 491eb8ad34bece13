"""Every route, those to come as well, with values that nobody means: no defect shows."""

import re
from urllib.parse import quote

import pytest
from shiftcalls import rude, told

from pipeline.roles import ADMIN
from pipeline.web import menu

ODD = ("9" * 30, "-1", "NaN", "\x00", "'\"><script>", "😀" * 40, "%(n)s{{7*7}}", "../..", "²")
# what routes read from an address or a form; a name that a route does not know changes nothing
NAMES = (
    *("at", "trail", "day", "start", "end", "stretches", "who", "what", "since", "until"),
    *("before", "after", "limit", "agent", "status", "next", "lang", "q", "part", "state"),
    *("item", "to", "reason", "version", "name", "role", "agent_id", "label", "days", "old"),
    *("kind", "shift", "department", "district", "region", "request_type", "urgency"),
    *("outcome", "abuse", "flag", "split", "f.caller"),
    *(
        "audio_days",
        "audit_days",
        "new",
        "again",
        "show",
        "which",
        "code",
        "other",
        "verdicts",
        "abuse.who",
        "qa.greeting",
    ),
)
ENDING = ("/logout", "/login", "/password", "/disable", "/role", "/reset")  # of sessions


@pytest.fixture
def filled(office):
    """Three calls: one with a number, one abusive, one that failed."""
    calls = [
        told(1, "agent: 您好", "caller: 停水了", caller_number="13912345678"),
        rude(2, "agent: 您好", "caller: 你个混蛋", quote="混蛋"),
        told(3, status="failed"),
    ]

    def keep(store):
        store.remember((one.call.recording, ("/x/a.wav",)) for one in calls)
        for one in calls:
            store.save(one, heard=one.status != "failed")

    office.write(keep)
    office.shas = [one.call.recording.sha256 for one in calls]
    return office


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_value_is_answered_and_never_a_defect(filled, odd):
    asked, broken, known = dict.fromkeys(NAMES, odd), {}, {}
    for number, ((method, path), roles) in enumerate(sorted(menu.table(filled.app).items())):
        if path.endswith(ENDING):
            continue
        role, api = sorted(roles or {ADMIN})[number % max(1, len(roles))], "/api/" in path
        if (role, api) not in known:
            known[role, api] = filled.program(role) if api else filled.client(role)
            known[role, api]._transport.raise_server_exceptions = False
        sent = {} if method == "GET" else {"json" if api else "data": asked}
        for sha in (filled.shas[number % 3], odd):
            send = known[role, api].post if method == "POST" else known[role, api].request
            words = () if method == "POST" else (method,)
            answer = send(*words, _filled(path, sha, odd), params=asked, **sent)
            html = answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code >= 500 or (html and "<script>" in answer.text):
                broken[method, path, sha == odd] = answer.status_code
    assert broken == {}


def _filled(path, sha, odd):
    values = {"sha256": sha}
    return re.sub(
        r"{(\w+)[^}]*}", lambda place: quote(values.get(place[1], odd), safe=""), path
    )
