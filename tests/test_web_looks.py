"""What can be said of the looks without a browser: contrast, and nothing from elsewhere."""

import re
from pathlib import Path

import pytest

WEB = Path("pipeline/web")
STYLE = (WEB / "static" / "base.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
    for block in re.findall(r":root {(.*?)}", STYLE, re.S)
)
GROUNDS = {
    **dict.fromkeys(("ink", "quiet", "main", "agent", "caller"), ("card", "ground")),
    "warn": ("warn-ground", "card"),
    "bad": ("bad-ground", "card"),
    "good": ("good-ground", "card"),
    "on-main": ("main",),
}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * sign for sign in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, LIGHT | DARK], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(colours):
    pairs = [(sign, ground) for sign, grounds in GROUNDS.items() for ground in grounds]
    pairs += [("main", "main-ground"), ("ink", "mark"), ("ink", "now")]
    faint = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5  # WCAG 2.2 AA, 1.4.3
    }
    assert faint == {}
    assert contrast(colours["edge"], colours["card"]) >= 3  # fields and buttons, 1.4.11


def test_the_formula_is_that_of_wcag():
    assert round(contrast("#000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#fff"), 2) == 4.48


def test_nothing_is_loaded_from_elsewhere():
    own = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(https?:)?//""")
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.css")):
        assert not own.search(path.read_text(encoding="utf-8")), path


def test_every_field_has_a_name_for_those_who_do_not_see_it():
    field = re.compile(
        r"<(?:input|select|textarea)\b(?![^>]*(?:type=\"hidden\"|\shidden))[^>]*>"
    )
    for path in WEB.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for found in field.finditer(text):
            inside = text.rfind("<label", 0, found.start()) > text.rfind(
                "</label>", 0, found.start()
            )
            assert inside or "aria-label" in found[0], (path, found[0])
