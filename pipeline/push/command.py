"""`lingsu push`: sends draft work orders to another system. cli.py joins it to `lingsu`.

The only command beside `models pull` that uses a network.
"""

import json
from typing import TYPE_CHECKING

import typer

from pipeline import asked, console, helptext
from pipeline import options as opt
from pipeline.errors import InputInvalid

if TYPE_CHECKING:
    from pipeline.domain.profile import Profile
    from pipeline.push.run import Wanted
    from pipeline.shifts import Selection
    from pipeline.store.store import Store

commands = typer.Typer()
LEFT = 1  # exit status: something has not arrived


@commands.command(help=helptext.PUSH)
def push(
    url: opt.PushTo = None,
    only: opt.OnlyIds = None,
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    everything: opt.WaitingToo = False,
    changed: opt.ChangedToo = False,
    sent: opt.SentOnly = False,
    dead_letter: opt.DeadLetter = None,
    out: opt.Undelivered = None,
    token_file: opt.TokenFile = None,
    insecure_http: opt.InsecureHttp = False,
    dry_run: opt.DryRun = False,
    unmasked: opt.Unmasked = False,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Send draft work orders."""
    from pipeline.config import load_config
    from pipeline.domain.profile import load_profile
    from pipeline.push import letters, sheet
    from pipeline.push.post import Sender
    from pipeline.push.run import Wanted, push_calls, push_letters
    from pipeline.push.target import target
    from pipeline.store import audit, pushes

    city = load_profile(profile)
    chosen = asked.chosen(city, shift, since, until, agent)
    file = dead_letter or out or letters.beside(db)
    picked = only or shift or since or until or agent
    if dead_letter and (picked or out or dry_run or sent):
        raise InputInvalid("--dead-letter 重发文件里的全部，不能再挑选通话，也不用 --out")
    if sent and picked:
        raise InputInvalid("--sent 发派单员派出的全部，不能再挑选通话")
    with asked.opened(db, readonly=dry_run) as store:
        settings = load_config(config).push
        due = pushes.due(store, url or settings.url) if sent else None
        if dead_letter or due is not None:
            shas = tuple(sorted({sha for sha, _ in due or ()}))
        else:
            shas = _shas(store, city, only, chosen)
        wanted = Wanted(shas, everything, changed, unmasked, due)
        if dry_run:
            return _dry_run(store, city, wanted)
        to = target(url, settings, token_file=token_file, insecure_http=insecure_http)
        with Sender(to) as sender, console.counting() as report:
            if dead_letter:
                told = push_letters(store, sender, file, report=report)
            else:
                told = push_calls(store, sender, wanted, city, out=file, report=report)
        detail = {"to": to.url, "accepted": len(told.accepted), "unmasked": unmasked}
        audit.note(store, asked.me(), "push", detail)
    if as_json:
        console.print_json(sheet.plain(told, file))
    else:
        console.print_tables(sheet.tables(told, lang))
        command = f"lingsu push {to.url}" + ("" if db == opt.LINGSU_DB else f" --db {db}")
        console.write(sheet.farewell(told, command, file, lang))
    raise typer.Exit(0 if told.all_there else LEFT)


def _shas(
    store: "Store", city: "Profile", only: list[str] | None, chosen: "Selection"
) -> tuple[str, ...]:
    """The calls that are meant, in the order of their time."""
    from pipeline.store import queries
    from pipeline.store.facts import facts

    if only:
        return tuple(queries.full_id(store, prefix) for prefix in only)
    return tuple(one.sha256 for one in facts(store, chosen, city.places))


def _dry_run(store: "Store", city: "Profile", wanted: "Wanted") -> None:
    """Print what would be sent, a line an order, and send nothing."""
    from pipeline.push.run import ready

    for found in ready(store, wanted, city):
        for order in found.orders:
            console.write(json.dumps(order.body, ensure_ascii=False) + "\n")
