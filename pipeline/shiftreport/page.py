"""The pages of a report from their templates: index.html, summary.html, summary.md.

Whatever a template places is escaped, for HTML by Jinja and for Markdown below: a caller may
say anything. The pages run no script but the files beside them and ask no network.
"""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.export.dialogue import clock
from pipeline.shiftreport.views import Words

PACKAGE = "pipeline.shiftreport"
# file: too, as browsers differ in whether a page opened from the disk is its own origin.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:;"
    " media-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)
STATIC = (
    *("style.css", "plotly.css", "charts.js", "player.js"),
    *("plotly.js", "plotly-LICENSE"),  # as published
)
PAGES = ("index.html", "summary.html", "summary.md")
_SIGNS = re.compile(r"([\\`*_\[\]{}|#~])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def write_pages(folder: Path, values: Mapping[str, Any], words: Words) -> None:
    """Write the pages into `folder`, with the scripts and styles that they need."""
    values = {
        **values,
        "lang": "zh-CN" if words.lang == "zh" else "en",
        "made": words.t("r.made", datetime.now().strftime("%Y-%m-%d %H:%M"), __version__),
        "policy": POLICY,
    }
    for name in PAGES:
        text = _environment(words, name).get_template(name).render(values)
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    for name in STATIC:
        source = resources.files(PACKAGE) / "static" / name
        with resources.as_file(source) as path:
            shutil.copyfile(path, folder / name)


def markdown(text: object) -> str:
    """A value as plain words in Markdown: neither marks nor HTML, on one line."""
    plain = _SIGNS.sub(r"\\\1", " ".join(str(text).split()))
    return "".join(_HTML.get(sign, sign) for sign in plain)


def _environment(words: Words, name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    html = name.endswith(".html")
    made = Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=html,
        finalize=None if html else markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(t=words.t, words=words)
    made.filters["clock"] = clock
    return made
