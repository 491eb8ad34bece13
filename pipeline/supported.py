"""Whether a draft says only what was said: every word of it occurs in the call.

Chinese has no spaces, so a word here is a piece of two characters or more that stands in the
call as it does in the draft; single characters are let through only where they are grammar.
A number counts whole: 12 does not occur in 1234.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_MARKS = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff.%-]+")
_PARTED = re.compile(r"[^A-Za-z\u4e00-\u9fff.%-]")  # by marks, or holds a number
_QUOTES = str.maketrans("", "", "“”‘’「」")  # mark a word, and part none
_DIGIT = re.compile(r"[0-9]")
_OTHERS = re.compile("[你您]们")
_FIRST = re.compile("我们|咱们|俺们|我|咱|俺")
_SECOND = re.compile("[你您]")
_PERSON = re.compile(f"{_FIRST.pattern}|{_SECOND.pattern}")
GRAMMAR = set(
    "其的了在是不没和与及并向由将把被对为从到至于已未还也都就又可能会要想请让给等跟帮因但或而且有无处内后前上下来去"
)


def unsupported(text: str, said: Iterable[str], known: Iterable[str] = ()) -> tuple[str, ...]:
    """The words of the text that stand nowhere in what was said nor among what is known.

    said: the turns, which count as they are and as somebody else tells them. known: names in
    normal form, and the draft's own phrases.
    """
    text, source = text.translate(_QUOTES), _source(tuple(said), tuple(known))
    return tuple(word for clause in _MARKS.split(text) for word in _missing(clause, source))


def shortened(text: str, whole: str, turn: str) -> str:
    """The text, or the whole that it was cut from where a cut leaves a bit that is no word."""
    if text == whole or len(text) > 1 and text in turn and not _PARTED.search(text):
        return text
    lost = len(unsupported(text, (turn,)))
    return whole if lost and lost > len(unsupported(whole, (turn,))) else text


@lru_cache(maxsize=8)  # the clauses of a turn ask for it one after another
def _source(said: tuple[str, ...], known: tuple[str, ...]) -> str:
    """All that may stand in a draft, a piece between two marks a line."""
    turns = [form for turn in said for form in dict.fromkeys((turn, *_retold(turn)))]
    turns = [turn.translate(_QUOTES) for turn in turns]
    sources = [piece for one in (*turns, *known) for piece in _MARKS.split(one) if piece]
    return "\n".join(dict.fromkeys(sources))


def _retold(turn: str) -> tuple[str, str]:
    """The turn of a caller, and that of an agent, in the third person."""
    other = _OTHERS.sub("有关部门", turn)
    return _PERSON.sub("其", other), _FIRST.sub("热线", _SECOND.sub("其", turn))


def _missing(clause: str, source: str) -> list[str]:
    """The runs of characters that the best cutting into pieces of the source leaves over."""
    length = len(clause)
    if length > 1 and clause in source and _whole(clause, source):
        return []
    digits = [sign.isdigit() for sign in clause]
    # Edges that lie within a number of the clause.
    torn = [False, *(a and b for a, b in zip(digits, digits[1:], strict=False)), False]
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # left over so far, pieces, where cut last
    for end in range(1, length + 1):
        left, pieces, _ = best[end - 1]
        alone = clause[end - 1] in GRAMMAR
        options = [(left + (not alone), pieces + 1, end - 1)]
        for start in range(end - 2, -1, -1):
            if clause[start:end] not in source:
                break
            if torn[start] or torn[end]:
                continue
            numbers = digits[start] or digits[end - 1]
            if not numbers or _whole(clause[start:end], source):
                options.append((best[start][0], best[start][1] + 1, start))
        best.append(min(options))
    lost = set()
    end = length
    while end:
        left, _, start = best[end]
        if left > best[start][0]:
            lost.add(start)
        end = start
    runs: list[str] = []
    for i in sorted(lost):
        if i - 1 in lost:
            runs[-1] += clause[i]
        else:
            runs.append(clause[i])
    return runs


def _whole(piece: str, source: str) -> bool:
    """Whether the piece's numbers are whole somewhere in the source."""
    if not (_DIGIT.match(piece[0]) or _DIGIT.match(piece[-1])):
        return True
    at = source.find(piece)
    while at >= 0:
        begins = not at or not _DIGIT.match(source, at - 1)
        if begins and not _DIGIT.match(source, at + len(piece)):
            return True
        at = source.find(piece, at + 1)
    return False
