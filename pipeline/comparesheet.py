"""What `lingsu judge --compare` prints: how many decisions move where, and of which calls."""

from dataclasses import asdict
from typing import Any

from pipeline.compare import Comparison
from pipeline.decisions import item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.grids import Table, listed, pairs
from pipeline.labels import word


def tables(found: Comparison, profile: Profile, lang: str = "zh") -> list[Table]:
    """Figures, moves with the number of calls, and the first calls."""
    facts: dict[str, str | None] = {
        "compared": str(found.compared),
        "changed_calls": str(found.calls),
        "failed": str(found.failed) if found.failed else None,
        "unjudged": str(found.unjudged) if found.unjudged else None,
        **{f"review.{key}": str(n) for key, n in found.reviews.items() if n},
    }
    moves = [
        (
            item_name(item, profile, lang),
            value_name(item, old, profile, lang),
            value_name(item, new, profile, lang),
            str(count),
        )
        for (item, old, new), count in found.moves
    ]
    calls = [
        (
            one.sha256[:12],
            item_name(one.item, profile, lang),
            value_name(one.item, one.old, profile, lang),
            value_name(one.item, one.new, profile, lang),
            "" if one.probability is None else f"{one.probability:.0%}",
            word(f"review.{one.review}", lang) if one.review else "",
        )
        for one in found.changes
    ]
    heads = ("item", "was", "would_be")
    made = [
        pairs("comparison", facts, lang),
        listed("moves", (*heads, "calls"), moves, lang),
        listed("changes", ("id", *heads, "probability", "reviewed"), calls, lang),
    ]
    return [table for table in made if table.rows]


def plain(found: Comparison) -> dict[str, Any]:
    """All changes, for machines."""
    moves = [
        {"item": item, "old": old, "new": new, "calls": count}
        for (item, old, new), count in found.moves
    ]
    more = {"changed_calls": found.calls, "reviews": found.reviews, "moves": moves}
    return {**asdict(found), **more}
