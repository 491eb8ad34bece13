"""The command of whoever hands a shift over: report. cli.py joins it to `lingsu`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline import asked, console, helptext
from pipeline import options as opt
from pipeline.errors import StoreUnusable

if TYPE_CHECKING:
    from pipeline.store.store import Store

commands = typer.Typer()


@commands.command(help=helptext.REPORT)
def report(
    shift: opt.OneShift = None,
    since: opt.Since = None,
    until: opt.Until = None,
    db: opt.Db = opt.LINGSU_DB,
    out: opt.ReportFolder = None,
    profile: opt.ProfileName = "default",
    clips: opt.Clips = True,
    show: opt.OpenPage = False,
    lang: opt.Lang = "zh",
) -> None:
    """Write the report of a shift."""
    from pipeline.domain.profile import load_profile
    from pipeline.labels import word
    from pipeline.shiftreport.period import period
    from pipeline.shiftreport.views import Words
    from pipeline.shiftreport.write import NAMES, write_report
    from pipeline.store import reports

    city = load_profile(profile)
    with asked.opened(db, readonly=True) as store:
        asked_for = period(store, city, shift, since, until)
        words = Words(lang, city)
        folder = out or Path(words.slug(asked_for))
        made = write_report(store, asked_for, folder, lang=lang, with_clips=clips)
    noted(db, lambda store: reports.note(store, folder, names=NAMES, shas=made.shas), lang)
    page = (made.out / "index.html").absolute()
    told = word("r.written" if made.calls else "r.written_empty", lang)
    console.note(told.format(words.title(asked_for), made.calls, made.heard, made.clips))
    console.write(f"{page}\n")
    if show and not typer.launch(page.as_uri()) == 0:
        console.note(word("r.no_browser", lang))


def noted(db: Path, note: "Callable[[Store], None]", lang: str = "zh") -> None:
    """Keep in the store what was written beside it, so that erasing a call finds it."""
    from pipeline.labels import word

    try:
        with asked.opened(db) as store:
            note(store)
    except StoreUnusable:  # read-only: it is written all the same
        console.note(word("r.not_noted", lang))
