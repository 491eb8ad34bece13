"""What a run tells: where it is while it works, and what came of it at the end.

batch.py makes these; the CLI and the web page show them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import LingsuError
from pipeline.ingest import Skipped
from pipeline.pbx import Defect
from pipeline.store import figures
from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is."""

    done: int
    total: int
    seconds: float  # of sound done
    failed: int
    elapsed: float  # seconds

    @property
    def realtime(self) -> float:
        """Seconds of sound a second."""
        return self.seconds / self.elapsed if self.elapsed else 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A call that could not be processed, and what to do about it."""

    sha256: str
    name: str  # the file's own
    stage: str
    code: str
    message: str
    remedy: str
    retryable: bool  # True: the next run tries it again by itself


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run. Counts marked "selected" cover known calls as well as new ones."""

    calls: int  # selected
    seconds: float  # of sound, selected
    known: int  # had their result before
    new: int  # answered in this run
    judged: int  # of the new ones: judged again, without hearing
    failed: int  # of the new ones
    elsewhere: int  # left to another run that is at work on them
    forgotten: int  # erased on request, therefore passed over
    interrupted: bool
    elapsed: float  # seconds
    done_seconds: float  # of sound, of the new ones
    statuses: dict[str, int]  # selected, as are all below
    outcomes: dict[str, int]
    abuse: dict[str, int]  # by level; "none" is there too
    review: int  # ask a person to look
    failures: tuple[Problem, ...]
    skipped: tuple[Skipped, ...] = ()
    defects: tuple[Defect, ...] = ()
    links: Mapping[str, int] = field(
        default_factory=dict
    )  # kind -> found at the end of this run

    @property
    def realtime(self) -> float:
        """Seconds of sound a second, of this run."""
        return self.done_seconds / self.elapsed if self.elapsed else 0.0

    @property
    def hours(self) -> float:
        """Of sound, selected."""
        return self.seconds / 3600

    @property
    def no_speech(self) -> int:
        """Calls in which nobody spoke."""
        return self.statuses.get("no_speech", 0)

    @property
    def abusive(self) -> int:
        """Calls with abuse of any level."""
        return sum(count for level, count in self.abuse.items() if level != "none")

    @property
    def exit_code(self) -> int:
        """0: all done; 1: some failed, or the run was interrupted."""
        return int(self.failed > 0 or self.interrupted)


def remedy(code: str) -> str:
    """What the person at the keyboard can do about a failure of this code, in Chinese."""
    known = {error.code: error.remedy for error in LingsuError.__subclasses__()}
    return known.get(code, LingsuError.remedy)


def problems(store: Store, shas: Sequence[str]) -> tuple[Problem, ...]:
    """The failures among these recordings."""
    return tuple(
        Problem(
            *(recording.sha256, recording.name),
            *(failure.stage, failure.code, failure.message),
            *(remedy(failure.code), failure.retryable),
        )
        for recording, failure in figures.failed(store, shas)
    )
