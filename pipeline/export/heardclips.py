"""The evidence of a call as clips, for the tables that link to them (`export --clips`)."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.beeps import sensitive
from pipeline.decisions import QA, item_name
from pipeline.domain.profile import Profile
from pipeline.errors import FileVanished, InputInvalid, LingsuError
from pipeline.export.cutting import Clip, cut
from pipeline.export.evidence import claims
from pipeline.export.rows import Row
from pipeline.labels import word
from pipeline.records import CallResult, Finding
from pipeline.redact import hiding

CLAIMED = ("scope", "department", "urgency", "abuse")  # and qa.
# Lines of the form that repeat what was said; the others follow from decisions, or tell the
# whole call anew. By their filler (ticket.toml).
SAID = ("entity", "said", "caller", "address", "happened_at", "purpose")


@dataclass(frozen=True, slots=True)
class Clips:
    """Where clips go, and where the table lies that links to them."""

    folder: Path
    beside: Path  # the table's folder: links are relative to it

    def of(self, result: CallResult, profile: Profile, *, unmasked: bool) -> Row:
        """`clips` of a call, each with its file and what it holds; `silent`: why there is
        none."""
        said = list(_said(result, profile))
        recording = result.call.recording
        stretches = [(found.start, found.end) for _, found in said]
        try:
            hidden = () if unmasked else sensitive(result.call)
            made = list(cut(recording.path, recording.sha256, stretches, self.folder, hidden))
        except InputInvalid:
            raise  # the folder cannot be written: no other call would fare better
        except FileVanished:
            return {"clips": [], "silent": word("clip.gone")}
        except LingsuError as error:
            return {"clips": [], "silent": word("clip.unheard").format(error.code)}
        hide = hiding(result.call, unmasked=unmasked)
        return {"clips": [self._row(clip, said, hide) for clip in made], "silent": None}

    def _row(
        self, clip: Clip, said: list[tuple[str, Finding]], hide: Callable[[str], str]
    ) -> Row:
        held = [(w, f) for w, f in said if clip.start <= f.start and f.end <= clip.end]
        path = os.path.relpath(self.folder / clip.file, self.beside)
        quotes = dict.fromkeys(hide(found.quote) for _, found in held if found.quote)
        return {
            "file": Path(path).as_posix(),
            "start_s": clip.start,
            "end_s": clip.end,
            "what": "、".join(dict.fromkeys(what for what, _ in held)),
            "quotes": "；".join(quotes),
        }


def _said(result: CallResult, profile: Profile) -> Iterator[tuple[str, Finding]]:
    """What claims rest on spoken words, by the name of the claim."""
    lines = {form.key: form.label for form in profile.ticket if form.source in SAID}
    for claim, found in claims(result.call):
        name, _, value = claim.partition(":")
        kind, _, item = name.partition(".")
        if found.turn < 0 or found.end <= found.start or value in ("pass", "quoted"):
            continue
        if kind in CLAIMED:
            yield word(kind), found
        elif kind == "qa":
            yield item_name(QA + item, profile), found
        elif kind.startswith("ticket") and item in lines:
            yield lines[item], found
