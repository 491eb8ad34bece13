"""The dispatcher's list as people left the drafts: what they filled in no longer lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.domain.profile import Profile
from pipeline.records import UNSAID
from pipeline.store import reviews
from pipeline.store.dispatches import Draft
from pipeline.store.reviews import Review
from pipeline.store.store import Store
from pipeline.workbench.dispatching import item


def as_left(store: Store, lines: Iterable[Draft], profile: Profile) -> list[Draft]:
    """The lines of first orders with the titles and elements that people wrote."""
    lines = list(lines)
    decided = reviews.counting(store, [line.sha256 for line in lines])
    keys = {form.label: form.key for form in profile.ticket}
    return [_left(line, decided.get(line.sha256, {}), keys) for line in lines]


def _left(line: Draft, decided: Mapping[str, Review], keys: dict[str, str]) -> Draft:
    def filled(key: str) -> str | None:
        edit = decided.get(item(1, key))
        return edit.new if edit and edit.new != UNSAID else None

    lacking = tuple(one for one in line.lacking if not filled(keys.get(one, one)))
    return replace(line, lacking=lacking, title=filled("title") or line.title)
