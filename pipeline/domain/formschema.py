"""What ticket.toml and deadlines.toml may hold: the form of the work order and its time limits.

pipeline/ticket_fields.py fills the form, pipeline/deadlines.py counts the limits.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.domain.schema import Outcome, RequestType, Said, Strict


class FormOption(Said):
    """Words that give a line of the form this value."""

    value: str


class FormField(Strict):
    """ticket.toml: one line of the work order."""

    key: str
    label: str
    source: str  # name of the filler in pipeline/ticket_fields.py
    kind: str = ""  # of the source `entity`: which entities
    premises: tuple[str, ...] = ()  # places that end so, where none of the kind is named
    most: int = Field(6, ge=1)  # how many of them a line holds
    names: dict[str, str] = {}  # what a value is called here: {"answer_now" = "直接办结"}
    options: tuple[FormOption, ...] = ()  # values that words give
    otherwise: str = ""  # the value where no word gives one; empty: 未提及
    required: bool = False
    types: tuple[RequestType, ...] = ()  # required of these request types; empty: of all
    outcomes: tuple[Outcome, ...] = ()  # required for these outcomes; empty: for all
    ask: str = ""  # what to ask the caller, or look up, where a required line is empty

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.required and not self.ask:
            raise ValueError(f"{self.key}: a required line needs `ask`")
        return self


class Limit(Strict):
    """So many hours by the clock, or working days of the official calendar."""

    hours: float | None = Field(None, gt=0)
    days: int | None = Field(None, gt=0)
    lead: str = ""  # printed before it: of what, or under which condition
    note: str = ""  # printed behind it: what must be done by then

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.hours is None) == (self.days is None):
            raise ValueError("either `hours` or `days`")
        return self


class Deadline(Strict):
    """deadlines.toml: a class of matters, and when each step must be done."""

    urgency: Literal["一般", "紧急", "特急"]
    dispatch: Limit  # the order has left the hotline
    contact: Limit  # the unit has spoken with the caller
    finish: Limit
    extended: Limit | None = None  # the latest finish that may be granted
    source: str
