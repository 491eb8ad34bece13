"""What would change if the past were judged again today: `lingsu judge --compare`.

Judges the newest transcripts as `lingsu judge` would and keeps nothing; each decision is held
against the valid result in the store, and each change against what people decided.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline import executors
from pipeline.decisions import said
from pipeline.domain.profile import load_profile
from pipeline.records import CallResult
from pipeline.shifts import Selection
from pipeline.store import queries, reviews
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.summary import Progress
from pipeline.worker import Spec, Task

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Change:
    """One decision of one call that would be another."""

    sha256: str
    item: str
    old: str | None  # None: it was left open
    new: str | None
    probability: float | None  # of the new value, where it has one
    review: str | None  # agrees, disagrees, neither; None: no person decided


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of them, those first that go against a person."""

    compared: int  # calls
    failed: int  # would fail now
    unjudged: int  # have no result to compare with, or a failed one
    changes: tuple[Change, ...]

    @property
    def calls(self) -> int:
        """How many calls would change."""
        return len({change.sha256 for change in self.changes})

    @property
    def moves(self) -> list[tuple[tuple[str, str | None, str | None], int]]:
        """(item, old, new) and how many calls, the most frequent first."""
        return Counter((one.item, one.old, one.new) for one in self.changes).most_common()

    @property
    def reviews(self) -> dict[str, int]:
        """How many changes go with a person's decision, against it, or to a third value."""
        counted = Counter(one.review for one in self.changes)
        return {key: counted[key] for key in ("agrees", "disagrees", "neither")}


def compare(
    store: Store,
    spec: Spec,
    *,
    selection: Selection = queries.ALL,
    report: Report = lambda progress: None,
) -> Comparison:
    """Judge the newest transcript of each chosen recording, and keep nothing."""
    city = load_profile(spec.profile)
    before = {
        result.call.recording.sha256: made
        for result in queries.results(store, selection, city.places)
        if (made := said(result, city))
    }
    heard = queries.transcripts(store, selection, city.places)
    work = [(sha, key) for sha, key in heard if sha in before]
    decided = reviews.counting(store)
    changes: list[Change] = []
    failed = len(work)
    for result in _judged(store, spec, work, report):
        if result.status == "failed":
            continue
        failed -= 1
        sha = result.call.recording.sha256
        changes += _changes(result, before[sha], said(result, city), decided.get(sha, {}))
    order = {sha: i for i, (sha, _) in enumerate(work)}
    changes.sort(key=lambda one: (one.review != "disagrees", order[one.sha256]))
    return Comparison(len(work) - failed, failed, len(heard) - len(work), tuple(changes))


def _judged(
    store: Store, spec: Spec, work: list[tuple[str, str]], report: Report
) -> Iterator[CallResult]:
    """The answers as they come; a call whose worker died has none."""
    if not work:
        return
    run = spec.config.run.model_copy(update={"workers": min(spec.workers, len(work))})
    spec = replace(spec, config=spec.config.model_copy(update={"run": run}))
    tasks = (Task(queries.heard_call(store, sha, key), heard=True) for sha, key in work)
    begun, seconds, failed = time.monotonic(), 0.0, 0
    answers = executors.executor(run)(tasks, spec, lambda: False)
    for done, result in enumerate(answers, 1):
        seconds += result.call.recording.seconds
        failed += result.status == "failed"
        elapsed = time.monotonic() - begun
        report(Progress(done, len(work), seconds, failed, elapsed))
        yield result


def _changes(
    result: CallResult,
    old: Mapping[str, str],
    new: Mapping[str, str],
    decided: Mapping[str, Review],
) -> Iterator[Change]:
    """Items of one call whose value is another now."""
    call = result.call
    for item in dict.fromkeys((*old, *new)):
        was, now = old.get(item), new.get(item)
        if was == now:
            continue
        made = call.decided.get(item)
        review = _against(decided.get(item), was, now)
        sure = made.confidence if made else None
        yield Change(call.recording.sha256, item, was, now, sure, review)


def _against(review: Review | None, old: str | None, new: str | None) -> str | None:
    """Whether a change goes the way of a person's decision. Of a rejected value it is only
    known that leaving it is right."""
    if review is None:
        return None
    if review.what == "reject":
        right, wrong = old == review.old, new == review.old
    else:
        right, wrong = new == review.new, old == review.new
    return "agrees" if right else "disagrees" if wrong else "neither"
