"""Loads a profile: a folder of TOML files, each one falling back to the default profile's.

`--profile NAME` is a folder beside `default/` here, or a path to a city's own folder. A file
that the folder holds replaces the default file of that name as a whole.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.domain import linkschema, match, schema
from pipeline.domain.weigh import Owned
from pipeline.errors import ProfileInvalid

HERE = Path(__file__).parent
HAN_NAME = re.compile("[\u4e00-\u9fff]{2,}")
SINGLE: dict[str, type[BaseModel]] = {
    "city": schema.City,
    "confidence": schema.Confidence,
    "links": linkschema.Links,
}
# file -> (key of its array, model of one entry); the others are single tables
LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "places": ("region", schema.Region),
    "abuse": ("rule", schema.AbuseRule),
    "sentiment": ("rule", schema.SentimentRule),
    "intent": ("rule", schema.IntentRule),
    "scope": ("rule", schema.ScopeRule),
    "departments": ("rule", schema.DepartmentRule),
    "qa": ("item", schema.QualityItem),
    "ticket": ("field", schema.FormField),
    "deadlines": ("deadline", schema.Deadline),
    "knowledge": ("answer", schema.Answer),
}


@dataclass(frozen=True)
class Profile:
    """A city's knowledge, checked. Field names are the file names."""

    name: str
    digest: str  # SHA-256 over the files but links.toml: part of the judge_key
    links_digest: str  # of links.toml alone: other links, the same judgement
    city: schema.City
    confidence: schema.Confidence
    links: linkschema.Links
    places: tuple[schema.Region, ...]
    abuse: tuple[schema.AbuseRule, ...]
    sentiment: tuple[schema.SentimentRule, ...]
    intent: tuple[schema.IntentRule, ...]
    scope: tuple[schema.ScopeRule, ...]
    departments: tuple[schema.DepartmentRule, ...]
    qa: tuple[schema.QualityItem, ...]
    ticket: tuple[schema.FormField, ...]
    deadlines: tuple[schema.Deadline, ...]
    knowledge: tuple[schema.Answer, ...]
    folder: Path = HERE / "default"  # its trained classifiers, if any, are in weights/ there

    @property
    def glossary(self) -> tuple[str, ...]:
        """The names that calls of this city are full of: places, departments, the hotline."""
        names = {unit for rule in self.departments for unit in (rule.name, *rule.aliases)}
        for region in self.places:
            names |= {region.name, *region.hotline}
            for district in region.districts:
                names |= {district.name, *district.aliases, *district.places}
        return tuple(sorted(name for name in names if HAN_NAME.fullmatch(name)))

    @cached_property
    def topics(self) -> Owned[schema.Topic]:
        """The topics of all units, by the unit's id."""
        return Owned.of({unit.id: unit.topics for unit in self.departments})

    @cached_property
    def signs(self) -> Owned[schema.Said]:
        """The signs of all scope rules, by the rule's id."""
        return Owned.of({rule.id: rule.signs for rule in self.scope})

    @cached_property
    def abuse_by_use(self) -> Mapping[str, tuple[schema.AbuseRule, ...]]:
        """The rules of abuse.toml by their `use`."""
        uses = dict.fromkeys(rule.use for rule in self.abuse)
        return {use: tuple(r for r in self.abuse if r.use == use) for use in uses}

    def rules(self) -> Iterator[tuple[str, schema.Rule]]:
        """Every rule with the name of its file."""
        for field in ("ivr", "agent_words", "caller_words"):
            yield from (("city", rule) for rule in getattr(self.city, field))
        for field in ("abuse", "sentiment", "intent", "scope", "departments"):
            yield from ((field, rule) for rule in getattr(self, field))
        yield from (("scope", sign) for rule in self.scope for sign in rule.signs)
        yield from (
            ("departments", topic) for unit in self.departments for topic in unit.topics
        )
        yield from (("qa", rule) for item in self.qa for rule in item.rules)
        yield from (("links", rule) for rule in self.links.rules)


@cache
def load_profile(name: str = "default") -> Profile:
    """Read and check a profile. Raises ProfileInvalid naming the file and the entry."""
    folder = HERE / name if (HERE / name).is_dir() else Path(name)
    if not folder.is_dir():
        raise ProfileInvalid(f"no profile {name!r}: neither a built-in name nor a folder")
    tables = {stem: _read(folder, stem) for stem in (*SINGLE, *LISTS)}
    parts: dict[str, object] = {
        stem: _check(stem, model, tables[stem]) for stem, model in SINGLE.items()
    }
    for stem, (key, model) in LISTS.items():
        if set(tables[stem]) - {key}:
            raise ProfileInvalid(f"{stem}.toml: only [[{key}]] may stand here")
        parts[stem] = tuple(_check(stem, model, entry) for entry in tables[stem].get(key, []))
    links = _digest(tables.pop("links"))
    profile = Profile(folder.name, _digest(tables), links, **parts, folder=folder)  # type: ignore[arg-type]
    if wrong := contradictions(profile):
        raise ProfileInvalid("; ".join(wrong[:5]))
    return profile


def contradictions(profile: Profile) -> list[str]:
    """Rules that miss their own `hit` or hit their own `miss`, as sentences."""
    wrong = []
    for file, rule in profile.rules():
        wrong += [
            f"{file}.toml {rule.id}: should hit {t!r}"
            for t in rule.hit
            if not match.holds(rule, t)
        ]
        wrong += [
            f"{file}.toml {rule.id}: should miss {t!r}"
            for t in rule.miss
            if match.holds(rule, t)
        ]
    return wrong


def _digest(table: object) -> str:
    canonical = json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read(folder: Path, stem: str) -> dict[str, Any]:
    own = folder / f"{stem}.toml"
    path = own if own.is_file() else HERE / "default" / f"{stem}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileInvalid(f"{path}: {error}") from error


def _check(stem: str, model: type[BaseModel], entry: object) -> BaseModel:
    try:
        checked = model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        named = entry.get("id") or entry.get("name") if isinstance(entry, dict) else ""
        raise ProfileInvalid(f"{stem}.toml {named}: {where}: {first['msg']}") from error
    for rule in _rules_in(checked):
        for pattern in (*rule.any, *rule.unless):
            try:
                match.compiled(pattern)
            except re.error as error:
                raise ProfileInvalid(f"{stem}.toml {rule.id}: {pattern!r}: {error}") from error
    return checked


def _rules_in(entry: BaseModel) -> Iterator[schema.Rule]:
    """The entry itself, if it is a rule, and those within it."""
    if isinstance(entry, schema.Rule):
        yield entry
    for field in ("ivr", "agent_words", "caller_words", "signs", "topics", "rules"):
        yield from getattr(entry, field, ())
