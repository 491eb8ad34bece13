"""What each TOML file of a profile may hold; pydantic checks it once, when it is loaded.

Knowledge is data: a department, a clause, an insult or a QA item is one entry here with a
`hit` and a `miss` sentence, and the tests run both against every rule.
"""

from datetime import date
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal[
    "accept_dispatch",
    "answer_now",
    "emergency_transfer",
    "decline_explain",
    "refer",
    "record_suggestion",
    "merge",
    "no_request",
]
Emotion = Literal["平静", "焦急", "不满", "愤怒", "悲伤", "感谢"]
Task = Literal["request_type", "scope", "department", "urgency", "emotion_start", "emotion_end"]
RequestType = Literal["举报", "投诉", "求助", "建议", "咨询", "表扬", "无效"]
OUTCOMES: tuple[str, ...] = get_args(Outcome)
EMOTIONS: tuple[str, ...] = get_args(Emotion)
REQUEST_TYPES: tuple[str, ...] = get_args(RequestType)  # the main one by this order
Role = Literal["agent", "caller", "ivr", "unknown"]


class Strict(BaseModel):
    """Base of all: unknown keys are refused, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """Words that mean something. Matching is in domain/match.py."""

    id: str
    any: tuple[str, ...] = ()  # regular expressions on the normalized text; one is enough
    sounds: tuple[str, ...] = ()  # words matched by toneless pinyin, for what was misheard
    unless: tuple[str, ...] = ()  # regular expressions that take the match back
    weight: float = 1.0  # in the decision that sums rules
    hit: tuple[str, ...] = Field(min_length=1)  # sentences that must match
    miss: tuple[str, ...] = Field(min_length=1)  # near misses that must not


class Shift(Strict):
    """A named stretch of the day; an end before the start runs over midnight."""

    name: str
    start: str = Field(pattern=r"^\d\d:\d\d$")
    end: str = Field(pattern=r"^\d\d:\d\d$")


class District(Strict):
    """A county-level unit and the townships and sub-districts within it."""

    name: str
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __hash__(self) -> int:  # of all its places it would take longer than what is cached
        return hash(self.name)


class Region(Strict):
    """A city: how its hotline is named, how the PBX marks it, its shifts and its places."""

    name: str
    hotline: tuple[str, ...]  # words that name its hotline in a greeting
    area_code: str
    queues: tuple[str, ...] = ()  # regular expressions on the PBX queue
    shifts: tuple[Shift, ...]
    districts: tuple[District, ...]
    surnames: str = ""  # more common here than elsewhere, most common first

    def __hash__(self) -> int:  # as that of a district
        return hash(self.name)


class Pbx(Strict):
    """How this city's recorder names files and exports its table."""

    # Field of records.Metadata, or file, or duration_s -> the headers it goes by. A header is
    # compared without case, width, blanks and a unit in brackets; fields that Metadata does
    # not have are kept in its `extra`.
    columns: dict[str, tuple[str, ...]]
    dates: tuple[str, ...]  # strptime formats, tried in order; ISO is always understood
    # Regular expression on the file's name without extension. Its groups are fields of
    # Metadata; `date` and `time` are joined and read by `dates`.
    name_pattern: str
    agent_channel: Literal["auto", "left", "right"] = "auto"


class City(Strict):
    """city.toml"""

    name: str
    pbx: Pbx
    ivr: tuple[Rule, ...] = ()  # prompts of the exchange, before or instead of a person
    agent_words: tuple[Rule, ...] = ()  # what only an agent says: tells the roles apart
    caller_words: tuple[Rule, ...] = ()


class Confidence(Strict):
    """confidence.toml: when a person is asked instead of an answer given."""

    error: float = Field(gt=0, lt=1)  # the share of wrong answers that is put up with
    errors: dict[str, float] = {}  # where another share is, by decision
    coverage: float = Field(gt=0, lt=1)  # how often the right unit is among those shown
    ask: tuple[Task, ...]
    # label -> what to look at in the call; a person between two answers reads both
    settles: dict[str, str]

    def of(self, task: str) -> float:
        """The share of wrong answers put up with in this decision."""
        return self.errors.get(task, self.error)


class AbuseRule(Rule):
    """abuse.toml: a level, and for threats a kind; or, with another `use`, how words are meant.

    use: abuse (an insult, a threat); quotes (a third party's words follow until the speaker
    is back in the first person); tells (they follow to the end of the sentence); announces
    (they follow in the speaker's next turn, or the caller's next after an agent asked);
    recalls (they came before in this turn); own_voice (ends a quotation); others, myself
    (who is spoken of); disclaims (an insult inside the match is not meant).
    """

    use: Literal[
        "abuse",
        "quotes",
        "tells",
        "announces",
        "recalls",
        "own_voice",
        "others",
        "myself",
        "disclaims",
    ] = "abuse"
    level: Literal["none", "mild", "severe", "threat"] = "none"
    threat: Literal["violence", "self_harm"] | None = None
    who: tuple[Role, ...] = ("caller", "agent")
    aimed: bool = False  # True: an accusation, no insult unless it is of the person listening
    turns: int = Field(1, ge=1)  # in fewer turns it is no abuse, at most an agent's bad manners


class SentimentRule(Rule):
    """sentiment.toml"""

    emotion: Emotion


class Said(Rule):
    """A rule that knows whose words it means; the other role's count less."""

    role: Literal["caller", "agent", "any"] = "any"


class IntentRule(Said):
    """intent.toml: what a speaker wants (type), how urgent it is, or what he does (act).

    Acts: `decline`, `accept`, `answer` and `fail` are the agent's reply; `hazard` is a real
    danger; `handover` stands before a unit's name; `several` announces two appeals, `orders`
    that each gets an order of its own; `silence` says that nobody is heard.
    """

    type: RequestType | None = None
    urgency: Literal["紧急", "特急"] | None = None
    act: (
        Literal[
            "decline",
            "accept",
            "answer",
            "fail",
            "hazard",
            "handover",
            "several",
            "orders",
            "silence",
        ]
        | None
    ) = None


class ScopeRule(Said):
    """scope.toml: a reason for not taking the appeal, with its clause and its referral."""

    code: str
    reason: str
    outcome: Outcome
    basis: str
    referral: str
    script: str  # what the agent may say
    asked: bool = False  # a question about this very procedure is answered, not declined
    signs: tuple[Said, ...] = ()  # further words for it, each with its own weight and role


class Topic(Said):
    """A kind of matter that a unit handles."""

    name: str  # second-level domain, e.g. 市政照明


class DepartmentRule(Said):
    """departments.toml: one unit. Its own patterns are what people call it; weight counts
    when an agent hands the appeal to it by name."""

    name: str
    aliases: tuple[str, ...] = ()
    domain: str
    topics: tuple[Topic, ...] = ()


class Checked(Strict):
    """When an answer was last compared with a published text, and with which."""

    day: date
    text: str


class Answer(Strict):
    """knowledge.toml: one question, one answer."""

    id: str
    question: str
    also: tuple[str, ...] = ()  # other ways to ask it
    answer: str
    source: str
    valid_until: date | None = None  # the last day on which it holds
    checked: Checked | None = None  # without: shown as 待核实
