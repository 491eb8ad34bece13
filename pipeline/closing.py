"""The end of `lingsu run` and `judge`: links of what was new, and the closing tables.

Second half of two commands of cli.py; prints through console.py like them.
"""

from collections.abc import Iterable
from dataclasses import replace

from pipeline import console, report
from pipeline.domain.profile import Profile
from pipeline.export.rows import row
from pipeline.link.run import link_calls
from pipeline.store import queries
from pipeline.store.store import Store
from pipeline.summary import Summary


def close(
    summary: Summary,
    store: Store,
    city: Profile,
    shas: Iterable[str] | None,
    since: str | None,
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Link the calls, then print the tables, or their JSON.

    shas: the calls that the command was about; None: all. since: when it began.
    """
    about = None if shas is None else list(shas)
    if not summary.interrupted:  # the next run will; whoever pressed Ctrl-C wants to leave
        summary = replace(summary, links=link_calls(store, city, about))
    queue = [row(result, city) for result in queries.pressing(store, about, since=since)]
    if as_json:
        console.print_json(report.summary_object(summary, queue))
        return
    console.print_tables(report.summary_tables(summary, queue, lang))
    console.write(report.farewell(summary, store.path, lang) + "\n")
