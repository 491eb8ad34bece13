"""Loads a profile: a folder of TOML files, each one falling back to the default profile's.

`--profile NAME` is a folder beside `default/` here, or a path to a city's own folder. A file
that the folder holds replaces the default file of that name as a whole.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.domain import (
    checked,
    formschema,
    linkschema,
    match,
    qaschema,
    returns,
    sampling,
    schema,
)
from pipeline.domain.literals import literals, remember
from pipeline.domain.weigh import Owned
from pipeline.errors import ProfileInvalid

HERE = Path(__file__).parent
SHOWN = 5  # mistakes that an error tells
HAN_NAME = re.compile("[\u4e00-\u9fff]{2,}")
SINGLE: dict[str, type[BaseModel]] = {
    "city": schema.City,
    "confidence": schema.Confidence,
    "links": linkschema.Links,
    "sampling": sampling.Sampling,
    "scorecard": qaschema.Scorecard,
}
LATER = (
    "links",
    "sampling",
    "scorecard",
    "returns",
)  # read after judging: a change there judges nothing again
# file -> (key of its array, model of one entry); the others are single tables
LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "returns": ("code", returns.ReturnCode),
    "places": ("region", schema.Region),
    "abuse": ("rule", schema.AbuseRule),
    "sentiment": ("rule", schema.SentimentRule),
    "intent": ("rule", schema.IntentRule),
    "scope": ("rule", schema.ScopeRule),
    "departments": ("rule", schema.DepartmentRule),
    "qa": ("item", qaschema.QualityItem),
    "ticket": ("field", formschema.FormField),
    "deadlines": ("deadline", formschema.Deadline),
    "knowledge": ("answer", schema.Answer),
}


M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Profile:
    """A city's knowledge, checked. Field names are the file names."""

    name: str
    digest: str  # SHA-256 over the files but those of LATER: part of the judge_key
    links_digest: str  # of links.toml alone: other links, the same judgement
    city: schema.City
    confidence: schema.Confidence
    links: linkschema.Links
    sampling: sampling.Sampling
    scorecard: qaschema.Scorecard
    returns: tuple[returns.ReturnCode, ...]
    places: tuple[schema.Region, ...]
    abuse: tuple[schema.AbuseRule, ...]
    sentiment: tuple[schema.SentimentRule, ...]
    intent: tuple[schema.IntentRule, ...]
    scope: tuple[schema.ScopeRule, ...]
    departments: tuple[schema.DepartmentRule, ...]
    qa: tuple[qaschema.QualityItem, ...]
    ticket: tuple[formschema.FormField, ...]
    deadlines: tuple[formschema.Deadline, ...]
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
    def units(self) -> Mapping[str, schema.DepartmentRule]:
        """The units by their id."""
        return {unit.id: unit for unit in self.departments}

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
        yield from (("ticket", rule) for line in self.ticket for rule in line.options)
        yield from (("links", rule) for rule in self.links.rules)


@cache
def load_profile(name: str = "default") -> Profile:
    """Read and check a profile. Raises ProfileInvalid naming the file and the entry."""
    folder = HERE / name if (HERE / name).is_dir() else Path(name)
    if not folder.is_dir():
        raise ProfileInvalid(f"no profile {name!r}: neither a built-in name nor a folder")
    tables = {stem: _read(folder, stem) for stem in (*SINGLE, *LISTS)}
    profile = _built(folder, tables)
    digest = _digest([tables, _has_own_scorecard(profile)])
    needed = checked.noted(digest)
    if needed is None:
        _check_rules(profile)
        needed = {pattern: _needed(pattern) for pattern in _patterns(profile)}
        checked.note(digest, needed)
    remember(needed)
    return profile


def _patterns(profile: Profile) -> Iterator[str]:
    for _, rule in profile.rules():
        yield from (*rule.any, *rule.unless)


def _needed(pattern: str) -> list[str] | None:
    strings = literals(pattern)
    return None if strings is None else sorted(strings)


def _built(folder: Path, tables: Mapping[str, dict[str, Any]]) -> Profile:
    """The entries of the files, each of its own kind; patterns are compiled when needed."""
    parts: dict[str, object] = {
        stem: _check(f"{stem}.toml", model, tables[stem]) for stem, model in SINGLE.items()
    }
    for stem, (key, model) in LISTS.items():
        if set(tables[stem]) - {key}:
            raise ProfileInvalid(f"{stem}.toml: only [[{key}]] may stand here")
        parts[stem] = tuple(
            _check(f"{stem}.toml", model, entry) for entry in tables[stem].get(key, [])
        )
    judging = {stem: table for stem, table in tables.items() if stem not in LATER}
    digests = (_digest(judging), _digest(tables["links"]))
    return Profile(folder.name, *digests, **parts, folder=folder)  # type: ignore[arg-type]


def _check_rules(profile: Profile) -> None:
    """Compile each pattern and try each rule's examples."""
    for stem in (*SINGLE, *LISTS):
        held = getattr(profile, stem)
        for entry in held if stem in LISTS else (held,):
            _compile(f"{stem}.toml", entry)
    if wrong := contradictions(profile):
        raise ProfileInvalid("; ".join(wrong[:SHOWN]))


def contradictions(profile: Profile) -> list[str]:
    """Rules that miss their own `hit` or hit their own `miss`, and points of no item, as
    sentences."""
    from pipeline.qa.examples import contradictions as contradicted  # it imports schemas

    wrong = [
        f"qa.toml {told}" for item in profile.qa for told in contradicted(item, profile.qa)
    ]
    left = {item.id for item in profile.qa}
    for part in profile.scorecard.parts if _has_own_scorecard(profile) else ():
        unknown = part.items.keys() - left
        left -= part.items.keys()
        wrong += [
            f"scorecard.toml {part.id}: {item!r} is no item of qa.toml, or stands twice"
            for item in sorted(unknown)
        ]
    return wrong + _contradicting((f"{file}.toml", rule) for file, rule in profile.rules())


def _has_own_scorecard(profile: Profile) -> bool:
    """Ours may know items of our qa.toml only."""
    return (profile.folder / "scorecard.toml").is_file()


def _contradicting(rules: Iterable[tuple[str, schema.Rule]]) -> list[str]:
    wrong = []
    for file, rule in rules:
        missed = [text for text in rule.hit if not match.holds(rule, text)]
        struck = [text for text in rule.miss if match.holds(rule, text)]
        wrong += [f"{file} {rule.id}: should hit {text!r}" for text in missed]
        wrong += [f"{file} {rule.id}: should miss {text!r}" for text in struck]
    return wrong


def read_items(
    path: Path, others: tuple[qaschema.QualityItem, ...]
) -> tuple[qaschema.QualityItem, ...]:
    """The [[item]] entries of any file, checked as those of qa.toml are.

    others: items that they may see, beside those before them in the file. Raises
    ProfileInvalid naming the file and the entry.
    """
    from pipeline.qa.examples import contradictions as contradicted

    table = _parsed(path)
    if set(table) != {"item"}:
        raise ProfileInvalid(f"{path}: only [[item]] may stand here, once or more")
    items = tuple(_check(str(path), qaschema.QualityItem, one) for one in table["item"])
    for item in items:
        _compile(str(path), item)
    rest = tuple(one for one in others if one.id not in {item.id for item in items})
    wrong = [
        f"{path} {told}"
        for n, item in enumerate(items)
        for told in contradicted(item, (*rest, *items[: n + 1]))
    ]
    wrong += _contradicting((str(path), rule) for item in items for rule in item.rules)
    if wrong:
        raise ProfileInvalid("; ".join(wrong[:SHOWN]))
    return items


def _digest(table: object) -> str:
    canonical = json.dumps(
        table, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read(folder: Path, stem: str) -> dict[str, Any]:
    own = folder / f"{stem}.toml"
    return _parsed(own if own.is_file() else HERE / "default" / f"{stem}.toml")


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileInvalid(f"{path}: {error}") from error


def _check(file: str, model: type[M], entry: object) -> M:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        named = entry.get("id") or entry.get("name") if isinstance(entry, dict) else ""
        raise ProfileInvalid(f"{file} {named}: {where}: {first['msg']}") from error


def _compile(file: str, entry: BaseModel) -> None:
    for rule in _rules_in(entry):
        for pattern in (*rule.any, *rule.unless):
            try:
                match.compiled(pattern)
            except re.error as error:
                raise ProfileInvalid(f"{file} {rule.id}: {pattern!r}: {error}") from error


def _rules_in(entry: BaseModel) -> Iterator[schema.Rule]:
    """The entry itself, if it is a rule, and those within it."""
    if isinstance(entry, schema.Rule):
        yield entry
    for field in ("ivr", "agent_words", "caller_words", "signs", "topics", "rules", "options"):
        yield from getattr(entry, field, ())
