"""When the garbage collector waits: it would look for cycles where there are none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """For a lot of things, which has no cycles, and would be searched for them many times
    before it is let go of."""
    waiting = not gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not waiting:
            gc.enable()


@contextmanager
def lasting() -> Iterator[None]:
    """For what is loaded and stays, code, rules and weights: it is searched neither now, with
    each few thousand new objects, nor later."""
    with uncollected():
        yield
        gc.freeze()
