"""Many things by the lot: each step of the work is done for some before the next step begins.

So the code, rules and weights of a step are in the processor's cache when they are needed
again. Used by texts.py and export; caches of what a lot asks for twice hold that many.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from models.base import LOT

T = TypeVar("T")


def lots(items: Iterable[T], size: int = LOT) -> Iterator[list[T]]:
    """The items in their order, `size` at a time; the last lot may be smaller."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
