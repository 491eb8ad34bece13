"""The commands by which people correct the machine: review, what is learnt from it, compare.

Third part of cli.py, which joins them to `lingsu`; the same rules hold here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline import asked, console, helptext
from pipeline import options as opt
from pipeline.errors import InputInvalid

if TYPE_CHECKING:
    from pipeline.domain.profile import Profile
    from pipeline.shifts import Selection
    from pipeline.store.store import Store
    from pipeline.worker import Spec

commands = typer.Typer()


@commands.command(help=helptext.REVIEW)
def review(
    call: opt.MaybeId = None,
    verdict: opt.Verdict = None,
    item: opt.Item = None,
    to: opt.To = None,
    reason: opt.Reason = None,
    by: opt.By = None,
    queue: opt.Queue = False,
    db: opt.Db = opt.LINGSU_DB,
    profile: opt.ProfileName = "default",
    as_json: opt.AsJson = False,
    lang: opt.Lang = "zh",
) -> None:
    """Keep what a person decided, list it, or list what waits."""
    from pipeline import reviewing, reviewsheet
    from pipeline.domain.profile import load_profile
    from pipeline.store import queries, reviews

    if queue == (call is not None):
        raise InputInvalid("请给出录音编号，或用 --queue 列出等人复核的，二者选一")
    if verdict is None and (item or to or reason or by):
        raise InputInvalid("--item、--to、--reason、--by 要与 accept、change 或 reject 同用")
    city = load_profile(profile)
    with asked.opened(db, readonly=verdict is None) as store:
        if call is None:
            _waiting(store, city, as_json=as_json, lang=lang)
            return
        result = queries.result(store, call)
        if verdict is None:
            found = reviews.of(store, result.call.recording.sha256)
        else:
            typed = reviewing.Verdict(verdict, item, to, reason)
            who = by or asked.me()
            found = reviewing.decide(store, result, typed, profile=city, who=who)
    rows = reviewsheet.decided_rows(result, found, city)
    if as_json:
        console.print_json(rows)
    elif verdict is not None:
        for one in rows:
            console.note(reviewsheet.decided_line(one, city, lang))
    else:
        console.print_tables([reviewsheet.decided_table(rows, city, lang)])


def _waiting(store: "Store", city: "Profile", *, as_json: bool, lang: str) -> None:
    from pipeline import reviewing, reviewsheet
    from pipeline.grids import SHOWN

    found = list(reviewing.waiting(store))
    shown = found if as_json else found[:SHOWN]
    rows = [reviewsheet.queue_row(result, flags, city) for result, flags in shown]
    if as_json:
        console.print_json(rows)
    else:
        console.print_tables([reviewsheet.queue_table(rows, len(found), lang)])


def learn(
    db: Path, profile: str, out: Path | None, *, seed: int, as_json: bool, lang: str
) -> None:
    """What `lingsu train --from-reviews` does."""
    from pipeline.domain.profile import load_profile
    from pipeline.labels import word
    from pipeline.training import reviewcard
    from pipeline.training.fromreviews import train_from_reviews
    from pipeline.training.tasks import weights_folder

    city = load_profile(profile)
    folder = out or weights_folder("calls", city)
    with asked.opened(db, readonly=True) as store, console.steps(lang) as report:
        learnt = train_from_reviews(store, folder, profile=city, seed=seed, report=report)
    if as_json:
        console.print_json(reviewcard.plain(learnt))
    else:
        console.print_tables(reviewcard.learnt_tables(learnt, lang))
    named = "" if db == opt.LINGSU_DB else f" --db {db}"
    key = "learnt.taken" if learnt.path else "learnt.left"
    console.note(word(key, lang).format(profile=profile, db=named))


def compare(
    db: Path, spec: "Spec", city: "Profile", selection: "Selection", *, as_json: bool, lang: str
) -> None:
    """What `lingsu judge --compare` does."""
    from pipeline import comparesheet
    from pipeline.compare import compare as judge_beside

    with asked.opened(db, readonly=True) as store, console.progress() as report:
        found = judge_beside(store, spec, selection=selection, report=report)
    if as_json:
        console.print_json(comparesheet.plain(found))
    else:
        console.print_tables(comparesheet.tables(found, city, lang))
