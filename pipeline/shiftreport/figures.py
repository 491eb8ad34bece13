"""The figures of a shift beside those of the last seven: counts, shares, rates.

They rest on store.facts alone. What a figure is called is in labels_report.py, or, for
departments and QA items, in the profile.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from pipeline.shiftreport.period import Period
from pipeline.store.facts import Facts, facts
from pipeline.store.store import Store

COMPARED = 7  # earlier shifts
# group -> the field of Facts whose values it counts
GROUPS = {
    "outcomes": "outcome",
    "scope_reason": "reason",
    "request_type": "request_type",
    "department": "department",
    "emotion.end": "emotion",
    "abuse": "abuse",
    "urgency": "urgency",
}
DECLINED = ("decline_explain", "refer")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted over a stretch of time."""

    calls: int = 0
    seconds: float = 0.0
    alerts: int = 0  # calls that have one
    to_review: int = 0
    agents: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)  # of the day
    declined: Counter[int] = field(default_factory=Counter)  # by hour: what was not taken
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by the groups
    asks: Counter[str] = field(default_factory=Counter)  # flags for which a person should look
    passed: Counter[str] = field(default_factory=Counter)  # QA items
    judged: Counter[str] = field(default_factory=Counter)  # QA items that applied

    def count(self, group: str, *values: str) -> int:
        """How many calls have one of the values."""
        return sum(self.counts[group][value] for value in values) if self.counts else 0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, now and before."""

    key: str
    now: float | None  # None: there was nothing to measure
    before: tuple[float | None, ...]  # oldest first
    share: float | None = None  # of the calls
    of: int | None = None  # what a rate rests on

    @property
    def mean(self) -> float | None:
        """Of the earlier ones that were measured."""
        known = [value for value in self.before if value is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A shift and the last seven, oldest first."""

    now: Figures
    before: tuple[Figures, ...]
    labels: tuple[str, ...]  # of the earlier ones

    def lines(self, group: str) -> list[Line]:
        """The values of a group, the most frequent first; those of earlier shifts too."""
        if not self.now.calls:
            return []
        counters = [one.counts.get(group, Counter()) for one in (*self.before, self.now)]
        values = {value for counter in counters for value in counter}
        found = [
            self._line(value, [counter[value] for counter in counters]) for value in values
        ]
        return sorted(found, key=lambda line: (-(line.now or 0), -(line.mean or 0), line.key))

    def asks(self) -> list[Line]:
        """For what people are asked to look, the most frequent first."""
        counters = [one.asks for one in (*self.before, self.now)]
        found = [
            self._line(item, [counter[item] for counter in counters]) for item in self.now.asks
        ]
        return sorted(found, key=lambda line: (-(line.now or 0), line.key))

    def rate(self, item: str) -> Line:
        """How often a QA item was fulfilled where it applied."""
        *before, now = [_rate(one.passed[item], one.judged[item]) for one in self._all]
        return Line(item, now, tuple(before), of=self.now.judged[item])

    def headlines(self) -> list[Line]:
        """What a supervisor looks at first."""
        measures = {
            "calls": lambda one: one.calls,
            "hours": lambda one: one.seconds / 3600,
            "declined": lambda one: one.count("outcomes", *DECLINED),
            "abusive": lambda one: one.calls - one.count("abuse", "none"),
            "alerted": lambda one: one.alerts,
            "to_review": lambda one: one.to_review,
            "no_speech": lambda one: one.statuses["no_speech"],
            "failed": lambda one: one.statuses["failed"],
        }
        lines = [
            self._line(key, [of(one) for one in self._all]) for key, of in measures.items()
        ]
        return [replace(line, share=None) if line.key == "hours" else line for line in lines]

    @property
    def _all(self) -> tuple[Figures, ...]:
        return (*self.before, self.now)

    def _line(self, key: str, values: list[float]) -> Line:
        share = values[-1] / self.now.calls if self.now.calls else None
        return Line(key, values[-1], tuple(values[:-1]), share)


def compared(store: Store, period: Period) -> Comparison:
    """The figures of the period and of the last seven before it that have calls."""
    places = period.profile.places
    now = figures(facts(store, period.chosen, places))
    before: list[Figures] = []
    labels: list[str] = []
    earlier = facts(store, period.earlier, places, newest_first=True)
    for number, group in groupby(earlier, key=lambda one: period.number(one.metadata)):
        if len(before) == COMPARED:
            break
        before.append(figures(group))
        labels.append(period.label(number))
    return Comparison(now, tuple(before[::-1]), tuple(labels[::-1]))


def figures(calls: Iterable[Facts]) -> Figures:
    """Count the calls."""
    known = list(calls)
    counts = {
        group: Counter(value for one in known if (value := getattr(one, name)))
        for group, name in GROUPS.items()
    }
    return Figures(
        calls=len(known),
        seconds=sum(one.seconds for one in known),
        alerts=sum(one.alerts > 0 for one in known),
        to_review=sum(one.to_review for one in known),
        agents=len({one.metadata.agent_id for one in known if one.metadata.agent_id}),
        statuses=Counter(one.status for one in known),
        hours=Counter(one.hour for one in known if one.hour is not None),
        declined=Counter(
            one.hour for one in known if one.hour is not None and one.outcome in DECLINED
        ),
        counts=counts,
        asks=Counter(item for one in known for item in one.asks),
        passed=Counter(_items(known, "pass")),
        judged=Counter(_items(known, "pass", "fail")),
    )


def _items(calls: Iterable[Facts], *verdicts: str) -> Iterator[str]:
    for one in calls:
        yield from (item for item, verdict in one.verdicts.items() if verdict in verdicts)


def _rate(passed: int, judged: int) -> float | None:
    return passed / judged if judged else None
