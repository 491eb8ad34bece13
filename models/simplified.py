"""Traditional characters as simplified ones: OpenCC, whose tables take 0.1 s to load, once."""

from functools import cache
from typing import Any


def simplified(text: str) -> str:
    """The text in simplified characters."""
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
