"""The tables of `lingsu train` and `lingsu eval-text`, and the same as plain values.

And what `lingsu eval` tells of confidences, in the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.grids import Table, listed, pairs, table
from pipeline.labels import decision, word
from pipeline.training.calibration import Calibration
from pipeline.training.card import Trained
from pipeline.training.coverage import Coverage, Figure, Sets
from pipeline.training.dataset import LeftOut
from pipeline.training.evaltext import TextReport
from pipeline.training.figures import Figures
from pipeline.training.tasks import HEARD


def trained_tables(trained: Trained, lang: str = "zh") -> list[Table]:
    """What was trained, on how many texts a label, what was left out, and how well it does."""
    facts = {
        "weights": str(trained.path),
        "columns": " / ".join(trained.training.columns),
        "texts": str(sum(trained.training.labels.values())),
        "features": str(trained.features),
        "baseline": f"{trained.baseline.accuracy:.3f} / {trained.baseline.macro_f1:.3f}",
    }
    if joined := trained.encoded:
        alone = f"{joined.alone.accuracy:.3f} / {joined.alone.macro_f1:.3f}"
        names = "、".join(f"{one.name}（{one.licence}）" for one in joined.encoders)
        facts |= {"encoder": names, "ngrams_alone": alone}
    lost = {"train": trained.training.left_out, "dev": trained.measured.left_out}
    return [
        pairs("trained", facts, lang),
        *_left_out(lost, lang),
        *figure_tables(trained.figures, lang, learnt=trained.training.labels),
    ]


def measured_tables(found: TextReport, lang: str = "zh") -> list[Table]:
    """On what was measured, what was left out, and the figures."""
    facts = {"weights": str(found.weights), "columns": " / ".join(found.columns)}
    lost = {"dev": found.left_out}
    return [
        pairs(found.task, facts, lang),
        *_left_out(lost, lang),
        *figure_tables(found.figures, lang),
    ]


def figure_tables(
    f: Figures, lang: str, learnt: Mapping[str, int] | None = None
) -> list[Table]:
    """Figures with their intervals, certainty, by label, confusions and calibration."""
    tables = [
        table("figures", ("figure", "value", "interval", ""), _lines(f, lang), lang),
        *_certainty(f, lang),
        _by_label(f, lang, learnt),
    ]
    if f.confusions:
        lines: list[tuple[str, ...]] = [
            (word(c.wanted, lang), word(c.given, lang), str(c.texts), f"{c.share:.1%}")
            for c in f.confusions
        ]
        heads = ("wanted", "given", "texts", "share_of_wanted")
        tables.append(table("confusions", heads, lines, lang))
    bins = [
        (f"{b.low:.1f}–{b.high:.1f}", str(b.texts), f"{b.probability:.3f}", *_pair(b.accuracy))
        for b in f.bins
    ]
    columns = ("probability", "texts", "mean", "accuracy", "interval")
    return [*tables, table("calibration", columns, bins, lang)]


def calibration_tables(found: Mapping[str, Calibration], lang: str = "zh") -> list[Table]:
    """What the confidences of calls' decisions are worth; nothing where there are none."""
    if not found:
        return []
    heads = ("decision", "calls", "accuracy", "interval", "calibration_error", "interval")
    lines = [
        (
            decision(task, lang),
            str(one.calls),
            *_pair(one.accuracy),
            *(_pair(one.calibration_error) if one.calibration_error else ("–", "")),
            f"{one.answered.share.value:.3f}",
            *(_pair(one.answered.error) if one.answered.threshold is not None else ("–", "")),
            f"{one.wanted_error:.0%}",
            "–" if one.coverage.threshold is None else f"{one.coverage.share.value:.3f}",
        )
        for task, one in found.items()
    ]
    more = ("sure", "wrong", "interval", "errors_allowed", "at_most")
    shown = {decision(task, lang): one.shown for task, one in found.items() if one.shown}
    return [
        table("confidences", (*heads, *more), lines, lang),
        *_sets("shown", "decision", shown, lang),
    ]


def plain(found: Trained | TextReport) -> dict[str, Any]:
    """Values for --json: paths as strings, everything else as its dataclass has it."""
    return {
        key: str(value) if key in ("path", "weights") else value
        for key, value in asdict(found).items()
    }


def what_next(trained: Trained, city: Profile, typed: str, lang: str) -> list[str]:
    """What an interrupted run had done, what went wrong, and what to type next.

    typed: the profile as the user named it.
    """
    keys = ["trained.resumed"] if trained.resumed else []
    strange = {one.code: one.rows for one in trained.training.left_out}.get("not_understood", 0)
    if strange > sum(trained.training.labels.values()):
        keys.append("trained.strange")
    own = city.folder / "weights" / trained.task
    if trained.path.parent.resolve() != own.resolve():
        keys.append("trained.elsewhere")
    else:
        heard = trained.task in HEARD
        keys += ["trained.next", "trained.judge" if heard else "trained.unheard"]
    facts = {"task": trained.task, "profile": typed}
    numbers = {"steps": trained.resumed, "rows": strange}
    return [word(key, lang).format(**facts, **numbers) for key in keys]


def remarks(found: TextReport, plots: Sequence[Path], lang: str) -> list[str]:
    """Where the plots lie, and whether the figures can be trusted."""
    lines = [word("plot", lang).format(*plots)]
    return [word("same_data", lang), *lines] if found.same_data else lines


def _lines(f: Figures, lang: str) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [
        (word("texts", lang), str(f.texts), "", ""),
        (word("accuracy", lang), *_pair(f.accuracy), ""),
        (word("macro_f1", lang), *_pair(f.macro_f1), ""),
    ]
    if f.top3:
        lines.append((word("top3", lang), *_pair(f.top3), ""))
    lines.append((word("refused", lang), *_pair(f.refused), ""))
    lines.append((word("calibration_error", lang), *_pair(f.calibration_error), ""))
    name = word("coverage_at_error", lang).format(f.wanted_error)
    lines += _coverage(name, f.coverage, lang, at_error=True)
    if f.at_threshold and f.at_threshold.threshold is not None:
        name = word("coverage_at_threshold", lang).format(f.at_threshold.threshold)
        lines += _coverage(name, f.at_threshold, lang, at_error=False)
    return lines


def _coverage(
    name: str, found: Coverage, lang: str, *, at_error: bool
) -> list[tuple[str, ...]]:
    if found.threshold is None:
        return [(name, "0.000", "", word("not_reached", lang))]
    note = word("from_probability", lang).format(found.threshold)
    return [
        (name, *_pair(found.share), note if at_error else ""),
        ("  " + word("error_there", lang), *_pair(found.error), ""),
    ]


def _certainty(f: Figures, lang: str) -> list[Table]:
    """What the weights promise beside what came of it; nothing for a model without."""
    tables = []
    lines = [
        (
            f"{rate:.0%}",
            word("not_reached", lang) if one.threshold is None else f"{one.threshold:.3f}",
            *_pair(one.share),
            *_pair(one.error),
        )
        for rate, one in f.rates.items()
    ]
    if lines:
        heads = ("errors_allowed", "probability", "answered", "interval", "wrong", "interval")
        tables.append(table("rates", heads, lines, lang))
    kept = {f"{rate:.0%}": one for rate, one in f.sets.items()}
    return [*tables, *_sets("sets", "promised", kept, lang)]


def _sets(title: str, head: str, found: Mapping[str, Sets], lang: str) -> list[Table]:
    """One line each, under what stands in its first column; nothing for none."""
    lines = [
        (name, str(one.texts), *_pair(one.held), f"{one.labels:.2f}", *_pair(one.alone))
        for name, one in found.items()
    ]
    heads = (head, "texts", "held", "interval", "labels_each", "alone", "interval")
    return [table(title, heads, lines, lang)] if lines else []


def _by_label(f: Figures, lang: str, learnt: Mapping[str, int] | None) -> Table:
    lines = [
        (
            word(name, lang),
            str(one.texts),
            "–" if one.precision is None else f"{one.precision:.3f}",
            "–" if one.recall is None else f"{one.recall:.3f}",
            *_pair(one.f1),
            *([str(learnt[name])] if learnt else []),
        )
        for name, one in sorted(f.labels.items(), key=lambda pair: -pair[1].texts)
    ]
    heads = ("label", "texts", "precision", "recall", "F1", "interval")
    return table("by_label", (*heads, "from.train") if learnt else heads, lines, lang)


def _left_out(lost: Mapping[str, Sequence[LeftOut]], lang: str) -> list[Table]:
    """One line a reason, with the labels where they are the reason."""
    lines = []
    for part, reasons in lost.items():
        for one in reasons:
            head = (word(f"from.{part}", lang), word(f"out.{one.code}", lang))
            named = ", ".join(f"{label} {rows}" for label, rows in one.labels.items())
            lines.append((*head, str(one.rows), named))
    heads = ("from", "reason", "texts", "label")
    return [listed("left_out", heads, lines, lang)] if lines else []


def _pair(figure: Figure) -> tuple[str, str]:
    return f"{figure.value:.3f}", f"{figure.low:.3f}–{figure.high:.3f}"
