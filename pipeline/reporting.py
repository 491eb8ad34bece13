"""The command of whoever hands a shift over: report. cli.py joins it to `lingsu`."""

import typer

from pipeline import asked, console, helptext
from pipeline import options as opt
from pipeline.errors import StoreUnusable

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
    from pathlib import Path

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
    try:
        with asked.opened(db) as store:
            reports.note(store, folder, names=NAMES, shas=made.shas)
    except StoreUnusable:  # read-only: still a report, but one that erasing does not find
        console.note(word("r.not_noted", lang))
    page = (made.out / "index.html").absolute()
    told = word("r.written" if made.calls else "r.written_empty", lang)
    console.note(told.format(words.title(asked_for), made.calls, made.heard, made.clips))
    console.write(f"{page}\n")
    if show and not typer.launch(page.as_uri()) == 0:
        console.note(word("r.no_browser", lang))
