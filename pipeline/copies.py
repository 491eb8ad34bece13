"""Records with other values: what dataclasses.replace does, in half the time.

A call goes through a dozen stages, each of which gives a copy of it with a field more.
"""

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def replace(record: T, **changes: Any) -> T:
    """A copy of a record that only holds what it was made of: `__init__` is not run again.

    Raises TypeError for a field that it does not have.
    """
    kind: Any = type(record)
    names, held = _fields(kind)
    if not changes.keys() <= names.keys():
        raise TypeError(f"{kind.__name__} has no {[*changes.keys() - names.keys()]}")
    made: T = object.__new__(kind)
    put = object.__setattr__  # records are frozen
    for name, value in zip(names, held(record), strict=True):
        put(made, name, value)
    for name, value in changes.items():
        put(made, name, value)
    return made


@cache
def _fields(kind: Any) -> tuple[dict[str, None], "attrgetter[tuple[Any, ...]]"]:
    """The names, of two fields and more, and what reads them all at once."""
    names = dict.fromkeys(field.name for field in fields(kind))
    return names, attrgetter(*names)
