"""/api/v1/users: the accounts, for an administrator's program; /api/v1/me: who asks."""

from typing import Literal

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from pipeline import passwords
from pipeline.roles import ADMIN, ROLES
from pipeline.store import sessions, users
from pipeline.store.users import User
from pipeline.web import guard
from pipeline.web.desk import ADesk
from pipeline.web.guard import may

router = guard.programs()
Role = Literal["supervisor", "clerk", "agent", "dispatcher", "lead", "admin"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")  # nobody slips in a field we do not name


class NewAccount(_Body):
    """An account to make."""

    name: str = Field(min_length=1, max_length=64)
    role: Role
    agent_id: str = Field("", max_length=64, description="of an agent, and only of one")


class Change(_Body):
    """What is to change of an account; what is left out stays."""

    role: Role | None = None
    agent_id: str = Field("", max_length=64)
    disabled: bool | None = None


class Account(BaseModel):
    """An account; never its password."""

    name: str
    role: Role
    agent_id: str | None
    created: str
    disabled: str | None
    must_change: bool


class Given(BaseModel):
    """A one-time password, told this once."""

    name: str
    password: str


@router.get("/me")
@may(*ROLES)
def me(desk: ADesk) -> Account:
    """The account that the token is of."""
    return _account(_known(desk, desk.user.user))


@router.get("/users")
@may(ADMIN)
def listed(desk: ADesk) -> list[Account]:
    """All accounts."""
    return [_account(user) for user in users.listing(desk.store)]


@router.post("/users", status_code=201)
@may(ADMIN)
def add(desk: ADesk, new: NewAccount) -> Given:
    """Make an account with a one-time password."""
    once = passwords.one_time()
    kept = passwords.hashed(once)
    user = users.add(desk.store, new.name, new.role, kept, by=desk.by, agent_id=new.agent_id)
    return Given(name=user.name, password=once)


@router.patch("/users/{name}")
@may(ADMIN)
def change(desk: ADesk, name: str, asked: Change) -> Account:
    """Give another role, shut or open the account."""
    user = _known(desk, name)
    if asked.role is not None or asked.agent_id:
        role = asked.role or user.role
        users.change_role(desk.store, user.name, role, by=desk.by, agent_id=asked.agent_id)
    if asked.disabled is not None:
        users.disable(desk.store, user.name, by=desk.by, enable=not asked.disabled)
    return _account(_known(desk, name))


@router.post("/users/{name}/password")
@may(ADMIN)
def reset(desk: ADesk, name: str) -> Given:
    """A one-time password in place of a forgotten one."""
    user, once = _known(desk, name), passwords.one_time()
    users.set_password(desk.store, user.name, passwords.hashed(once), by=desk.by, own=False)
    sessions.forgive(desk.store, desk.bench.keyed("user", user.name))
    return Given(name=user.name, password=once)


def _known(desk: ADesk, name: str) -> User:
    user = users.find(desk.store, name)
    if user is None:
        raise HTTPException(404)
    return user


def _account(user: User) -> Account:
    return Account.model_validate(user, from_attributes=True)
