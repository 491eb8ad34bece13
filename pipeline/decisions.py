"""What of a call a person may decide on: what the machine said, and what may be said instead.

An item is a decision of Call.decided, the level of abuse, or a QA item of the profile as
`qa.ID`. Values are kept as judging writes them, whatever a person typed, so that they can be
compared and learnt from. Used by reviewing.py, compare.py and training/reviewed.py.
"""

import re
from collections import Counter
from collections.abc import Mapping

from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.labels import word
from pipeline.records import CallResult
from pipeline.stages.settle import NOWHERE, TASKS
from pipeline.training.tasks import understood

QA = "qa."
VERDICTS = ("pass", "fail", "not_applicable")
# what workbench/ keeps beside decisions: corrections, and another clerk's scorecard
FIELD, SECOND = "ticket.", "second."
_TURN = re.compile(r"turn\.(\d+)\.\w+")
WHOLE = ""  # the item of a review that is of the call as a whole


def said(result: CallResult, profile: Profile) -> dict[str, str]:
    """Item -> the machine's value; without what it left open, empty where it failed."""
    call = result.call
    if result.status != "ok":
        return {}
    made = {task: one.label for task, one in call.decided.items()}
    made["department"] = made["department"] or NOWHERE
    known = {item.id for item in profile.qa}
    made |= {"abuse": call.abuse.level}
    made |= {QA + flag.item: flag.verdict for flag in call.flags if flag.item in known}
    return {item: value for item, value in made.items() if value}


def item_of(typed: str, profile: Profile) -> str:
    """The item by its key or its Chinese name. Raises InputInvalid naming those there are."""
    keys = (*TASKS, "abuse", *(QA + item.id for item in profile.qa))
    names = {item_name(key, profile): key for key in keys} | {key: key for key in keys}
    if typed not in names:
        listed = "、".join(f"{key}（{item_name(key, profile)}）" for key in keys)
        raise InputInvalid(f"没有 {typed!r} 这一项；可选：{listed}")
    return names[typed]


def value_of(item: str, typed: str, profile: Profile) -> str:
    """The value as judging writes it. Raises InputInvalid naming those the profile knows."""
    known = values(item, profile)
    if typed not in known:
        told = dict.fromkeys(value_name(item, value, profile) for value in known.values())
        listed = "、".join(told)
        raise InputInvalid(f"{item_name(item, profile)}不能是 {typed!r}；可选：{listed}")
    return known[typed]


def values(item: str, profile: Profile) -> Mapping[str, str]:
    """A value as people write it -> as judging writes it."""
    if item.startswith(QA):
        return _either(VERDICTS)
    if item == "scope":
        return _scopes(profile)
    if item == "department":
        return {NOWHERE: NOWHERE, "无": NOWHERE, word("no_unit"): NOWHERE} | dict(
            understood(item, profile)
        )
    return understood(item.partition("_")[0] if "emotion" in item else item, profile)


def item_name(item: str, profile: Profile, lang: str = "zh") -> str:
    """What the item is called."""
    if item == WHOLE:
        return word("whole_call", lang)
    if item.startswith(QA):
        labels = {one.id: one.label for one in profile.qa} if lang == "zh" else {}
        own = item.removeprefix(QA)
        return labels.get(own) or word(own, lang)
    if item.startswith(SECOND):
        return f"{word('second', lang)} {item_name(item.removeprefix(SECOND), profile, lang)}"
    if match := _TURN.fullmatch(item):
        return f"{word('turn', lang)} {match[1]}"
    if item.startswith(FIELD):
        labels = {FIELD + one.key: one.label for one in profile.ticket}
        return word(labels.get(item, item), lang)
    return word(item.replace("emotion_", "emotion."), lang)


def value_name(item: str, value: str | None, profile: Profile, lang: str = "zh") -> str:
    """What a value is called; a dash where there is none."""
    if not value:
        return "–"
    if item == "department" and value == NOWHERE:
        return word("no_unit", lang)
    reasons = {rule.code: rule.reason for rule in reversed(profile.scope)}
    if item == "scope" and value in reasons:
        return f"{value} {reasons[value]}" if lang == "zh" else value
    return word(value, lang)


def _scopes(profile: Profile) -> Mapping[str, str]:
    """Codes, their reasons, and outcomes; an outcome that only one code has is that code."""
    codes: dict[str, str] = {rule.code: rule.outcome for rule in profile.scope}
    often = Counter(codes.values())
    alone = {outcome: code for code, outcome in codes.items() if often[outcome] == 1}
    outcomes = {name: alone.get(to, to) for name, to in understood("scope", profile).items()}
    reasons = {rule.reason: rule.code for rule in profile.scope}
    reasons |= {f"{rule.code} {rule.reason}": rule.code for rule in profile.scope}  # as shown
    return outcomes | reasons | {code: code for code in codes}


def _either(keys: tuple[str, ...]) -> dict[str, str]:
    return {word(key): key for key in keys} | {key: key for key in keys}
