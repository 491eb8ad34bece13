"""Puts a report together: counts, reads the calls once, cuts clips, writes the folder.

The CLI calls `write_report`. The folder takes its name only when everything is in it.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.export.files import whole_folder
from pipeline.grids import Table
from pipeline.scorecard.agents import standings
from pipeline.scorecard.sheet import scores_table
from pipeline.shiftreport import views
from pipeline.shiftreport.figures import Comparison, compared
from pipeline.shiftreport.gathered import Gathered, gather, settled
from pipeline.shiftreport.hotspots import HotSpot, districts, hot_spots, linked
from pipeline.shiftreport.listen import FOLDER, cards
from pipeline.shiftreport.page import PAGES, STATIC, write_pages
from pipeline.shiftreport.period import Period
from pipeline.shiftreport.views import Words
from pipeline.shiftreport.workbook import write_workbook
from pipeline.store import defects, facts, queries, reviews
from pipeline.store.defects import Known
from pipeline.store.store import Store

WORKBOOK = "report.xlsx"
OLD = ("chart.js", "chart-LICENSE.md")  # of reports whose charts Chart.js drew
NAMES = frozenset((*PAGES, *STATIC, *OLD, FOLDER, WORKBOOK))  # all that a report's folder holds
CARDS = 60  # calls with their dialogue on the page; the workbook lists all
LINES = 20  # of hot spots, links and districts on the page


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it, for the command line."""

    out: Path
    calls: int
    heard: int  # calls to be heard
    clips: int
    shas: tuple[str, ...]  # the recordings it shows


def write_report(
    store: Store, period: Period, out: Path, *, lang: str = "zh", with_clips: bool = True
) -> Written:
    """Write the report of a period into the folder `out`, which it may replace.

    Raises InputInvalid where `out` holds other things or cannot be written.
    """
    words = Words(lang, period.profile)
    with whole_folder(out, NAMES) as folder:
        figures = compared(store, period)
        places = period.profile.places
        results = queries.results(store, period.chosen, places)
        gathered = gather(results, period.profile, reviews.counting(store))
        spots = hot_spots(gathered.rows, period.profile)
        wrong = _defects(store, gathered, period)
        made = list(cards(gathered.heard[:CARDS], folder, with_clips=with_clips))
        values = {
            **_figures(figures, period, words),
            "agents": _agents(store, period, words),
            **_calls(gathered, wrong, words),
            **_places(store, gathered, spots),
            "cards": made,
            "with_clips": with_clips,
            "to_do": _to_do(gathered, spots),
            "last": _last(store) if not figures.now.calls else None,
        }
        write_pages(folder, values, words)
        write_workbook(folder / WORKBOOK, words, figures, gathered, spots, made, wrong)
    count = sum(len(card.clips) for card in made)
    shas = tuple(one["sha256"] for one in gathered.rows)
    return Written(out, figures.now.calls, len(gathered.heard), count, shas)


def _figures(found: Comparison, period: Period, words: Words) -> dict[str, Any]:
    return {
        "period": period,
        "now": found.now,
        "labels": found.labels,
        "headlines": views.headlines(found, words),
        "groups": views.groups(found, words),
        "service": views.service(found, words),
        "load": views.load(found, words),
        "charts": views.charts(found, period, words),
        "spark": views.SPARK,
    }


def _agents(store: Store, period: Period, words: Words) -> Table:
    found = standings(store, period.chosen, words.profile)
    return scores_table(found, words.profile, "agent", words.lang)


def _defects(store: Store, gathered: Gathered, period: Period) -> list[Known]:
    """What is wrong with the exchange's tables, as far as it concerns these calls."""
    begins, ends = period.start, period.start + period.length
    shas = [one["sha256"] for one in gathered.rows]
    return defects.during(store, shas, begins.isoformat(), ends.isoformat())


def _calls(gathered: Gathered, wrong: list[Known], words: Words) -> dict[str, Any]:
    counts = {
        "r.defects": Counter(f"defect.{one.kind}" for one in wrong),
        "r.grades": gathered.grades,
        "r.grade_reasons": gathered.reasons,
        "r.lacking": gathered.lacking,
        "r.unsure": gathered.unsure,
        "r.silent": gathered.silent,
    }
    return {
        "heard": len(gathered.heard),
        "suggestions": gathered.suggestions,
        "failed": gathered.failed,
        "quality": [(key, views.counted(counter, words)) for key, counter in counts.items()],
    }


def _places(store: Store, gathered: Gathered, spots: list[HotSpot]) -> dict[str, Any]:
    ids = {one["sha256"]: one["call_id"] for one in gathered.rows}
    return {
        "spots": spots[:LINES],
        "spots_count": len(spots),
        "districts": districts(gathered.rows)[:LINES],
        "links": linked(facts.links(store, ids), ids)[:LINES],
    }


def _to_do(gathered: Gathered, spots: list[HotSpot]) -> list[tuple[str, int]]:
    """What is left for people, and how much of it."""
    counts = {
        "r.do_hear": sum(not settled(one.row) for one in gathered.heard),
        "r.do_review": gathered.waiting,
        "r.do_failed": len(gathered.failed),
        "r.do_spots": len(spots),
        "r.do_ideas": len(gathered.suggestions),
    }
    return [(key, count) for key, count in counts.items() if count]


def _last(store: Store) -> str | None:
    """When the store's last call began, for whom an empty report surprises."""
    span = facts.span(store)
    return span[1].replace("T", " ") if span else None
