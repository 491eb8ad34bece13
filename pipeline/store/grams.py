"""The terms of the search index: every two characters in a row, of what was said in a call.

Chinese has no spaces, and a recognizer's punctuation and spaces are its own: they are left out
on both sides, so that 停水昨天 finds "停水，昨天". A call is one entry of the index: whoever
searches wants calls, and 40,000 of them are found and ordered faster than a million turns.
"""

import re
import unicodedata
from collections.abc import Iterable

_APART = re.compile(r"[\W_]")
_BETWEEN = r"(?:[^\w*]|_)*"  # a star stands for a digit that is hidden: it is not skipped


def plain(text: str) -> str:
    """What of a text is searched: letters and digits, small, half-width."""
    return _APART.sub("", unicodedata.normalize("NFKC", text).casefold())


def terms(text: str) -> list[str]:
    """The two-character terms of one turn, or of what was typed; its last character alone."""
    said = plain(text)
    return [said[i : i + 2] for i in range(len(said))]


def document(turns: Iterable[str]) -> str:
    """What the index keeps of a call: each of its terms once."""
    return " ".join(sorted({term for text in turns for term in terms(text)}))


def matching(text: str) -> str:
    """What FTS5 is asked for: all terms of the text, the last one as the beginning of a term.

    Empty where nothing can be searched for.
    """
    found = terms(text)
    if len(found) > 1:
        found.pop()  # the last character alone is in the term before it
        return " AND ".join(f'"{term}"' for term in dict.fromkeys(found))
    return f'"{found[0]}" *' if found else ""


def pattern(text: str) -> re.Pattern[str]:
    """Finds the text where it stands, whatever punctuation lies within.

    For texts as they are stored: NFKC of a single character may be more than one, so that
    wide and narrow writings are both looked for.
    """
    return re.compile(_BETWEEN.join(map(_either, plain(text))), re.IGNORECASE)


def _either(sign: str) -> str:
    wide = chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else ""
    return f"[{sign}{wide}]" if wide else re.escape(sign)
