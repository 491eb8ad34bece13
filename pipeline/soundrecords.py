"""The nouns of what HEAR takes from the sound: how good it is, what lies where, the words.

Used through records.py, whose `Call` holds them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    """What the samples are like, before any word is read."""

    layout: str = "mono"  # mono, stereo, dual_mono (both sides alike), one_sided (a dead side)
    agent_channel: int | None = None  # stereo only
    agent_confidence: float | None = None  # margin of the evidence for it, 0..1; uncalibrated
    level_dbfs: float | None = None  # RMS of the speech
    clipped: float = 0.0  # share of samples at full scale
    notes: tuple[str, ...] = ()  # codes, e.g. "dead_channel", "low_level", "clipped"
    snr_db: float | None = None  # speech against the pauses, of the worse side
    dropouts: int = 0  # lost packets that are heard inside speech
    lost: float = 0.0  # share of the speech that they take
    grade: str | None = None  # good, fair, poor; None: no speech, or not graded
    reasons: tuple[str, ...] = ()  # codes of what lowers the grade, the gravest first
    remarks: tuple[str, ...] = ()  # codes of what is told with it: "dual_mono", "narrowband"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the recording, in seconds, with what it holds."""

    start: float
    end: float
    kind: str = "speech"  # speech, silence, tone, music, noise; ivr: a prompt


@dataclass(frozen=True, slots=True)
class Word:
    """The smallest piece the recognizer times: a token or a few characters of text."""

    start: float
    end: float
    text: str
    probability: float  # of the token, 0..1; not calibrated
    heard: str = (
        ""  # what the sound alone would have written here, where that is something else
    )
    margin: float = 0.0  # by how many nats the sound preferred that
    why: str = (
        "language"  # what wrote otherwise: the language model, an echo (models/echoes.py)
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """Words that were written otherwise than the sound alone would have it."""

    start: float
    end: float
    heard: str  # what the sound alone would have written
    text: str  # what stands in the transcript
    why: str  # code and nats, "language:1.8": the most that the sound was overruled by


@dataclass(frozen=True, slots=True)
class Dropped:
    """Speech that gave no words, with the text that was not believed."""

    start: float
    end: float
    reason: str  # unlikely, repeats, credits, too_little; inaudible: there was no text at all
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How much and how fast one role speaks."""

    seconds: float = 0.0  # of speech in its turns
    share: float | None = None  # of what agent and caller speak, 0..1
    rate: float | None = None  # characters a minute of that speech


@dataclass(frozen=True, slots=True)
class Overlap:
    """A turn that begins before the other one has ended its own."""

    start: float  # where the second turn begins
    end: float  # where the first one ends
    who: str  # role of the second: agent, caller
    turn: int  # its index
    over: int  # index of the first


@dataclass(frozen=True, slots=True)
class Talk:
    """How the two share the call, whatever they say."""

    agent: Voice = Voice()
    caller: Voice = Voice()
    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Span, ...] = ()  # since the answer, nobody's words or no voice; what fills it
