"""Whose words, and about whom: quotations, absent people, apologies.

Used by the abuse stage. The cues are data (abuse.toml, rules with a `use` other than
"abuse"); how they combine over a turn and into the next one is here.
"""

import re
from collections.abc import Sequence

from pipeline.domain.match import Match, find
from pipeline.domain.schema import AbuseRule
from pipeline.records import Turn

SENTENCE = re.compile(r"[。！？!?；]")
CLAUSE = re.compile(r"[，。！？!?；,]")
SAYING = re.compile(
    r"^(?:还|就|又|也|总|老|天天|一直|整天|经常)*(?:说|嚷|闹|喊|哭|要|想|扬言|吵)"
)
ADDRESSED = re.compile(r"[你您]")
SOFTER = {"severe": "mild", "mild": "none", "threat": "threat", "none": "none"}
Span = tuple[int, int]


class Context:
    """The cue rules of a profile, by their use."""

    def __init__(self, rules: Sequence[AbuseRule]) -> None:
        self._by_use: dict[str, list[AbuseRule]] = {}
        for rule in rules:
            self._by_use.setdefault(rule.use, []).append(rule)

    def find(self, use: str, text: str, speaker: str | None = None) -> list[Span]:
        """Where cues of this use stand in the text, in order."""
        return sorted(
            (match.start, match.end)
            for rule in self._by_use.get(use, ())
            if speaker is None or speaker in rule.who
            for match in find(rule, text)
        )


class Reported:
    """Answers for one call: is a match quoted, meant, of somebody absent, of oneself?"""

    def __init__(self, context: Context, turns: Sequence[Turn]) -> None:
        self._context = context
        self._turns = turns
        self._spans: dict[tuple[int, str], list[Span]] = {}

    def is_quoted(self, i: int, text: str, match: Match, rule: AbuseRule) -> bool:
        """Whether the speaker of turn i tells these words as another person's."""
        if rule.threat == "self_harm" and self._subject(text, match) == "myself":
            return False  # 他说分手，我不想活了: rather one alarm too many
        if (i, text) not in self._spans:
            self._spans[i, text] = self._quotations(i, text)
        return any(start <= match.start < end for start, end in self._spans[i, text])

    def level(self, rule: AbuseRule, text: str, match: Match) -> str:
        """The rule's level here: softer of somebody absent, none where it is not meant."""
        meant = self._context.find("disclaims", text) if rule.level != "threat" else []
        if any(start < match.end and match.start < end for start, end in meant):
            return "none"
        if rule.threat == "self_harm":
            return "none" if self._subject(text, match) == "others" else rule.level
        if rule.aimed and self._absent(text, match):
            return SOFTER[rule.level]
        return rule.level

    def _quotations(self, i: int, text: str) -> list[Span]:
        ends = [start for start, _ in self._context.find("own_voice", text)]
        spans = []
        for _, begun in self._context.find("quotes", text):
            spans.append((begun, _first(ends, begun, len(text))))
        for _, begun in self._context.find("tells", text):
            stop = SENTENCE.search(text, begun)
            limit = stop.start() if stop else len(text)
            spans.append((begun, min(limit, _first(ends, begun, len(text)))))
        for recalled, _ in self._context.find("recalls", text):
            spans.append((0, recalled))
        if self._announced(i):
            spans.append((0, _first(ends, -1, len(text))))
        return spans

    def _announced(self, i: int) -> bool:
        """Whether a turn just before said that another person's words would follow."""
        speaker = self._turns[i].speaker
        for before in range(i - 1, max(i - 3, -1), -1):
            turn = self._turns[before]
            told = turn.speaker == speaker
            asked = turn.speaker == "agent" and not told
            role = "caller" if told else "agent"
            if (told or asked) and self._context.find("announces", turn.text, role):
                return True
            if told:
                break
        return False

    def _absent(self, text: str, match: Match) -> bool:
        """Whether the sentence last named somebody who is not on the line."""
        begun = max((m.end() for m in SENTENCE.finditer(text, 0, match.start)), default=0)
        before = text[begun : match.start]
        if ADDRESSED.search(match.quote):
            return False
        named = [end for _, end in self._context.find("others", before + match.quote)]
        addressed = [m.end() for m in ADDRESSED.finditer(before)]
        return bool(named) and max(named) > max(addressed, default=-1)

    def _subject(self, text: str, match: Match) -> str:
        """Of whom the clause speaks: "myself", "others" or "" where it does not say.

        A clause without a subject that only reports (说不想活了) is looked up in what
        stands before it; a speaker who is in there anywhere is taken to mean himself.
        """
        begun = max((m.end() for m in CLAUSE.finditer(text, 0, match.start)), default=0)
        clause = text[begun : match.end]
        for who in ("myself", "others"):  # 没有他我也不想活了 speaks of the speaker
            if self._context.find(who, clause):
                return who
        before = text[:begun]
        if SAYING.search(clause) and not self._context.find("myself", before):
            return "others" if self._context.find("others", before) else ""
        return ""


def _first(places: Sequence[int], after: int, otherwise: int) -> int:
    return next((place for place in places if place > after), otherwise)
