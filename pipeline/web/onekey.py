"""What one key each decides on a flag: a rejection with its reason, a change of one value.

Digits first, then the letters under the last of them; what finds no key is a button still.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.labels import word
from pipeline.reviewing import ABUSE

KEYS = "1234567890uiop"
REASONS: dict[str, tuple[str, ...]] = {  # of a rejection: what it is about -> the words offered
    ABUSE: ("not.tone", "not.quoted", "not.elsewhere", "not.misheard"),
    "": ("not.wrong", "not.misheard", "not.unclear"),
}
NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button; key is empty where there are more buttons than keys."""

    value: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons of one form: each sends `field` with its value, and `always` beside it."""

    name: str  # of what is decided, a key of labels.py
    field: str
    always: Mapping[str, str]
    choices: tuple[Choice, ...]


def one_key(item: str, abuse: Mapping[str, Any], lang: str) -> list[Choices]:
    """What is offered for a flag that `item` settles; abuse: its row of the decisions."""
    if not item:  # the hearing is in doubt: there is nothing to be right or wrong
        return []
    keys = iter(KEYS)
    words = [
        (name, name) for name in (word(key, lang) for key in REASONS.get(item, REASONS[""]))
    ]
    found = [_choices("rejecting", "reason", {"what": "reject"}, words, keys)]
    if item == ABUSE:
        now = _now(abuse)
        levels = [one for one in abuse["choices"] if one[0] not in (now, NONE)]
        found.append(_choices("abuse.level", "to", {"what": "change"}, levels, keys))
        for part in abuse["parts"] if now not in (None, NONE) else ():
            others = [one for one in part["choices"] if one[0] != part["value"]]
            always = {"what": "change", "to": now}
            found.append(_choices(part["item"], part["item"], always, others, keys))
    return found


def _now(abuse: Mapping[str, Any]) -> Any:
    human = abuse["human"]
    return human["value"] if human and human["value"] else abuse["machine"]


def _choices(
    name: str,
    field: str,
    always: Mapping[str, str],
    offered: Iterable[Sequence[str]],
    keys: Iterator[str],
) -> Choices:
    buttons = tuple(Choice(value, told, next(keys, "")) for value, told in offered)
    return Choices(name, field, always, buttons)
