"""What is loaded lasts as long as the process, so the garbage collector need not look at it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """What is made within is searched for garbage neither now nor later: each few thousand new
    objects would begin a search through all code, rules and weights."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
