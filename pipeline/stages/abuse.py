"""Finds insults, swear words and threats, and says whose words they are.

Rules with use = "abuse" in the profile's abuse.toml give the words; reported.py tells which
of them the speaker only quotes, unsaid.py which turns insult without any of them. Used by
plan.JUDGE and by the text command.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.copies import replace
from pipeline.domain.match import Match, believed, find, likely
from pipeline.domain.schema import AbuseRule
from pipeline.records import Abuse, Call, Finding, Turn
from pipeline.stage import stage
from pipeline.stages.reported import Context, Reported
from pipeline.stages.unsaid import meant
from pipeline.tools import Tools

Found = tuple[Finding, AbuseRule, str]  # the words, their rule, the speaker
LEVELS = ("none", "mild", "severe", "threat")
# 傻 逼 and 傻*逼 are one word: what stands between two characters is left out.
GAP = re.compile(r"[\s*·._~-](?<=[\u4e00-\u9fff].)[\s*·._~-]*(?=[\u4e00-\u9fff])", re.DOTALL)


@stage(needs=("turns",), adds=("abuse",))
def abuse(call: Call, tools: Tools) -> Call:
    """Set the worst level in the call, who used it and the words; quoted words apart."""
    rules = tools.profile.abuse_by_use
    wanted = rules.get("abuse", ())
    reported = Reported(Context(rules), call.turns)
    found: list[Found] = []
    quoted: list[Finding] = []
    for i, turn in enumerate(call.turns):
        if turn.speaker == "ivr":
            continue
        text, places = squeeze(turn.text)
        for rule, match in _matches(wanted, turn.speaker, text):
            level = reported.level(rule, text, match)
            if level == "none":
                continue
            finding = _finding(i, turn, rule.id, match, places, level)
            if reported.is_quoted(i, text, match, rule):
                quoted.append(finding)
            else:
                found.append((finding, rule, turn.speaker))
    abusive, rude = _weighty(found)
    known = _summed(abusive, tuple(quoted), rude)
    return replace(call, abuse=_with(call, known, tuple(meant(call, known, tools))))


def squeeze(text: str) -> tuple[str, Sequence[int]]:
    """The text without gaps between Chinese characters, and where each character stood."""
    gaps = list(GAP.finditer(text))
    if not gaps:
        return text, range(len(text))
    places = list(range(len(text)))
    for gap in reversed(gaps):
        del places[gap.start() : gap.end()]
    return GAP.sub("", text), places


def _matches(
    rules: tuple[AbuseRule, ...], speaker: str, text: str
) -> Iterator[tuple[AbuseRule, Match]]:
    # An unknown voice may be the caller's: a threat must not be lost with the role. What is
    # only rude in an agent's mouth waits until the role is known.
    role = "caller" if speaker == "unknown" else speaker
    for rule in likely(rules, text):
        if role in rule.who:
            yield from ((rule, m) for m in find(rule, text) if believed(m, text))


def _finding(
    i: int, turn: Turn, rule: str, match: Match, places: Sequence[int], level: str
) -> Finding:
    first, last = places[match.start], places[match.end - 1] + 1
    quote = turn.text[first:last].strip("，。！？、,!? ")
    return Finding(
        "abuse", rule, i, quote, turn.at(first), max(turn.at(last), turn.at(first)), level
    )


def _weighty(found: list[Found]) -> tuple[list[Found], tuple[Finding, ...]]:
    """What is abuse, and apart an agent's bad manners: what came up in too few turns."""
    turns: dict[str, set[int]] = {}
    for finding, rule, _ in found:
        turns.setdefault(rule.id, set()).add(finding.turn)
    abusive = [one for one in found if len(turns[one[1].id]) >= one[1].turns]
    rude = (one for one in found if one not in abusive and one[2] == "agent")
    return abusive, tuple(finding for finding, _, _ in rude)


def _summed(
    found: list[Found], quoted: tuple[Finding, ...], rude: tuple[Finding, ...]
) -> Abuse:
    findings = tuple(finding for finding, _, _ in found)
    level = max((f.value for f in findings), key=LEVELS.index, default="none")
    who = tuple(sorted({speaker for _, _, speaker in found}))
    threat = _first({rule.threat for _, rule, _ in found if rule.threat})
    return Abuse(level, who, threat, findings, quoted, rude)


def _first(kinds: set[str]) -> str | None:
    """Of two kinds of threat in one call the caller's own life comes first: it needs somebody
    sooner."""
    return "self_harm" if "self_harm" in kinds else next(iter(kinds), None)


def _with(call: Call, known: Abuse, more: tuple[tuple[Finding, str], ...]) -> Abuse:
    """What the rules know, and what they have no words for: findings, threats with a kind."""
    if not more:
        return known
    found = [finding for finding, _ in more]
    return replace(
        known,
        level=max(known.level, *(f.value for f in found), key=LEVELS.index),
        threat_kind=known.threat_kind or _first({kind for _, kind in more if kind}),
        who=tuple(sorted({*known.who, *(call.turns[f.turn].speaker for f in found)})),
        findings=tuple(sorted((*known.findings, *found), key=lambda f: (f.turn, f.start))),
    )
