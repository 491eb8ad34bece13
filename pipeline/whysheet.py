"""What `lingsu show ID --why` prints: what weighed in each decision, and what else it may be.

Reads the stored call: its findings, and the sums of the profile's rules (Call.signs). Words are
masked as everywhere.
"""

from collections.abc import Iterator

from pipeline.domain.profile import Profile
from pipeline.export.dialogue import clock
from pipeline.grids import Table, table
from pipeline.labels import decision, word
from pipeline.records import Call, Choice, Decision, Finding, Scope
from pipeline.redact import hiding

HEAVIEST = 5  # findings of a decision
RULES = 3  # sums that are shown
SUMMED = {  # task -> the kinds of signs that bear on it
    "request_type": ("type",),
    "scope": ("scope", "act"),
    "department": ("department",),
    "urgency": ("urgency",),
    "emotion_start": (),
    "emotion_end": (),
}


def show(call: Call, profile: Profile, lang: str = "zh", *, unmasked: bool = False) -> Table:
    """Each decision on a line; under it the words that weighed most, then the nearest rules."""
    names = {rule.code: rule.reason for rule in profile.scope} if lang == "zh" else {}
    hide = hiding(call, unmasked=unmasked)
    lines: list[tuple[str, ...]] = []
    for task, made in call.decided.items():
        if not made.label:
            continue
        lines.append(
            (
                decision(task, lang),
                _answer(made, names, lang),
                "",
                "",
                "",
            )
        )
        for found in sorted(made.findings, key=lambda f: -f.score)[:HEAVIEST]:
            quote = hide(found.quote)
            if found.rule.startswith("model:") and found.normal:  # of a clause the words
                quote = f"{found.normal}（{quote}）"
            lines.append(("", quote, _place(found), f"{found.score:+.2f}", found.rule))
        lines += list(_rules(call, task, names, lang))
    heads = ("decision", "value", "time", "weight", "rule")
    return table("why_decided", heads, lines, lang)


def _answer(made: Decision | Scope, names: dict[str, str], lang: str) -> str:
    """The answer, how probable it is, and the others."""
    if made.confidence is None:
        return _named(made.label or "", names, lang)
    choices = (Choice(made.label or "", made.confidence), *made.others)
    told = [f"{_named(c.value, names, lang)} {c.confidence:.0%}" for c in choices]
    doubt = f" ⚠ {word('not_sure', lang)}" if made.sure is False else ""
    return " · ".join(told) + doubt


def _rules(
    call: Call, task: str, names: dict[str, str], lang: str
) -> Iterator[tuple[str, ...]]:
    """What the profile's rules summed to for the labels of this decision, heaviest first."""
    own = [sign for sign in call.signs if sign[0].partition(".")[0] in SUMMED[task]]
    for sign, value in sorted(own, key=lambda pair: -pair[1])[:RULES]:
        kind, _, label = sign.partition(".")
        told = word(sign, lang) if kind == "act" else _named(label, names, lang)
        yield ("", word("rules_sum", lang).format(told), "", f"{value:.1f}", "")


def _named(value: str, names: dict[str, str], lang: str) -> str:
    return names.get(value) or word(value, lang)


def _place(found: Finding) -> str:
    return f"#{found.turn} {clock(found.start)}" if found.turn >= 0 else ""
