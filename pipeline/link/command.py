"""`lingsu links`: brings the links up to date and prints those of the chosen calls.

cli.py joins it to `lingsu`; the same rules hold here.
"""

import typer

from pipeline import asked, console, helptext
from pipeline import options as opt

commands = typer.Typer()


@commands.command(help=helptext.LINKS)
def links(
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    shift: opt.Shifts = None,
    since: opt.Since = None,
    until: opt.Until = None,
    agent: opt.Agents = None,
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Link calls, and list the links."""
    from pipeline.domain.profile import load_profile
    from pipeline.labels import word
    from pipeline.link import sheet
    from pipeline.link.dossiers import dossiers
    from pipeline.link.relations import Relations
    from pipeline.link.run import link_calls
    from pipeline.store import links as stored
    from pipeline.store import queries

    city = load_profile(profile)
    chosen = asked.chosen(city, shift, since, until, agent)
    with asked.opened(db) as store:
        link_calls(store, city)
        shas = [sha for sha, _ in queries.transcripts(store, chosen, city.places)]
        found = stored.of(store, shas)
        spots = Relations(store, city.links.hot_spot_calls).spots(found)
        callers = dossiers(store, shas, city.links)
        met = {sha for one in found for sha in (one.sha256, one.other)}
        told = (*(spot.calls for spot in spots), *(caller.calls for caller in callers))
        met |= {call.sha256 for calls in told for call in calls}
        named = stored.named(store, met)
    if as_json:
        console.print_json(sheet.plain(found, spots, callers, named))
        return
    console.print_tables(sheet.tables(found, spots, callers, named, lang))
    if callers:
        console.note(word("dossiers.note", lang))
