"""The scorecard of a call, and the scores of agents and shifts, as tables.

The card is read from the exported object, so that a screen and a file never differ.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipeline.decisions import QA
from pipeline.domain.profile import Profile
from pipeline.export.rows import Row
from pipeline.grids import Table, table
from pipeline.labels import word
from pipeline.reviewsheet import told
from pipeline.scorecard.agents import By, Standing
from pipeline.scorecard.card import DECIDED
from pipeline.scorecard.intervals import Interval

DASH = "–"
WORST = 3  # items that cost an agent most


def card_table(plain: Row, profile: Profile, lang: str) -> Table:
    """Each part with its points, under it its items; then what people made of them."""
    made = plain["scorecard"]
    if not made:
        return table("qa", ("item",), (), lang)
    lines: list[tuple[str, ...]] = []
    for whose in ("machine", "human"):
        if one := made[whose]:
            named = word(f"score.{whose}", lang)
            lines.append((named, _scored(one), "", "", _fatal(one, profile, lang)))
    for part in made["parts"]:
        if part["items"]:
            lines.append((_part(part["part"], profile, lang), _points(part), "", "", ""))
            for one in part["items"]:
                lines += _item(one, plain, profile, lang)
    return table("qa", ("item", "points", "verdict", "turn", "reason"), lines, lang)


def _item(one: Row, plain: Row, profile: Profile, lang: str) -> list[tuple[str, ...]]:
    label = {item.id: item.label for item in profile.qa}.get(one["item"], one["item"])
    turns = " ".join(f"#{turn}" for turn in one["turns"])
    name = f"  {label if lang == 'zh' else one['item']}"
    why = one["reason"].removeprefix(f"{label}：")
    worth, verdict = _worth(one), word(one["verdict"], lang)
    lines: list[tuple[str, ...]] = [(name, worth, verdict, turns, why)]
    reviews = [by for by in plain["reviewed"] if by["item"] == QA + one["item"]]
    appeals = [by for by in plain["appeals"] if by["item"] == one["item"]]
    done = [("reviewed", told(by, profile, lang), by) for by in reviews]
    done += [("appeal", word(f"appeal.{by['state']}", lang), by) for by in appeals]
    for what, how, by in done:
        why = " ".join(filter(None, (by["who"], by["at"], by["reason"])))
        lines.append((f"    {word(what, lang)}", "", how, "", why))
    return lines


def _scored(made: Row) -> str:
    value = DASH if made["score"] is None else f"{made['score']:g}"
    return f"{value}（{made['earned']:g} / {made['of']:g}）"


def _fatal(made: Row, profile: Profile, lang: str) -> str:
    labels = {item.id: item.label for item in profile.qa} if lang == "zh" else {}
    named = "、".join(labels.get(item, item) for item in made["fatal"])
    return f"{word('score.fatal', lang)}：{named}" if named else ""


def _part(key: str, profile: Profile, lang: str) -> str:
    labels = {part.id: part.label for part in profile.scorecard.parts} if lang == "zh" else {}
    return labels.get(key) or word(key or "score.unpriced", lang)


def _points(part: Row) -> str:
    if not part["points"]:
        return ""
    return f"{part['earned']:g} / {part['of']:g}（{part['points']:g}）"


def _worth(one: Row) -> str:
    if not one["points"]:
        return ""
    if one["verdict"] not in DECIDED:
        return DASH
    return f"{one['points'] if one['verdict'] == 'pass' else 0:g} / {one['points']:g}"


def agents_tables(
    found: Sequence[Standing], profile: Profile, by: By, lang: str
) -> list[Table]:
    """Scores, then satisfaction: raw first, adjusted beside what it was adjusted by."""
    made = [scores_table(found, profile, by, lang), _satisfaction(found, profile, by, lang)]
    return [one for one in made if one.rows]


def scores_table(found: Sequence[Standing], profile: Profile, by: By, lang: str) -> Table:
    """Scores with what they rest on, ranked ones first."""
    lines = [
        (
            DASH if one.rank is None else str(one.rank),
            *_named(one, by),
            str(one.calls),
            str(one.scored),
            _number(one.mean),
            _range(one.score),
            word(f"against.{one.against}" if one.against else "few_calls", lang),
            f"{_number(one.human)}（{one.reviewed}）" if one.reviewed else DASH,
            str(one.fatal or ""),
            _worst(one, profile, lang),
        )
        for one in found
    ]
    heads = ("calls", "scored", "score.machine", "likely", "compared_all", "score.human")
    last = ("score.fatal", "costs_most")
    return table("agents", ("rank", *_heads(by), *heads, *last), lines, lang)


def _satisfaction(found: Sequence[Standing], profile: Profile, by: By, lang: str) -> Table:
    lines = [
        (
            *_named(one, by),
            str(one.satisfaction.answers),
            _number(one.satisfaction.raw, 2),
            _number(one.satisfaction.adjusted, 2),
            _share(one.satisfaction.out_of_scope),
            _share(one.satisfaction.abusive),
            str(one.satisfaction.unread or ""),
        )
        for one in found
        if one.satisfaction.answers or one.satisfaction.unread
    ]
    heads = ("answers", "satisfaction.raw", "satisfaction.adjusted", "load.out_of_scope",
             "load.abusive", "unread")  # fmt: skip
    return table("satisfaction", (*_heads(by), *heads), lines, lang)


def _heads(by: By) -> tuple[str, ...]:
    return {"agent": ("agent_id",), "shift": ("shift",), "both": ("agent_id", "shift")}[by]


def _named(one: Standing, by: By) -> tuple[str, ...]:
    names = {"agent_id": one.agent, "shift": one.shift}
    return tuple(names[head] or DASH for head in _heads(by))


def _worst(one: Standing, profile: Profile, lang: str) -> str:
    labels = {item.id: item.label for item in profile.qa} if lang == "zh" else {}
    told = [f"{labels.get(item, item)} {n}/{of}" for item, n, of in one.failed[:WORST]]
    return "、".join(told)


def _number(value: float | None, digits: int = 1) -> str:
    return DASH if value is None else f"{value:.{digits}f}"


def _range(one: Interval | None) -> str:
    return DASH if one is None else f"{one.low:.1f}–{one.high:.1f}"


def _share(one: Interval | None) -> str:
    return DASH if one is None else f"{one.value:.0%}（{one.low:.0%}–{one.high:.0%}）"


def plain(found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The same for machines."""
    heads = ("item", "failed", "decided")
    return [
        {
            **asdict(one),
            "failed": [dict(zip(heads, worst, strict=True)) for worst in one.failed],
        }
        for one in found
    ]
