"""Figures as a page shows them: words instead of keys, bars and sparks as lengths.

Templates only place what is made here; nothing is counted.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.decisions import value_name
from pipeline.domain.profile import Profile
from pipeline.export.rows import Row
from pipeline.labels import word
from pipeline.shiftreport.figures import GROUPS, Comparison, Line
from pipeline.shiftreport.period import Period
from pipeline.summary import remedy

SPARK = 20  # height of a spark
DASH = "–"
MOST = 12  # lines of a group on the page; the workbook has all
DECIMAL = ("hours",)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure ready to be placed."""

    key: str
    label: str
    now: str
    mean: str
    share: str
    bar: float  # 0..100
    sparks: tuple[float, ...]  # heights, 1 to SPARK, oldest first, the last is now
    told: str  # the same numbers as words
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Keys to words in one language and of one profile."""

    lang: str
    profile: Profile

    def t(self, key: str, *values: object) -> str:
        """The word, with its values filled in."""
        return word(key, self.lang).format(*values) if values else word(key, self.lang)

    def item(self, key: str) -> str:
        """A flag: a QA item of the profile or an alert. The profile speaks Chinese."""
        labels = {item.id: item.label for item in self.profile.qa}
        return labels.get(key, self.t(key)) if self.lang == "zh" else self.t(key)

    def why(self, flag: Row) -> str:
        """Why a person should look: a sentence of the profile, in English what it is about."""
        return flag["reason"] if self.lang == "zh" else self.item(flag["item"])

    def unit(self, key: str) -> str:
        """A department by its full name."""
        names = {unit.id: unit.name for unit in self.profile.departments}
        return names.get(key, key) if self.lang == "zh" else self.t(key)

    def remedy(self, code: str) -> str:
        """What to do about a failure."""
        return self.t(remedy(code))

    def decided(self, one: Row) -> str:
        """What a person decided, or why."""
        value = value_name(one["item"], one["new"], self.profile, self.lang)
        return one["reason"] or (value if one["new"] else "")

    def title(self, period: Period) -> str:
        """What the report is about: 2026-07-14 行政班."""
        return f"{period.day} {self.t(period.shift or '')}".strip()

    def slug(self, period: Period) -> str:
        """The name of the report's folder: 交班报告-2026-07-14-行政班."""
        name = f"{self.t('r.title')} {self.title(period)}"
        return re.sub(r"[^\w–-]+", "-", name).strip("-")


def headlines(found: Comparison, words: Words) -> list[Shown]:
    """The figures at the top."""
    return [shown(line, words.t(line.key)) for line in found.headlines()]


def groups(found: Comparison, words: Words) -> list[tuple[str, list[Shown], int]]:
    """Title, lines and how many were left out of each group that has any."""
    made = []
    for group in GROUPS:
        lines = [line for line in found.lines(group) if line.key != "none"]
        if lines:
            name = words.unit if group == "department" else words.t
            placed = [shown(line, name(line.key)) for line in lines[:MOST]]
            made.append((words.t(group), placed, max(0, len(lines) - MOST)))
    return made


def service(found: Comparison, words: Words) -> list[Shown]:
    """QA items with the rate at which they were kept."""
    made = []
    for item in words.profile.qa:
        line = found.rate(item.id)
        if line.now is None and line.mean is None:
            continue  # it never applied
        label = words.item(item.id)
        if not item.good:
            label = words.t("r.item_bad", label)
        missed = (line.of or 0) - found.now.passed[item.id]
        made.append(shown(line, label, percent=True, aside=f"{missed} / {line.of}"))
    return made


def load(found: Comparison, words: Words) -> list[Shown]:
    """For what people are asked to look."""
    return [shown(line, words.item(line.key)) for line in found.asks()]


def counted(counter: Counter[str], words: Words) -> list[tuple[str, int]]:
    """Names and numbers, the most frequent first."""
    return [(words.t(key), count) for key, count in counter.most_common()]


def shown(line: Line, label: str, *, percent: bool = False, aside: str = "") -> Shown:
    """One figure; `percent` for rates."""

    def told(value: float | None, *, mean: bool = False) -> str:
        if value is None:
            return DASH
        if percent:
            return f"{value:.0%}"
        if line.key in DECIMAL and value < 1:
            return f"{value:.2f}"
        return f"{value:.1f}" if mean or line.key in DECIMAL else f"{value:g}"

    series = (*line.before, line.now)
    rate = line.now if percent else line.share
    return Shown(
        key=line.key,
        label=label,
        now=told(line.now),
        mean=told(line.mean, mean=True),
        share=DASH if line.share is None else f"{line.share:.0%}",
        bar=round(100 * min(rate or 0.0, 1.0), 1),
        sparks=_sparks(series),
        told="  ".join(told(value) for value in series),
        aside=aside,
    )


def charts(found: Comparison, period: Period, words: Words) -> dict[str, Any]:
    """What charts.js draws: numbers and labels, no words of calls."""
    hours = period.hours
    mean = [
        round(sum(one.hours[hour] for one in found.before) / len(found.before), 2)
        for hour in hours
        if found.before
    ]
    declined = [found.now.declined[hour] for hour in hours]
    others = [found.now.hours[hour] - found.now.declined[hour] for hour in hours]
    figures = [
        {"label": words.t(line.key), "values": [*line.before, line.now]}
        for line in found.headlines()
    ]
    return {
        "hours": {
            "labels": [f"{hour:02d}" for hour in hours],
            "bars": [
                {"label": words.t("r.others"), "values": others},
                {"label": words.t("declined"), "values": declined},
            ],
            "mean": {"label": words.t("r.before", len(found.before)), "values": mean},
        },
        "trend": {"labels": [*found.labels, period.label(0)], "figures": figures},
    }


def _sparks(series: Sequence[float | None]) -> tuple[float, ...]:
    highest = max((value or 0 for value in series), default=0) or 1
    return tuple(max(1.0, round(SPARK * (value or 0) / highest, 1)) for value in series)
