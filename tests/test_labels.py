"""The words of the tables: each defined once, and in both languages."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

from pipeline.catalogues import LANGUAGES
from pipeline.labels import WORDS, word
from pipeline.labels_city import CITY
from pipeline.labels_links import LINKS
from pipeline.labels_push import PUSH
from pipeline.labels_report import REPORT
from pipeline.labels_review import REVIEWING
from pipeline.labels_scorecard import SCORING
from pipeline.labels_ticket import TICKET
from pipeline.labels_training import TRAINING
from pipeline.labels_workbench import WORKBENCH
from pipeline.summary import remedy

PLACES = re.compile(r"\{\w*(?::[^}]*)?\}")
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for path in [Path("cli.py"), *Path("pipeline").rglob("*.*"), *Path("models").glob("*.py")]
    if path.suffix in (".py", ".html", ".md", ".toml") and not path.name.startswith("labels")
)


def entries(lang: str) -> list[tuple[str | None, str, str]]:
    """Key, English and Chinese, or no key, Chinese and English."""
    found = []
    for path in Path("pipeline/locale", lang).glob("*.po"):
        with path.open("rb") as file:
            found += [(one.context, one.id, one.string) for one in read_po(file) if one.id]
    return found


def test_a_word_is_defined_once():
    tree = ast.parse(Path("pipeline/labels.py").read_text(encoding="utf-8"))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    own = [key.value for node in tables for key in node.keys if isinstance(key, ast.Constant)]
    keys = [*own, *CITY, *LINKS, *PUSH, *REPORT, *REVIEWING]
    keys += [*SCORING, *TICKET, *TRAINING, *WORKBENCH]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_word_has_its_chinese_once_and_no_other_is_left():
    known = [(key, english) for key, english, _ in entries("zh")]
    assert sorted(known) == sorted(WORDS.items())
    assert [key for key, _, chinese in entries("zh") if not chinese] == []


def test_what_is_named_in_chinese_has_one_english_and_is_still_named():
    known = [chinese for _, chinese, _ in entries("en")]
    assert sorted(known) == sorted(set(known))
    assert [chinese for chinese in known if chinese not in SOURCES] == []
    assert [chinese for _, chinese, english in entries("en") if not english] == []


def test_a_translation_has_the_places_of_its_word():
    for _, text, translated in [*entries("zh"), *entries("en")]:
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(translated)), text


def test_words_are_told_in_both_languages():
    assert [word("r.title", lang) for lang in LANGUAGES] == ["交班报告", "Shift report"]
    assert [word("城管", lang) for lang in LANGUAGES] == ["城管", "Urban management"]
    assert [word("龙圣路", lang) for lang in LANGUAGES] == ["龙圣路", "龙圣路"]
    assert word("", "en") == ""  # whose entry is the head of the catalogue
    assert word(remedy("audio_empty"), "en").startswith("The file holds no sound")
