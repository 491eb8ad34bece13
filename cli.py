"""The `lingsu` command: parses, calls, prints, and leaves with an exit status.

Decides nothing. Whatever is heavy is imported inside the command that needs it, so that
`lingsu --help` answers at once. The words of its help are in pipeline/helptext.py.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from pipeline import __version__, asked, console, feedback, helptext, keeping, reporting, upkeep
from pipeline import options as opt
from pipeline.errors import LingsuError
from pipeline.link import command
from pipeline.push import command as pushing
from pipeline.scorecard import command as scoring
from pipeline.web import command as web

if TYPE_CHECKING:
    from pipeline.domain.profile import Profile
    from pipeline.summary import Summary

FAILED, WRONG, INTERRUPTED = 1, 2, 130  # exit statuses beside 0
PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}


class Border(TyperGroup):
    """Where errors become one red line: what is expected to go wrong shows no traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Speak UTF-8 before a word of help is printed."""
        console.speak_utf8()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; errors of ours, Ctrl-C and a closed pipe end it quietly."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()  # a closed pipe is found out here, not at the exit
        except LingsuError as error:
            console.print_error(error)
            raise typer.Exit(WRONG) from error
        except KeyboardInterrupt as error:
            console.note("已中断：已完成的都已保存，下次运行会继续")
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:  # | head has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit() from error


app = typer.Typer(
    cls=Border, help=helptext.APP, no_args_is_help=True, add_completion=False, **PLAIN
)


@app.command(help=helptext.RUN)
def run(
    sources: opt.Sources = None,
    db: opt.Db = opt.LINGSU_DB,
    metadata: opt.Metadata = None,
    files_from: opt.FilesFrom = None,
    workers: opt.Workers = None,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    retry: opt.Retry = False,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Process the recordings that the store does not hold yet."""
    spec, city = asked.spec(config, profile, workers)  # first: it imports most of the rest
    from dataclasses import replace

    from pipeline.batch import run_batch
    from pipeline.closing import close
    from pipeline.gather import all_defects, gather
    from pipeline.store.connection import now
    from pipeline.store.store import Store

    named = [*(sources or ()), *asked.listed(files_from)]
    chosen = asked.chosen(city, shift, since, until, agent)
    settle_s = spec.config.run.settle_s
    found = gather(named, city, table=metadata, settle_s=settle_s, chosen=chosen)
    with Store.open(db) as store:
        begun = now()
        with console.progress() as report:
            summary = run_batch(
                store, found.items, spec, retry=retry, report=report, skipped=found.skipped
            )
        summary = replace(summary, defects=all_defects(store, found))
        since_when = begun if summary.new else None
        close(summary, store, city, found.shas, since_when, as_json=as_json, lang=lang)
    raise typer.Exit(_status(summary) or (FAILED if found.lost else 0))


@app.command(help=helptext.JUDGE)
def judge(
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    retry: opt.Retry = False,
    compare: opt.Compare = False,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Judge stored transcripts again."""
    spec, city = asked.spec(config, profile, None)  # first, as in `run`
    from pipeline.batch import judge_again
    from pipeline.closing import close
    from pipeline.store.connection import now

    selection = asked.chosen(city, shift, since, until, agent)
    if compare:
        return feedback.compare(db, spec, city, selection, as_json=as_json, lang=lang)
    with asked.opened(db) as store:
        begun = now()
        with console.progress() as report:
            summary = judge_again(store, spec, selection=selection, retry=retry, report=report)
        close(summary, store, city, None, begun, as_json=as_json, lang=lang)
    raise typer.Exit(_status(summary))


@app.command(help=helptext.TEXT)
def text(
    file: opt.Texts,
    format: opt.Format = "jsonl",
    out: opt.Out = None,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    unmasked: opt.Unmasked = False,
) -> None:
    """Judge appeals that came as text."""
    from pipeline.texts import judge_texts, read_texts

    spec, city = asked.spec(config, profile, None)
    _write(judge_texts(read_texts(file), spec), format, city, out, unmasked)


@app.command(help=helptext.SHOW)
def show(
    call: opt.Id,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    audit: opt.Audit = False,
    why: opt.Why = False,
    as_json: opt.AsJson = False,
    unmasked: opt.Unmasked = False,
    lang: opt.Lang = "zh",
) -> None:
    """Print one call in full."""
    from pipeline import auditsheet, callsheet, whysheet
    from pipeline.domain.profile import load_profile
    from pipeline.export.rows import row
    from pipeline.link.relations import Relations
    from pipeline.push.sheet import sent
    from pipeline.store import appeals, pushes, queries, reviews

    city = load_profile(profile)
    with asked.opened(db, readonly=True) as store:
        result = queries.result(store, call)
        sha = result.call.recording.sha256
        more: dict[str, Any] = {
            "relations": Relations(store, city.links.hot_spot_calls).of(sha),
            "reviewed": reviews.counting(store, sha).get(sha, {}).values(),
            "appealed": appeals.by_call(store, sha).get(sha, ()),
            "unmasked": unmasked,
        }
        names, sendings = queries.names(store, sha), sent(pushes.of(store, sha), lang)
    if as_json:
        console.print_json(row(result, city, **more))
    elif audit:
        plain = row(result, city, unmasked=unmasked)
        console.print_tables(auditsheet.show(plain, lang))
        console.write(auditsheet.to_listen(plain, db, lang))
    elif why:
        console.print_tables([whysheet.show(result.call, city, lang, unmasked=unmasked)])
    else:
        sheets = callsheet.show(result, city, names=names, lang=lang, **more)
        console.print_tables([*sheets, *sendings])


@app.command(help=helptext.EXPORT)
def export(
    calls: opt.Ids = None,
    format: opt.Format = "jsonl",
    out: opt.Out = None,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    status: opt.Status = None,
    clips: opt.ClipsTo = None,
    unmasked: opt.Unmasked = False,
) -> None:
    """Write results to a file or to stdout."""
    from pipeline.domain.profile import load_profile
    from pipeline.link.relations import Relations
    from pipeline.store import appeals, queries, reports, reviews

    city = load_profile(profile)
    chosen = asked.chosen(city, shift, since, until, agent)
    with asked.opened(db, readonly=True) as store:
        found = queries.results(store, chosen, city.places, status=status)
        if calls:
            found = (queries.result(store, call) for call in calls)
        more: dict[str, Any] = {"reviewed": reviews.counting(store), "clips": clips}
        more["appealed"] = appeals.by_call(store)
        more["relations"] = Relations(store, city.links.hot_spot_calls)
        _write(found, format, city, out, unmasked, **more)
    if clips is not None:
        reporting.noted(db, lambda store: reports.note_clips(store, clips))


@app.command(help=helptext.CLIP)
def clip(
    call: opt.Id,
    turn: opt.Turn = None,
    start: opt.Start = None,
    end: opt.End = None,
    out: opt.Out = None,
    db: opt.Db = opt.LINGSU_DB,
    beep: opt.Beep = False,
) -> None:
    """Cut a stretch of a call to listen to."""
    from pipeline import beeps, clips
    from pipeline.store import queries

    with asked.opened(db, readonly=True) as store:
        found = queries.result(store, call).call
    begin, stop = asked.stretch(found, turn, start, end)
    path = out or asked.clip_name(found, begin)
    hidden = beeps.sensitive(found) if beep else ()
    first, last = clips.cut(found.recording.path, begin, stop, str(path), hidden=hidden)
    console.note(f"{path}：录音的 {first:.1f}–{last:.1f} 秒")


@app.command(help=helptext.VERSION)
def version() -> None:
    """Print the version."""
    console.write(f"lingsu {__version__}\n")


def _write(
    results: Any, format: str, city: "Profile", out: Path | None, unmasked: bool, **more: Any
) -> None:
    from pipeline.export import export as write

    more |= {"out": out, "stream": sys.stdout, "unmasked": unmasked}
    count = write(results, format, city, **more)
    if out is not None:
        console.note(f"{count} 条，已写入 {out}")


def _status(summary: "Summary") -> int:
    return INTERRUPTED if summary.interrupted else summary.exit_code


for part in (command, feedback, pushing, reporting, scoring, web, keeping, upkeep):
    app.add_typer(part.commands)
for name, group in (
    ("users", keeping.accounts),
    ("audit", keeping.trail),
    ("rules", scoring.rules),
    ("appeal", scoring.appeal),
    ("models", upkeep.models),
):
    app.add_typer(group, name=name)


if __name__ == "__main__":
    app()
