"""What `lingsu rules test` prints."""

from dataclasses import asdict
from typing import Any

from pipeline.export.dialogue import clock
from pipeline.grids import Table, listed, pairs, table
from pipeline.labels import word
from pipeline.scorecard.trial import Hit, Trial

VERDICTS = ("pass", "fail", "not_applicable", "insufficient_evidence")


def tables(trial: Trial, first: int, lang: str) -> list[Table]:
    """How often, of whom, against what was said, and the first calls to read."""
    made = [_counts(trial, lang), _agents(trial, lang), _moves(trial, lang)]
    return [one for one in (*made, _hits(trial, first, lang)) if one.rows]


def _counts(trial: Trial, lang: str) -> Table:
    item, fails = trial.item, trial.verdicts["fail"]
    name = f"{item.label}（{item.id}）" if lang == "zh" else item.id
    values: dict[str, str | None] = {"rule": name, "calls": str(trial.calls)}
    values |= {verdict: str(trial.verdicts[verdict]) for verdict in VERDICTS}
    shares = [_share(fails, trial.calls), _share(fails, trial.applied)]
    values["would_flag"] = word("trial.of", lang).format(*shares)
    return pairs("trial", values, lang)


def _agents(trial: Trial, lang: str) -> Table:
    """Those of whom it would flag most calls first; no agent is judged by a few."""
    order = sorted(trial.agents, key=lambda one: (-trial.agents[one]["fail"], one))
    lines = []
    for agent in order:
        own = trial.agents[agent]
        of = own["pass"] + own["fail"]
        lines.append(
            (agent, str(own.total()), str(of), str(own["fail"]), _share(own["fail"], of))
        )
    heads = ("agent_id", "calls", "judged_calls", "would_flag", "share")
    return listed("trial.agents", heads, lines, lang)


def _moves(trial: Trial, lang: str) -> Table:
    lines = [
        (word(was, lang), word(now, lang), str(count))
        for (was, now), count in trial.moves.most_common()
    ]
    return table("trial.moves", ("was", "now", "calls"), lines, lang)


def _hits(trial: Trial, first: int, lang: str) -> Table:
    lines = [_line(hit, lang) for hit in trial.hits[:first]]
    heads = ("id", "started_at", "agent_id", "turn", "time", "quote", "was")
    made = table("trial.first", heads, lines, lang)
    return Table(made.title.format(len(lines)), made.columns, made.rows)


def _line(hit: Hit, lang: str) -> tuple[str, ...]:
    return (
        hit.sha256[:12],
        (hit.started_at or "").replace("T", " "),
        hit.agent or "",
        "" if hit.turn is None else f"#{hit.turn}",
        "" if hit.start is None else clock(hit.start),
        hit.quote or hit.reason,
        word(hit.was, lang) if hit.was else "",
    )


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.1%}" if of else "–"


def plain(trial: Trial, first: int) -> dict[str, Any]:
    """The same for machines."""
    return {
        "rule": trial.item.id,
        "calls": trial.calls,
        "decided": trial.applied,
        "verdicts": {verdict: trial.verdicts[verdict] for verdict in VERDICTS},
        "agents": {agent: dict(own) for agent, own in sorted(trial.agents.items())},
        "moves": [
            {"was": was, "now": now, "calls": count}
            for (was, now), count in trial.moves.most_common()
        ],
        "first": [asdict(hit) for hit in trial.hits[:first]],
    }
