"""The sentences of the pages: English in the code, Chinese from locale/zh/*.po.

The catalogues are compiled when the workbench starts, so that none is ever out of date.
Names of fields and values come from pipeline/labels.py, as in tables and reports.
"""

import gettext
import io
from functools import lru_cache
from importlib import resources

from pipeline.roles import ADMIN, AGENT, CLERK, DISPATCHER, LEAD, SUPERVISOR

LANGUAGES = ("zh", "en")


def _(text: str) -> str:
    """Marks a sentence for the catalogues, where it is not translated on the spot."""
    return text


NAMED = {  # what the roles are called
    SUPERVISOR: _("Supervisor"),
    CLERK: _("QA clerk"),
    AGENT: _("Agent"),
    DISPATCHER: _("Dispatcher"),
    LEAD: _("Shift lead"),
    ADMIN: _("Administrator"),
}

EXITS = {  # how a run ended, beside the codes of errors
    "done": _("done"),
    "interrupted": _("interrupted"),
    "running": _("running"),
    "cut short": _("cut short"),
}
CLASSES = {  # of data, as [retention] has them
    "audio_days": _("Sound: clips and waveforms"),
    "transcript_days": _("Transcripts and what was found in them"),
    "ticket_days": _("Drafts of work orders"),
    "audit_days": _("Audit"),
}


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(lang: str) -> gettext.NullTranslations:
    """What translates the pages into `lang`; English needs nothing."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    found = gettext.NullTranslations()
    folder = resources.files("pipeline.web") / "locale" / lang
    if not folder.is_dir():
        return found
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".po"):
            compiled = io.BytesIO()
            with entry.open("rb") as file:
                write_mo(compiled, read_po(file))
            compiled.seek(0)
            part = gettext.GNUTranslations(compiled)
            part.add_fallback(found)
            found = part
    return found
