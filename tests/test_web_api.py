"""/api/v1: what programs with a token can do, and its description."""

import pytest
from shiftcalls import rude, told

from pipeline.store import audit


@pytest.fixture
def filled(office):
    """Three calls of two agents, one with a number in it."""
    calls = [
        told(1, "caller: 我的电话13912345678，停水了", caller_number="13912345678"),
        told(2, "caller: 路灯不亮", at="2026-07-14T10:00:00", agent_id="1008"),
        rude(3, "agent: 您好", "caller: 你个混蛋", quote="混蛋", at="2026-07-14T11:00:00"),
    ]

    def keep(store):
        store.remember((one.call.recording, ("/x/a.wav",)) for one in calls)
        for one in calls:
            store.save(one, heard=True)

    office.write(keep)
    office.shas = [one.call.recording.sha256 for one in calls]
    return office


def test_calls_come_newest_first_a_page_at_a_time(filled):
    program = filled.program("lead")
    first = program.get("/api/v1/calls", params={"limit": 2}).json()
    assert [one["sha256"] for one in first["calls"]] == filled.shas[:0:-1]
    last = program.get("/api/v1/calls", params={"limit": 2, "after": first["after"]}).json()
    assert [one["sha256"] for one in last["calls"]] == filled.shas[:1]
    assert last["after"] is None


def test_calls_without_a_time_come_last(filled):
    untimed = [told(number, "caller: 停水了", at=None) for number in (4, 5)]
    filled.write(lambda store: [store.save(one, heard=True) for one in untimed])
    program, after, found = filled.program("lead"), None, []
    while True:
        asked = {"limit": 1} | ({"after": after} if after else {})
        page = program.get("/api/v1/calls", params=asked).json()
        found += [one["sha256"][0] for one in page["calls"]]
        after = page["after"]
        if after is None:
            break
    assert found == ["3", "2", "1", "5", "4"]
    day = program.get("/api/v1/calls", params={"until": "2026-07-14"}).json()
    assert len(day["calls"]) == 3 and day["after"] is None
    gone = {"after": "f" * 64}
    assert program.get("/api/v1/calls", params=gone).json()["calls"] == []


def test_calls_are_chosen_by_day_agent_and_status(filled):
    get = filled.program("clerk").get
    count = lambda **asked: len(get("/api/v1/calls", params=asked).json()["calls"])  # noqa: E731
    assert count(since="2026-07-14", until="2026-07-14") == 3
    assert count(since="2026-07-15") == 0
    assert count(agent="1008") == 1 and count(status="failed") == 0
    assert get("/api/v1/calls", params={"since": "yesterday"}).status_code == 400


def test_an_agent_has_own_calls_and_no_others(filled):
    program = filled.program("agent", agent_id="1007")
    listed = program.get("/api/v1/calls", params={"agent": "1008"}).json()["calls"]
    assert {one["agent_id"] for one in listed} == {"1007"} and len(listed) == 2
    assert program.get(f"/api/v1/calls/{filled.shas[0]}").status_code == 200
    theirs = program.get(f"/api/v1/calls/{filled.shas[1]}")
    nobodys = program.get(f"/api/v1/calls/{'f' * 64}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()


def test_numbers_are_masked_and_seeing_them_is_kept(filled):
    place = f"/api/v1/calls/{filled.shas[0]}"
    assert "13912345678" not in filled.program("supervisor").get(place).text
    assert filled.program("clerk").get(place, params={"unmasked": 1}).status_code == 403
    seen = filled.program("supervisor").get(place, params={"unmasked": 1})
    assert "13912345678" in seen.text
    wanted = audit.Wanted(what="call.reveal")
    (row,) = filled.write(lambda store: audit.listing(store, wanted, limit=9))
    assert row["who"] == "supervisor" and filled.shas[0][:8] in row["detail"]


def test_accounts_are_made_changed_and_reset_by_a_program(office):
    program = office.program("admin")
    new = {"name": "li", "role": "agent", "agent_id": "1009"}
    given = program.post("/api/v1/users", json=new)
    assert given.status_code == 201 and len(given.json()["password"]) > 20
    changed = program.patch("/api/v1/users/li", json={"role": "lead", "disabled": True}).json()
    assert (changed["role"], changed["agent_id"]) == ("lead", None) and changed["disabled"]
    assert program.post("/api/v1/users/li/password").json()["name"] == "li"
    assert {one["name"] for one in program.get("/api/v1/users").json()} == {"admin", "li"}
    assert program.patch("/api/v1/users/nobody", json={}).status_code == 404


def test_the_audit_is_read_by_a_program(office):
    program = office.program("admin")
    rows = program.get("/api/v1/audit", params={"what": "token"}).json()
    assert [row["what"] for row in rows] == ["token.add"]
    whole = program.get("/api/v1/audit/verify").json()
    assert whole["hash"] == program.get("/api/v1/audit").json()[0]["hash"]


def test_the_description_names_every_route_with_its_roles(office):
    made = office.program("clerk").get("/api/v1/openapi.json").json()
    assert made["paths"]["/api/v1/users"]["post"]["x-roles"] == ["admin"]
    assert made["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "/login" not in made["paths"]


def test_a_revoked_or_expired_token_opens_nothing(office):
    program = office.program("lead")
    assert program.get("/api/v1/me").json()["role"] == "lead"
    office.client("lead").post("/account/tokens/1/revoke")
    assert program.get("/api/v1/me").status_code == 401
    program = office.program("lead")
    office.at += 86401
    assert program.get("/api/v1/me").status_code == 401
