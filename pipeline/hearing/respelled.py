"""Words with the characters that fit better and sound alike, and what was heard beside them."""

from collections.abc import Sequence
from dataclasses import replace

from models.simplified import simplified
from models.written import Rewriter, Written
from pipeline.records import Word


def respelled(words: Sequence[Word], rewriter: Rewriter) -> list[Word]:
    """The words, which are in order; those that changed say what was heard and by how much."""
    simple = [simplified(word.text) for word in words]
    heard = [
        (c, word.probability) for word, text in zip(words, simple, strict=True) for c in text
    ]
    written = iter(rewriter(heard))
    return [
        _written(word, text, [next(written) for _ in text], rewriter.why)
        for word, text in zip(words, simple, strict=True)
    ]


def _written(word: Word, text: str, written: Sequence[Written], why: str) -> Word:
    cost = sum(one.cost for one in written)
    if not cost:
        return word
    new = "".join(
        one.character if one.cost else c for c, one in zip(text, written, strict=True)
    )
    heard = word.heard or word.text
    return replace(word, text=new, heard=heard, margin=word.margin + cost, why=why)
