"""The administrator's page of settings: retention, which is chosen here, and what is in use."""

import hashlib
from pathlib import Path
from typing import Any

from starlette.responses import Response

from pipeline import __version__
from pipeline.domain.profile import HERE, LISTS, SINGLE, Profile
from pipeline.errors import InputInvalid
from pipeline.roles import ADMIN
from pipeline.store import migrations, retention
from pipeline.web import guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.web.words import CLASSES

router = guard.pages()
PLACE = "/admin/settings"
DEFAULT = HERE / "default"
UNIT = "_days"  # after a class, as the configuration has it


@router.get(PLACE)
@may(ADMIN)
def show(desk: ADesk) -> Response:
    """The profile in use, how long what is kept, how sessions end, the settings of runs."""
    config, city = desk.bench.settings.config, desk.bench.city
    return desk.page(
        "settings.html",
        config=config.model_dump(),
        kept=kept(desk),
        most=retention.MOST,
        city=city,
        files=files(city),
        version=__version__,
        schema=migrations.version(desk.store.db),
        db=str(desk.bench.settings.db.absolute()),
    )


@router.post(f"{PLACE}/retention")
@may(ADMIN)
def keep(desk: ADesk) -> Response:
    """Choose how many days each class is kept; an empty field: as the configuration says."""
    typed = {name: desk.form.get(name + UNIT, "").strip() for name in retention.CLASSES}
    if any(text and not (text.isdecimal() and len(text) < 6) for text in typed.values()):
        raise InputInvalid(f"天数要在 0 到 {retention.MOST} 之间；0 为直到人工删除")
    wanted = {name: int(text) if text else None for name, text in typed.items()}
    count = retention.choose(desk.store, wanted, by=desk.by)
    return desk.go(PLACE, desk.t("Saved.") if count else desk.t("Nothing was changed."))


def kept(desk: Desk) -> list[dict[str, Any]]:
    """Each class with the days that count, those of the configuration, and whose choice."""
    configured = retention.configured(desk.bench.settings.config.retention)
    days = retention.days(desk.store, configured)
    chosen = retention.chosen(desk.store)
    return [
        {
            "key": name + UNIT,
            "label": CLASSES[name + UNIT],
            "days": getattr(days, name),
            "configured": getattr(configured, name),
            "chosen": chosen.get(name),
        }
        for name in retention.CLASSES
    ]


def files(city: Profile) -> list[dict[str, Any]]:
    """The profile's files: whether the city's own or the default one, how much is in each,
    its hash."""
    found = []
    for stem in (*SINGLE, *LISTS):
        ours, theirs = (folder / f"{stem}.toml" for folder in (DEFAULT, city.folder))
        own = theirs != ours and theirs.is_file()
        parts = getattr(city, stem)
        count = len(parts) if isinstance(parts, tuple) else None
        found.append(_file(ours.name, theirs if own else ours, own=own, count=count))
    weights = sorted((city.folder / "weights").glob("*/*.npz"))
    return found + [
        _file(str(one.relative_to(city.folder)), one, own=True, count=None) for one in weights
    ]


def _file(name: str, path: Path, *, own: bool, count: int | None) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return {"name": name, "own": own, "count": count, "digest": digest}
