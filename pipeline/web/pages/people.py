"""The administrator's accounts: who there is, with which role, shut or open."""

from fastapi import HTTPException
from starlette.responses import Response

from pipeline import passwords
from pipeline.errors import InputInvalid
from pipeline.roles import ADMIN, ROLES
from pipeline.store import sessions, users
from pipeline.store.users import User
from pipeline.web import guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may

router = guard.pages()
PLACE = "/admin/users"


@router.get(PLACE)
@may(ADMIN)
def listed(desk: ADesk) -> Response:
    """All accounts."""
    return _page(desk)


@router.post(PLACE)
@may(ADMIN)
def add(desk: ADesk) -> Response:
    """A new account; its one-time password is on this page and nowhere else."""
    once = passwords.one_time()
    try:
        user = users.add(
            desk.store,
            desk.form.get("name", ""),
            desk.form.get("role", ""),
            passwords.hashed(once),
            by=desk.by,
            agent_id=desk.form.get("agent_id", "").strip(),
        )
    except InputInvalid as error:
        return _page(desk, status=400, wrong=str(error))
    return _page(desk, given=(user.name, once))


@router.post("/admin/users/{name}/role")
@may(ADMIN)
def role(desk: ADesk, name: str) -> Response:
    """Another role."""
    agent_id = desk.form.get("agent_id", "").strip()
    try:
        _known(desk, name)
        users.change_role(
            desk.store, name, desk.form.get("role", ""), by=desk.by, agent_id=agent_id
        )
    except InputInvalid as error:
        return _page(desk, status=400, wrong=str(error))
    return desk.go(PLACE, desk.t("%(name)s has the new role.", name=name))


@router.post("/admin/users/{name}/disable")
@may(ADMIN)
def disable(desk: ADesk, name: str) -> Response:
    """Shut the account, or open it again."""
    enable = desk.form.get("enable") == "1"
    try:
        _known(desk, name)
        users.disable(desk.store, name, by=desk.by, enable=enable)
    except InputInvalid as error:
        return _page(desk, status=400, wrong=str(error))
    return desk.go(PLACE, desk.t("%(name)s is changed.", name=name))


@router.post("/admin/users/{name}/reset")
@may(ADMIN)
def reset(desk: ADesk, name: str) -> Response:
    """A one-time password in place of a forgotten one; failed attempts are forgiven."""
    user, once = _known(desk, name), passwords.one_time()
    users.set_password(desk.store, user.name, passwords.hashed(once), by=desk.by, own=False)
    sessions.forgive(desk.store, desk.bench.keyed("user", user.name))
    return _page(desk, given=(user.name, once))


def _known(desk: Desk, name: str) -> User:
    user = users.find(desk.store, name)
    if user is None:
        raise HTTPException(404)
    return user


def _page(desk: Desk, *, status: int = 200, **said: object) -> Response:
    values = {"wrong": "", "given": None} | said
    return desk.page(
        "users.html", status=status, users=users.listing(desk.store), all_roles=ROLES, **values
    )
