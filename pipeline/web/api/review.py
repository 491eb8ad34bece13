"""The review for programs: what the pages of queue, sample and call do, as JSON."""

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from pipeline.records import CallResult
from pipeline.reviewing import Verdict
from pipeline.roles import AGENT, CLERK, HEARING, LEAD, SUPERVISOR
from pipeline.store import reviews, worklists
from pipeline.web import guard
from pipeline.web.desk import ADesk, Desk
from pipeline.web.guard import may
from pipeline.web.pages.call import DECIDING, note_here, view_of
from pipeline.web.pages.sound import WIDTH, peaks_of, sound_of
from pipeline.workbench import queue, scoring
from pipeline.workbench.amending import LONGEST, Amendment, Reviewer, amend
from pipeline.workbench.deciding import take
from pipeline.workbench.sample import draw

router = guard.programs()
Row = dict[str, Any]


class Sent(BaseModel):
    """What every change of a call carries."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(None, ge=0, description="of the call as it was read")


class SentVerdict(Sent):
    """A decision on one item."""

    what: Literal["accept", "change", "reject"]
    item: str | None = Field(None, description="null: the call as a whole; only accept")
    to: str | None = None
    reason: str | None = Field(None, max_length=LONGEST)
    who: str | None = Field(None, description="of abuse: caller, agent, both")
    target: str | None = Field(None, description="of abuse: agent, caller, unit, other")


class SentAmendment(Sent):
    """A correction of a turn, a role, a field, or a comment."""

    item: str
    to: str = Field(max_length=LONGEST)
    reason: str | None = Field(None, max_length=LONGEST)


class SentPresence(BaseModel):
    """That a call is open, or not any more."""

    model_config = ConfigDict(extra="forbid")

    gone: bool = False


class SentScores(Sent):
    """A second scoring: each item of the scorecard with its verdict."""

    verdicts: dict[str, str]


@router.get("/queue")
@may(SUPERVISOR)
def waiting(desk: ADesk, show: Literal["abuse", "other"] = "abuse") -> list[Row]:
    """The calls that wait for a person, the worst first, with what is open."""
    return [asdict(one) for one in queue.queue(desk.store, show)]


@router.get("/sample")
@may(CLERK, SUPERVISOR, LEAD)
def sample(desk: ADesk, day: str) -> list[Row]:
    """The QA sample of a day, the least certain call first."""
    drawn = draw(worklists.calls_of(desk.store, day), day, desk.bench.city.sampling)
    state = scoring.scored(desk.store, [one.call.sha256 for one in drawn])
    return [
        {**asdict(one.call), "twice": one.twice, **asdict(state[one.call.sha256])}
        for one in drawn
    ]


@router.get("/agreement")
@may(CLERK, SUPERVISOR, LEAD)
def agreement(desk: ADesk) -> list[Row]:
    """How far two clerks agree: of all items ("") and of each."""
    return [asdict(one) for one in scoring.agreements(desk.store)]


@router.get("/calls/{sha256}/review")
@may(*HEARING, AGENT)
def call(desk: ADesk, sha256: str) -> Row:
    """A call as reviewers see it: turns, flags, decisions, scorecard, and its version."""
    return view_of(desk, desk.call(sha256))


@router.get("/calls/{sha256}/sound", response_class=Response)
@may(*HEARING, AGENT)
def sound(desk: ADesk, sha256: str) -> Response:
    """The recording as browsers play it; answers ranges."""
    return sound_of(desk, desk.call(sha256))


@router.get("/calls/{sha256}/peaks")
@may(*HEARING, AGENT)
def peaks(
    desk: ADesk,
    sha256: str,
    start: float = 0.0,
    end: float | None = None,
    stretches: int = WIDTH,
) -> Row:
    """The waveform of a stretch: least and greatest sample in turn, of each channel."""
    return peaks_of(desk, desk.call(sha256), start, end, stretches)


@router.post("/calls/{sha256}/decisions")
@may(*DECIDING)
def decide(desk: ADesk, sha256: str, sent: SentVerdict) -> Row:
    """Keep a verdict. 409: somebody decided since the version that was read."""
    verdict = Verdict(sent.what, sent.item, sent.to, sent.reason)
    parts = {"abuse.who": sent.who or "", "abuse.target": sent.target or ""}
    result, by = desk.call(sha256), _by(desk, sent)
    take(desk.store, result, verdict, profile=desk.bench.city, by=by, parts=parts)
    return _version(desk, result)


@router.post("/calls/{sha256}/amendments")
@may(*DECIDING)
def correct(desk: ADesk, sha256: str, sent: SentAmendment) -> Row:
    """Keep a correction. 409: as above."""
    result = desk.call(sha256)
    wanted = Amendment(sent.item, sent.to, sent.reason)
    amend(desk.store, result.call, wanted, by=_by(desk, sent))
    return _version(desk, result)


@router.post("/calls/{sha256}/scorecard")
@may(*DECIDING)
def finish(desk: ADesk, sha256: str, sent: Sent) -> Row:
    """Confirm what is left of the scorecard, and that it is finished. 409: as above."""
    result = desk.call(sha256)
    scoring.finish(desk.store, result, desk.bench.city, by=_by(desk, sent))
    return _version(desk, result)


@router.post("/calls/{sha256}/second-scorecard")
@may(*DECIDING)
def score_again(desk: ADesk, sha256: str, sent: SentScores) -> Row:
    """Keep a second scoring by another person."""
    result, by = desk.call(sha256), _by(desk, sent)
    scoring.score_again(desk.store, result, desk.bench.city, sent.verdicts, by=by)
    return _version(desk, result)


@router.post("/calls/{sha256}/presence")
@may(*HEARING)
def here(desk: ADesk, sha256: str, sent: SentPresence) -> Row:
    """Say every few seconds that one has the call open; who else has, and its version."""
    return note_here(desk, desk.call(sha256), gone=sent.gone)


def _by(desk: Desk, sent: Sent) -> Reviewer:
    return Reviewer(desk.user.user, desk.address, sent.version)


def _version(desk: Desk, result: CallResult) -> Row:
    return {"version": reviews.version(desk.store, result.call.recording.sha256)}
