"""What a training has done so far, kept beside the weights until it is whole.

Arrays of numbers only, one file a step, under a key of everything they depend on: the same
command goes on where it was stopped, another one starts anew. No text is ever written.
"""

import io
import shutil
from collections.abc import Callable
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
        path = self._folder / f"{name}.npy"
        try:
            found = np.load(path, allow_pickle=False)
            self.resumed += 1
            return found
        except (OSError, ValueError, EOFError, BadZipFile):
            made = make()  # there is none, or half of one
        held = io.BytesIO()
        np.save(held, made, allow_pickle=False)
        with whole_file(path) as file:
            file.write(held.getvalue())
        return made

    def clear(self) -> None:
        """Everything is done: the steps are not needed any more."""
        shutil.rmtree(self._root, ignore_errors=True)
