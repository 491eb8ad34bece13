"""What a training has done so far, kept beside the weights until it is whole.

Arrays of numbers only, one file a step, under a key of everything they depend on: the same
command goes on where it was stopped, another one starts anew. No text is ever written.
"""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from pipeline.export.files import whole_file

Report = Callable[[int, int, str], None]  # steps done, of how many, the name of the next
FOLDER = ".resume"  # within the folder of the weights


class Steps:
    """Does each named step once, even over several runs."""

    def __init__(self, out: Path, total: int, report: Report) -> None:
        """out: folder of the weights. report: hears how many are done, of `total`, and the
        name of the next."""
        self._root = out / FOLDER
        self._folder = self._root
        self._total, self._report = total, report
        self._told = 0
        self.resumed = 0  # steps that an earlier run had done

    def tell(self, name: str) -> None:
        """The next step begins."""
        self._report(self._told, self._total, name)
        self._told += 1

    def resume(self, key: str) -> None:
        """Go on under this key (hexadecimal); what other keys have left is removed."""
        self._folder = self._root / key[:16]
        for other in self._root.glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def do(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The step's array, from its file or else made and kept. Raises InputInvalid where
        the folder cannot be written."""
        self.tell(name)
        found = self._kept(name)
        if found is not None:
            self.resumed += 1
            return found
        made = make()
        with whole_file(self._path(name)) as file:
            np.save(file, made, allow_pickle=False)
        return made

    def within(self, name: str) -> None:
        """The step that has begun goes on under this name."""
        self._report(self._told - 1, self._total, name)

    def chain(
        self, names: Sequence[str], make: Callable[[int, np.ndarray | None], np.ndarray]
    ) -> np.ndarray:
        """The array of the last of these steps; each needs that of the one before, and only
        the newest is kept.

        make: from the step's place and what an earlier run left of the one before; None where
        this run made that, or there is none.
        """
        begun, held = 0, None
        for number in range(len(names), 0, -1):
            held = self._kept(names[number - 1])
            if held is not None:
                begun = number
                break
        for number, name in enumerate(names):
            if number < begun:
                self.tell(name)
                self.resumed += 1
                continue
            left = held if number == begun else None
            held = self.do(name, partial(make, number, left))
            if number:
                self._path(names[number - 1]).unlink(missing_ok=True)
        assert held is not None
        return held

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.npy"

    def _kept(self, name: str) -> np.ndarray | None:
        """What an earlier run left of a step; None for half of one."""
        try:
            return np.load(self._path(name), allow_pickle=False)
        except (OSError, ValueError, EOFError, BadZipFile):
            return None

    def clear(self) -> None:
        """Everything is done: the steps are not needed any more."""
        shutil.rmtree(self._root, ignore_errors=True)
