"""Links, hot spots and dossiers as tables and as plain values; for `lingsu links` and `show`.

Numbers are masked as everywhere; callers' words stand here as n-grams only.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.grids import Table, listed, pairs
from pipeline.labels import word
from pipeline.link.dossiers import Dossier
from pipeline.link.relations import HotSpot, call_id
from pipeline.linkrecords import KINDS, Facts, Link
from pipeline.redact import mask

Named = Mapping[str, tuple[str | None, str | None]]  # store.links.named
SHORT = 12  # signs of an id
FEW = 8  # ids in a cell


def plain(
    found: Sequence[Link], spots: Sequence[HotSpot], callers: Sequence[Dossier], named: Named
) -> dict[str, Any]:
    """All of it for machines."""
    return {
        "links": [_link(one, named) for one in found],
        "hot_spots": [_spot(one, named) for one in spots],
        "callers": [_dossier(one, named) for one in callers],
    }


def tables(
    found: Sequence[Link],
    spots: Sequence[HotSpot],
    callers: Sequence[Dossier],
    named: Named,
    lang: str,
) -> list[Table]:
    """How many of each kind, then each kind, hot spots, and callers for a person to judge."""
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    made = [pairs("links", {f"link.{k}": str(len(own)) for k, own in by_kind.items()}, lang)]
    heads = ("later_call", "started_at", "earlier_call", "hours_apart", "score", "why")
    for kind, own in by_kind.items():
        lines = [_line(one, named, lang) for one in own]
        made.append(listed(f"link.{kind}", heads, lines, lang))
    heads = ("hot_spot", "calls", "callers", "first_call", "last_call", "id")
    made.append(listed("hot_spots", heads, [_spot_line(one) for one in spots], lang))
    heads = ("caller_number", "reason", "calls", "abusive", "last_call", "id")
    made.append(listed("dossiers", heads, [_caller_line(one, lang) for one in callers], lang))
    return [one for one in made if one.rows]


def linked(relations: Mapping[str, Any], lang: str) -> Table:
    """The calls that one call is linked with."""
    lines = [
        (
            word(f"link.{one['kind']}", lang),
            one["sha256"][:SHORT],
            word("earlier" if one["earlier"] else "later", lang),
            f"{one['score']:.2f}",
            why(one["evidence"], lang),
        )
        for one in relations["links"]
    ]
    if relations["hot_spot"]:
        lines.insert(0, (word("hot_spot", lang), "", "", "", relations["hot_spot"]))
    return listed("links", ("item", "id", "when", "score", "why"), lines, lang)


def why(evidence: Mapping[str, Any], lang: str) -> str:
    """The evidence of a link in a line: 号码 137****0111；地点 龙圣路；用词 停水."""
    comma, then = {"zh": ("、", "；"), "en": (", ", "; ")}[lang]
    parts = [
        f"{word(f'why.{key}', lang)} {comma.join(evidence[key])}"
        for key in ("numbers", "matter", "places", "words", "sorry")
        if evidence.get(key)
    ]
    if abuse := evidence.get("abuse"):
        parts.append(f"{word('why.abuse', lang)} {word(abuse, lang)}")
    return then.join(parts)


def clock(at: int | None) -> str:
    """The second of the place's clock as a date and a time."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _named(sha256: str, named: Named) -> dict[str, Any]:
    given, started = named.get(sha256, (None, None))
    return {
        "call_id": mask(call_id(sha256, given)),
        "sha256": sha256,
        "started_at": started and started.replace("T", " "),
    }


def _link(one: Link, named: Named) -> dict[str, Any]:
    ends = {"call": _named(one.sha256, named), "earlier": _named(one.other, named)}
    return {"kind": one.kind, **ends, "score": one.score, "evidence": dict(one.evidence)}


def _spot(one: HotSpot, named: Named) -> dict[str, Any]:
    ids = [_named(facts.sha256, named) for facts in one.calls]
    return {"name": mask(one.name), "callers": one.callers, "calls": ids}


def _dossier(one: Dossier, named: Named) -> dict[str, Any]:
    evidence = [
        {**_named(facts.sha256, named), "abuse": facts.abuse, "matter": facts.matter}
        for facts in one.calls
    ]
    return {
        "number": mask(one.number, [one.number]),
        "reasons": list(one.reasons),
        "frequent_calls": len(one.frequent),
        "abusive_calls": one.levels,
        "calls": evidence,
    }


def _line(one: Link, named: Named, lang: str) -> tuple[str, ...]:
    started = _named(one.sha256, named)["started_at"] or ""
    apart = f"{one.evidence['hours']:g}"
    ids = (one.sha256[:SHORT], started, one.other[:SHORT])
    return (*ids, apart, f"{one.score:.2f}", why(one.evidence, lang))


def _spot_line(one: HotSpot) -> tuple[str, ...]:
    edges = (clock(one.calls[0].at), clock(one.calls[-1].at))
    return (mask(one.name), str(len(one.calls)), str(one.callers), *edges, _ids(one.calls))


def _caller_line(one: Dossier, lang: str) -> tuple[str, ...]:
    reasons = {"zh": "、", "en": ", "}[lang].join(word(f"often.{r}", lang) for r in one.reasons)
    levels = " ".join(f"{word(level, lang)} {n}" for level, n in one.levels.items())
    number = mask(one.number, [one.number])
    last = clock(one.calls[-1].at)
    return (number, reasons, str(len(one.frequent)), levels, last, _ids(one.calls))


def _ids(calls: Iterable[Facts]) -> str:
    ids = [one.sha256[:SHORT] for one in calls]
    more = [f"+{len(ids) - FEW}"] if len(ids) > FEW else []
    return " ".join([*more, *ids[-FEW:]])
