"""What all requests share: settings, stores, profile, templates, keys and the clock."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any

from pipeline.catalogues import LANGUAGES
from pipeline.domain.profile import Profile, load_profile
from pipeline.export.dialogue import clock as minutes
from pipeline.labels import word
from pipeline.store.sessions import Limits
from pipeline.web.pool import Pool
from pipeline.web.settings import Settings
from pipeline.web.told import told
from pipeline.web.words import NAMED, said

CHARTS = ("plotly.js", "plotly.css", "charts.js")  # the dashboard draws as the report does


@dataclass
class Bench:
    """One workbench. Lives as long as the process."""

    settings: Settings
    pool: Pool
    city: Profile
    static: dict[str, bytes]  # name -> content: nothing else can be asked for
    clock: Callable[[], float] = field(default=time.time)

    @classmethod
    def open(cls, settings: Settings) -> "Bench":
        """Open the store and read the profile. Raises StoreUnusable, ProfileInvalid."""
        folder = resources.files("pipeline.web") / "static"
        static = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
        report = resources.files("pipeline.shiftreport") / "static"
        static |= {name: (report / name).read_bytes() for name in CHARTS}
        return cls(settings, Pool(settings.db), load_profile(settings.profile), static)

    @property
    def limits(self) -> Limits:
        """How long a session lives."""
        web = self.settings.config.web
        return Limits(idle=web.idle_minutes * 60.0, whole=web.session_hours * 3600.0)

    def keyed(self, purpose: str, text: str) -> str:
        """A hash of the text that only this workbench can make, another for each purpose."""
        message = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self.settings.secret, message, hashlib.sha256).hexdigest()

    @cached_property
    def stamp(self) -> str:
        """Changes with the static files, so that browsers may keep them."""
        digest = hashlib.sha256()
        for name in sorted(self.static):
            digest.update(name.encode() + self.static[name])
        return digest.hexdigest()[:12]

    @cached_property
    def templates(self) -> dict[str, Any]:
        """Language -> Jinja environment. Everything is escaped: a caller may say anything."""
        return {lang: self._environment(lang) for lang in LANGUAGES}

    def _environment(self, lang: str) -> Any:
        from jinja2 import (
            ChoiceLoader,
            Environment,
            PackageLoader,
            PrefixLoader,
            StrictUndefined,
        )

        made = Environment(
            loader=ChoiceLoader(
                [
                    PackageLoader("pipeline.web"),
                    PrefixLoader({"report": PackageLoader("pipeline.shiftreport")}),
                ]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(
            _=lambda text, **values: said(text, lang, **values),
            word=lambda key: word(key, lang),
            told=lambda text: told(text, lang),
            roles=NAMED,
            static=lambda name: f"/static/{name}?v={self.stamp}",
            lang="zh-CN" if lang == "zh" else lang,
        )
        made.filters["clock"] = minutes
        return made
