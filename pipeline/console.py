"""How the command line looks: tables, the progress bar, the one red line of an error.

Used by cli.py and training/language.py alone. Words of callers and names of files are
printed as they are, never read as markup or as commands to the terminal.
"""

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.errors import LingsuError
from pipeline.labels import word
from pipeline.redact import mask

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.grids import Table
    from pipeline.summary import Progress

PIPE_WIDTH = 160  # columns where no terminal tells its own: lines of a log, not wrapped early


def speak_utf8() -> None:
    """Chinese on any terminal: LANG=C would refuse it, a surrogate in a name as well."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def console(*, error: bool = False) -> "Console":
    """A rich console on stdout (or stderr) that prints text as it is."""
    from rich.console import Console

    made = Console(stderr=error, markup=False, highlight=False, emoji=False)
    if not made.is_terminal:
        made.width = PIPE_WIDTH
    return made


def print_tables(tables: "Sequence[Table]") -> None:
    """Tables one under the other; pairs without heads."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid

    out = console()
    for table in tables:
        grid = Grid(title=safe(table.title), title_justify="left", box=SIMPLE_HEAD)
        grid.show_header = bool(table.columns)
        for head in table.columns or ("", ""):
            grid.add_column(safe(head), overflow="fold")
        for line in table.rows:
            grid.add_row(*(_text(cell) for cell in line))
        out.print(grid)


def print_json(value: Any) -> None:
    """One object for a machine."""
    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write(text: str) -> None:
    """Text to stdout, unchanged."""
    sys.stdout.write(text)


def print_error(error: LingsuError) -> None:
    """What was wrong and what to do, on stderr, without a traceback."""
    out = console(error=True)
    message = mask(str(error)) or type(error).__name__  # names of files hold numbers
    out.print(safe(f"错误：{message}（{error.code}）"), style="red")
    out.print(safe(f"处理办法：{error.remedy}"))


def note(text: str) -> None:
    """A line for the person, on stderr: stdout belongs to results."""
    console(error=True).print(safe(text))


@contextmanager
def progress() -> "Iterator[Callable[[Progress], None]]":
    """A bar on stderr: calls, hours of audio, times real time, time left; silent in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    out = console(error=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[facts]}"),
        TimeRemainingColumn(),
    )
    # Drawn when there is news and not by a thread: workers are copies of a process without.
    with Bar(*columns, console=out, disable=not out.is_terminal, auto_refresh=False) as bar:
        task = bar.add_task("", total=None, facts="")

        def report(now: "Progress") -> None:
            facts = f"{now.seconds / 3600:.2f} 小时录音 · {now.realtime:.1f} 倍实时"
            if now.failed:
                facts += f" · {now.failed} 失败"
            bar.update(task, total=now.total, completed=now.done, facts=facts, refresh=True)

        yield report


@contextmanager
def steps(lang: str) -> "Iterator[Callable[[int, int, str], None]]":
    """A bar on stderr of the steps of a training; silent in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    out = console(error=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, total: int, name: str) -> None:
            step, _, number = name.partition("-")
            told = f"{word(f'step.{step}', lang)} {number}".strip()
            bar.update(task, total=total, completed=done, description=told)

        yield report
        bar.update(task, completed=bar.tasks[task].total)


@contextmanager
def counting() -> "Iterator[Callable[[int, int], None]]":
    """A bar on stderr of how many of how many are done; silent in a pipe."""
    from rich.progress import Progress as Bar

    out = console(error=True)
    with Bar(console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def download() -> "Iterator[Callable[[str, int, int], None]]":
    """A bar on stderr for each file that is fetched."""
    from rich.progress import Progress as Bar

    out = console(error=True)
    with Bar(console=out, disable=not out.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def told(file: str, done: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(safe(file), total=total)
            bar.update(tasks[file], completed=done)

        yield told


def safe(text: str) -> str:
    """Text that cannot steer the terminal: what is not printable stands escaped."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def _text(cell: str) -> Any:
    from rich.text import Text

    return Text(safe(cell))
