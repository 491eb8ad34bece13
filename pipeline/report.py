"""What people read at the end of a command: a run's closing tables, models, checks, metrics.

Numbers are masked as in every export; names of files hold callers' numbers.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.dialogue import clock
from pipeline.export.rows import Row
from pipeline.grids import Table, listed, pairs, table
from pipeline.ingest import Skipped
from pipeline.labels import word
from pipeline.pbx import Defect
from pipeline.redact import mask
from pipeline.summary import Summary

if TYPE_CHECKING:
    from models.catalog import Entry
    from pipeline.doctor import Check
    from pipeline.training.evaluate import Report


def known_line(summary: Summary, lang: str = "zh") -> str:
    """ "8 known, 0 new": scripts read it from `--json`, or look for it with `--lang en`."""
    return word("known_new", lang).format(summary.known, summary.new)


def summary_tables(
    summary: Summary, queue: Sequence[Row] = (), lang: str = "zh"
) -> list[Table]:
    """The closing tables: figures, outcomes, whom to hear first, failures, defects.

    queue: exported rows that need review, the most pressing first.
    """
    tables = [_figures(summary, lang)]
    lines: tuple[tuple[str, ...], ...]
    if summary.outcomes:
        counted = sorted(summary.outcomes.items(), key=lambda pair: -pair[1])
        lines = tuple((word(key, lang), str(count)) for key, count in counted)
        tables.append(table("outcomes", ("outcome", "count"), lines, lang))
    if queue:
        tables.append(_first_to_hear(queue, lang))
    if summary.failures:
        lines = tuple(
            (mask(p.name), p.sha256[:12], f"{p.stage}: {p.code}", word(p.remedy, lang))
            for p in summary.failures
        )
        tables.append(listed("failures", ("file", "id", "failure", "remedy"), lines, lang))
    if summary.skipped:
        lines = tuple((_base(s.path), s.code, _skipped(s, lang)) for s in summary.skipped)
        tables.append(listed("skipped", ("file", "code", "reason"), lines, lang))
    if summary.defects:
        lines = tuple((mask(d.file), d.kind, _detail(d, lang)) for d in summary.defects)
        tables.append(listed("defects", ("file", "code", "message"), lines, lang))
    return tables


def summary_object(summary: Summary, queue: Sequence[Row] = ()) -> dict[str, Any]:
    """The same for machines: `--json`."""
    plain = asdict(summary)
    for problem in (*plain["failures"], *plain["skipped"], *plain["defects"]):
        texts = {k: mask(v) for k, v in problem.items() if isinstance(v, str) and k != "sha256"}
        problem.update(texts)
    plain["abusive"], plain["realtime"] = summary.abusive, round(summary.realtime, 1)
    plain["first"] = [_pressing(item) for item in queue]
    return plain


def farewell(summary: Summary, db: Path, lang: str = "zh") -> str:
    """Where everything lies and what to type next."""
    named = "" if db == Path("lingsu.db") else f" --db {db}"
    lines = [word("lies", lang).format(db.absolute()), word("next", lang).format(db=named)]
    if summary.interrupted:
        lines.insert(0, word("interrupted", lang))
    return "\n".join(lines)


def evaluation_tables(found: "Report", worst: int = 0, lang: str = "zh") -> list[Table]:
    """Metrics, and the calls with most mistakes.

    What a metric means and its note are in Chinese; its name says it in English.
    """
    lines: list[tuple[str, ...]] = [
        (line.metric, line.label, _figure(line.value), str(line.n), line.note)
        for line in found.rows
    ]
    heads: tuple[str, ...] = ("metric", "meaning", "value", "count", "note")
    if lang == "en":
        lines = [(name, value, n) for name, _, value, n, _ in lines]
        heads = ("metric", "value", "count")
    tables = [table("evaluation", heads, lines, lang)]
    if worst:
        mistakes: list[tuple[str, ...]] = [
            (mask(one["file"]), wrong["metric"], str(wrong["wanted"]), str(wrong["got"]))
            for one in found.worst[:worst]
            for wrong in one["wrong"]
        ]
        heads = ("file", "metric", "wanted", "got")
        tables.append(table("most_mistakes", heads, mistakes, lang))
    return tables


def models_table(entries: "Sequence[Entry]") -> Table:
    """The models with their state."""
    lines = [
        (
            one.name,
            word(f"model.{one.kind}"),
            one.licence,
            f"{one.size / 1e6:.0f} MB",
            word(f"model.{one.state}"),
            one.where,
        )
        for one in entries
    ]
    heads = ("名称", "种类", "许可证", "大小", "状态", "位置或来源")
    return Table("模型", heads, tuple(lines))


def checks_table(found: "Sequence[Check]") -> Table:
    """What doctor found, and what to do."""
    lines = [(one.name, "✓" if one.ok else "✗", one.detail, one.remedy) for one in found]
    return Table("体检", ("项目", "", "情况", "处理办法"), tuple(lines))


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) and value > 1 else f"{value:.3f}"


def _figures(summary: Summary, lang: str) -> Table:
    speed = word("times", lang).format(f"{summary.realtime:.1f}")
    took = word("took", lang).format(f"{summary.elapsed:.1f}")
    status, linked = summary.statuses.get, {"zh": "，", "en": ", "}[lang]
    figures = {
        "calls": f"{summary.calls}  {known_line(summary, lang)}",
        "duration": clock(summary.seconds),
        "elapsed": f"{took}  {speed if summary.done_seconds else ''}".strip(),
        "judged": str(summary.judged) if summary.judged else None,
        "ok": str(status("ok", 0)),
        "no_speech": str(status("no_speech", 0)),
        "failed": str(status("failed", 0)),
        "abusive": str(summary.abusive),
        "to_review": str(summary.review),
        "linked": linked.join(
            f"{word(f'link.{kind}', lang)} {count}" for kind, count in summary.links.items()
        ),
        "elsewhere": str(summary.elsewhere) if summary.elsewhere else None,
        "forgotten": str(summary.forgotten) if summary.forgotten else None,
    }
    return pairs("summary", figures, lang)


def _first_to_hear(queue: Sequence[Row], lang: str) -> Table:
    lines = []
    for item in map(_pressing, queue):
        moment = "" if item["start_s"] is None else clock(item["start_s"])
        severity = word(item["severity"], lang)
        known = (item["sha256"][:12], item["pbx_call_id"] or "", item["started_at"] or "")
        reason = item["reason"] if lang == "zh" else word(item["item"], lang)
        lines.append((*known, moment, severity, reason))
    heads = ("id", "pbx_call_id", "started_at", "time", "severity", "reason")
    return table("first", heads, lines, lang)


def _pressing(item: Row) -> Row:
    """The call and the first of its flags: alerts stand first in `review`."""
    flag = item["review"][0]
    facts = {key: item[key] for key in ("sha256", "pbx_call_id", "started_at")}
    return facts | {key: flag[key] for key in ("start_s", "severity", "item", "reason")}


def _skipped(one: Skipped, lang: str) -> str:
    return mask(one.message) if lang == "zh" else word(f"skip.{one.code}", lang)


def _detail(defect: Defect, lang: str) -> str:
    """Of a defect; what its tables were found to hold is told in Chinese."""
    return mask(defect.detail) if lang == "zh" else word(f"defect.{defect.kind}", lang)


def _base(path: str) -> str:
    return mask(path.rsplit("/", 1)[-1])
