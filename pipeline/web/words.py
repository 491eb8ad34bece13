"""The sentences of the pages: English in the code, Chinese from locale/zh/*.po.

Names of fields and values come from pipeline/labels.py, as in tables and reports.
"""

from collections.abc import Mapping

from pipeline.catalogues import LANGUAGES, catalogue
from pipeline.roles import ADMIN, AGENT, CLERK, DISPATCHER, LEAD, SUPERVISOR

PACKAGE = "pipeline.web"  # whose catalogues these are


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

VERBS = {  # what the audit's rows are about
    "login": _("signed in"),
    "login.failed": _("failed to sign in"),
    "logout": _("signed out"),
    "user.add": _("made an account"),
    "user.role": _("changed a role"),
    "user.disable": _("shut an account"),
    "user.enable": _("opened an account"),
    "user.password": _("changed the own password"),
    "user.reset": _("gave a one-time password"),
    "token.add": _("made a token"),
    "token.revoke": _("revoked a token"),
    "call.reveal": _("saw numbers and names in full"),
    "review.accept": _("accepted"),
    "review.change": _("changed a decision"),
    "review.reject": _("rejected"),
    "forget": _("erased"),
    "expire": _("let expire"),
    "backup": _("made a backup"),
    "restore": _("restored a backup"),
    "retention.set": _("changed how long data is kept"),
    "audit.export": _("exported the audit"),
    "audit.cut": _("cut old rows off"),
}
DETAILS = {  # and their details
    "from": _("from"),
    "user": _("account"),
    "old": _("before"),
    "new": _("now"),
    "call": _("call"),
    "calls": _("calls"),
    "item": _("item"),
    "file": _("file"),
    "class": _("class"),
}


def language(cookies: Mapping[str, str]) -> str:
    """The language that a browser chose, else Chinese."""
    asked = cookies.get("lingsu-lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def said(text: str, lang: str, **values: object) -> str:
    """A sentence in a language: said("Saved %(n)d.", "zh", n=3).

    Plain text, which a template escapes: Jinja's own gettext takes every sentence for safe
    HTML, and one that came out of the store may hold what a caller said.
    """
    told = catalogue(lang, PACKAGE).gettext(text) if text else ""
    return told % values if values else told
