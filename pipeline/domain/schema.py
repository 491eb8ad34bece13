"""What each TOML file of a profile may hold; pydantic checks it once, when it is loaded.

Knowledge is data: a department, a clause, an insult or a QA item is one entry here with a
`hit` and a `miss` sentence, and the tests run both against every rule.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

OUTCOMES = (
    "accept_dispatch",
    "answer_now",
    "emergency_transfer",
    "decline_explain",
    "refer",
    "record_suggestion",
    "merge",
    "no_request",
)
EMOTIONS = ("平静", "焦急", "不满", "愤怒", "悲伤", "感谢")
REQUEST_TYPES = (
    "举报",
    "投诉",
    "求助",
    "建议",
    "咨询",
    "表扬",
    "无效",
)  # main one by this order
URGENCIES = ("一般", "紧急", "特急")
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


class Region(Strict):
    """A city: how its hotline is named, how the PBX marks it, its shifts and its places."""

    name: str
    hotline: tuple[str, ...]  # words that name its hotline in a greeting
    area_code: str
    queues: tuple[str, ...] = ()  # regular expressions on the PBX queue
    shifts: tuple[Shift, ...]
    districts: tuple[District, ...]


class Pbx(Strict):
    """How this city's recorder names files and exports its table."""

    columns: dict[
        str, tuple[str, ...]
    ]  # field of records.Metadata (or file, duration_s) -> headers
    dates: tuple[str, ...]  # strptime formats
    name_pattern: str  # regular expression with named groups on the file's stem
    agent_channel: Literal["auto", "left", "right"] = "auto"


class City(Strict):
    """city.toml"""

    name: str
    pbx: Pbx
    ivr: tuple[Rule, ...] = ()  # prompts of the exchange, before or instead of a person
    agent_words: tuple[Rule, ...] = ()  # what only an agent says: tells the roles apart
    caller_words: tuple[Rule, ...] = ()


class AbuseRule(Rule):
    """abuse.toml: a level, and for threats a kind."""

    level: Literal["mild", "severe", "threat"]
    threat: Literal["violence", "self_harm"] | None = None
    who: tuple[Role, ...] = ("caller", "agent")


class SentimentRule(Rule):
    """sentiment.toml"""

    emotion: Emotion


class IntentRule(Rule):
    """intent.toml: request types and urgency."""

    type: Literal["举报", "投诉", "求助", "建议", "咨询", "表扬", "无效"] | None = None
    urgency: Literal["紧急", "特急"] | None = None


class ScopeRule(Rule):
    """scope.toml: a reason for not taking the appeal, with its clause and its referral."""

    code: str
    reason: str
    outcome: Outcome
    basis: str
    referral: str
    script: str


class DepartmentRule(Rule):
    """departments.toml: one unit; `any` are what its matters are called."""

    name: str
    aliases: tuple[str, ...] = ()
    domain: str
    assists: tuple[str, ...] = ()  # ids of units usually asked to help


class QualityItem(Strict):
    """qa.toml: an item is seen in an agent's turn by its rules, or measured."""

    id: str
    label: str
    good: bool  # True: should be there; False: should not
    rules: tuple[Rule, ...] = ()
    measure: Literal["interruption", "wait", "abuse", "verification", "summary"] | None = None
    within: Literal["start", "end", "anywhere"] = "anywhere"
    seconds: float = 0.0  # threshold of a measured item
    fatal: bool = False
    reason: str  # what the flag tells the person who looks


class FormField(Strict):
    """ticket.toml: one line of the work order."""

    key: str
    label: str
    required: bool = False
    source: str  # name of the filler in pipeline/stages/ticket.py


class Deadline(Strict):
    """deadlines.toml"""

    urgency: Literal["一般", "紧急", "特急"]
    dispatch_hours: float
    finish: str
    source: str


class Answer(Strict):
    """knowledge.toml: one question, one answer."""

    id: str
    question: str
    answer: str
    source: str
    valid_until: str | None = None
