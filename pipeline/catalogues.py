"""gettext's catalogues, by Babel: pages, reports, tables and commands in two languages.

locale/zh/*.po has the Chinese of what is English in the code, locale/en/*.po the English of
what is Chinese there. They are compiled when they are first needed, so none is out of date.
"""

import gettext
import io
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("zh", "en")
OURS = "pipeline"  # words of tables and reports; the sentences of pages are in pipeline.web


@cache
def catalogue(lang: str, package: str = OURS) -> gettext.NullTranslations:
    """What translates into `lang`; words stand under their key as context."""
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, entries(lang, package))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def entries(lang: str, package: str = OURS) -> "Catalog":
    """All that the package's catalogues of a language hold."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    found = Catalog()
    for entry in (resources.files(package) / "locale" / lang).iterdir():
        if entry.name.endswith(".po"):
            with entry.open("rb") as file:
                for message in filter(lambda one: one.id, read_po(file)):
                    found[message.id] = message
    return found
