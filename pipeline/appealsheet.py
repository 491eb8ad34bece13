"""What `lingsu appeal` prints: steps of appeals, numbers in their reasons hidden."""

from collections.abc import Sequence
from typing import Any

from pipeline.decisions import QA, item_name, value_name
from pipeline.domain.profile import Profile
from pipeline.export.people import appealed
from pipeline.grids import Table, listed
from pipeline.labels import word
from pipeline.redact import mask
from pipeline.store.appeals import Appeal


def plain(found: Sequence[Appeal]) -> list[dict[str, Any]]:
    """The steps for machines."""
    return [
        {"sha256": one.sha256, **appealed(one), "reason": mask(one.reason or "") or None}
        for one in found
    ]


def steps(found: Sequence[Appeal], profile: Profile, lang: str) -> Table:
    """The steps as they were taken."""
    lines = [
        (
            one["sha256"][:12],
            item_name(QA + one["item"], profile, lang),
            value_name(QA + one["item"], one["against"], profile, lang),
            word(f"appeal.{one['state']}", lang),
            one["who"],
            one["at"],
            one["reason"] or "",
        )
        for one in plain(found)
    ]
    heads = ("id", "item", "against", "state", "who", "time", "reason")
    return listed("appeals", heads, lines, lang)
