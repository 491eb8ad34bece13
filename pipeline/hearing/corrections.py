"""Lists what a language model wrote otherwise than the sound alone would have it.

In the search (beam.py), or afterwards (respelled.py).
"""

from collections.abc import Callable, Sequence

from pipeline.records import Correction, Word

JOINED_S = 0.05  # corrected words with no more between them are one correction


def corrections(words: Sequence[Word], written: Callable[[str], str]) -> tuple[Correction, ...]:
    """The corrections of the words, which are in order.

    written: what a person would write of a text. Traditional characters, a mark, digits
    for a number that was read out are no other words.
    """
    groups: list[list[Word]] = []
    before: Word | None = None
    for i, word in enumerate(words):
        if not word.heard or not _changed(words, i, written):
            before = None
            continue
        if before and word.start - before.end <= JOINED_S:
            groups[-1].append(word)
        else:
            groups.append([word])
        before = word
    return tuple(_correction(group, written) for group in groups)


def _changed(words: Sequence[Word], i: int, written: Callable[[str], str]) -> bool:
    """Whether other words were heard than stand from here on.

    我们 as one token and as two, or with a comma before it, are the same words.
    """
    heard = written(words[i].heard)
    stands = words[i].text
    while len(written(stands)) < len(heard) and i + 1 < len(words):
        i += 1
        stands += words[i].text
    return not written(stands).startswith(heard)


def _correction(group: Sequence[Word], written: Callable[[str], str]) -> Correction:
    margin = max(word.margin for word in group)
    why = "echo" if any(word.why == "echo" for word in group) else "language"
    return Correction(
        group[0].start,
        group[-1].end,
        written("".join(word.heard for word in group)).strip(),
        written("".join(word.text for word in group)).strip(),
        f"{why}:{margin:.1f}",
    )
