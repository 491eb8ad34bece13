"""/api/v1/runs, failures and settings: what an administrator's program watches."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from pipeline.config import Config
from pipeline.roles import ADMIN
from pipeline.store import figures, retention
from pipeline.web import guard
from pipeline.web.desk import ADesk
from pipeline.web.guard import may
from pipeline.web.pages.machine import failures
from pipeline.web.pages.settings import kept

router = guard.programs()
MOST = 1000
Limit = Annotated[int, Query(ge=1, le=MOST)]


class SeenRun(BaseModel):
    """One run; `exit`: done, interrupted, an error's code, running, cut short."""

    id: int
    started: str
    finished: str | None
    asked: int
    answered: int
    failed: int
    exit: str


class SeenFailure(BaseModel):
    """A call that failed; file and message are masked."""

    call: str
    file: str
    stage: str
    code: str
    message: str
    remedy: str


class InUse(BaseModel):
    """The profile in use, by name, folder and fingerprint, and every setting."""

    profile: dict[str, str]
    config: Config
    kept: list[dict[str, Any]]  # class by class: days that count, configured ones, whose choice


class Keeping(BaseModel):
    """Days for each class; null: as the configuration says. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    audio: int | None = None
    transcript: int | None = None
    ticket: int | None = None
    audit: int | None = None


@router.get("/runs")
@may(ADMIN)
def runs(desk: ADesk, limit: Limit = 50) -> list[SeenRun]:
    """The newest first."""
    return [SeenRun(**asdict(one)) for one in figures.last_runs(desk.store, limit=limit)]


@router.get("/failures")
@may(ADMIN)
def failed(desk: ADesk, limit: Limit = 200) -> list[SeenFailure]:
    """The calls whose valid result is a failure, the latest first."""
    rows: list[dict[str, Any]] = list(failures(desk.store, limit=limit))
    return [SeenFailure(**row) for row in rows]


@router.get("/settings")
@may(ADMIN)
def settings(desk: ADesk) -> InUse:
    """What the workbench was started with."""
    city = desk.bench.city
    told = {"name": city.name, "folder": str(city.folder), "digest": city.digest}
    return InUse(profile=told, config=desk.bench.settings.config, kept=kept(desk))


@router.post("/settings/retention")
@may(ADMIN)
def keep(desk: ADesk, sent: Keeping) -> list[dict[str, Any]]:
    """Choose how many days classes are kept; `lingsu forget --expired` enforces it."""
    retention.choose(desk.store, sent.model_dump(exclude_unset=True), by=desk.by)
    return kept(desk)
