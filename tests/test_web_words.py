"""Every sentence of the pages is there in Chinese, once, with the same places to fill."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path("pipeline/web")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "t": None}


def used() -> set[str]:
    found = extract_from_dir(str(WEB), METHODS, keywords=KEYWORDS)
    return {text for _, _, text, _, _ in found}


def translated() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((WEB / "locale" / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    found.setdefault(message.id, []).append(message.string)
    return found


def test_every_sentence_is_translated_once_and_none_is_left_over():
    known = translated()
    assert sorted(used() - known.keys()) == []
    assert sorted(known.keys() - used()) == []
    assert {text: many for text, many in known.items() if len(many) > 1 or not many[0]} == {}


def test_a_translation_has_the_places_of_its_sentence():
    for text, (said,) in translated().items():
        places = re.findall(r"%\(\w+\)[ds]", text)
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)[ds]", said)), text
