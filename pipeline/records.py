"""The nouns of the whole system: what a recording becomes on its way to a draft ticket.

Frozen records that every layer may import; they import nothing of ours but those of the
sound, which are had from here as well. Stages grow a `Call` with `copies.replace`, which
refuses a misspelt field (pydantic's copy does not).
"""

from dataclasses import dataclass, field

from pipeline.soundrecords import Correction as Correction
from pipeline.soundrecords import Dropped as Dropped
from pipeline.soundrecords import Overlap as Overlap
from pipeline.soundrecords import Sound as Sound
from pipeline.soundrecords import Span as Span
from pipeline.soundrecords import Talk as Talk
from pipeline.soundrecords import Voice as Voice
from pipeline.soundrecords import Word as Word

UNSAID = "未提及"  # a ticket field nobody spoke of: never invented


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the PBX export or the file name says of a recording; None where neither does."""

    call_id: str | None = None
    started_at: str | None = None  # ISO local time, "2026-07-14T08:15:33"
    agent_id: str | None = None
    caller_number: str | None = None  # digits; masked wherever it is shown
    direction: str | None = None  # "in" or "out"
    queue: str | None = None
    satisfaction: str | None = None
    region: str | None = None  # the city, where the queue or the table tells it
    shift: str | None = None
    text: str | None = None  # an appeal that came as text instead of sound
    extra: tuple[tuple[str, str], ...] = ()  # columns the profile does not map


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file, known by its content: the same bytes under two names are one recording."""

    sha256: str
    path: str  # where its bytes were read in this run
    seconds: float = 0.0
    channels: int = 0
    sample_rate: int = 0
    codec: str = ""
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def name(self) -> str:
        """The file's own name, without its folders."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker talking without a break."""

    start: float  # seconds from the start of the recording; 0 for text that has no sound
    end: float
    speaker: str  # agent, caller, ivr, unknown
    text: str  # normalized: simplified Chinese, punctuation, digits where people read digits
    heard: str = ""  # the words as the recognizer gave them
    channel: int | None = None  # None: mono, or both
    confidence: float | None = None  # exp(mean token log-probability), less on poor sound; 0..1
    times: tuple[float, ...] = ()  # second at which each character of `text` begins
    overlap: bool = False  # begins before the turn ahead of it has ended
    source: str = "speech"  # speech, ivr, text

    def at(self, index: int) -> float:
        """The second at which character `index` of the text begins."""
        if index < len(self.times):
            return self.times[index]
        return self.end if index else self.start


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed, with its evidence: turn, words, seconds and who noticed."""

    kind: str  # the decision it serves: abuse, scope, department, entity, qa, ticket ...
    rule: str  # id of the profile's rule or of the model
    turn: int  # index into Call.turns; -1 where the evidence is not a turn (metadata, silence)
    quote: str
    start: float
    end: float
    value: str = ""  # what it says: a level, a label, a kind of entity
    normal: str = ""  # the quote in normal form: a phone number in digits, a date, a place name
    score: float = 1.0  # weight in the decision; not a probability

    @property
    def name(self) -> str:
        """The quote, or its real name where it was recognized by sound: 港北区 for 刚北区."""
        misheard = self.rule.endswith((".sound", ".near"))
        return self.normal if misheard and self.normal else self.quote


@dataclass(frozen=True, slots=True)
class Choice:
    """A label with its probability, calibrated."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """One label with the evidence for it. Confidence is calibrated or None."""

    value: str | None = None
    confidence: float | None = None
    findings: tuple[Finding, ...] = ()
    others: tuple[Choice, ...] = ()  # what else it may be, the likeliest first
    sure: bool | None = None  # None: nobody measured; False: a person should decide

    @property
    def label(self) -> str | None:
        """Its value: what is learnt and doubted, of a Scope as well."""
        return self.value


@dataclass(frozen=True, slots=True)
class Scope:
    """Whether the hotline takes the appeal; if not, why, by which clause, and who can help."""

    outcome: str = "no_request"  # one of domain.schema.OUTCOMES
    reason: str | None = None  # the label of the reason, e.g. 封建迷信
    code: str | None = None  # its code, e.g. O9
    basis: str | None = None
    referral: str | None = None
    script: str | None = None  # what the agent may say
    findings: tuple[Finding, ...] = ()
    confidence: float | None = None
    others: tuple[Choice, ...] = ()  # other codes, or outcomes that have none
    sure: bool | None = None

    @property
    def label(self) -> str:
        """The code where there is one, else the outcome: what is learnt and doubted."""
        return self.code or self.outcome

    @property
    def in_scope(self) -> bool | None:
        """True, False, or None where the call holds no appeal at all."""
        if self.outcome == "no_request":
            return None
        return self.outcome in ("accept_dispatch", "answer_now", "record_suggestion", "merge")


@dataclass(frozen=True, slots=True)
class Abuse:
    """Abusive language in the call, by the worst level and by who used it."""

    level: str = "none"  # none, mild, severe, threat
    who: tuple[str, ...] = ()  # roles
    threat_kind: str | None = None  # violence, self_harm
    findings: tuple[Finding, ...] = ()  # value: level; words quoted from others are not here
    quoted: tuple[Finding, ...] = ()  # a third party's words, told by the speaker
    rude: tuple[Finding, ...] = ()  # an agent's bad manners, too few for abuse


@dataclass(frozen=True, slots=True)
class Flag:
    """A QA item or an alert. Severity above "info" asks a person to look."""

    item: str
    verdict: str  # pass, fail, not_applicable, insufficient_evidence
    severity: str = "info"  # info, review, alert
    reason: str = ""  # Chinese, one sentence, for the person who looks
    findings: tuple[Finding, ...] = ()
    absent: bool = False  # not there, and not held against anybody: it was not due


@dataclass(frozen=True, slots=True)
class TicketField:
    """One line of the form: value, where it was said, and whether it had to be there."""

    key: str
    label: str  # as the form prints it, e.g. 诉求目的
    value: str = UNSAID
    required: bool = False
    findings: tuple[Finding, ...] = ()
    decision: str = ""  # what a person may review of it: a key of Call.decided, or abuse
    # of that decision, calibrated; of what was said how surely it was heard, not calibrated
    confidence: float | None = None
    sure: bool | None = None  # as in Decision


@dataclass(frozen=True, slots=True)
class Ticket:
    """A draft work order (工单) for a person to confirm."""

    title: str
    summary: str
    fields: tuple[TicketField, ...] = ()
    missing: tuple[str, ...] = ()  # labels of required fields that nobody spoke of
    asks: tuple[str, ...] = ()  # for each of them, what to ask when calling back


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An entry of the knowledge base that answers what was asked."""

    id: str
    question: str
    answer: str
    source: str
    valid_until: str | None  # ISO day, the last on which it holds
    expired: bool  # on the day of the call
    score: float  # share of its question that was asked, 0..1
    findings: tuple[Finding, ...] = ()  # the turn that asked it
    checked: str | None = None  # ISO day on which it was compared with a published text


@dataclass(frozen=True)  # no slots: copies.py copies it at once, a dozen times
class Call:
    """The growing record. HEAR fills the upper half, JUDGE the lower."""

    recording: Recording
    # HEAR
    language: str = "zh"
    sound: Sound = Sound()
    spans: tuple[Span, ...] = ()  # speech and what lies between, in order
    words: tuple[Word, ...] = ()  # emptied once they have become turns
    corrections: tuple[Correction, ...] = ()  # what a language model changed, in order
    dropped: tuple[Dropped, ...] = ()  # speech that gave no words, in order
    turns: tuple[Turn, ...] = ()
    talk: Talk | None = None  # None: no words, or heard before this was measured
    no_speech: str | None = None  # why there is nothing to read: silence, tone, music, ...
    # JUDGE
    emotions: tuple[Finding, ...] = ()  # per turn; value: one of domain.schema.EMOTIONS
    emotion_start: Decision = Decision()
    emotion_end: Decision = Decision()
    abuse: Abuse = Abuse()
    entities: tuple[
        Finding, ...
    ] = ()  # value: "place", ...; quote: as spoken; rule: normal form
    region: Decision = Decision()
    district: Decision = Decision()
    request_type: Decision = Decision()
    urgency: Decision = Decision()
    scope: Scope = Scope()
    domain: Decision = Decision()
    departments: tuple[Decision, ...] = ()  # lead unit first, then assisting units
    signs: tuple[tuple[str, float], ...] = ()  # what the rules of each label summed to
    flags: tuple[Flag, ...] = ()
    answers: tuple[KnownAnswer, ...] = ()  # of an inquiry, the best first
    ticket: Ticket | None = None
    more_tickets: tuple[Ticket, ...] = ()  # of the other appeals of the call

    def said(self, *roles: str) -> list[tuple[int, Turn]]:
        """The turns of these roles with their indices."""
        return [(i, turn) for i, turn in enumerate(self.turns) if turn.speaker in roles]

    @property
    def decided(self) -> dict[str, "Decision | Scope"]:
        """The decisions that may be doubted, by task; of the units the lead."""
        return {
            "request_type": self.request_type,
            "scope": self.scope,
            "department": self.departments[0] if self.departments else Decision(),
            "urgency": self.urgency,
            "emotion_start": self.emotion_start,
            "emotion_end": self.emotion_end,
        }

    @property
    def review(self) -> tuple[Flag, ...]:
        """The flags that ask a person to look, alerts first."""
        asking = [f for f in self.flags if f.severity != "info"]
        return tuple(sorted(asking, key=lambda f: f.severity != "alert"))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call stopped, as data."""

    stage: str
    code: str  # stable; docs/operations.md lists each with its remedy
    message: str
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class CallResult:
    """What is stored of one call."""

    call: Call
    status: str  # ok, no_speech, failed
    failure: Failure | None = None
    hear_key: str = ""
    judge_key: str = ""
    stage_seconds: tuple[tuple[str, float], ...] = ()
    made_with: tuple[tuple[str, str], ...] = ()  # library versions, device, commit: not hashed
