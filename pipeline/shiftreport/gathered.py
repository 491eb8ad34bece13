"""One pass over the calls of a report: what is told of single calls, masked.

Of most calls little is kept, of those that a person must hear the dialogue too.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.domain.profile import Profile
from pipeline.export.rows import Row, masked, row
from pipeline.records import UNSAID, CallResult, Metadata
from pipeline.redact import hiding
from pipeline.store.reviews import Review

Decided = Mapping[str, Mapping[str, Review]]
NOBODY: Decided = {}
UNUSED = ("qa_evidence", "corrections", "dropped", "alternatives", "keys")
DIALOGUE = ("turns", "evidence")  # shown of calls that a person must hear
LEVELS = ("threat", "severe", "mild", "none")
# what a table of the exchange should have told: field of Metadata -> its word
TOLD = {"call_id": "pbx_call_id"} | {
    name: name for name in ("started_at", "agent_id", "caller_number", "region", "shift")
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A call that a person should hear: its row in full, and where to listen."""

    row: Row
    path: str  # of the recording
    stretches: tuple[tuple[float, float], ...]  # seconds


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An opinion on how the city is run, for whoever collects them."""

    call_id: str
    domain: str
    title: str
    sentence: str
    started_at: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that could not be processed, and what to do about it."""

    call_id: str
    file: str
    stage: str
    code: str


@dataclass(slots=True)
class Gathered:
    """What one pass collects."""

    rows: list[Row] = field(default_factory=list)  # without the long parts
    heard: list[Heard] = field(default_factory=list)  # the most pressing first
    grades: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # why the sound is not good
    silent: Counter[str] = field(default_factory=Counter)  # why nobody speaks
    lacking: Counter[str] = field(default_factory=Counter)  # what the exchange did not tell
    unsure: Counter[str] = field(default_factory=Counter)  # decisions left to a person

    @property
    def suggestions(self) -> list[Suggestion]:
        """The calls that are suggestions, by their matter."""
        found = [_suggestion(one) for one in self.rows if _suggests(one)]
        return sorted(found, key=lambda one: (one.domain, one.started_at or "", one.call_id))

    @property
    def waiting(self) -> int:
        """Calls that a person should look at and nobody has confirmed as a whole."""
        return sum(one["needs_review"] and not settled(one) for one in self.rows)

    @property
    def failed(self) -> list[Failed]:
        """The calls that failed."""
        return [
            Failed(one["call_id"], one["file"], why["stage"], why["code"])
            for one in self.rows
            if (why := one["failure"])
        ]


def settled(one: Row) -> bool:
    """Whether somebody confirmed the call as a whole."""
    return any(decided["item"] == "" for decided in one["reviewed"])


def gather(
    results: Iterable[CallResult], profile: Profile, reviewed: Decided = NOBODY
) -> Gathered:
    """Read the results once.

    reviewed: recording -> item -> what a person decided (store.reviews.counting).
    """
    found = Gathered()
    for result in results:
        people = reviewed.get(result.call.recording.sha256, {}).values()
        plain = row(result, profile, reviewed=people, unmasked=True)
        hear = _pressing(plain)
        # masking reads every string: first away with what nobody will see
        full = masked(
            _without(plain, UNUSED if hear else UNUSED + DIALOGUE), hiding(result.call)
        )
        if hear:
            stretches = tuple(_stretches(result))
            found.heard.append(Heard(full, result.call.recording.path, stretches))
        found.rows.append(_without(full, DIALOGUE))
        _count(found, full, result.call.recording.metadata)
    found.heard.sort(key=_rank)
    return found


def _without(full: Row, keys: Collection[str]) -> Row:
    return {key: value for key, value in full.items() if key not in keys}


def _count(found: Gathered, full: Row, metadata: Metadata) -> None:
    audio = full["audio"]
    found.grades[audio["grade"] or "ungraded"] += 1
    found.reasons.update(audio["reasons"])
    found.unsure.update(full["unsure"])
    found.lacking.update(key for name, key in TOLD.items() if not getattr(metadata, name))
    if full["no_speech"]:
        found.silent[full["no_speech"]] += 1


def _pressing(full: Row) -> bool:
    """Abuse of any level, or an alert."""
    return full["abusive"]["level"] != "none" or any(
        flag["severity"] == "alert" for flag in full["review"]
    )


def _rank(one: Heard) -> tuple[bool, bool, int, str]:
    """Threats, then emergencies, then insults, each in the order of time."""
    level = LEVELS.index(one.row["abusive"]["level"])
    return level > 0, one.row["urgency"] != "特急", level, one.row["started_at"] or ""


def _stretches(result: CallResult) -> Iterator[tuple[float, float]]:
    """Where the words lie for which a person should listen; doubts about labels are none."""
    call = result.call
    for flag in call.review:
        if flag.item.startswith("unsure_"):
            continue
        for found in flag.findings:
            if found.end > found.start:
                yield found.start, found.end
            elif 0 <= found.turn < len(call.turns):
                yield call.turns[found.turn].start, call.turns[found.turn].end


def _suggests(one: Row) -> bool:
    return one["request_type"] == "建议" or one["scope"]["outcome"] == "record_suggestion"


def _suggestion(one: Row) -> Suggestion:
    ticket = one["ticket"] or {"title": "", "summary": "", "fields": ()}
    purpose = {line["key"]: line["value"] for line in ticket["fields"]}.get("purpose", UNSAID)
    return Suggestion(
        call_id=one["call_id"],
        domain=one["domain"] or "",
        title=ticket["title"],
        sentence=ticket["summary"] if purpose == UNSAID else purpose,
        started_at=one["started_at"],
    )
