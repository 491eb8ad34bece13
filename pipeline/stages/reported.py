"""Whose words, and about whom: quotations, absent people, apologies.

Used by the abuse stage. The cues are data (abuse.toml, rules with a `use` other than
"abuse"); how they combine over a turn and into the next one is here.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.domain.match import Match, find, likely
from pipeline.domain.schema import AbuseRule
from pipeline.records import Turn

SENTENCE = re.compile(r"[。！？!?；]")
CLAUSE = re.compile(r"[，。！？!?；,]")
SAYING = re.compile(
    r"^(?:还|就|又|也|总|老|天天|一直|整天|经常)*(?:说|嚷|闹|喊|哭|要|想|扬言|吵)"
)
ADDRESSED = re.compile(r"[你您]")
IN_MARKS = re.compile(r"[“「][^”」]*[”」]?")  # what is read out or played to the agent
# 拿刀找他, 跟他拼命, 让他躺着出来: who stands behind these words is done to, and does nothing.
DONE_TO = re.compile(r"[把将跟和与让叫给对向找见碰抓逮到着住死断]$")
# 抱着他从这里跳下去, 没有他我也不想活了: who is taken along or missed is not who speaks.
ALONG = re.compile(r"(?:抱着?|带着?|领着|牵着|拉着|陪着?|跟着?|和|没有?)$")
# 我跟村主任说了, 那个软蛋: who stands behind these words is told, and says nothing.
TOLD = re.compile(
    r"(?:我|俺|咱)[^，。！？他她]{0,6}(?:跟|和|给|对|向|同|与)[^，。！？他她我]{0,2}$"
)
# 你活着干什么: wished on who listens. 你说活着干什么, 你们不管就跳, 你们逼得人想死: are not.
YOURS = re.compile(
    r"[你您]们?(?!说|讲|看|知道|晓得|听|信|告诉|问|想想|评|不|没|再|敢|要|给)[^逼害让叫搞弄气整就不没]*$"
)
Span = tuple[int, int]


class Context:
    """The cue rules of a profile, by their use."""

    def __init__(self, by_use: Mapping[str, tuple[AbuseRule, ...]]) -> None:
        self._by_use = by_use

    def find(self, use: str, text: str, speaker: str | None = None) -> list[Span]:
        """Where cues of this use stand in the text, in order."""
        return sorted(
            (match.start, match.end)
            for rule in likely(self._by_use.get(use, ()), text)
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
        """Whether the speaker of turn i tells these words as another person's, or as his
        own of another day."""
        if (i, text) not in self._spans:
            self._spans[i, text] = self._quotations(i, text)
        spans = self._spans[i, text]
        if rule.threat == "self_harm" and self._subject(text, match) == "myself":
            # 他说分手，我不想活了: rather one alarm too many, unless 她说，我不想活了
            clause = _clause_start(text, match.start)
            spans = [span for span in spans if 0 < span[0] == clause]
        return any(start < match.end and match.start < end for start, end in spans)

    def level(self, rule: AbuseRule, text: str, match: Match) -> str:
        """The rule's level here, none where it is not meant or tells what others do."""
        meant = self._context.find("disclaims", text) if rule.level != "threat" else []
        if any(start < match.end and match.start < end for start, end in meant):
            return "none"
        if rule.threat == "self_harm":
            return "none" if self._subject(text, match) == "others" else rule.level
        if rule.threat == "violence":
            return "none" if self._done_by_others(text, match) else rule.level
        return "none" if rule.aimed and self._absent(text, match) else rule.level

    def _quotations(self, i: int, text: str) -> list[Span]:
        ends = [start for start, _ in self._context.find("own_voice", text)]
        spans = [mark.span() for mark in IN_MARKS.finditer(text)]
        for _, begun in self._said("quotes", text):
            spans.append((begun, _first(ends, begun, len(text))))
        for _, begun in self._said("tells", text):
            stop = SENTENCE.search(text, begun)
            limit = stop.start() if stop else len(text)
            spans.append((begun, min(limit, _first(ends, begun, len(text)))))
        for recalled, _ in self._context.find("recalls", text):
            spans.append((0, recalled))
        if self._announced(i):
            spans.append((0, _first(ends, -1, len(text))))
        return spans

    def _said(self, use: str, text: str) -> list[Span]:
        """The cues of what others say; what the speaker told them is none."""
        cues = self._context.find(use, text)
        return [cue for cue in cues if not TOLD.search(text[: cue[0]])]

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
        """Of whom the clause speaks: "myself", "others" (who listens, too) or "".

        A clause without a subject that only reports (说不想活了) is of whom the nearest
        clause before it speaks; of the speaker, if that names him at all.
        """
        begun = _clause_start(text, match.start)
        clause = text[begun : match.end]
        if self._context.find("myself", clause):
            return "myself"
        others = self._context.find("others", clause)
        if any(not ALONG.search(clause[:start]) for start, _ in others):
            return "others"
        if YOURS.search(clause[: match.start - begun]):
            return "others"
        if not SAYING.search(clause):
            return ""
        while begun:
            end, begun = begun - 1, _clause_start(text, begun - 1)
            for who in ("myself", "others"):
                if self._context.find(who, text[begun:end]):
                    return "" if who == "myself" else who
        return ""

    def _done_by_others(self, text: str, match: Match) -> bool:
        """Whether the clause says of somebody else that he did or does it: 老板抽他耳光."""
        begun = _clause_start(text, match.start)
        clause = text[begun : match.end]
        if self._context.find("myself", clause):
            return False
        others = self._context.find("others", clause)
        if others and match.quote.startswith("我"):
            return True  # 我儿子班上有人带刀: not of the speaker, though it begins with him
        return any(
            start < match.start - begun and not DONE_TO.search(clause[:start])
            for start, _ in others
        )


def _clause_start(text: str, place: int) -> int:
    return max((m.end() for m in CLAUSE.finditer(text, 0, place)), default=0)


def _first(places: Sequence[int], after: int, otherwise: int) -> int:
    return next((place for place in places if place > after), otherwise)
